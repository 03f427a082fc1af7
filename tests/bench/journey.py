"""What is done with a file on its way, each by its own entry: page, task, or command. Needs Django set up.

An action looks up what it needs and returns what is to be interrupted.
"""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

from config import environment
from declarations.aw319 import synth
from tests.bench.installation import AGB, number_of, spec, until
from tests.declarations.exactness import differences

if TYPE_CHECKING:
    from django.test import Client

    from declarations.models import DeclarationFile

Act = Callable[[], object]

PERSONS = 10
OFFICER = "kantoor@example.org"
PATIENCE = 90.0
ROUND = 0.2
#: How often something was written down of a file, and what it has to come to.
TOLD: dict[str, LiteralString] = {
    "deliver": """
        select count(*) from declarations_delivery where file_id = (
            select id from declarations_declarationfile where invoice_number = %s)
    """,
    "answer": """
        select count(*) from declarations_recordreply as reply
        join declarations_profilerecord as record on record.id = reply.record_id
        join declarations_attachment as item on item.id = record.attachment_id
        where item.file_id = (select id from declarations_declarationfile where invoice_number = %s)
    """,
}
TIMES = {"deliver": 1, "answer": PERSONS}
ONCE = """
    select count(*) filter (where state = %s), count(distinct number),
        (select count(*) from declarations_profilerecord as record where record.attachment_id = any (
            array_agg(item.id))),
        (select count(*) from declarations_attachmentevent as event where event.to_state = 'attached'
            and event.attachment_id = any (array_agg(item.id)))
    from declarations_attachment as item where file_id = %s
"""


def content_of(number: str) -> bytes:
    """Return the file with an invoice number."""
    header = spec(number)
    return b"".join(synth.build(header, synth.population(header, synth.Population(PERSONS))))


def upload(number: str) -> Act:
    """Send the file in on the page."""
    browser, page = _browser(), _address("file-upload")
    source = BytesIO(content_of(number))
    source.name = "declaratie.txt"
    return lambda: browser.post(page, {"file": source})


def send_in(number: str) -> Act:
    """Send the file in as a care record system does."""
    from django.test import Client

    browser, page = (
        Client(headers={"host": "localhost"}, raise_request_exception=False),
        "/api/v1/declarations",
    )
    headers, content = {"Authorization": f"Bearer {_token()}"}, content_of(number)
    return lambda: browser.generic("POST", page, content, "application/octet-stream", headers=headers)


def attach(number: str) -> Act:
    """A worker that was told of the file."""
    from declarations.tasks.attaching import attach_file

    public_id = str(_file(number).public_id)
    return lambda: attach_file(public_id)


def look_for_work(_number: str) -> Act:
    """The scheduled round, which finds the file without being told."""
    from declarations.tasks.attaching import look_for_due_work

    return look_for_due_work


def ask(number: str) -> Act:
    """The button by which the file is made."""
    browser, page = _browser(), _address("file-export", _file(number).public_id)
    return lambda: browser.post(page)


def make(number: str) -> Act:
    """A worker that was told to make the file."""
    from care import scope
    from declarations.outgoing import jobs
    from declarations.tasks.exports import make_export

    file = _file(number)
    with scope.organisation(file.organisation_id):
        job = jobs.latest(file)
    assert job is not None
    return lambda: make_export(file.organisation_id, str(job.public_id))


def look_for_exports(_number: str) -> Act:
    """The scheduled round that sends a worker to each file to be made."""
    from declarations.tasks.exports import look_for_due_exports

    return look_for_due_exports


def balance(number: str) -> Act:
    """The nightly count."""
    from declarations.tasks.attaching import count_every_file

    assert _file(number).state == "exported"
    return count_every_file


def download(number: str) -> Act:
    """Fetching the file on the page."""
    browser, file = _browser(), _file(number)
    assert file.state == "exported"
    page = _address("file-download", file.public_id)

    return lambda: b"".join(getattr(browser.get(page), "streaming_content", ()))


def export_by_command(number: str) -> Act:
    """Making and writing the file from the command line."""
    from django.core.management import call_command

    public_id, target = str(_file(number).public_id), str(written(number))
    return lambda: call_command("export_declarations", public_id, target)


def deliver(number: str) -> Act:
    """Writing down on the page that the file was handed over."""
    from django.utils import timezone

    browser, page = _browser(), _address("file-delivered", _file(number).public_id)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    return lambda: browser.post(page, {"delivered_at": now, "receipt": number})


def answer(number: str) -> Act:
    """Sending in the list of what the insurer said of each record, and letting it count."""
    browser, page = _browser(), _address("reply-list")
    source = BytesIO(_list_of_answers(number).encode())
    source.name = "antwoorden.csv"

    def act() -> None:
        looked_at = browser.post(page, {"list": source})
        if looked_at.status_code == FOUND:
            browser.post(looked_at["Location"])

    return act


def _list_of_answers(number: str) -> str:
    from care import scope
    from declarations.models import ProfileRecord

    file = _file(number)
    with scope.organisation(file.organisation_id):
        records = ProfileRecord.objects.filter(attachment__file=file)
        lines = [f"{reference};aanvaard;" for reference in records.values_list("reference", flat=True)]
    assert len(lines) == PERSONS
    return "\n".join(["referentie;status;reden", *lines])


