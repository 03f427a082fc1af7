"""`agreement` as it is called: what it writes, what it refuses, and no servers."""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from profiles.agreement.report import COLUMNS
from questionnaires.instruments.definition import load
from questionnaires.instruments.definitions import read

QUESTIONS = [question.id for question in load(read()).questions]
HEADER = ";".join(["onderwerp", "beoordelaar", *QUESTIONS]) + "\n"
LIGHT = "1;1;1;1;1;1;1;1;1;1;1;1;"
HEAVY = "1;1;1;3;3;3;2;3;4;3;3;2;sonde"
CHILD = "2;" + ";" * (len(QUESTIONS) - 2)
RATINGS = "".join(
    f"{subject};{rater};{answers}\n"
    for subject, rater, answers in (
        ("een", "A", LIGHT), ("een", "B", LIGHT), ("twee", "A", HEAVY), ("twee", "B", HEAVY),
        ("drie", "A", LIGHT), ("drie", "B", HEAVY), ("vier", "A", CHILD), ("vier", "B", CHILD),
        ("vijf", "A", LIGHT),
    )
)  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(HEADER + RATINGS, encoding="utf-8")
    return path


def exit_code(source: Path) -> int:
    try:
        call_command("agreement", str(source), str(target(source)))
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def target(source: Path) -> Path:
    return source.with_name("uit.csv")


def written(source: Path) -> dict[tuple[str, str], dict[str, str]]:
    assert exit_code(source) == 0
    with target(source).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    return {(row["vraag"], row["maat"]): row for row in rows}


def test_every_question_and_the_profile_have_every_coefficient(source: Path) -> None:
    found = written(source)
    assert list(next(iter(found.values()))) == list(COLUMNS)
    assert list(dict.fromkeys(question for question, _name in found)) == [*QUESTIONS[1:], "profiel"]
    assert len(found) == 8 * len(QUESTIONS)


def test_what_it_writes_is_right(source: Path) -> None:
    found = written(source)
    burden = found["Q4", "overeenstemming"]
    assert float(burden["waarde"]) == pytest.approx(2 / 3)
    assert (burden["onderwerpen"], burden["beoordelaars"]) == ("3", "2")
    # Of four subjects one differs: the codes are of the child, twice the light one and the heavy one.
    assert float(found["profiel", "overeenstemming"]["waarde"]) == pytest.approx(3 / 4)
    assert found["profiel", "cohen_gewogen"]["waarde"] == found["Q13", "ac2"]["waarde"] == ""
    assert found["Q2", "cohen"]["waarde"] == ""  # everybody said the same
    assert (found["Q2", "overeenstemming"]["waarde"], found["Q2", "ac1"]["waarde"]) == ("1.0000000000",) * 2


def test_the_same_again_is_the_same(source: Path) -> None:
    written(source)
    first = target(source).read_bytes()
    written(source)
    assert target(source).read_bytes() == first


def test_rows_in_another_order_tell_the_same(source: Path) -> None:
    before = written(source)
    lines = RATINGS.splitlines(keepends=True)
    source.write_text(HEADER + "".join(reversed(lines)), encoding="utf-8")
    assert written(source) == before


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"een;A;{LIGHT}", "regel 11: deze beoordelaar heeft dit onderwerp al beoordeeld"),
        ("zes;A;1;1", "regel 11: de regel heeft 4 velden en moet er 15 hebben"),
        (f";A;{LIGHT}", "regel 11: het onderwerp of de beoordelaar is leeg"),
        (f"zes;A;{LIGHT.replace('1;1;1;1', '1;1;1;9', 1)}", "regel 11: Q4"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_is_written(
    source: Path, row: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(f"{HEADER}{RATINGS}{row}\n", encoding="utf-8")
    assert exit_code(source) == 1
    assert capsys.readouterr().err.startswith(reason)
    assert not target(source).exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"id;Q1\n", b"", HEADER.encode() + b'een;"A;1\n'])
def test_what_is_no_table_of_ratings_is_told(
    source: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_bytes(content)
    assert exit_code(source) == 2
    assert capsys.readouterr().err
    assert not target(source).exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(tmp_path / "weg.csv") == 2
    assert "weg.csv is niet te lezen" in capsys.readouterr().err
