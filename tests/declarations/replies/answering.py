"""Files that were handed over, and what insurers answered about them."""

from django.utils import timezone

from care.schema.models import Client
from declarations import rounds
from declarations.delivery import deliveries, separate_delivery
from declarations.replies import services
from declarations.schema.models import DeclarationFile, ProfileRecord
from profiles.schema.models import ClientProfile
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.factories import anamneses

HEADING = "referentie;status;reden\n"


def delivered(office: Office, *numbers: int, about: str = "F2024-01") -> DeclarationFile:
    """Return a file of these persons, each with a profile, that was handed over."""
    file = office.attached(*(insured(number) for number in numbers), number=about)
    office.export(file)
    return handed_over(office, file)


def handed_over(office: Office, file: DeclarationFile) -> DeclarationFile:
    """Write down that a file that was made went to the insurer."""
    with office.facts():
        deliveries.record_delivery(file=office.fresh(file), delivered_at=timezone.now())
    return office.fresh(file)


def references(office: Office, file: DeclarationFile) -> list[str]:
    """Return 0431 of the profile records of who is in a file, corrections last."""
    with office.facts():
        records = ProfileRecord.objects.filter(attachment__file=file)
        ordered = records.order_by("-attachment__kind", "attachment__number", "number")
        return list(ordered.values_list("reference", flat=True))


def listed(*lines: str) -> bytes:
    """Return a list of answers."""
    return (HEADING + "".join(f"{line}\n" for line in lines)).encode()


def recorded(office: Office, *lines: str) -> services.ReplyPreview:
    """Send a list of answers in, and let it count."""
    with office.facts():
        reply = services.prepare_list(organisation=office.house.organisation, content=listed(*lines))
        return services.record_list(reply=reply)


def corrected(office: Office, client: Client, code: str) -> None:
    """Let the nurse correct the only anamnese of a client."""
    with office.facts():
        anamneses.corrected(ClientProfile.objects.get(client=client), office.nurse, code=code)


def made_apart(office: Office) -> DeclarationFile:
    """Let a separate file be made of what waits."""
    rounds.compare_organisation(organisation_id=office.organisation_id)
    with office.facts():
        made = separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991")
    assert made is not None
    return made
