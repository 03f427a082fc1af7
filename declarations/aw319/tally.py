"""Counts records and adds amounts up while a file is read, and holds the trailer against both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from declarations.aw319.layout import FIELDS
from declarations.aw319.recordrules import Values
from declarations.aw319.report import Counts

_COUNTED: Final = {b"02": "insured", b"04": "performances", b"98": "comments"}
VAT: Final = slice(FIELDS["0428"].start - 1, FIELDS["0428"].end)
NO_VAT: Final = b"0000"


class Tally:
    """What the trailer has to say. What could not be read makes a count or the total unprovable: not told.

    `counted` holds the records by type. Performances with a percentage of VAT are counted as well.
    """

    __slots__ = (
        *("counted", "counts_known", "first_vat_line", "has_vat_number"),
        *("total", "total_known", "vat_lines"),
    )

    def __init__(self) -> None:
        self.counted = dict.fromkeys(_COUNTED, 0)
        self.total = 0
        self.counts_known = self.total_known = True
        self.has_vat_number = True
        self.first_vat_line = self.vat_lines = 0

    @property
    def counts(self) -> Counts:
        """The numbers of records so far."""
        return Counts(**{name: self.counted[kind] for kind, name in _COUNTED.items()})

    def add_up(self, values: Values, bad: frozenset[str]) -> None:
        """A performance, as `performance_values` gives it, with the numbers of its wrong fields."""
        if bad and not bad.isdisjoint(("0429", "0430")):
            self.total_known = False
        elif values[13] == b"D":
            self.total += int(values[12])
        else:
            self.total -= int(values[12])

    def count_vat(self, line: int) -> None:
        """A performance with a percentage of VAT on this line."""
        self.vat_lines += 1
        self.first_vat_line = self.first_vat_line or line

    def hold_against(self, trailer: bytes, bad: frozenset[str], find: Callable[..., None]) -> None:
        """Report what the trailer says otherwise, by field, rule and both numbers."""
        if self.counts_known:
            self._check_counts(trailer, bad, find)
        if self.total_known and bad.isdisjoint(("9907", "9908")):
            self._check_total(trailer, find)

    def _check_counts(self, line: bytes, bad: frozenset[str], find: Callable[..., None]) -> None:
        counts = self.counts
        counted = {
            "9902": ("count.insured", counts.insured),
            "9904": ("count.performances", counts.performances),
            "9905": ("count.comments", counts.comments),
            "9906": ("count.details", counts.details),
        }
        for number, (rule, count) in counted.items():
            if number not in bad and int(FIELDS[number].of(line)) != count:
                find(number, rule, str(int(FIELDS[number].of(line))), str(count))

    def _check_total(self, line: bytes, find: Callable[..., None]) -> None:
        declared, sign = int(line[33:44]), "D" if self.total >= 0 else "C"
        if declared != abs(self.total):
            find("9907", "total.amount", str(declared), str(abs(self.total)))
        elif line[44:45].decode() != sign:
            find("9908", "total.sign", sign)
