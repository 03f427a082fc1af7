"""Letting profiles go in separate files, and what is in those."""

from datetime import date

from care.tenancy import scope
from declarations import aw319, rounds
from declarations.aw319.layout import FIELDS
from declarations.delivery import separate_delivery
from declarations.delivery.job_requests import ask_separate
from declarations.handover import services as handover
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import AttachmentState, DeliveryMode, FileKind, Reason
from declarations.schema.delivery_models import ExportJob
from declarations.schema.models import DeclarationFile
from tests.actors import Actor
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office

EXPORTED = (AttachmentState.EXPORTED, Reason.NONE)
LATE = (AttachmentState.HELD, Reason.TOO_LATE)


def agree_apart(office: Office) -> None:
    """Let everything go in separate files."""
    with office.facts():
        Agreement.objects.update(delivery_form=DeliveryMode.SEPARATE)


def separates(office: Office) -> list[DeclarationFile]:
    """Return the separate files, oldest first."""
    with office.facts():
        return list(DeclarationFile.objects.filter(kind=FileKind.SEPARATE).order_by("id"))


def the_separate(office: Office) -> DeclarationFile:
    """Return the only separate file."""
    (only,) = separates(office)
    return only


def look(office: Office) -> None:
    """Compare with the facts, as the schedule does."""
    rounds.compare_organisation(organisation_id=office.organisation_id)


def one_late(office: Office) -> DeclarationFile:
    """Let the profile of the only person of a file come after that file went; return the file."""
    file = office.attached()
    office.export(file)
    office.client(0)
    look(office)
    return file


def made(office: Office, *, uzovi: str = "9991") -> DeclarationFile | None:
    """Make a separate file on request, and release it."""
    with office.facts():
        file = separate_delivery.make_separate(organisation=office.house.organisation, uzovi=uzovi)
        if file is not None:
            handover.release(file=file)
        return file


def records(content: bytes) -> list[tuple[str, str, str, str]]:
    """Return person, days and code of each profile record of a content."""
    names = ("0403", "0414", "0415", "0417")
    lines = [line for line in content.split(b"\r\n") if line[:2] == b"04"]
    return [tuple(FIELDS[name].of(line).decode().strip() for name in names) for line in lines]  # type: ignore[misc]


def checked_whole(office: Office, content: bytes) -> None:
    """Hold a separate file against our own checker."""
    report = aw319.check(iter([content]), today=date.today(), expected_agb=office.house.organisation.agb)  # noqa: DTZ011
    assert report.findings == ()
    assert report.facts is not None
    assert report.facts.control_total == "00000000000D"


def ask_apart(office: Office, actor: Actor) -> ExportJob:
    """Let somebody ask for a separate file; return the job."""
    with scope.organisation(office.organisation_id, user_id=actor.user.pk):
        job = ask_separate(organisation=office.house.organisation, uzovi="9991", membership=actor.membership)
    assert job is not None
    return job


def attached_in_both_forms(office: Office) -> DeclarationFile:
    """Return a file of one person: the first half of January goes in it, the second in a separate one."""
    client = office.client(0, day=None)
    office.profile(client, date(2023, 12, 1), "DKDL-01")
    office.profile(client, date(2024, 1, 16), "DKDL-09")
    with office.facts():
        now = Agreement.objects.get()
        now.valid_until = date(2024, 1, 16)
        now.save()
        Agreement.objects.create(
            organisation=now.organisation, insurer=now.insurer, code_table=now.code_table, sending=True,
            delivery_form=DeliveryMode.SEPARATE, valid_from=date(2024, 1, 16),
        )  # fmt: skip
    return office.attached(insured(0, care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31")))
