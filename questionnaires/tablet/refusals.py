"""Why work from a tablet is not taken in: each reason with its sentence and with what can be done."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class NextStep(StrEnum):
    """What the nurse can do on the tablet."""

    HAND_OVER = "hand_over"
    CHANGE_DATE = "change_date"
    MEND = "mend"
    ASK = "ask"


class Refusal(StrEnum):
    """Why one anamnese is not taken in as it is."""

    OTHER_TEAM = "other_team"
    UNKNOWN_CLIENT = "unknown_client"
    COLLEAGUES = "colleagues"
    DATE = "date"
    ANSWERS = "answers"
    SHAPE = "shape"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a refusal: the status for the script, the sentence, and the step that is offered."""

    status: int
    sentence: "StrPromise | str"
    step: NextStep


TOLD: dict[Refusal, Told] = {
    Refusal.OTHER_TEAM: Told(
        403,
        _(
            "Deze cliënt hoorde op deze datum bij een ander team. Klopt de datum, geef je antwoorden dan "
            "door: dat team maakt ze af, zonder overtypen."
        ),
        NextStep.HAND_OVER,
    ),
    Refusal.UNKNOWN_CLIENT: Told(
        404,
        _(
            "Deze cliënt bestaat niet in jouw organisatie. Vraag je functioneel beheerder wat er is gebeurd; "
            "wat je invulde blijft op dit toestel."
        ),
        NextStep.ASK,
    ),
    Refusal.COLLEAGUES: Told(
        403,
        _(
            "Een collega heeft deze anamnese overgenomen. Wat je daarna nog invulde staat alleen op dit "
            "toestel: bespreek het met je collega."
        ),
        NextStep.ASK,
    ),
    Refusal.DATE: Told(422, "", NextStep.CHANGE_DATE),
    Refusal.ANSWERS: Told(422, _("Niet alle antwoorden kunnen zo blijven. Kijk ze na."), NextStep.MEND),
    Refusal.SHAPE: Told(
        422, _("Deze anamnese kan zo niet worden bewaard. Vraag om hulp en wis niets."), NextStep.ASK
    ),
    Refusal.UNREADABLE: Told(
        400, _("De anamnese is niet goed aangekomen. Vraag om hulp en wis niets."), NextStep.ASK
    ),
}
