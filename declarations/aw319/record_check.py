"""Checks one record by itself: its line, its fields, and the rules between its own fields."""

from __future__ import annotations

from datetime import date

from declarations.aw319.fieldrules import broken_fields
from declarations.aw319.findings import Finding, FindingLog
from declarations.aw319.layout import LAYOUTS
from declarations.aw319.linerules import LineRules
from declarations.aw319.recordrules import (
    HEADER_RULES,
    INSURED_RULES,
    PERFORMANCE_RULES,
    RecordRule,
    Surroundings,
    View,
    broken_rules,
)

_RULES: dict[bytes, tuple[RecordRule, ...]] = {
    b"01": HEADER_RULES,
    b"02": INSURED_RULES,
    b"04": PERFORMANCE_RULES,
}


def check_record(record: bytes, *, line: int, today: date) -> tuple[Finding, ...]:
    """Return what is wrong with one record, handed in with its line end; `line` is its 1-based number.

    What lies between records (order, sequence, parents, counts, total, the period of the header, the birth
    date of the person above) is not looked at. A record type that the standard does not have breaks
    `order.unknown_record`.
    """
    log = FindingLog()
    rules = LineRules(log)
    whole = rules.normalise(line, record)
    rules.finish()
    if whole is not None:
        _check_fields(log, whole, line, today)
    return log.kept()


def _check_fields(log: FindingLog, record: bytes, line: int, today: date) -> None:
    kind = record[:2]
    if kind not in LAYOUTS:
        log.add(Finding(line, "", "order.unknown_record", (kind.decode() if kind.isdigit() else "onbekend",)))
        return
    broken = list(broken_fields(record))
    for field, rule in broken:
        log.add(Finding(line, field.number, rule))
    around = Surroundings(f"{today:%Y%m%d}".encode())
    bad = frozenset(field.number for field, _ in broken)
    for found in broken_rules(_RULES.get(kind, ()), View(record, around), bad):
        log.add(Finding(line, found.field, found.rule, found.details))
