"""What a decision on one insured person rests on: what the file says, and what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from care.days import Period, Span
from declarations.schema.constants import DeliveryMode
from profiles.timeline.selectors import ProfileSpan


@dataclass(frozen=True, slots=True)
class Performance:
    """One 04 record without its amounts: only whether they are all zero.

    `is_taken_back`: the file takes this debit back whole, or this is the credit that does; neither counts.
    """

    line: int
    days: Span
    is_debit: bool
    is_zero: bool
    list_code: str
    code: str
    is_taken_back: bool = False

    @property
    def counts(self) -> bool:
        """Tell whether it is charged, and not taken back."""
        return self.is_debit and not self.is_taken_back


@dataclass(frozen=True, slots=True)
class SendingTerms:
    """An agreement with an insurer and the code table that it names. `codes`: profile code to 0417."""

    period: Period
    sending: bool
    form: DeliveryMode
    list_code: str
    time_unit: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SendingConditions:
    """What holds for every person of one insurer (0204) in files to one addressee (0108).

    `terms`: the first that holds on a day counts. `declaring`: the days on which the organisation is in the
    phase `declare` or a later one, as planned. `receivers`: the days on which the addressee receives for the
    insurer; None where it is the insurer itself.
    """

    bases: tuple[Period, ...] = ()
    terms: tuple[SendingTerms, ...] = ()
    declaring: tuple[Period, ...] = ()
    receivers: tuple[Period, ...] | None = None

    def terms_on(self, day: date) -> SendingTerms | None:
        """Return the agreement of a day."""
        return next((agreed for agreed in self.terms if agreed.period.holds_on(day)), None)


@dataclass(frozen=True, slots=True)
class KnownClient:
    """What the care record says; care has gaps.

    Consent (for this insurer) and objection are those that stand today; `took_back`: a consent for this
    insurer was withdrawn, and none given since.
    """

    client_id: int
    date_of_birth: date
    care: tuple[Period, ...]
    has_consent: bool = False
    took_back: bool = False
    has_objection: bool = False
    profiles: Sequence[ProfileSpan] = ()


@dataclass(frozen=True, slots=True)
class Insured:
    """What the file says about a person. `has_number` is False for BSN 999999999.

    `date_of_birth` is None where the person's records contradict each other. `attach_rest` is an officer's
    decision to leave out the performances without a profile.
    """

    has_number: bool
    date_of_birth: date | None
    performances: tuple[Performance, ...]
    attach_rest: bool = False

    @property
    def debits(self) -> list[Performance]:
        """The performances that are charged, zero amounts included; not what the file takes back."""
        return [line for line in self.performances if line.counts]
