"""What must become of a person of a file, worked out day by day, slowly and plainly.

Written from the rules in docs/declarations.md alone. It shares nothing with the decision that it is held
against but the words for states and reasons.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from declarations.decisions.decision import Decision
from declarations.schema.constants import AttachmentState, DeliveryMode, MissingPart, Reason
from tests.declarations.worlds import Agreement, Anamnese, Days, Line, World

ONE_DAY = timedelta(days=1)
SENDING_PHASES = {"declare", "contract"}
Said = dict[date, tuple[int, str, DeliveryMode]]


@dataclass(frozen=True)
class Verdict:
    """What must come out: on which day which profile is said, by which code, and how it goes."""

    state: AttachmentState
    reason: Reason = Reason.NONE
    missing: MissingPart = MissingPart.NONE
    said: Said = field(default_factory=dict)
    left_out: tuple[tuple[date, date], ...] = ()
    records: int = 0


def verdict(world: World) -> Verdict:
    """Return what must become of the person of a world."""
    lines = [line for line in world.lines if not line.is_taken_back]
    if any(_is_profile_line(line, world) for line in lines):
        return Verdict(AttachmentState.EXCLUDED, Reason.PROFILE_LINE_PRESENT)
    debits = [line for line in lines if line.is_debit]
    if not debits:
        return Verdict(AttachmentState.EXCLUDED, Reason.CREDITS_ONLY)
    if not world.has_number:
        return _held(Reason.BSN_UNKNOWN)
    if world.born is None:
        return _held(Reason.CLIENT_UNKNOWN)
    if world.born != world.born_in_file:
        return _held(Reason.DETAILS_DIFFER)
    return _by_day(debits, world)


def _held(reason: Reason, missing: MissingPart = MissingPart.NONE) -> Verdict:
    return Verdict(AttachmentState.HELD, reason, missing)


def _is_profile_line(line: Line, world: World) -> bool:
    agreed = _agreement(line.first, world)
    known = agreed is not None and line.code in agreed.table.values()
    return line.is_zero and line.list_code == "990" and known


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


# May be spoken of a day?


def _in_one_of(day: date, periods: Iterable[Days]) -> bool:
    return any(first <= day and (until is None or day < until) for first, until in periods)


def _in_phase(day: date, world: World) -> bool:
    begun = [phase for first, phase in world.rules.phases if first <= day]
    return bool(begun) and begun[-1] in SENDING_PHASES


def _in_care(day: date, world: World) -> bool:
    return _in_one_of(day, world.care)


def _under_a_basis(day: date, world: World) -> bool:
    if any(withdrawn is None for _, withdrawn in world.consents):
        return True
    if world.consents:
        return False
    return _in_one_of(day, world.rules.bases)


def _with_a_receiver(day: date, world: World) -> bool:
    receivers = world.rules.receivers
    return receivers is None or _in_one_of(day, receivers)


def _agreement(day: date, world: World) -> Agreement | None:
    agreed = [one for one in world.rules.agreements if _in_one_of(day, [(one.first, one.until)])]
    return agreed[0] if agreed else None


def _sending_is_on(day: date, world: World) -> bool:
    agreed = _agreement(day, world)
    return agreed is not None and agreed.sending


CONDITIONS: tuple[tuple[Callable[[date, World], bool], Reason, MissingPart], ...] = (
    (_in_phase, Reason.PHASE_FORBIDS, MissingPart.NONE),
    (_in_care, Reason.NOT_IN_CARE, MissingPart.NONE),
    (_under_a_basis, Reason.NO_LEGAL_BASIS, MissingPart.NONE),
    (_with_a_receiver, Reason.NO_LEGAL_BASIS, MissingPart.RECEIVER),
    (_sending_is_on, Reason.SENDING_IS_OFF, MissingPart.NONE),
)
Want = tuple[Reason, MissingPart]
BEFORE_OBJECTION: tuple[Want, ...] = (
    (Reason.NOT_IN_CARE, MissingPart.NONE),
    (Reason.NO_LEGAL_BASIS, MissingPart.NONE),
    (Reason.NO_LEGAL_BASIS, MissingPart.RECEIVER),
)
SENDING: Want = (Reason.SENDING_IS_OFF, MissingPart.NONE)
PHASE: Want = (Reason.PHASE_FORBIDS, MissingPart.NONE)


def _may_speak(day: date, world: World) -> bool:
    return all(holds(day, world) for holds, _, _ in CONDITIONS)


def _want(days: Iterable[date], world: World) -> Want | None:
    """Return what is missing on all of these days; None where at least one may be spoken of."""
    everything = left = list(days)
    for holds, reason, missing in CONDITIONS:
        left = [day for day in left if holds(day, world)]
        if not left and reason == Reason.NOT_IN_CARE and any(_in_care(day, world) for day in everything):
            return PHASE
        if not left:
            return reason, missing
    return None


# Which profile, and on which days


def _standing(world: World) -> list[Anamnese]:
    replaced = {one.corrects for one in world.anamneses}
    return [one for one in world.anamneses if one.number not in replaced]


def _in_force(day: date, world: World) -> Anamnese | None:
    begun = [one for one in _standing(world) if one.day <= day]
    if not begun or world.born is None:
        return None
    latest = max(begun, key=lambda one: one.day)
    if _contradicts_age(latest, world):
        return latest
    if latest.code == "TIJDELIJK" and (day - latest.day).days >= 28:
        return None
    if latest.code == "MKT" and day >= world.born.replace(year=world.born.year + 18):
        return None
    return latest


def _contradicts_age(anamnese: Anamnese, world: World) -> bool:
    """Tell whether an anamnese is of a child who was none, or the other way round; it speaks all the same."""
    if world.born is None:
        return False
    is_child = anamnese.day < world.born.replace(year=world.born.year + 18)
    return is_child != (anamnese.code == "MKT")


def _profile_of(line: Line, world: World) -> Anamnese | None:
    found = _in_force(line.first, world)
    if found is not None:
        return found
    begins = {one.day: one for one in _standing(world)}
    return next((begins[day] for day in _days(line.first, line.last) if day in begins), None)


def _by_day(debits: list[Line], world: World) -> Verdict:
    wants = {line: _want(_days(line.first, line.last), world) for line in debits}
    for want in BEFORE_OBJECTION:
        if want in wants.values():
            return _held(*want)
    if any(withdrawn is None for _, withdrawn in world.objections):
        return _held(Reason.OBJECTION)
    if SENDING in wants.values():
        return _held(*SENDING)
    spoken = [line for line in debits if wants[line] is None]
    if not spoken:
        return _held(*PHASE)
    left_out = [(line.first, line.last) for line in debits if wants[line] == PHASE]
    return _looked_up(spoken, left_out, world)


def _looked_up(spoken: list[Line], left_out: list[tuple[date, date]], world: World) -> Verdict:
    profiles = {line: _profile_of(line, world) for line in spoken}
    with_profile = {line: profile for line, profile in profiles.items() if profile is not None}
    if any(_contradicts_age(profile, world) for profile in with_profile.values()):
        return _held(Reason.DETAILS_DIFFER, MissingPart.AGE)
    if len(with_profile) < len(profiles) and not (world.attach_rest and with_profile):
        return _held(Reason.NO_VALID_PROFILE)
    wants = {
        line: _want([day for day in _days(line.first, line.last) if _in_force(day, world) == profile], world)
        for line, profile in with_profile.items()
    }
    for want in (*BEFORE_OBJECTION, SENDING):
        if want in wants.values():
            return _held(*want)
    speaking = {line: profile for line, profile in with_profile.items() if wants[line] is None}
    if not speaking:
        return _held(*PHASE)
    more = [(line.first, line.last) for line in spoken if wants.get(line) == PHASE]
    return _said(speaking, (*left_out, *more), world)


def _said(speaking: dict[Line, Anamnese], left_out: tuple[tuple[date, date], ...], world: World) -> Verdict:
    said: Said = {}
    runs = 0
    for profile in set(speaking.values()):
        lines = [line for line, of in speaking.items() if of == profile]
        for run in _runs(profile, lines, world):
            agreed = _agreement(run[0], world)
            if agreed is None or profile.code not in agreed.table:
                return _held(Reason.CODE_UNKNOWN)
            runs += 1
            for day in run:
                said[day] = (profile.number, agreed.table[profile.code], agreed.form)
    return Verdict(AttachmentState.ATTACHED, said=said, left_out=left_out, records=runs)


def _runs(profile: Anamnese, lines: list[Line], world: World) -> Iterator[list[date]]:
    """Yield the days of one record after the other: without a gap, and with a day of a performance."""
    cared_for = {day for line in lines for day in _days(line.first, line.last)}
    run: list[date] = []
    last = max(line.last for line in lines)
    for day in _days(min(line.first for line in lines), last + ONE_DAY):
        if day <= last and _in_force(day, world) == profile and _may_speak(day, world):
            run.append(day)
            continue
        if cared_for.intersection(run):
            yield run
        run = []


# Held against the decision


def differences(world: World, outcome: Decision) -> str:
    """Return how what was decided differs from what must be; empty where it does not."""
    must = verdict(world)
    if (must.state, must.reason, must.missing) != (outcome.state, outcome.reason, outcome.missing):
        return f"must be {must.state} {must.reason} {must.missing}, is {outcome.state} {outcome.reason}"
    if must.state != AttachmentState.ATTACHED:
        return "records of nobody" if outcome.records else ""
    said: list[tuple[date, tuple[int, str, DeliveryMode]]] = [
        (day, (record.profile_id, record.performance_code, record.form))
        for record in outcome.records
        for day in _days(record.first_day, record.last_day)
    ]
    if sorted(said) != sorted(must.said.items()):
        wrong = {day for day, _ in set(said) ^ set(must.said.items())}
        return f"other days or codes: {sorted(wrong)[:5]}, {len(wrong)} in all"
    if len(outcome.records) != must.records:
        return f"{len(outcome.records)} records where {must.records} do"
    left_out = [(span.first, span.last) for span in outcome.left_out]
    return "" if sorted(left_out) == sorted(must.left_out) else "other performances are left out"
