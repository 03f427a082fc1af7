"""What can be refused around an anamnese. Each carries what is needed to say it in Dutch; never an answer."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from questionnaires.instruments.definition import AnswerProblem, Answers

if TYPE_CHECKING:
    from questionnaires.schema.dates import DateProblem
    from questionnaires.schema.models import Anamnese


class VersionChangedError(Exception):
    """A definition or model table was changed under a version that had been loaded before."""

    def __init__(self, *, kind: str, name: str, version: str) -> None:
        super().__init__(
            f"{kind} {name} {version} differs from what was loaded under that version."
            " A loaded version never changes: give the change a version number of its own."
        )


class AnamneseError(Exception):
    """An anamnese cannot be started, changed or finished."""


class NotADraftError(AnamneseError):
    """The anamnese was finished or thrown away; it does not change any more."""


class NotYourDraftError(AnamneseError):
    """The draft is a colleague's."""


class AlreadyCorrectedError(AnamneseError):
    """The anamnese has been corrected before: correct the correction."""


class NotCorrectableError(AnamneseError):
    """What is to be corrected is no finished anamnese of this client, or no reason was given."""


class ConflictError(AnamneseError):
    """The draft was changed elsewhere since it was read. Carries the draft as it stands now."""

    def __init__(self, *, answers: Answers, revision: int) -> None:
        super().__init__("the draft has been changed since it was read")
        self.answers = answers
        self.revision = revision


class AnswersRefusedError(AnamneseError):
    """All that is wrong with the answers and the date, at once."""

    def __init__(
        self, *, problems: Sequence[AnswerProblem] = (), date_problem: "DateProblem | None" = None
    ) -> None:
        super().__init__("the answers or the date cannot be accepted")
        self.problems = tuple(problems)
        self.date_problem = date_problem


class OwnDraftError(AnamneseError):
    """The user has a draft of this client already: that one has to be finished or thrown away first."""


class NothingToBringBackError(AnamneseError):
    """The draft was not thrown away by this user, more than a day ago, or something took its place since."""


class AnamneseClash(StrEnum):
    """Why what a tablet sends cannot stand beside what is stored; a person has to choose."""

    CHANGED = "changed"
    FINISHED = "finished"
    DISCARDED = "discarded"
    TAKEN = "taken"
    CORRECTED = "corrected"
    OTHER_DRAFT = "other_draft"


class ClashError(AnamneseError):
    """What was sent and what is stored exclude each other; both stay. Carries what is stored."""

    def __init__(self, *, clash: AnamneseClash, stored: "Anamnese") -> None:
        super().__init__(f"what was sent clashes with what is stored: {clash}")
        self.clash = clash
        self.stored = stored


class WrongVersionError(AnamneseError):
    """The instrument version is unknown here, or is not the one that the draft began with."""
