"""Random histories of clients and of what an organisation may send, small enough to go through day by day.

A world is one insured person of one file with everything that is known: care, anamneses and corrections,
consents and objections, bases, receivers, phases, agreements, and the performances of the file.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from care.days import Period, Span
from declarations.decisions.inputs import Insured, KnownClient, Performance, SendingConditions, SendingTerms
from declarations.schema.constants import DeliveryMode
from profiles.timeline import validity
from profiles.timeline.selectors import ProfileSpan
from tests.profiles.dkdl import TERMS

BEGIN = date(2024, 1, 1)
TODAY = date(2024, 7, 1)
ADULT_BORN, CHILD_BORN = date(1940, 5, 17), date(2006, 2, 20)
LONG_AGO = date(2013, 1, 1)
FULL_TABLE = {"DKDL-01": "DK01", "DKDL-09": "DK09", "PTZ": "PTZ", "TIJDELIJK": "TYD", "MKT": "MKT"}
SHORT_TABLE = {"DKDL-01": "A1", "TIJDELIJK": "A2", "MKT": "A3"}
ADULT_CODES = ("DKDL-01", "DKDL-01", "DKDL-09", "DKDL-09", "PTZ", "TIJDELIJK")
LAST_DAY = 100
Days = tuple[date, date | None]


@dataclass(frozen=True)
class Anamnese:
    """A finished anamnese; `corrects` is the number of the one that it replaces."""

    number: int
    day: date
    code: str
    corrects: int = 0


@dataclass(frozen=True)
class Agreement:
    """An agreement over [first, until)."""

    first: date
    until: date | None
    sending: bool
    form: DeliveryMode
    table: dict[str, str]


@dataclass(frozen=True)
class Line:
    """A performance: which days, debit or credit, and whether the file takes it back."""

    first: date
    last: date
    is_debit: bool = True
    is_zero: bool = False
    list_code: str = "065"
    code: str = "W0104"
    is_taken_back: bool = False


@dataclass(frozen=True)
class Rules:
    """What an organisation recorded about one insurer (0204), and its phases: from when, which."""

    bases: tuple[Days, ...]
    receivers: tuple[Days, ...] | None
    agreements: tuple[Agreement, ...]
    phases: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class World:
    """One insured person of a file, and all that is known. `born` is None where nobody is known."""

    rules: Rules
    born: date | None
    care: tuple[Days, ...]
    anamneses: tuple[Anamnese, ...]
    consents: tuple[Days, ...]
    objections: tuple[Days, ...]
    lines: tuple[Line, ...]
    has_number: bool = True
    born_in_file: date = ADULT_BORN
    attach_rest: bool = False


def day(number: int) -> date:
    """Return a day, counted from the first of the care."""
    return BEGIN + timedelta(days=number)


def random_rules(random: Random) -> Rules:
    """Return what an organisation may have recorded."""
    cuts = sorted(random.sample(range(-5, LAST_DAY), random.choice((1, 1, 2, 3))))
    first_agreement = LONG_AGO if random.random() < 0.85 else day(cuts[0])
    return Rules(
        bases=_periods(random, always=0.65),
        receivers=None if random.random() < 0.7 else _periods(random, always=0.5),
        agreements=tuple(_agreements(random, first_agreement, cuts[1:])),
        phases=tuple(_phases(random)),
    )


def random_world(random: Random, rules: Rules, *, corrected: float = 0.08) -> World:
    """Return a person of a file with a history, under these rules.

    `corrected` is how often the date of birth was another when the anamneses were made.
    """
    born = CHILD_BORN if random.random() < 0.25 else ADULT_BORN
    other = ADULT_BORN if born == CHILD_BORN else CHILD_BORN
    born_then = other if random.random() < corrected else born
    known, same = random.random() < 0.985, random.random() < 0.985
    return World(
        rules=rules,
        born=born if known else None,
        care=_care(random),
        anamneses=tuple(_anamneses(random, born_then)),
        consents=tuple(_statements(random, 0.3)),
        objections=tuple(_statements(random, 0.08)),
        lines=tuple(_lines(random)),
        has_number=random.random() < 0.99,
        born_in_file=born if same else date(1950, 1, 1),
        attach_rest=random.random() < 0.2,
    )


def _periods(random: Random, *, always: float) -> tuple[Days, ...]:
    if random.random() < always:
        return ((LONG_AGO, None),)
    if random.random() < 0.4:
        return _with_gaps(random)
    found: list[Days] = []
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        first = day(random.randint(-30, LAST_DAY))
        until = None if random.random() < 0.3 else first + timedelta(days=random.randint(1, 60))
        found.append((LONG_AGO if random.random() < 0.3 else first, until))
    return tuple(found)


def _with_gaps(random: Random) -> tuple[Days, ...]:
    """Return days all along the files of these tests, with gaps of a few days."""
    found: list[Days] = []
    at = -10
    while at < LAST_DAY:
        until = at + random.randint(3, 25)
        found.append((day(at), day(until)))
        at = until + random.randint(1, 6)
    return tuple(found)


def _care(random: Random) -> tuple[Days, ...]:
    if random.random() < 0.6:
        return ((LONG_AGO, None),)
    if random.random() < 0.4:
        return _with_gaps(random)
    edges = sorted(random.sample(range(-30, LAST_DAY + 20), random.choice((1, 2, 3, 4))))
    found: list[Days] = []
    for first, until in zip(edges[::2], [*edges[1::2], None], strict=False):
        found.append((day(first), None if until is None else day(until)))
    return tuple(found)


def _agreements(random: Random, first: date, cuts: list[int]) -> list[Agreement]:
    begins = [first, *(day(cut) for cut in cuts if day(cut) > first)]
    ends: list[date | None] = [
        *begins[1:],
        None if random.random() < 0.8 else begins[-1] + timedelta(days=40),
    ]
    return [
        Agreement(
            begin,
            end,
            sending=random.random() < 0.88,
            form=random.choice((DeliveryMode.IN_FILE, DeliveryMode.IN_FILE, DeliveryMode.SEPARATE)),
            table=SHORT_TABLE if random.random() < 0.15 else FULL_TABLE,
        )
        for begin, end in zip(begins, ends, strict=True)
        if random.random() < 0.9
    ]


def _phases(random: Random) -> list[tuple[date, str]]:
    if random.random() < 0.6:
        return [(LONG_AGO, "declare")]
    road = [(LONG_AGO, "register")]
    if random.random() < 0.9:
        at = random.randint(-10, LAST_DAY)
        road.append((day(at), "declare"))
        if random.random() < 0.3:
            road.append((day(at + random.randint(1, 30)), random.choice(("contract", "register"))))
    return road


def _anamneses(random: Random, born: date) -> list[Anamnese]:
    found: list[Anamnese] = []
    days = sorted(random.sample(range(-90, LAST_DAY - 20), random.choice((0, 1, 1, 2, 2, 3, 4, 4))))
    adult_from = born.replace(year=born.year + 18)
    for on in days:
        number = len(found) + 1
        found.append(Anamnese(number, day(on), _code(random, day(on), adult_from)))
        if random.random() < 0.15:
            found.append(Anamnese(number + 1, day(on), _code(random, day(on), adult_from), corrects=number))
    return found


def _code(random: Random, on: date, adult_from: date) -> str:
    return random.choice(ADULT_CODES) if on >= adult_from else "MKT"


def _statements(random: Random, chance: float) -> list[Days]:
    found: list[Days] = []
    given = -100
    while random.random() < chance:
        given += random.randint(0, 60)
        withdrawn = given + random.randint(0, 50)
        goes_on = random.random() < 0.5
        found.append((day(given), None if goes_on else day(withdrawn)))
        if goes_on:
            break
        given, chance = withdrawn, 0.5
    return found


def _lines(random: Random) -> list[Line]:
    found: list[Line] = []
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        first = random.randint(0, LAST_DAY - 1)
        days = day(first), day(min(LAST_DAY, first + random.choice((0, 6, 6, 13, 30, 45))))
        kind = random.random()
        if kind < 0.8:
            found.append(Line(*days))
        elif kind < 0.87:
            found.append(Line(*days, is_debit=False))
        elif kind < 0.92:
            found += [
                Line(*days, is_taken_back=True),
                Line(*days, is_debit=False, is_taken_back=True),
            ]
        elif kind < 0.98:
            found.append(Line(*days, is_zero=True))
        else:
            found.append(Line(*days, is_zero=True, list_code="990", code="DK09"))
    return found


# As the decision takes it


def conditions_of(rules: Rules) -> SendingConditions:
    """Return the rules as the decision takes them."""
    ends = [*(first for first, _ in rules.phases[1:]), None]
    declaring = [
        Period(first, until)
        for (first, phase), until in zip(rules.phases, ends, strict=True)
        if phase != "register"
    ]
    return SendingConditions(
        bases=_as_periods(rules.bases),
        terms=tuple(
            SendingTerms(Period(one.first, one.until), one.sending, one.form, "990", "00", one.table)
            for one in reversed(rules.agreements)
        ),
        declaring=tuple(declaring),
        receivers=None if rules.receivers is None else _as_periods(rules.receivers),
    )


def insured_of(world: World) -> Insured:
    """Return what the file says as the decision takes it."""
    lines = tuple(
        Performance(
            number,
            Span(line.first, line.last),
            line.is_debit,
            line.is_zero,
            line.list_code,
            line.code,
            line.is_taken_back,
        )
        for number, line in enumerate(world.lines, 2)
    )
    return Insured(world.has_number, world.born_in_file, lines, world.attach_rest)


def client_of(world: World) -> KnownClient | None:
    """Return what is known of the client as the decision takes it; profiles by the product's own rules."""
    if world.born is None:
        return None
    stands = any(withdrawn is None for _, withdrawn in world.consents)
    return KnownClient(
        client_id=1,
        date_of_birth=world.born,
        care=_as_periods(world.care),
        has_consent=stands,
        took_back=bool(world.consents) and not stands,
        has_objection=any(withdrawn is None for _, withdrawn in world.objections),
        profiles=_profiles(world.anamneses, world.born),
    )


def _as_periods(days: tuple[Days, ...]) -> tuple[Period, ...]:
    return tuple(Period(first, until) for first, until in days)


def _profiles(anamneses: tuple[Anamnese, ...], born: date) -> tuple[ProfileSpan, ...]:
    replaced = {one.corrects for one in anamneses}
    standing = [one for one in anamneses if one.number not in replaced]
    wrong = {
        one.number
        for one in standing
        if validity.contradicts_age(TERMS[one.code], first_day=one.day, date_of_birth=born)
    }
    spans = [
        validity.TimelineSpan(
            one.number,
            one.day,
            None
            if one.number in wrong
            else validity.own_end(TERMS[one.code], first_day=one.day, date_of_birth=born),
        )
        for one in standing
    ]
    return tuple(
        ProfileSpan(one.number, one.code, span.first_day, span.until, one.number in wrong)
        for one, span in zip(standing, validity.settled(spans), strict=True)
    )
