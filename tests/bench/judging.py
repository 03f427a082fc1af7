"""What has to be so after something was interrupted, and whose doing it may be. Needs Django set up."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, LiteralString

import psycopg
from django.utils.timezone import localdate

from config import environment
from config.embedded import paths
from declarations import aw319
from tests.bench.actions import ASKED, ASKED_APART, do
from tests.bench.installation import AGB, number_of, until
from tests.bench.journey import written
from tests.bench.people import PERSONS, content_of, goes_apart
from tests.bench.rows import beside, file_called, files_called
from tests.declarations.exactness import END, MONEY, differences, of

if TYPE_CHECKING:
    from declarations.schema.models import DeclarationFile

PATIENCE = 90.0
ROUND = 0.2
OPEN_JOBS = "select count(*) from declarations_exportjob where state in ('waiting', 'working')"
#: How often something was written down of a file, and what it has to come to.
TOLD: dict[str, LiteralString] = {
    "release": """
        select count(*) from declarations_handoverevent where step = 'released' and file_id = (
            select id from declarations_declarationfile where invoice_number = %s)
    """,
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
TIMES = {"release": 1, "deliver": 1, "answer": PERSONS}
ONCE = """
    select count(*) filter (where state = %s), count(distinct number),
        (select count(*) from declarations_profilerecord as record where record.attachment_id = any (
            array_agg(item.id))),
        (select count(*) from declarations_attachmentevent as event where event.to_state = 'attached'
            and event.attachment_id = any (array_agg(item.id)))
    from declarations_attachment as item where file_id = %s
"""


def problem_after(name: str, number: str) -> str:
    """Let the schedule and, where nobody had an answer, a person go on; return what is not right, if any."""
    until(_database_answers, within=PATIENCE)
    if not files_called(number):
        if name not in {"upload", "send in"}:
            return "the file is gone"
        do(name, number)
    _schedule()
    if file_called(number).state == "imported" and name in (*ASKED, "attach", "look for work"):
        do("ask", number)
        _schedule()
    if name in TOLD and not number_of(TOLD[name], number):
        do(name, number)
    if name in ASKED_APART and not beside(number):
        do("ask apart", number)
        _schedule()
    return "; ".join(_wrong(name, number))


def _database_answers() -> bool:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


def _schedule() -> None:
    """Do what the scheduler has done every ten seconds, until there is nothing to do."""
    from config.celery import app
    from declarations.rounds import look_for_due_exports, look_for_due_work

    app.conf.task_always_eager = True
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        look_for_due_work()
        look_for_due_exports()
        waiting = number_of("select count(*) from declarations_attachment where state = 'queued'")
        if not waiting and not number_of(OPEN_JOBS):
            return
        time.sleep(ROUND)


def _wrong(name: str, number: str) -> Iterator[str]:
    files = files_called(number)
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
    yield from _wrong_in_content(file, number)
    if name in TOLD and number_of(TOLD[name], number) != TIMES[name]:
        yield f"written down {number_of(TOLD[name], number)} times"
    if (
        name == "export by command"
        and written(number).exists()
        and written(number).read_bytes() != _made(file)
    ):
        yield "other bytes were written"


def _once(file_id: int, state: str) -> tuple[int, ...]:
    address = paths.postgres_url(environment.var_folder(), "draagvlak_owner")
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(ONCE, [state, file_id]).fetchone()
    return tuple(found) if found else ()


def _wrong_in_content(file: "DeclarationFile", number: str) -> Iterator[str]:
    from care.tenancy import scope
    from declarations.queries import selectors
    from declarations.schema.models import ProfileRecord

    with scope.organisation(file.organisation_id):
        counted = selectors.balance(file)
        records = ProfileRecord.objects.filter(attachment__file=file)
        references = {
            reference.ljust(20).encode() for reference in records.values_list("reference", flat=True)
        }
    if not counted.is_even or counted.queued:
        yield f"balance: {counted}"
    apart = goes_apart(number)
    yield from differences(content_of(number), _made(file), set() if apart else references)
    if apart:
        yield from _wrong_apart(beside(number), references)


def _wrong_apart(files: "list[DeclarationFile]", references: set[bytes]) -> Iterator[str]:
    """Yield what is not right where each record has to stand once, at no amount, in one file by itself."""
    if len(files) != 1:
        yield f"{len(files)} separate files"
        return
    content = _made(files[0])
    records = [line for line in content.split(END) if line[:2] == b"04"]
    found = [of(line, "0431") for line in records]  # what waited of another file goes along
    if any(found.count(reference) != 1 for reference in references):
        yield "not each record once in the separate file"
    if any(int(of(line, number)) for line in records for number in MONEY):
        yield "a record in the separate file has an amount"
    if aw319.check(iter([content]), today=localdate(), expected_agb=AGB).findings:
        yield "the separate file is not sound"


def _made(file: "DeclarationFile") -> bytes:
    from care.tenancy import scope
    from declarations.schema.constants import ChunkKind
    from declarations.storage import chunks

    with scope.organisation(file.organisation_id):
        return b"".join(chunks.read(file, ChunkKind.EXPORT))
