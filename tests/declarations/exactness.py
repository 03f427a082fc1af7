"""What may differ between a file as it came in and as it goes out; apart from the product, and plain."""

from collections.abc import Collection, Iterator

from declarations.aw319 import (
    FileFacts,
    Insertion,
    ProfileRecordFields,
    profile_reference,
    read,
    write_with_profiles,
)
from declarations.aw319.layout import FIELDS

END = b"\r\n"
NUMBERED = (b"02", b"04", b"98")
OF_A_PERFORMANCE = ("0418", "0425", "0426", "0427", "0429", "0430")
MONEY = ("0425", "0426", "0429")


def of(line: bytes, number: str) -> bytes:
    """Return the bytes of a field of a line."""
    return FIELDS[number].of(line)


def amounts(content: bytes) -> list[tuple[bytes, ...]]:
    """Return what each performance says of money, and the total with its sign last, in order."""
    lines = content.split(END)
    found = [tuple(of(line, number) for number in OF_A_PERFORMANCE) for line in lines if line[:2] == b"04"]
    return [*found, *((of(line, "9907"), of(line, "9908")) for line in lines if line[:2] == b"99")]


def adds_up(content: bytes) -> bool:
    """Tell whether amounts are tariff times number, none is declared higher, and the total is the sum."""
    *performances, (total, sign) = amounts(content)
    summed = 0
    for count, tariff, calculated, first_sign, declared, last_sign in performances:
        if first_sign != last_sign or int(count) * int(tariff) != int(calculated) or declared > calculated:
            return False
        summed += int(declared) if last_sign == b"D" else -int(declared)
    return abs(summed) == int(total) and sign == (b"D" if summed >= 0 else b"C")


def differences(before: bytes, after: bytes, references: Collection[bytes]) -> Iterator[str]:
    """Yield how `after` is something else than `before` with the zero records of these references."""
    old, new = before.split(END), after.split(END)
    added = [line for line in new if line[:2] == b"04" and of(line, "0431") in references]
    left = [line for line in new if line[:2] != b"04" or of(line, "0431") not in references]
    if {of(line, "0431") for line in added} != set(references) or len(added) != len(references):
        yield "not each record once"
    if [_unnumbered(line) for line in old] != [_unnumbered(line) for line in left]:
        yield "something else changed"
    if any(int(of(line, number)) for line in added for number in MONEY):
        yield "an added record has an amount"
    if amounts(before) != amounts(END.join(left)):
        yield "an amount or the total changed"
    yield from _wrong_numbers(new)
    if _counts(new) != _counts(old) + len(added):
        yield "the counts of the trailer"


def _unnumbered(line: bytes) -> bytes:
    if line[:2] in NUMBERED:
        return line[:2] + line[14:]
    return line[:14] + line[20:26] + line[33:] if line[:2] == b"99" else line


def _wrong_numbers(lines: list[bytes]) -> Iterator[str]:
    number = 0
    for line in lines:
        number += line[:2] in {b"02", b"04"}
        if line[:2] in NUMBERED and int(line[2:14]) != number:
            yield f"record {number} is numbered otherwise"
            return


def _counts(lines: list[bytes]) -> int:
    (trailer,) = (line for line in lines if line[:2] == b"99")
    counted = sum(line[:2] == b"04" for line in lines)
    assert counted == int(of(trailer, "9904"))
    assert sum(line[:2] in NUMBERED for line in lines) == int(of(trailer, "9906"))
    return counted


def insertions(facts: FileFacts, *, each: int = 1) -> list[Insertion]:
    """Return so many profile records per insured person of a file, in order of line."""
    places = sorted((person.placement_line, at, person) for at, person in enumerate(facts.persons))
    return [
        Insertion(
            line,
            ProfileRecordFields(
                person.performances[0].first_day,
                person.performances[0].last_day,
                *("990", "DK01", "00"),
                person.performer or facts.header.institution,
                profile_reference(
                    agb=facts.header.institution,
                    file=facts.header.invoice_number,
                    person=str(at),
                    number=number,
                ),
            ),
        )
        for line, at, person in places
        for number in range(1, each + 1)
    ]


def written(before: bytes, records: list[Insertion]) -> bytes:
    """Return a file with profile records put in."""
    return b"".join(write_with_profiles(read([before]), records))


def references_of(records: list[Insertion]) -> set[bytes]:
    """Return 0431 of profile records as it stands in a file."""
    return {record.fields.reference.ljust(20).encode() for record in records}
