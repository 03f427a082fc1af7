"""The one way in which the product writes CSV: UTF-8, `;`, LF, no byte order mark, minimal quoting.

People open these files in a spreadsheet, which takes a cell that begins with some signs for a formula and
runs it. Such a cell gets an apostrophe in front: the spreadsheet shows what stands behind it.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice
from typing import Final, TypeAlias

Cell: TypeAlias = str | int | None

CONTENT_TYPE: Final = "text/csv; charset=utf-8"
ROWS_AT_ONCE: Final = 2_000
#: A spreadsheet takes a cell that begins so for a formula; the wide forms are of East Asian keyboards.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WRITTEN_END: Final = "\r\n"
_NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def for_people(columns: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Yield a table with a header line in pieces of at most ROWS_AT_ONCE rows, in flat memory.

    None is an empty cell. A text that a spreadsheet would calculate gets an apostrophe in front; numbers stay
    what they are.
    """
    return _pieces(columns, ([harmless(cell) for cell in row] for row in rows))


def for_programs(columns: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Yield a table that only a program reads: each cell exactly as it is."""
    return _pieces(columns, rows)


def harmless(cell: Cell) -> Cell:
    """Return a cell that a spreadsheet shows instead of calculating it."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


class _Rows(StringIO):
    """Takes one row at a time, and ends it with LF."""

    def write(self, row: str) -> int:
        return super().write(f"{row.removesuffix(_WRITTEN_END)}\n")


def _pieces(columns: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    text = _Rows(newline="")
    # What may end a line is what Python quotes within a cell, and a lone CR may.
    writer = csv.writer(text, delimiter=";", lineterminator=_WRITTEN_END)
    writer.writerow(columns)
    rest = iter(rows)
    while True:
        batch = list(islice(rest, ROWS_AT_ONCE))
        writer.writerows(batch)
        yield text.getvalue()
        if len(batch) < ROWS_AT_ONCE:
            return
        text.seek(0)
        text.truncate()
