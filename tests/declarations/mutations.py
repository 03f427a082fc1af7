"""Spoiling a correct file: the ways in which files go wrong, and in which somebody would cheat."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from declarations.aw319.fields import Field
from declarations.aw319.layout import FIELDS, LAYOUTS
from tests.declarations.exactness import END, of

OTHER_ENDS: Final = (b"\n", b"\r", b"", b"\r\r\n", b"\n\r", b"\r\n\r\n", b"\x1a\r\n", b"\x00")
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp037", "utf-7")
ODD_BYTES: Final = b"\x00\t\n\r\x1a\x7f\x80\x9f\xa0\xad\xff -+.,'\"<"
LARGEST_AMOUNT: Final = 99_999_999
SIGNED: Final = ("0427", "0430")


@dataclass(frozen=True, slots=True)
class Mutated:
    """A spoiled file; `must_be` tells whether it has to be refused or accepted where that is certain."""

    content: bytes
    kind: str
    must_be: bool | None = None


class Lines:
    """The records of a file without their ends, to be spoiled; `end` is what stands behind the last one."""

    def __init__(self, content: bytes, random: Random) -> None:
        self.random = random
        self.end = END if content.endswith(END) else b""
        self.records = content.removesuffix(END).split(END)

    @property
    def content(self) -> bytes:
        """The file as it is now."""
        return END.join(self.records) + self.end

    def some(self, *kinds: bytes) -> int:
        """Return the place of some record, of one of these kinds if any are given."""
        places = [at for at, line in enumerate(self.records) if not kinds or line[:2] in kinds]
        return self.random.choice(places)

    def charged(self) -> int | None:
        """Return the place of some performance that costs something."""
        places = [at for at, line in enumerate(self.records) if line[:2] == b"04" and int(of(line, "0429"))]
        return self.random.choice(places) if places else None

    def put(self, at: int, number: str, value: bytes) -> None:
        """Overwrite a field."""
        field = FIELDS[number]
        assert len(value) == field.length, number
        line = self.records[at]
        self.records[at] = line[: field.start - 1] + value + line[field.end :]

    def put_number(self, at: int, number: str, value: int) -> None:
        """Overwrite a field of digits."""
        self.put(at, number, b"%0*d" % (FIELDS[number].length, value))

    def field(self, at: int) -> Field:
        """Return some field of a record."""
        return self.random.choice(LAYOUTS[self.records[at][:2]].fields)

    def set_right(self) -> None:
        """Number all records and close with their counts and total, as a program does that wrote them."""
        number = total = in_comment = 0
        counted = {b"02": 0, b"04": 0, b"98": 0}
        for at, line in enumerate(self.records):
            kind = line[:2]
            if kind not in counted:
                continue
            counted[kind] += 1
            number += kind != b"98"
            in_comment = in_comment + 1 if kind == b"98" else 0
            self.put_number(at, f"{kind.decode()}02", number)
            if kind == b"98":
                self.put_number(at, "9803", in_comment)
            elif kind == b"04":
                total += _signed(line)
        self._close(counted, total)

    def _close(self, counted: dict[bytes, int], total: int) -> None:
        last = len(self.records) - 1
        values = {
            "9902": counted[b"02"],
            "9904": counted[b"04"],
            "9905": counted[b"98"],
            "9906": sum(counted.values()),
            "9907": abs(total),
        }
        for number, value in values.items():
            self.put_number(last, number, value)
        self.put(last, "9908", b"D" if total >= 0 else b"C")


def _signed(line: bytes) -> int:
    raw = of(line, "0429")
    amount = int(raw) if raw.isdigit() else 0
    return -amount if of(line, "0430") == b"C" else amount


Spoil = Callable[[Lines], bool | None]


def one_byte(lines: Lines) -> None:
    """Another byte at one position."""
    at = lines.some()
    line = bytearray(lines.records[at])
    line[lines.random.randrange(len(line))] = lines.random.choice([lines.random.randrange(256), *ODD_BYTES])
    lines.records[at] = bytes(line)


def some_bytes(lines: Lines) -> None:
    """A few of those."""
    for _ in range(lines.random.randint(2, 6)):
        one_byte(lines)


def a_field(lines: Lines) -> None:
    """A field filled with digits, blanks, or letters."""
    at = lines.some()
    field = lines.field(at)
    filler = lines.random.choice([b"0", b"9", b" ", b"A", b"1", b"\xe9"])
    lines.put(at, field.number, filler * field.length)


def a_field_of_another(lines: Lines) -> None:
    """The value of one record in another of its kind."""
    at = lines.some()
    kind = lines.records[at][:2]
    field = lines.field(at)
    lines.put(at, field.number, field.of(lines.records[lines.some(kind)]))


def a_digit_of_an_amount(lines: Lines) -> bool | None:
    """One digit of an amount, of the number of times, or of the total; nothing else follows."""
    at = lines.charged()
    number = lines.random.choice(["0418", "0425", "0426", "0429", "9907"])
    if number == "9907":
        at = len(lines.records) - 1
    if at is None:
        return None
    value = bytearray(of(lines.records[at], number))
    place = lines.random.randrange(len(value))
    value[place] = lines.random.choice([digit for digit in b"0123456789" if digit != value[place]])
    lines.put(at, number, bytes(value))
    return False


def a_sign(lines: Lines) -> bool | None:
    """Debit for credit, in one place or in both of a performance, or in the total."""
    at = lines.charged()
    if at is None:
        return None
    chosen: tuple[str, ...] = lines.random.choice([SIGNED, SIGNED[:1], SIGNED[1:], ("9908",)])
    at = len(lines.records) - 1 if chosen == ("9908",) else at
    for number in chosen:
        lines.put(at, number, b"C" if of(lines.records[at], number) == b"D" else b"D")
    return False


def an_amount_that_is_right_in_itself(lines: Lines) -> bool | None:
    """Another tariff with what follows from it in the record, but not in the total."""
    at = lines.charged()
    if at is None:
        return None
    line = lines.records[at]
    count, tariff = int(of(line, "0418")), int(of(line, "0425"))
    more = lines.random.choice([1, 10, 1_000]) + tariff
    if count * more > LARGEST_AMOUNT:
        return None
    for number, value in (("0425", more), ("0426", count * more), ("0429", count * more)):
        lines.put_number(at, number, value)
    return False


def an_amount_and_the_total(lines: Lines) -> bool | None:
    """The same, and the total with it: a correct file that says something else."""
    if an_amount_that_is_right_in_itself(lines) is None:
        return None
    lines.set_right()
    return True


def amounts_of_two(lines: Lines) -> bool | None:
    """What two performances cost changed places: the total stays what it was."""
    first, second = lines.some(b"04"), lines.some(b"04")
    for number in ("0418", "0425", "0426", "0429"):
        one, other = of(lines.records[first], number), of(lines.records[second], number)
        lines.put(first, number, other)
        lines.put(second, number, one)
    return None


def two_records_swapped(lines: Lines) -> None:
    """Two records in each other's place."""
    one, other = lines.some(), lines.some()
    lines.records[one], lines.records[other] = lines.records[other], lines.records[one]


