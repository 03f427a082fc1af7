"""Rules between the fields of one record. Tables for finding what is wrong, and quick tests that all is fine.

The quick tests say the same as the tables; a property test holds them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from declarations.aw319.bsn import is_accepted
from declarations.aw319.layout import DISTRICT_NURSING_UNITS, FIELDS, PERFORMANCE, SHORT_STAY_LIST
from declarations.aw319.records import slicer

LAST_DAY_BEFORE: Final = b"20121231"
LONG_AGO: Final = b"00000000"
FAR_AHEAD: Final = b"99999999"
_UNITS: Final = frozenset(unit.encode() for unit in DISTRICT_NURSING_UNITS)
_SHORT_STAY: Final = SHORT_STAY_LIST.encode()
_NOTHING: Final = b"0" * 8
_NO_REFERENCE: Final = b" " * 20
_NO_PARTNER: Final = b" " * 35


@dataclass(slots=True)
class Surroundings:
    """What a record is held against. Days as EEJJMMDD: today, end of the period, 0117, birth date in the 02.

    Changed in place as a file is read: a new one per insured person would cost a fifth of the reading.
    """

    today: bytes
    period_last: bytes = FAR_AHEAD
    invoice_day: bytes = FAR_AHEAD
    born: bytes = LONG_AGO
    expected_agb: bytes = b""


@dataclass(frozen=True, slots=True)
class View:
    """A line and its surroundings at this moment, with fields by number."""

    line: bytes
    around: Surroundings

    def raw(self, number: str) -> bytes:
        """The bytes of a field."""
        return FIELDS[number].of(self.line)

    def amount(self, number: str) -> int:
        """A numeric field as a whole number."""
        return int(self.raw(number))

    def filled(self, number: str) -> bool:
        """True unless the field is all zeros (N) or all spaces (AN)."""
        return bool(self.raw(number).strip(b"0" if FIELDS[number].is_numeric else b" "))


@dataclass(frozen=True, slots=True)
class RecordRule:
    """Reports `rule` on `field` when `broken` says so and the fields in `needs` are right by themselves."""

    rule: str
    field: str
    needs: tuple[str, ...]
    broken: Callable[[View], bool]
    details: tuple[str, ...] = ()


def _future(field: str) -> RecordRule:
    return RecordRule("date.future", field, (field,), lambda v: v.raw(field) > v.around.today)


def _future_care(field: str) -> RecordRule:
    """After today, but not after the invoice: that is another rule, and enough said."""
    return RecordRule(
        "date.future", field, (field,), lambda v: v.around.today < v.raw(field) <= v.around.invoice_day
    )


def _after_invoice(field: str) -> RecordRule:
    return RecordRule("date.after_invoice", field, (field,), lambda v: v.raw(field) > v.around.invoice_day)


def _payee(code: bytes, field: str) -> RecordRule:
    def broken(view: View) -> bool:
        return view.raw("0113") == code and not view.filled(field)

    return RecordRule("header.payee", "0113", ("0113", field), broken, (field,))


HEADER_RULES: Final = (
    RecordRule("header.software", "0107", ("0106", "0107"), lambda v: v.filled("0106") != v.filled("0107")),
    RecordRule(
        "header.insurer_missing",
        "0108",
        ("0108", "0109"),
        lambda v: not v.filled("0108") and not v.filled("0109"),
    ),
    RecordRule(
        "header.insurer_blank", "0108", ("0108", "0109"), lambda v: not v.filled("0108") and v.filled("0109")
    ),
    RecordRule(
        "header.practice", "0110", ("0110", "0111"), lambda v: v.filled("0111") and not v.filled("0110")
    ),
    RecordRule(
        "header.agb_other",
        "0112",
        ("0112",),
        lambda v: bool(v.around.expected_agb) and v.raw("0112") != v.around.expected_agb,
    ),
    _payee(b"01", "0109"),
    _payee(b"02", "0110"),
    _payee(b"03", "0111"),
    _future("0114"),
    RecordRule("period.order", "0115", ("0114", "0115"), lambda v: v.raw("0115") < v.raw("0114")),
    _future("0117"),
)

INSURED_RULES: Final = (
    RecordRule("bsn.check", "0203", ("0203",), lambda v: not is_accepted(v.raw("0203"))),
    _future("0207"),
    RecordRule(
        "name.partner_missing",
        "0213",
        ("0212", "0213"),
        lambda v: v.raw("0212") == b"2" and not v.filled("0213"),
    ),
    RecordRule(
        "name.partner_unexpected",
        "0213",
        ("0212", "0213"),
        lambda v: v.raw("0212") == b"0" and v.filled("0213"),
    ),
    RecordRule(
        "name.partner_unexpected",
        "0214",
        ("0212", "0214"),
        lambda v: v.raw("0212") == b"0" and v.filled("0214"),
    ),
    RecordRule("name.initials", "0215", ("0215",), lambda v: b" " in v.raw("0215").rstrip(b" ")),
    RecordRule(
        "address.country_missing",
        "0221",
        ("0217", "0221"),
        lambda v: not v.filled("0217") and v.raw("0221") in {b"  ", b"00"},
    ),
    RecordRule(
        "address.two_postcodes", "0218", ("0217", "0218"), lambda v: v.filled("0217") and v.filled("0218")
    ),
)


def _amounts(view: View) -> tuple[int, int, int]:
    return view.amount("0425"), view.amount("0426"), view.amount("0429")


def _zero_mix(view: View) -> bool:
    amounts = _amounts(view)
    return 0 in amounts and any(amounts)


def _wrong_product(view: View) -> bool:
    """Zero mixes are told apart; here all three are above zero or all are zero."""
    tariff, calculated, _ = _amounts(view)
    return not _zero_mix(view) and calculated != tariff * view.amount("0418")


def _declared_too_high(view: View) -> bool:
    _, calculated, declared = _amounts(view)
    return not _zero_mix(view) and declared > calculated


_THREE: Final = ("0425", "0426", "0429")
PERFORMANCE_RULES: Final = (
    RecordRule("date.before_2013", "0414", ("0414",), lambda v: v.raw("0414") <= LAST_DAY_BEFORE),
    RecordRule(
        "date.before_birth",
        "0414",
        ("0414",),
        lambda v: v.raw("0414") < v.around.born,
    ),
    RecordRule("date.order", "0415", ("0414", "0415"), lambda v: v.raw("0415") < v.raw("0414")),
    _future_care("0414"),
    _future_care("0415"),
    _after_invoice("0414"),
    _after_invoice("0415"),
    RecordRule("period.after_end", "0415", ("0415",), lambda v: v.raw("0415") > v.around.period_last),
    RecordRule(
        "code.unit",
        "0419",
        ("0416", "0419"),
        lambda v: v.raw("0416") == _SHORT_STAY and v.raw("0419") in _UNITS,
    ),
    RecordRule("amount.zero_mix", "0429", _THREE, _zero_mix),
    RecordRule("amount.calculated", "0426", (*_THREE, "0418"), _wrong_product),
    RecordRule("amount.declared_too_high", "0429", _THREE, _declared_too_high),
    RecordRule("amount.sign", "0430", ("0427", "0430"), lambda v: v.raw("0427") != v.raw("0430")),
    RecordRule(
        "amount.zero_credit",
        "0430",
        (*_THREE, "0430"),
        lambda v: v.raw("0430") == b"C" and not any(_amounts(v)),
    ),
    RecordRule(
        "reference.missing",
        "0432",
        ("0430", "0432"),
        lambda v: v.raw("0430") == b"C" and not v.filled("0432"),
    ),
    RecordRule("reference.itself", "0432", ("0431", "0432"), lambda v: v.raw("0431") == v.raw("0432")),
)


def broken_rules(rules: tuple[RecordRule, ...], view: View, bad: frozenset[str]) -> Iterator[RecordRule]:
    """The rules that a record breaks, leaving out those that need a field in `bad`."""
    for rule in rules:
        if bad.isdisjoint(rule.needs) and rule.broken(view):
            yield rule


Values: TypeAlias = tuple[bytes, ...]
# number, key (0403-0405), 0414, 0415, 0416, 0417, 0418, 0419, 0420, 0425, 0426, 0427, 0429, 0430, 0431, 0432
performance_values: Final[Callable[[bytes], Values]] = slicer(
    PERFORMANCE,
    *("0402", "0403-0405", "0414", "0415", "0416", "0417", "0418", "0419", "0420"),
    *("0425", "0426", "0427", "0429", "0430", "0431", "0432"),
).unpack


def performance_is_fine(values: Values, around: Surroundings) -> bool:
    """True when no rule of PERFORMANCE_RULES is broken, for a record whose fields are right by themselves."""
    _, _, first, last, _, _, count, unit, _, tariff, calculated, sign, declared, declared_sign, _, _ = values
    if (
        not LAST_DAY_BEFORE < first <= last <= around.today
        or last > around.invoice_day
        or last > around.period_last
        or first < around.born
    ):
        return False
    if (unit in _UNITS and values[4] == _SHORT_STAY) or sign != declared_sign or values[14] == values[15]:
        return False
    if declared == _NOTHING:
        return tariff == calculated == _NOTHING and sign == b"D"
    if sign == b"C" and values[15] == _NO_REFERENCE:
        return False
    amount = int(calculated)
    return 0 < int(tariff) * int(count) == amount >= int(declared)


def insured_is_fine(line: bytes, today: bytes) -> bool:
    """True when no rule of INSURED_RULES is broken, for a record whose fields are right by themselves."""
    if line[53:61] > today or not is_accepted(line[14:23]):
        return False
    partner_is_fine = line[99:134] == _NO_PARTNER if line[98:99] == b"0" else line[99:100] != b" "
    return partner_is_fine and b" " not in line[134:140].rstrip(b" ") and _address_is_fine(line)


def _address_is_fine(line: bytes) -> bool:
    if line[141:142] == b" ":
        return line[167:169] not in {b"  ", b"00"}
    return line[147:148] == b" "
