"""What is done with a file on its way, each by its own entry: page, task, or command. Needs Django set up.

An action looks up what it needs and returns what is to be interrupted.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from config import environment
from tests.bench import officer
from tests.bench.people import PERSONS, content_of
from tests.bench.rows import file_called

Act = Callable[[], object]

FOUND = 302


def upload(number: str) -> Act:
    """Send the file in on the page."""
    browser, page = officer.browser(), officer.address("file-upload")
    source = BytesIO(content_of(number))
    source.name = "declaratie.txt"
    return lambda: browser.post(page, {"file": source})


def send_in(number: str) -> Act:
    """Send the file in as a care record system does."""
    program, page = officer.program(), "/api/v1/declarations"
    headers, content = {"Authorization": f"Bearer {officer.token()}"}, content_of(number)
    return lambda: program.generic("POST", page, content, "application/octet-stream", headers=headers)


def attach(number: str) -> Act:
    """A worker that was told of the file."""
    from declarations.matching.tasks import attach_file

    public_id = str(file_called(number).public_id)
    return lambda: attach_file(public_id)


def look_for_work(_number: str) -> Act:
    """The scheduled round, which finds the file without being told."""
    from declarations.rounds import look_for_due_work

    return look_for_due_work


def ask(number: str) -> Act:
    """The button by which the file is made."""
    browser, page = officer.browser(), officer.address("file-export", file_called(number).public_id)
    return lambda: browser.post(page)


def make(number: str) -> Act:
    """A worker that was told to make the file."""
    from care.tenancy import scope
    from declarations.delivery import jobs
    from declarations.delivery.tasks import make_export

    file = file_called(number)
    with scope.organisation(file.organisation_id):
        job = jobs.latest(file)
    assert job is not None
    return lambda: make_export(file.organisation_id, str(job.public_id))


def look_for_exports(_number: str) -> Act:
    """The scheduled round that sends a worker to each file to be made."""
    from declarations.rounds import look_for_due_exports

    return look_for_due_exports


def balance(number: str) -> Act:
    """The nightly count."""
    from declarations.matching.tasks import count_every_file

    assert file_called(number).state == "exported"
    return count_every_file


def download(number: str) -> Act:
    """Fetching the file on the page."""
    browser, file = officer.browser(), file_called(number)
    assert file.state == "exported"
    page = officer.address("file-download", file.public_id)

    return lambda: b"".join(getattr(browser.get(page), "streaming_content", ()))


def export_by_command(number: str) -> Act:
    """Making and writing the file from the command line."""
    from django.core.management import call_command

    public_id, target = str(file_called(number).public_id), str(written(number))
    return lambda: call_command("export_declarations", public_id, target)


def release(number: str) -> Act:
    """Letting the insurer have the file, on the page."""
    browser, page = officer.browser(), officer.address("file-release", file_called(number).public_id)
    return lambda: browser.post(page)


def deliver(number: str) -> Act:
    """Writing down on the page that the file was handed over."""
    from django.utils import timezone

    browser, page = officer.browser(), officer.address("file-delivered", file_called(number).public_id)
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    return lambda: browser.post(page, {"delivered_at": now, "receipt": number})


def answer(number: str) -> Act:
    """Sending in the list of what the insurer said of each record, and letting it count."""
    browser, page = officer.browser(), officer.address("reply-list")
    source = BytesIO(_list_of_answers(number).encode())
    source.name = "antwoorden.csv"

    def act() -> None:
        looked_at = browser.post(page, {"list": source})
        if looked_at.status_code == FOUND:
            browser.post(looked_at["Location"])

    return act


def _list_of_answers(number: str) -> str:
    from care.tenancy import scope
    from declarations.schema.models import ProfileRecord

    file = file_called(number)
    with scope.organisation(file.organisation_id):
        records = ProfileRecord.objects.filter(attachment__file=file)
        lines = [f"{reference};aanvaard;" for reference in records.values_list("reference", flat=True)]
    assert len(lines) == PERSONS
    return "\n".join(["referentie;status;reden", *lines])


def written(number: str) -> Path:
    """Return where the command writes a file."""
    return environment.var_folder() / f"{number}.txt"
