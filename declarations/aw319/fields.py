"""What a field and a record of the message are: place, length, kind, pattern."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Obligation(Enum):
    """How strongly the standard asks for a field."""

    MANDATORY = "M"
    CONDITIONAL = "C"
    OPTIONAL = "O"
    RESERVED = "S"


class FieldKind(Enum):
    """What a field holds; decides which rule a wrong value breaks."""

    DIGITS = "digits"
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    AGB = "agb"
    FORMAT = "format"
    UNUSED = "unused"
    RESERVE = "reserve"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `start` is 1-based, `length` in bytes, `pattern` an expression for a full match."""

    number: str
    name: str
    type: str
    start: int
    length: int
    obligation: Obligation
    kind: FieldKind
    pattern: bytes
    codes: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """Last position, 1-based and included."""
        return self.start + self.length - 1

    @property
    def is_numeric(self) -> bool:
        """True for type N: digits only, empty is zeros."""
        return self.type == "N"

    def of(self, record: bytes) -> bytes:
        """The bytes of this field in a record."""
        return record[self.start - 1 : self.end]


@dataclass(frozen=True, slots=True)
class RecordLayout:
    """A record type: its two-digit code, Dutch name and its fields in order, together 310 positions."""

    code: str
    name: str
    fields: tuple[Field, ...]

    def field(self, number: str) -> Field:
        """The field with this number; KeyError when the record has none."""
        for field in self.fields:
            if field.number == number:
                return field
        raise KeyError(number)
