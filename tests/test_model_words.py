"""No model is wired in: its words stand in its own files alone."""

from pathlib import Path

import pytest

from tests import model_words


def test_what_a_model_knows_stands_in_its_own_files_alone() -> None:
    assert list(model_words.wired_in()) == []


def test_every_exception_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    excepted = dict(model_words.EXCEPTIONS)
    monkeypatch.setattr(model_words, "EXCEPTIONS", {})
    found = {(name, word) for name, _line, word in (one.split(":", 2) for one in model_words.wired_in())}
    assert {(name, word.strip()) for name, word in found} == set(excepted)


@pytest.mark.parametrize(
    "line",
    [
        'if code == "DKDL-07":',
        'answers["Q3"]',
        "# after TIJDELIJK comes another",
        "profile.capacity >= limit",
        'chosen = ("sonde", "injecties")',
        "one of the 16 codes",
        "burden is 0..3",
        "draagkracht telt",
        "dkdl_2_0",
    ],
)
def test_a_word_of_the_model_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "planted.py").write_text(f"{line}\n", "utf-8")
    monkeypatch.setattr(model_words, "ROOT", tmp_path)
    assert [one.split(":")[:2] for one in model_words.wired_in()][:1] == [["care/planted.py", "1"]]
