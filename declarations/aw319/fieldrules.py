"""Rules for one field at a time.

One expression per record type says "all fields fine"; only when it does not, each field is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from declarations.aw319.fields import Field, FieldKind, Obligation, RecordLayout
from declarations.aw319.layout import LAYOUTS
from declarations.aw319.records import split

_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_WINDOWS_1252: Final = re.compile(rb"[\x80-\x9f]")
_DIGITS: Final = re.compile(rb"[0-9]+")

_RULE_OF_KIND: Final = {
    FieldKind.DIGITS: "field.required",
    FieldKind.TEXT: "field.required",
    FieldKind.CODE: "field.code",
    FieldKind.DATE: "date.invalid",
    FieldKind.AGB: "field.agb",
    FieldKind.FORMAT: "field.format",
    FieldKind.UNUSED: "field.must_be_empty",
    FieldKind.RESERVE: "field.reserve",
}


def _all_fields(layout: RecordLayout) -> re.Pattern[bytes]:
    return re.compile(b"".join(field.pattern for field in layout.fields) + rb"\r\n", re.DOTALL)


# A whole line of 312 bytes, line end included, with every field right.
LINE_PATTERNS: Final = {code: _all_fields(layout) for code, layout in LAYOUTS.items()}
_FIELD_PATTERNS: Final = {
    field.number: re.compile(field.pattern, re.DOTALL)
    for layout in LAYOUTS.values()
    for field in layout.fields
}


def broken_fields(line: bytes) -> Iterator[tuple[Field, str]]:
    """Every field of a line of the right length that is wrong, with the rule that it breaks."""
    for field, value in zip(LAYOUTS[line[:2]].fields, split(line), strict=True):
        if not _FIELD_PATTERNS[field.number].fullmatch(value):
            yield field, _broken_rule(field, value)


def _broken_rule(field: Field, value: bytes) -> str:
    """The most telling rule for a value that does not match: first what the bytes are, then their meaning."""
    if _CONTROL.search(value):
        return "bytes.control"
    if _WINDOWS_1252.search(value):
        return "bytes.windows1252"
    if field.is_numeric and not _DIGITS.fullmatch(value):
        return "field.numeric"
    if _is_missing(field, value):
        return "field.required"
    if field.kind in {FieldKind.TEXT, FieldKind.FORMAT} and value[:1] in b" \xa0":
        return "field.left_aligned"
    return _RULE_OF_KIND[field.kind]


def _is_missing(field: Field, value: bytes) -> bool:
    """Empty where something must stand; in a code list without zero 0 is a wrong code, not a missing one."""
    if field.obligation is not Obligation.MANDATORY and field.kind is not FieldKind.AGB:
        return False
    filler = b"0" if field.is_numeric else b" "
    return not value.strip(filler) and (field.kind is not FieldKind.CODE or not field.is_numeric)


def looks_like_utf8(line: bytes) -> bool:
    """True when all bytes above 7F belong to UTF-8 sequences: no ISO-8859-1 text looks like that."""
    if line.isascii():
        return False
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
