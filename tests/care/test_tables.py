"""Tables that leave: how they are written, and that nothing in them can run as a formula."""

import ast
import csv
from io import StringIO

import pytest

from care import tables
from config import environment

APPS = ("care", "config", "declarations", "exchange", "profiles", "questionnaires")


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text), delimiter=";", strict=True))


def test_a_table_has_a_header_semicolons_and_line_feeds() -> None:
    text = "".join(tables.for_people(("code", "naam"), [(1, "De Brug; Ede"), (None, 'zegt "ja"'), (3, "é")]))
    assert text == 'code;naam\n1;"De Brug; Ede"\n;"zegt ""ja"""\n3;é\n'


@pytest.mark.parametrize(
    "cell",
    [
        *('=1+1;"x"', "@SUM(A1)", "-2+3+cmd|' /C x'!A0", "+31 6", "\t=1", "\r=1", "\n=1"),
        *("＝1", "＋1", "－1", "＠A1", "-", "=", "-1-1"),
    ],
)  # fmt: skip
def test_a_text_that_would_be_calculated_is_shown_instead(cell: str) -> None:
    assert read("".join(tables.for_people(["a"], [[cell]]))) == [["a"], [f"'{cell}"]]


@pytest.mark.parametrize("cell", ["", "0", "-5", "+5", "-5,25", "-0.5", "DV-1", "a=b", "'t Hof", 0, -5])
def test_numbers_and_ordinary_texts_stay_what_they_are(cell: str | int) -> None:
    assert read("".join(tables.for_people(["a", "b"], [[cell, "x"]]))) == [["a", "b"], [str(cell), "x"]]


def test_a_table_for_programs_keeps_every_cell() -> None:
    assert "".join(tables.for_programs(["a"], [["=1+1"]])) == "a\n=1+1\n"


def test_a_long_table_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 2)
    assert list(tables.for_people(["a"], [[1], [2], [3]])) == ["a\n1\n2\n", "3\n"]
    assert "".join(tables.for_people(["a"], [[1], [2]])) == "a\n1\n2\n"
    assert list(tables.for_people(["a"], [])) == ["a\n"]


def test_nothing_else_writes_csv() -> None:
    """Each writer would have to think of formulas by itself."""
    writing = set()
    for app in APPS:
        for path in (environment.ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"}:
                    writing.add(path.relative_to(environment.ROOT).as_posix())
    assert writing == {"care/tables.py"}
