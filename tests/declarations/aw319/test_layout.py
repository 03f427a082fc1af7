"""The layout as facts: numbers, places and types of the fields, and what the package may import."""

import ast
import sys
from pathlib import Path

import pytest

from declarations.aw319.fields import FieldKind, Obligation
from declarations.aw319.layout import FIELDS, LAYOUTS, RECORD_LENGTH

PACKAGE = Path(__file__).parents[3] / "declarations" / "aw319"


def test_every_record_fills_310_positions_without_a_gap() -> None:
    for layout in LAYOUTS.values():
        position = 0
        for field in layout.fields:
            assert field.start == position + 1
            position = field.end
        assert position == RECORD_LENGTH


def test_it_has_the_number_of_fields_of_the_standard() -> None:
    assert {code.decode(): len(layout.fields) for code, layout in LAYOUTS.items()} == {
        "01": 20,
        "02": 26,
        "04": 33,
        "98": 5,
        "99": 9,
    }


def test_obligations_are_those_of_the_standard() -> None:
    counted = [field.obligation for field in FIELDS.values()]
    assert {kind.value: counted.count(kind) for kind in Obligation} == {"M": 46, "C": 40, "O": 2, "S": 5}


@pytest.mark.parametrize(
    ("number", "start", "end", "kind"),
    [
        ("0112", 55, 62, "N"),
        ("0116", 81, 92, "AN"),
        ("0203", 15, 23, "N"),
        ("0225", 186, 205, "AN"),
        ("0414", 106, 113, "N"),
        ("0428", 182, 185, "N"),
        ("0429", 186, 193, "N"),
        ("0431", 195, 214, "AN"),
        ("9804", 19, 158, "AN"),
        ("9907", 34, 44, "N"),
    ],
)
def test_fields_stand_where_the_standard_puts_them(number: str, start: int, end: int, kind: str) -> None:
    field = FIELDS[number]
    assert (field.start, field.end, field.type) == (start, end, kind)


def test_reserves_are_the_last_field_of_each_record() -> None:
    assert [layout.fields[-1].kind for layout in LAYOUTS.values()] == [FieldKind.RESERVE] * 5


def test_an_unknown_field_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        LAYOUTS[b"01"].field("0428")


def test_the_package_imports_only_itself_and_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"declarations"}
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            else:
                continue
            for name in names:
                assert name.split(".")[0] in allowed, (path.name, name)
                assert not name.startswith("declarations") or name.startswith("declarations.aw319")
                assert name not in {"logging", "time", "socket", "subprocess"}
