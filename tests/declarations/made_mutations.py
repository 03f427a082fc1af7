"""Made files that were tampered with, in ways that look right; and what the proof says of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final

from declarations.aw319 import (
    Cover,
    Insertion,
    InsuredGroup,
    check,
    read,
    verify_insertion,
    verify_separate,
    write_separate,
)
from declarations.aw319.layout import FIELDS
from tests.declarations.exactness import insertions, of, written
from tests.declarations.fictional import TODAY
from tests.declarations.generated import generated
from tests.declarations.mutations import IN_BYTES, IN_RECORDS, Lines

COVER: Final = Cover("DV2024000001", date(2024, 3, 1), date(2024, 1, 1), date(2024, 1, 31))
LOOKS_RIGHT: Final = {
    "0414": (b"20240102", b"20240130"),
    "0415": (b"20240102", b"20240130"),
    "0416": (b"065", b"990"),
    "0417": (b"DK02 ", b"DK12 ", b"MKT  "),
    "0418": (b"0002", b"0010"),
    "0419": (b"04", b"81"),
    "0420": (b"42000001",),
    "0422": (b"01000001",),
    "0428": (b"2100", b"0900"),
    "0431": (b"DV2222222222222222AB",),
    "0432": (b"F2023-12 0001       ", b"DV2222222222222222AB"),
}

Change = Callable[[Lines], object]


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made, and the proof of whatever is handed in for it."""

    content: bytes
    is_sound: Callable[[bytes], bool]


def made_in_file(seed: int) -> Made:
    """Return a generated file with profile records in it."""
    original = generated(seed)
    records = _records(original)
    return Made(
        written(original, records),
        lambda content: verify_insertion([original], [content], records, today=TODAY).is_sound,
    )


def made_separate(seed: int) -> Made:
    """Return a separate file with the profile records of a generated one."""
    original = generated(seed)
    lines = list(read([original]))
    groups = tuple(
        InsuredGroup(_above(lines, each.after_line), (replace(each.fields, first_day=COVER.period_first),))
        for each in _records(original)
    )
    return Made(
        b"".join(write_separate(lines[0], COVER, groups)),
        lambda content: verify_separate([content], lines[0], COVER, groups, today=TODAY).is_sound,
    )


def _records(original: bytes) -> list[Insertion]:
    facts = check([original], today=TODAY).facts
    assert facts is not None
    return insertions(facts)


def _above(lines: list[bytes], line: int) -> bytes:
    return next(each for each in reversed(lines[:line]) if each[:2] == b"02")


def _profile_record(lines: Lines) -> int:
    places = [at for at, line in enumerate(lines.records) if of(line, "0431").startswith(b"DV")]
    return lines.random.choice(places)


def a_field_that_looks_right(lines: Lines) -> None:
    """Another value that the standard allows in a field of a profile record."""
    number = lines.random.choice(list(LOOKS_RIGHT))
    lines.put(_profile_record(lines), number, lines.random.choice(LOOKS_RIGHT[number]))


def a_field_of_a_performance(lines: Lines) -> None:
    """The same in any performance."""
    number = lines.random.choice(list(LOOKS_RIGHT))
    lines.put(lines.some(b"04"), number, lines.random.choice(LOOKS_RIGHT[number]))


def a_comment_moved(lines: Lines) -> None:
    """A comment behind another record, with all numbers set right; one is added where there is none."""
    comments = [at for at, line in enumerate(lines.records) if line[:2] == b"98"]
    note = lines.records.pop(lines.random.choice(comments)) if comments else b"98".ljust(310)
    lines.records.insert(lines.some(b"04", b"98") + 1, note)
    lines.set_right()


def a_profile_record_twice(lines: Lines) -> None:
    """A second one for a person and day, with a reference of its own and all counts set right."""
    at = _profile_record(lines)
    lines.records.insert(at, lines.records[at])
    lines.put(at, "0431", b"DV%018d" % lines.random.randrange(10**9))
    lines.set_right()


def a_profile_record_gone(lines: Lines) -> None:
    """One less, with all counts set right."""
    del lines.records[_profile_record(lines)]
    lines.set_right()


def a_profile_record_moved(lines: Lines) -> None:
    """One under somebody else, whose fields it takes over, with all numbers set right."""
    record = lines.records.pop(_profile_record(lines))
    at = lines.some(b"02")
    lines.records.insert(at + 1, record)
    for own, above in (("0403", "0203"), ("0404", "0204"), ("0405", "0205")):
        lines.put(at + 1, own, FIELDS[above].of(lines.records[at]))
    lines.set_right()


def codes_of_two(lines: Lines) -> None:
    """Two profile records that changed places but for who they are of."""
    one, other = _profile_record(lines), _profile_record(lines)
    for number in ("0414", "0415", "0417", "0431"):
        first, second = of(lines.records[one], number), of(lines.records[other], number)
        lines.put(one, number, second)
        lines.put(other, number, first)


def nothing(lines: Lines) -> None:
    """No change at all."""


ON_PURPOSE: Final[tuple[Change, ...]] = (
    a_field_that_looks_right,
    a_field_of_a_performance,
    a_comment_moved,
    a_profile_record_twice,
    a_profile_record_gone,
    a_profile_record_moved,
    codes_of_two,
    nothing,
)
CHANGES: Final[tuple[Change, ...]] = (*ON_PURPOSE, *ON_PURPOSE, *IN_RECORDS, *IN_BYTES)


def tampered(made: Made, count: int, random: Random) -> Iterator[tuple[str, bytes]]:
    """Yield made files that were changed in some way, with the name of the way; some come out unchanged."""
    for _ in range(count):
        lines = Lines(made.content, random)
        change = random.choice(CHANGES)
        result = change(lines)
        yield change.__name__, result if isinstance(result, bytes) else lines.content


def wrongly_judged(made: Made, changed: bytes) -> bool:
    """Tell whether the proof calls a changed file sound, or an unchanged one not."""
    return made.is_sound(changed) != (changed == made.content)


def judged(made: Callable[[int], Made], seeds: range, each: int) -> Iterator[tuple[str, bool, bool]]:
    """Yield for so many changes of each file: the way, whether bytes changed, and whether wrongly judged."""
    for seed in seeds:
        one = made(seed)
        random = Random(seed)  # noqa: S311 - repeatable, not secret
        for way, changed in tampered(one, each, random):
            yield way, changed != one.content, wrongly_judged(one, changed)