def a_record_twice(lines: Lines) -> bool | None:
    """A record once more, elsewhere."""
    lines.records.insert(lines.some(), lines.records[lines.some()])
    return False


def a_record_gone(lines: Lines) -> bool | None:
    """A record less."""
    del lines.records[lines.some()]
    return False


def a_record_twice_and_counted(lines: Lines) -> None:
    """A record once more, with numbers, counts and total to match."""
    lines.records.insert(lines.some(b"04", b"98", b"99"), lines.records[lines.some(b"02", b"04", b"98")])
    lines.set_right()


def a_record_gone_and_counted(lines: Lines) -> None:
    """A record less, with numbers, counts and total to match."""
    del lines.records[lines.some(b"02", b"04", b"98")]
    lines.set_right()


def a_person_twice_and_counted(lines: Lines) -> bool | None:
    """All records of somebody once more: each reference is there twice."""
    first = lines.some(b"02")
    last = next(at for at in range(first + 1, len(lines.records)) if lines.records[at][:2] in {b"02", b"99"})
    lines.records[first:first] = lines.records[first:last]
    lines.set_right()
    return False


def a_digit_and_all_set_right(lines: Lines) -> None:
    """A digit anywhere, then numbers, counts and total to match."""
    at = lines.some(b"01", b"02", b"04", b"98")
    line = bytearray(lines.records[at])
    places = [place for place, byte in enumerate(line) if place > 1 and byte in b"0123456789"]
    line[lines.random.choice(places)] = lines.random.choice(b"0123456789")
    lines.records[at] = bytes(line)
    lines.set_right()


