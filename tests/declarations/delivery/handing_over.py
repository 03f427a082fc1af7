"""What tests of handing over do with a file: make it, object, release, look, make it anew."""

from django.utils import timezone

from care.schema.models import Client
from care.schema.statements import Objection
from declarations import rounds
from declarations.delivery import remaking
from declarations.handover import services as handover
from declarations.schema.exceptions import BlockedError
from declarations.schema.models import DeclarationFile, Export
from tests.declarations.fictional import insured
from tests.declarations.office import Office


def made(office: Office, *numbers: int, **about: object) -> DeclarationFile:
    """Return a file of these persons that was made and not released."""
    file = office.attached(*(insured(number) for number in numbers or (0,)), **about)
    office.make(file)
    return office.fresh(file)


def object_to_it(office: Office, client: Client) -> None:
    """Let a client object to the sending of codes."""
    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=timezone.localdate()
        )


def release(office: Office, file: DeclarationFile) -> None:
    """Release a file; that it is blocked stays written, as with a page."""
    with office.facts():
        try:
            handover.release(file=office.fresh(file))
        except BlockedError as error:
            refusal = error
        else:
            return
    raise refusal


def state(office: Office, file: DeclarationFile) -> str:
    """Return where a file is between made and delivered."""
    return office.fresh(file).handover


def look(office: Office) -> None:
    """Do the scheduled round of an organisation."""
    rounds.compare_organisation(organisation_id=office.organisation_id)


def again(office: Office, file: DeclarationFile) -> Export | None:
    """Make a blocked file anew."""
    with office.facts():
        return remaking.make_anew(file=office.fresh(file))
