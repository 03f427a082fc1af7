"""docs/glossary.md is true: what it says where a term lives is there, and its Dutch stands on a screen."""

import importlib
import re
from typing import Final

import pytest

from config import environment

ROOT = environment.ROOT
ROW: Final = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| `([\w.]+)` \|$", re.MULTILINE)
ROWS = [
    tuple(part.strip() for part in row)
    for row in ROW.findall((ROOT / "docs" / "glossary.md").read_text("utf-8"))
]
SHOWN: Final = [
    file
    for folder in ("templates", "care", "questionnaires", "profiles", "declarations", "exchange")
    for file in (ROOT / folder).rglob("*.*")
    if file.suffix in {".html", ".py", ".json"} and "migrations" not in file.parts
]


@pytest.fixture(scope="module")
def shown() -> str:
    """Return all that can stand on a screen, in small letters."""
    return "\n".join(file.read_text("utf-8") for file in SHOWN).lower()


def test_no_term_stands_twice() -> None:
    terms = [term.lower() for term, *_rest in ROWS]
    assert len(terms) == len(set(terms)) >= 60


@pytest.mark.parametrize(("term", "where"), [(row[0], row[3]) for row in ROWS])
def test_a_term_lives_where_it_is_said(term: str, where: str) -> None:
    module, _dot, name = where.rpartition(".")
    try:
        there = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        there = importlib.import_module(where)
    assert there is not None, term


@pytest.mark.parametrize(("term", "dutch"), [(row[0], row[2]) for row in ROWS if row[2] != "-"])
def test_its_dutch_word_stands_on_a_screen(term: str, dutch: str, shown: str) -> None:
    assert dutch.lower() in shown, term