# The count walks through all files that there are: it comes first, while these are few.
ACTIONS: dict[str, Callable[[str], Act]] = {
    "balance": balance,
    "download": download,
    "upload": upload,
    "send in": send_in,
    "attach": attach,
    "look for work": look_for_work,
    "ask": ask,
    "look for exports": look_for_exports,
    "make": make,
    "export by command": export_by_command,
    "deliver": deliver,
    "answer": answer,
}
# What has to be done before, and what a person does again who got no answer.
TO_ASK, TO_MAKE = ("upload", "look for work"), ("upload", "look for work", "ask")
MADE = (*TO_MAKE, "make")
BEFORE: dict[str, tuple[str, ...]] = {
    "upload": (),
    "send in": (),
    "attach": ("upload",),
    "look for work": ("upload",),
    "ask": TO_ASK,
    "look for exports": TO_MAKE,
    "make": TO_MAKE,
    "export by command": TO_ASK,
    "balance": MADE,
    "download": MADE,
    "deliver": MADE,
    "answer": (*MADE, "deliver"),
}
# What only looks at a file can look at the same one again.
LOOKING = ("balance", "download")
ASKED = ("upload", "send in", "ask", "export by command", "download")
FOUND = 302


def written(number: str) -> Path:
    """Return where the command writes a file."""
    return environment.var_folder() / f"{number}.txt"


def _browser() -> "Client":
    from django.test import Client

    from care.models import User

    browser = Client(headers={"host": "localhost"}, raise_request_exception=False)
    browser.force_login(User.objects.get(email=OFFICER))
    return browser


def _token() -> str:
    from care import scope
    from care.models import Organisation, User
    from declarations.api.constants import ApiScope
    from declarations.api.tokens import make_token

    with scope.organisation(_organisation()):
        organisation = Organisation.objects.get(agb=AGB)
        by = User.objects.get(email=OFFICER)
        return make_token(
            organisation=organisation, name="Dossier", scopes=[ApiScope.DECLARATIONS_WRITE], by=by
        ).text


def _address(name: str, *values: object) -> str:
    from django.urls import reverse

    return reverse(name, args=values)


def _organisation() -> int:
    from care.models import Organisation

    return Organisation.objects.get(agb=AGB).pk


def _standing(number: str) -> "list[DeclarationFile]":
    from care import scope
    from declarations.models import DeclarationFile

    with scope.organisation(_organisation()):
        return list(DeclarationFile.objects.filter(invoice_number=number))


def _file(number: str) -> "DeclarationFile":
    (file,) = _standing(number)
    return file


def problem_after(name: str, number: str) -> str:
    """Let the schedule and, where nobody had an answer, a person go on; return what is not right, if any."""
    from django.db import OperationalError, connection

    def answers() -> bool:
        try:
            connection.ensure_connection()
        except OperationalError:
            return False
        return True

    until(answers, within=PATIENCE)
    if not _standing(number):
        if name not in {"upload", "send in"}:
            return "the file is gone"
        ACTIONS[name](number)()
    _schedule()
    if name in ASKED and _file(number).state == "imported":
        ask(number)()
        _schedule()
    if _file(number).state == "imported" and name in {"attach", "look for work"}:
        ask(number)()
        _schedule()
    if name in TOLD and not number_of(TOLD[name], number):
        ACTIONS[name](number)()
    return "; ".join(_wrong(name, number))


def _schedule() -> None:
    """Do what the scheduler has done every ten seconds, until there is nothing to do."""
    from config.celery import app
    from declarations.tasks.attaching import look_for_due_work
    from declarations.tasks.exports import look_for_due_exports

    app.conf.task_always_eager = True
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        look_for_due_work()
        look_for_due_exports()
        waiting = number_of("select count(*) from declarations_attachment where state = 'queued'")
        if not waiting and not number_of(OPEN_JOBS):
            return
        time.sleep(ROUND)


OPEN_JOBS = "select count(*) from declarations_exportjob where state in ('waiting', 'working')"


def _wrong(name: str, number: str) -> Iterator[str]:
    from care import scope
    from declarations import selectors
    from declarations.constants import ChunkKind
    from declarations.files import storage
    from declarations.models import ProfileRecord

    files = _standing(number)
    if len(files) != 1:
        yield f"{len(files)} files"
        return
    (file,) = files
    if file.state != "exported":
        yield f"the file is {file.state}"
        return
    found = _once(file.pk, "accepted" if name == "answer" else "exported")
    if found != (PERSONS,) * 4:
        yield f"attached, persons, records, times attached: {found}"
    with scope.organisation(file.organisation_id):
        counted = selectors.balance(file)
        references = ProfileRecord.objects.filter(attachment__file=file).values_list("reference", flat=True)
        made = b"".join(storage.read(file, ChunkKind.EXPORT))
        wanted = {reference.ljust(20).encode() for reference in references}
    if not counted.is_even or counted.queued:
        yield f"balance: {counted}"
    yield from differences(content_of(number), made, wanted)
    if name in TOLD and number_of(TOLD[name], number) != TIMES[name]:
        yield f"written down {number_of(TOLD[name], number)} times"
    if name == "export by command" and written(number).exists() and written(number).read_bytes() != made:
        yield "other bytes were written"


def _once(file_id: int, state: str) -> tuple[int, ...]:
    import psycopg

    from config.embedded import paths

    address = paths.postgres_url(environment.var_folder(), "draagvlak_owner")
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(ONCE, [state, file_id]).fetchone()
    return tuple(found) if found else ()
