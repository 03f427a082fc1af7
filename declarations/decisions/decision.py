"""What becomes of one insured person of a file: a pure function of what the file says and what is known.

No database, no clock, no log. The rules stand in the order in which they are looked at; the first that
applies decides. docs/declarations.md gives the reason for each.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from care.days import Period, Span
from declarations.decisions.allowed_days import Allowed, AllowedDays, Lack
from declarations.decisions.inputs import Insured, KnownClient, Performance, SendingConditions, SendingTerms
from declarations.schema.constants import AttachmentState, DeliveryMode, MissingPart, Reason
from profiles.timeline.selectors import ProfileSpan

_REASONS = {
    Lack.CARE: Reason.NOT_IN_CARE,
    Lack.BASIS: Reason.NO_LEGAL_BASIS,
    Lack.RECEIVER: Reason.NO_LEGAL_BASIS,
    Lack.SENDING: Reason.SENDING_IS_OFF,
    Lack.PHASE: Reason.PHASE_FORBIDS,
}
_BEFORE_OBJECTION = (Lack.CARE, Lack.BASIS, Lack.RECEIVER)


@dataclass(frozen=True, slots=True)
class Record:
    """A profile record to be made: 0414-0417, 0419, the profile that it stands for, and how it is to go."""

    number: int
    profile_id: int
    first_day: date
    last_day: date
    list_code: str
    performance_code: str
    time_unit: str
    form: DeliveryMode = DeliveryMode.IN_FILE


@dataclass(frozen=True, slots=True)
class Decision:
    """Attached with records, or held or excluded with a reason; `days` are those that the reason is about.

    `codes` are profile codes that the agreement's table does not know. `before` is why a person is still
    held whose file has gone. `missing` says which part of a legal basis is. `left_out` are performances of
    somebody attached that lie before the phase in which codes are sent.
    """

    state: AttachmentState
    reason: Reason = Reason.NONE
    days: tuple[Span, ...] = ()
    codes: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    before: Reason = Reason.NONE
    missing: MissingPart = MissingPart.NONE
    left_out: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    insured: Insured
    client: KnownClient
    conditions: SendingConditions
    allowed: AllowedDays


@dataclass(frozen=True, slots=True)
class _Piece:
    """Days without a gap that may be spoken of, all under one profile."""

    days: Span
    profile: ProfileSpan


def decide(insured: Insured, client: KnownClient | None, conditions: SendingConditions) -> Decision:
    """Return what becomes of a person: the first rule that applies, else the profile records."""
    lines = [line for line in insured.performances if _is_profile_line(line, conditions)]
    if lines:
        return _excluded(Reason.PROFILE_LINE_PRESENT, [line.days for line in lines])
    if not insured.debits:
        return _excluded(Reason.CREDITS_ONLY)
    if not insured.has_number:
        return _held(Reason.BSN_UNKNOWN)
    if client is None:
        return _held(Reason.CLIENT_UNKNOWN)
    if client.date_of_birth != insured.date_of_birth:
        return _held(Reason.DETAILS_DIFFER)
    return _by_days(insured, client, conditions)


def decide_late(insured: Insured, client: KnownClient | None, conditions: SendingConditions) -> Decision:
    """Return what becomes of a person whose file has gone: what can still go, goes in a separate file."""
    outcome = decide(insured, client, conditions)
    if outcome.state == AttachmentState.HELD:
        return replace(outcome, reason=Reason.TOO_LATE, before=outcome.reason)
    apart = tuple(replace(record, form=DeliveryMode.SEPARATE) for record in outcome.records)
    return replace(outcome, records=apart)


def as_correction(outcome: Decision) -> Decision:
    """Return an outcome of somebody whose file has gone as that of a correction: due until it has gone."""
    if outcome.state == AttachmentState.EXCLUDED:
        return outcome
    return replace(outcome, reason=Reason.CORRECTION_DUE)


def _is_profile_line(performance: Performance, conditions: SendingConditions) -> bool:
    if not performance.is_zero or performance.is_taken_back:
        return False
    terms = conditions.terms_on(performance.days.first)
    return (
        terms is not None
        and performance.list_code == terms.list_code
        and performance.code in terms.codes.values()
    )


def _held(reason: Reason, days: Iterable[Span] = (), missing: MissingPart = MissingPart.NONE) -> Decision:
    return Decision(AttachmentState.HELD, reason, tuple(days), missing=missing)


def _excluded(reason: Reason, days: Iterable[Span] = ()) -> Decision:
    return Decision(AttachmentState.EXCLUDED, reason, tuple(days))


def _by_days(insured: Insured, client: KnownClient, conditions: SendingConditions) -> Decision:
    """Leave out what lies before the phase; hold for what somebody can help; look up the rest."""
    case = _Case(insured, client, conditions, AllowedDays(client, conditions))
    looked = [(line.days, case.allowed.of(line.days)) for line in insured.debits]
    held = _for_lack(looked, _BEFORE_OBJECTION)
    if held is None and client.has_objection:
        held = _held(Reason.OBJECTION)
    held = held or _for_lack(looked, (Lack.SENDING,))
    if held is not None:
        return held
    spoken = [days for days, found in looked if found.days]
    if not spoken:
        return _held(Reason.PHASE_FORBIDS, _lacking(looked, Lack.PHASE))
    outcome = _with_profiles(spoken, case)
    if outcome.state != AttachmentState.ATTACHED:
        return outcome
    return replace(outcome, left_out=(*_lacking(looked, Lack.PHASE), *outcome.left_out))


def _for_lack(looked: Iterable[tuple[Span, Allowed]], lacks: Iterable[Lack]) -> Decision | None:
    """Return that somebody is held for the first of these that is missing on every day of a performance."""
    known = tuple(looked)
    for lack in lacks:
        if days := _lacking(known, lack):
            missing = MissingPart.RECEIVER if lack == Lack.RECEIVER else MissingPart.NONE
            return _held(_REASONS[lack], days, missing)
    return None


def _lacking(looked: Iterable[tuple[Span, Allowed]], lack: Lack) -> tuple[Span, ...]:
    return tuple(days for days, found in looked if found.lack == lack)


def _with_profiles(spoken: Sequence[Span], case: _Case) -> Decision:
    """Look up the profiles of performances of which may be spoken, and make the records.

    An anamnese that contradicts the date of birth does not count: somebody has to correct it first.

    Where a profile holds on no such day of its performance, that performance counts as one of none.
    """
    found = [(days, profile_for(days, case.client.profiles)) for days in spoken]
    wrong = [days for days, profile in found if profile is not None and profile.contradicts_age]
    if wrong:
        return _held(Reason.DETAILS_DIFFER, wrong, MissingPart.AGE)
    without = tuple(days for days, profile in found if profile is None)
    if without and (len(without) == len(found) or not case.insured.attach_rest):
        return _held(Reason.NO_VALID_PROFILE, without)
    covered = [(days, profile) for days, profile in found if profile is not None]
    looked = [(days, case.allowed.of(_cut(days, profile))) for days, profile in covered]
    if (held := _for_lack(looked, (*_BEFORE_OBJECTION, Lack.SENDING))) is not None:
        return held
    left_out = _lacking(looked, Lack.PHASE)
    speaking = [pair for pair, (_, of_profile) in zip(covered, looked, strict=True) if of_profile.days]
    if not speaking:
        return _held(Reason.PHASE_FORBIDS, left_out)
    outcome = _coded(_pieces(speaking, case.allowed), case.conditions)
    return replace(outcome, days=outcome.days or without, left_out=left_out)


def profile_for(days: Span, profiles: Sequence[ProfileSpan]) -> ProfileSpan | None:
    """Return the profile of a performance: in force on its first day, else the first to begin within it."""
    for profile in profiles:
        if profile.holds_on(days.first):
            return profile
    later = [profile for profile in profiles if days.first < profile.first_day <= days.last]
    return min(later, key=lambda profile: profile.first_day, default=None)


def _cut(days: Span, profile: ProfileSpan) -> Span:
    """Return the days on which the profile holds, of which there is at least one."""
    part = Period(profile.first_day, profile.until).part_of(days)
    return part or days


def _pieces(covered: Iterable[tuple[Span, ProfileSpan]], allowed: AllowedDays) -> list[_Piece]:
    """Return the days of each profile, from its first performance to its last, that may be spoken of.

    In order of time. A stretch between two gaps in which none of its performances lies is left out.
    """
    by_profile: dict[ProfileSpan, list[Span]] = {}
    for days, profile in covered:
        by_profile.setdefault(profile, []).append(days)
    pieces = [
        _Piece(stretch, profile)
        for profile, lines in by_profile.items()
        for stretch in allowed.of(_cut(_around(lines), profile)).days
        if any(stretch.meets(days) for days in lines)
    ]
    return sorted(pieces, key=lambda piece: piece.days.first)


def _around(lines: Collection[Span]) -> Span:
    return Span(min(days.first for days in lines), max(days.last for days in lines))


def _coded(pieces: Sequence[_Piece], conditions: SendingConditions) -> Decision:
    """Return a record for each piece, by the agreement of its own first day."""
    records, unknown = list[Record](), list[_Piece]()
    for number, piece in enumerate(pieces, 1):
        agreed = conditions.terms_on(piece.days.first)
        if agreed is None or piece.profile.code not in agreed.codes:
            unknown.append(piece)
            continue
        records.append(_record(number, piece, agreed))
    if unknown:
        codes = tuple(sorted({piece.profile.code for piece in unknown}))
        return replace(_held(Reason.CODE_UNKNOWN, [piece.days for piece in unknown]), codes=codes)
    return Decision(AttachmentState.ATTACHED, records=tuple(records))


def _record(number: int, piece: _Piece, terms: SendingTerms) -> Record:
    return Record(
        number=number,
        profile_id=piece.profile.profile_id,
        first_day=piece.days.first,
        last_day=piece.days.last,
        list_code=terms.list_code,
        performance_code=terms.codes[piece.profile.code],
        time_unit=terms.time_unit,
        form=terms.form,
    )
