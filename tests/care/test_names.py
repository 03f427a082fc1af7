"""Names are sought and sorted by one rule, on the server as on the tablet."""

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from care.names import composed, folded, search_key

VECTORS = json.loads(Path(__file__).with_name("name_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "expected"), VECTORS["folded"])
def test_a_text_is_compared_without_what_keyboards_differ_in(text: str, expected: str) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize(("text", "name", "born", "is_found"), VECTORS["found"])
def test_every_word_is_looked_for_in_name_and_day_of_birth(
    text: str, name: str, born: str, is_found: bool
) -> None:
    key = search_key(name, date.fromisoformat(born))
    assert all(word in key for word in folded(text).split()) is is_found


def test_a_name_is_stored_composed() -> None:
    apart = unicodedata.normalize("NFD", "Günthér")
    assert composed(apart) == "Günthér" != apart
