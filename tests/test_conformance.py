"""What docs/conformance.md points at exists: a rule without its test is a rule that nothing proves."""

import re
from pathlib import Path

import pytest

from tests.direction import APPS

ROOT = Path(__file__).parents[1]
FILES = list((ROOT / "tests").rglob("test_*.py"))
MODULES = [
    path.relative_to(ROOT).as_posix()
    for folder in (*APPS, "config", "tests")
    for path in (ROOT / folder).rglob("*.py")
]
DEFINED = {
    name for path in FILES for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)
}
# A name of a test, with ".py" a file; a star stands for the rest of several names.
NAMED = sorted(set(re.findall(r"\b(test_\w+)(\.py|\*)?", (ROOT / "docs" / "conformance.md").read_text())))


@pytest.mark.parametrize(("name", "kind"), NAMED)
def test_what_the_document_names_exists(name: str, kind: str) -> None:
    if kind == ".py":
        assert f"{name}.py" in {path.name for path in FILES}
    else:
        assert any(one.startswith(name) if kind else one == name for one in DEFINED)


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_a_module_that_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", document.read_text("utf-8")))
    assert {name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in MODULES)} == set()


def test_no_two_decisions_have_one_number() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")]
    assert sorted(numbers) == sorted(set(numbers))