def cut_off(lines: Lines) -> bytes:
    """The end is missing."""
    content = lines.content
    return content[: lines.random.randrange(len(content))]


def other_line_ends(lines: Lines) -> bytes:
    """Other line ends, everywhere or once."""
    end = lines.random.choice(OTHER_ENDS)
    return lines.content.replace(END, end, lines.random.choice([-1, 1, 2]))


def another_encoding(lines: Lines) -> bytes:
    """The text in another encoding, or with bytes of Windows."""
    text = lines.content.decode("iso-8859-1")
    if lines.random.random() < 0.3:
        return lines.content.replace(b"t", b"\x92", 1).replace(b" " * 20, b"\xa0" * 20, 1)
    return text.encode(lines.random.choice(ENCODINGS))


def a_piece_out(lines: Lines) -> bytes:
    """A piece is missing in the middle."""
    content = lines.content
    at = lines.random.randrange(len(content))
    return content[:at] + content[at + lines.random.choice([1, 2, 7, 312, 700]) :]


def a_piece_in(lines: Lines) -> bytes:
    """Something strange in the middle."""
    content, random = lines.content, lines.random
    at = random.randrange(len(content) + 1)
    piece = random.choice([b" ", b"0", b"\r\n", b"\x1a", b"\x00" * 50, random.randbytes(20), content[:312]])
    return content[:at] + piece + content[at:]


IN_RECORDS: Final[tuple[Spoil, ...]] = (
    one_byte,
    some_bytes,
    a_field,
    a_field_of_another,
    a_digit_of_an_amount,
    a_sign,
    an_amount_that_is_right_in_itself,
    an_amount_and_the_total,
    amounts_of_two,
    two_records_swapped,
    a_record_twice,
    a_record_gone,
    a_record_twice_and_counted,
    a_record_gone_and_counted,
    a_person_twice_and_counted,
    a_digit_and_all_set_right,
)
IN_BYTES: Final[tuple[Callable[[Lines], bytes], ...]] = (
    cut_off,
    other_line_ends,
    another_encoding,
    a_piece_out,
    a_piece_in,
)
KINDS: Final = tuple(spoil.__name__ for spoil in (*IN_RECORDS, *IN_BYTES))


def mutated(content: bytes, random: Random) -> Mutated:
    """Spoil a correct file in one way, or now and then in several at once."""
    lines = Lines(content, random)
    spoil = random.choice((*IN_RECORDS, *IN_BYTES))
    result = spoil(lines)
    name = spoil.__name__
    if isinstance(result, bytes):
        return Mutated(result, name)
    if random.random() < 0.2:
        return Mutated(_more(lines), f"{name} and more")
    return Mutated(lines.content, name, result)


def _more(lines: Lines) -> bytes:
    """Spoil a second time, if the records can still be told apart."""
    second = lines.random.choice((one_byte, a_field_of_another, two_records_swapped, cut_off, a_piece_in))
    result = second(lines)
    return result if isinstance(result, bytes) else lines.content
