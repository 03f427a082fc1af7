"""Makes records of all five types from the layout: padded, in ISO-8859-1, and right or not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, TypeAlias

from declarations.aw319.fieldrules import LINE_PATTERNS, broken_fields
from declarations.aw319.fields import Field, FieldKind
from declarations.aw319.layout import ENCODING, LAYOUTS, LINE_END, LINE_LENGTH

Value: TypeAlias = str | int | date

# What ISO-8859-1 lacks and no accent explains. Letters with an accent that it lacks lose the accent.
_SPELLED: Final = str.maketrans(
    dict.fromkeys("‘’‚‛ʼ′", "'")
    | dict.fromkeys("“”„″", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
    | dict(zip("łŁđĐħĦŧŦıŋŊəĸſ", "lLdDhHtTinNeks", strict=True))
    | {"œ": "oe", "Œ": "OE", "ĳ": "ij", "Ĳ": "IJ", "ẞ": "SS", "ŉ": "'n", "…": "...", "€": "EUR"}
)

# A code, a day or an AGB-code is never filled up: a short one is another one, or none.
_WHOLE: Final = frozenset({FieldKind.CODE, FieldKind.DATE, FieldKind.AGB})


class UnfitError(ValueError):
    """A value does not fit its field. Names the field (empty: no single one), and never the value."""

    def __init__(self, field: str) -> None:
        super().__init__(f"Field {field} does not fit" if field else "The record does not fit")
        self.field = field


class Stencil:
    """A record type of which most fields are fixed, to make many records that differ in the others.

    What is neither fixed nor open is as the layout leaves it: its one legal code, zeros (N) or spaces (AN).
    """

    __slots__ = ("_code", "_form", "_matches", "_open")

    def __init__(
        self, code: str, wanted: Iterable[str], fixed: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`code` is 01, 02, 04, 98 or 99, `wanted` the numbers of the fields to fill in, in order of place.

        `fixed` are values of others by field number. KeyError for a field that the record does not have.
        """
        self._code = code.encode()
        layout = LAYOUTS[self._code]
        self._open = tuple(layout.field(number) for number in wanted)
        values = {layout.field(number).number: value for number, value in fixed.items()}
        self._form = "".join(
            _place(field) if field in self._open else _escaped(field, values.get(field.number))
            for field in layout.fields
        )
        self._matches = LINE_PATTERNS[self._code].fullmatch

    def fill(self, *values: str | int) -> bytes:
        """Return the record with these values of the wanted fields, in their order.

        312 bytes, line end included. Raises UnfitError for what the rules for single fields would refuse.
        """
        try:
            record = self._form.format(*values).encode(ENCODING) + LINE_END
        except UnicodeEncodeError:
            # The error itself would carry the text, and that may be a name.
            record = b""
        if len(record) != LINE_LENGTH or not self._matches(record):
            raise UnfitError(self._unfit(record, values))
        return record

    def _unfit(self, record: bytes, values: tuple[str | int, ...]) -> str:
        if len(record) == LINE_LENGTH and record[:2] != self._code:
            return f"{self._code.decode()}01"
        if len(record) == LINE_LENGTH:
            return next((field.number for field, _ in broken_fields(record)), "")
        for field, value in zip(self._open, values, strict=True):
            text = str(value)
            is_short = field.kind in _WHOLE and len(text) < field.length
            if is_short or len(text) > field.length or not _is_latin(text):
                return field.number
        return ""


def _place(field: Field) -> str:
    if field.kind in _WHOLE:
        return "{}"
    return f"{{:{'0>' if field.is_numeric else ' <'}{field.length}}}"


def _escaped(field: Field, value: str | None) -> str:
    return _padded(field, _default(field) if value is None else value).replace("{", "{{").replace("}", "}}")


def _default(field: Field) -> str:
    return field.codes[0] if field.kind is FieldKind.CODE and len(field.codes) == 1 else ""


def _padded(field: Field, text: str) -> str:
    if len(text) > field.length:
        raise UnfitError(field.number)
    return text.rjust(field.length, "0") if field.is_numeric else text.ljust(field.length)


def _is_latin(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def compose(code: str, values: Mapping[str, Value]) -> bytes:
    """Return one record of any of the five types, from values by field number.

    Texts are written in ISO-8859-1 (`in_latin`), days as EEJJMMDD; what is not given is empty, or the one
    code that the field may hold. Raises UnfitError for a value that does not fit or is missing, KeyError for
    a type or field that the standard does not have.
    """
    layout = LAYOUTS[code.encode()]
    wanted = {layout.field(number).number: value for number, value in values.items()}
    given = [field for field in layout.fields if field.number in wanted]
    stencil = Stencil(code, [field.number for field in given])
    return stencil.fill(*(_text(field, wanted[field.number]) for field in given))


def _text(field: Field, value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    try:
        return in_latin(str(value))
    except ValueError:
        raise UnfitError(field.number) from None


def in_latin(text: str) -> str:
    """Return a text with the letters of ISO-8859-1 only, composed, so that one letter is one position.

    A letter that it lacks loses its accent or is spelled as docs/aw319.md says. Nothing is dropped or becomes
    a question mark: raises ValueError, without the text, for what has no spelling.
    """
    composed = unicodedata.normalize("NFC", text).translate(_SPELLED)
    if _is_latin(composed):
        return composed
    spelled = "".join(sign if _is_latin(sign) else _without_accents(sign) for sign in composed)
    if not _is_latin(spelled):
        message = "The text has signs that ISO-8859-1 cannot spell"
        raise ValueError(message)
    return spelled


def _without_accents(sign: str) -> str:
    parts = unicodedata.normalize("NFD", sign)
    return "".join(part for part in parts if not unicodedata.combining(part)).translate(_SPELLED)
