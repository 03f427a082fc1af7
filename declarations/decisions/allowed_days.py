"""On which days a profile code may speak of a client to an insurer, and what is missing where on none."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from care.days import Span, joined, within, without
from declarations.decisions.inputs import KnownClient, SendingConditions, SendingTerms


class Lack(IntEnum):
    """What is missing on every day, in the order in which it is said of a person."""

    CARE = 1
    BASIS = 2
    RECEIVER = 3
    SENDING = 4
    PHASE = 5


@dataclass(frozen=True, slots=True)
class Allowed:
    """The days that may be spoken of, in order; where there are none, what is missing."""

    days: tuple[Span, ...] = ()
    lack: Lack | None = None


class AllowedDays:
    """The days of which may be spoken, for one client and one insurer."""

    __slots__ = ("_bases", "_care", "_conditions", "_has_consent")

    def __init__(self, client: KnownClient, conditions: SendingConditions) -> None:
        self._care, self._conditions = client.care, conditions
        self._has_consent = client.has_consent
        self._bases = () if client.took_back else conditions.bases

    def of(self, span: Span) -> Allowed:
        """Return which days of a span may be spoken of.

        The phase comes first, for nobody can help it: days before it are no reason to ask for a basis. What
        was care only before the phase is a matter of the phase as well.
        """
        declared = within([span], self._conditions.declaring)
        if not declared:
            return Allowed(lack=Lack.PHASE)
        days = within(declared, self._care)
        if not days:
            was_in_care = within([span], self._care)
            return Allowed(lack=Lack.PHASE if was_in_care else Lack.CARE)
        return self._permitted(days)

    def _permitted(self, days: tuple[Span, ...]) -> Allowed:
        if not self._has_consent:
            days = within(days, self._bases)
        if not days:
            return Allowed(lack=Lack.BASIS)
        if self._conditions.receivers is not None:
            days = within(days, self._conditions.receivers)
        if not days:
            return Allowed(lack=Lack.RECEIVER)
        days = _with_sending_on(days, self._conditions.terms)
        return Allowed(days) if days else Allowed(lack=Lack.SENDING)


def _with_sending_on(days: Iterable[Span], terms: Iterable[SendingTerms]) -> tuple[Span, ...]:
    """Return the days on which the agreement that counts, the first that holds, has sending on."""
    left, found = list(days), list[Span]()
    for agreed in terms:
        inside = within(left, [agreed.period])
        found += inside if agreed.sending else ()
        left = [rest for span in left for rest in without(span, inside)]
    return joined(found)
