"""Bulk derivation: the file format, the fast path, and files that are not what they should be."""

import csv
import tracemalloc
from collections import Counter
from itertools import islice, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.bulk import derivation, scoring
from profiles.bulk.derivation import BulkFileError, BulkReport, Listener, derive_file
from profiles.bulk.scoring import ScoringRules
from questionnaires.instruments import definitions
from tests.profiles.dkdl import DKDL_2_0
from tests.profiles.oracle import CARE, CHOICES, STATES, TECHNICAL, expected, states

#: The shipped instrument and model.
RULES = ScoringRules(definitions.shipped(), DKDL_2_0)
GOLDEN = Path(__file__).parents[1] / "golden"
HEADER = "id;Q1;Q2;Q3;Q4;Q5;Q6;Q7;Q8;Q9;Q10;Q11;Q12;Q13\n"
LIGHT = "1;1;1;1;1;1;1;1;1;1;1;1;"
deterministic = settings(derandomize=True, deadline=None, max_examples=60)


class Notes:
    """A listener that writes down what it hears."""

    def __init__(self) -> None:
        self.invalid: list[tuple[int, str]] = []
        self.sizes: list[int] = []
        self.total = -1

    def listener(self) -> Listener:
        return Listener(
            started=lambda size: setattr(self, "total", size),
            advanced=self.sizes.append,
            invalid=lambda line, reason: self.invalid.append((line, reason)),
        )


class Desk:
    """A folder in which files are derived."""

    def __init__(self, folder: Path) -> None:
        self.source, self.target = folder / "in.csv", folder / "uit.csv"
        self.notes = Notes()

    def derive(self, content: str | bytes) -> BulkReport:
        self.source.write_bytes(content.encode() if isinstance(content, str) else content)
        self.notes = Notes()
        return derive_file(self.source, self.target, rules=RULES, listener=self.notes.listener())

    def rows(self, *lines: str) -> list[list[str]]:
        self.derive(HEADER + "".join(f"{line}\n" for line in lines))
        with self.target.open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream, delimiter=";", strict=True))[1:]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_format_is_what_it_was(desk: Desk) -> None:
    report = desk.derive((GOLDEN / "answers.csv").read_bytes())
    assert desk.target.read_bytes() == (GOLDEN / "profiles.csv").read_bytes()
    assert report == BulkReport(rows=22, invalid=8)
    assert [line for line, _reason in desk.notes.invalid] == list(range(18, 26))


def test_every_state_is_as_published(desk: Desk) -> None:
    with desk.source.open("w", encoding="utf-8") as out:
        out.write(HEADER)
        for answers, (care, technical) in states():
            out.write(f"n;1;1;1;{';'.join(answers)};{care};{'|'.join(technical)}\n")
    report = derive_file(desk.source, desk.target, rules=RULES, listener=desk.notes.listener())
    assert report == BulkReport(rows=STATES, invalid=0)
    with desk.target.open(encoding="utf-8") as lines:
        assert next(lines) == RULES.header_out
        wrong = [state for state, line in zip(states(), lines, strict=True) if line != published(*state)]
    assert not wrong[:5]


def published(answers: tuple[str, ...], care: tuple[str, tuple[str, ...]]) -> str:
    code, capacity, burden, need = expected(answers, care[1])
    return f"n;dkdl;{code};{capacity};{burden};{need};2.0;\n"


@pytest.mark.parametrize("age", ["", "1", "2", "3"])
@pytest.mark.parametrize("terminal", ["", "1", "2", "3"])
@pytest.mark.parametrize("known", ["", "1", "2", "3", "4"])
@pytest.mark.parametrize("filled", [True, False], ids=["with answers", "without answers"])
def test_every_way_through_the_gates(desk: Desk, age: str, terminal: str, known: str, filled: bool) -> None:
    rest = LIGHT[6:] if filled else ";" * 9
    [row] = desk.rows(f"n;{age};{terminal};{known};{rest}")
    assert (row[1], row[2]) == through_the_gates(age, terminal, known, filled=filled)
    assert bool(row[7]) is (row[1] == "ongeldig")


def through_the_gates(age: str, terminal: str, known: str, *, filled: bool) -> tuple[str, str]:
    invalid = ("ongeldig", "")
    if terminal == "3" or known == "4" or age in {"", "3"}:
        return invalid
    if age == "2":
        return invalid if filled else ("uitzondering", "MKT")
    if terminal == "2":
        return invalid if filled else ("uitzondering", "PTZ")
    if terminal == "" or known == "":
        return invalid
    if known == "1":
        return ("dkdl", "DKDL-01") if filled else invalid
    return invalid if filled else ("uitzondering", {"2": "TIJDELIJK", "3": "GEEN"}[known])


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A row of any kind: mostly sound, with every oddity that files have."""
    cells = ["1", "1", "1", *(draw(st.sampled_from(options)) for options in CHOICES)]
    care, technical = draw(st.sampled_from(CARE))
    spelled = [draw(st.sampled_from([code, f"VR_technisch_{code}"])) for code in technical]
    cells += [care, "|".join(draw(st.permutations(spelled)))]
    for position in draw(st.lists(st.integers(0, 12), max_size=2)):
        cells[position] = draw(
            st.sampled_from(["", "1", "2", "3", "9", " 1", '"1"', "sonde", '"a;b"', '"\n"'])
        )
    if draw(st.booleans()):
        del cells[draw(st.integers(1, 12)) :]
    identifier = draw(st.sampled_from(["7", "", "é", '"a;b"', '"a""b"', '"a\nb"', 'a"b', '"a\rb"']))
    return ";".join([identifier, *cells]) + draw(st.sampled_from(["\n", "\r\n"]))


@deterministic
@given(st.lists(lines(), min_size=1, max_size=12))
def test_remembering_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, given_lines: list[str]
) -> None:
    """Rows in a file of their own go the whole way; together, and again, they take the fast path."""
    desk = Desk(tmp_path_factory.mktemp("bulk"))
    alone = []
    for line in given_lines:
        desk.derive(HEADER + line)
        alone.append(desk.target.read_text(encoding="utf-8").removeprefix(RULES.header_out))
    desk.derive(HEADER + "".join(given_lines * 2))
    assert desk.target.read_text(encoding="utf-8") == RULES.header_out + "".join(alone * 2)


def test_a_full_memory_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (GOLDEN / "answers.csv").read_bytes()
    monkeypatch.setattr(scoring, "_REMEMBERED", 2)
    monkeypatch.setattr(derivation, "_BATCH", 3)
    desk.derive(content)
    assert desk.target.read_bytes() == (GOLDEN / "profiles.csv").read_bytes()


def test_bom_and_windows_line_ends_are_accepted_and_never_written(desk: Desk) -> None:
    content = (HEADER + f"a;{LIGHT}\nb;{LIGHT}\n").replace("\n", "\r\n")
    assert desk.derive(b"\xef\xbb\xbf" + content.encode()) == BulkReport(rows=2, invalid=0)
    row = ";dkdl;DKDL-01;7;0;0;2.0;\n"
    assert desk.target.read_bytes().decode() == f"{RULES.header_out}a{row}b{row}"


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_only_a_line_end_ends_a_row(desk: Desk, sign: str) -> None:
    found = desk.rows(f"voor{sign}na;{LIGHT}", f'"een\ntwee";{LIGHT}')
    assert [row[0] for row in found] == [f"voor{sign}na", "een\ntwee"]
    assert {row[1] for row in found} == {"dkdl"}


def test_a_last_line_without_an_end_counts(desk: Desk) -> None:
    assert desk.derive(f"{HEADER}a;{LIGHT}\nb;{LIGHT}") == BulkReport(rows=2, invalid=0)


def test_a_header_alone_gives_a_header_alone(desk: Desk) -> None:
    assert desk.derive(HEADER) == BulkReport(rows=0, invalid=0)
    assert desk.target.read_text(encoding="utf-8") == RULES.header_out


def test_both_spellings_of_technical_care_count_the_same(desk: Desk) -> None:
    theirs = [
        "zwachtelen",
        "complexewonden",
        "sonde",
        "eenmaligeofverblijfskatheter",
        "overigeblaasennierkatheterisatie",
        "darmstoma",
        "darmspoeling",
        "injecties",
    ]
    start = LIGHT[:-2] + "2;"
    ours = desk.rows(*(f"n;{start}{code}" for code in TECHNICAL))
    assert desk.rows(*(f"n;{start}VR_technisch_{code}" for code in theirs)) == ours
    assert Counter(row[5] for row in ours) == {"1": 6, "2": 2}


@pytest.mark.parametrize(
    "technical", ["sonde|", "|", "sonde||injecties", "Sonde", "infuus", "sonde,injecties"]
)
def test_it_refuses_other_spellings_of_technical_care(desk: Desk, technical: str) -> None:
    [row] = desk.rows(f"n;{LIGHT[:-2]}2;{technical}")
    assert row[1:7] == ["ongeldig", "", "", "", "", "2.0"]
    assert row[7].startswith("Q13 ")


def test_all_reasons_of_a_row_come_together_without_its_answers(desk: Desk) -> None:
    [row] = desk.rows("n;1;1;1;geheim;;1;1;1;1;1;1;2;")
    assert [reason.split()[0] for reason in row[7].split(" | ")] == ["Q4", "Q5", "Q13"]
    assert "geheim" not in row[7]
    assert desk.notes.invalid == [(2, row[7])]


def test_an_invalid_row_is_told_each_time_it_comes(desk: Desk) -> None:
    desk.derive(f"{HEADER}a;1\na;{LIGHT}\nb;1\n\nc;1\n")
    assert [line for line, _reason in desk.notes.invalid] == [2, 4, 6]


def test_lines_are_counted_as_an_editor_does(desk: Desk) -> None:
    desk.derive(f'{HEADER}"a\nb\nc";{LIGHT}\nkort;1\n')
    assert [line for line, _reason in desk.notes.invalid] == [5]


def test_progress_adds_up_to_the_size_of_the_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "_BATCH", 2)
    content = HEADER + f"a;{LIGHT}\n" * 7
    desk.derive(content)
    assert desk.notes.total == sum(desk.notes.sizes) == len(content)
    assert len(desk.notes.sizes) == 5


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        HEADER.lower().encode(),
        HEADER.replace(";", ",").encode(),
        HEADER.replace(";Q13", "").encode(),
        HEADER.encode("utf-16"),
        b"x" * 100_000,
        HEADER.encode() + b"a;1;1\nb;\xe9;1\n",
        HEADER.encode() + b'"a;1;1;1\n' * 3,
        HEADER.encode() + b'"a"b;1;1;1\n',
        HEADER.encode() + b"a\rb;1;1;1\n",
    ],
    ids=[
        "empty",
        "blank",
        "case",
        "commas",
        "short",
        "utf-16",
        "binary",
        "latin-1",
        "open quote",
        "stray quote",
        "stray CR",
    ],
)
def test_an_unreadable_file_leaves_nothing_behind(desk: Desk, content: bytes) -> None:
    desk.target.write_text("van gisteren", encoding="utf-8")
    with pytest.raises(BulkFileError):
        desk.derive(content)
    assert desk.target.read_text(encoding="utf-8") == "van gisteren"
    assert sorted(desk.target.parent.iterdir()) == [desk.source, desk.target]


def test_the_line_that_is_not_utf8_is_named(desk: Desk) -> None:
    with pytest.raises(BulkFileError, match="Regel 3 is geen UTF-8"):
        desk.derive(HEADER.encode() + f"a;{LIGHT}\n".encode() + b"\xe9;1\n")


def test_a_missing_file_is_named(desk: Desk) -> None:
    with pytest.raises(BulkFileError, match=r"in\.csv is niet te lezen"):
        derive_file(desk.source, desk.target, rules=RULES, listener=desk.notes.listener())


@pytest.mark.parametrize("name", ["geen-map/uit.csv", ".", "in.csv", "x" * 300])
def test_an_output_that_cannot_be_is_refused(desk: Desk, name: str) -> None:
    desk.source.write_text(HEADER, encoding="utf-8")
    desk.target = desk.target.parent / name
    with pytest.raises(BulkFileError):
        derive_file(desk.source, desk.target, rules=RULES, listener=desk.notes.listener())
    assert desk.source.read_text(encoding="utf-8") == HEADER
    assert list(desk.source.parent.iterdir()) == [desk.source]


def test_an_output_behind_a_link_is_written_where_the_link_points(desk: Desk, tmp_path: Path) -> None:
    real = tmp_path / "elders.csv"
    real.touch()
    desk.target.symlink_to(real)
    desk.derive(HEADER)
    assert desk.target.is_symlink()
    assert real.read_text(encoding="utf-8") == RULES.header_out


def peak_of(desk: Desk, count: int) -> int:
    """Bytes held at most while deriving this many rows, no two of them with the same text."""
    orders = islice(permutations(TECHNICAL), count)
    lines = (f"{index};{LIGHT[:-2]}2;{'|'.join(order)}\n" for index, order in enumerate(orders))
    desk.source.write_text(HEADER + "".join(lines), encoding="utf-8")
    tracemalloc.start()
    try:
        derive_file(desk.source, desk.target, rules=RULES, listener=desk.notes.listener())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_file_takes_no_more_room_than_a_short_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivation, "_BATCH", 50)
    monkeypatch.setattr(scoring, "_REMEMBERED", 50)
    # The interpreter itself keeps up to 2,000 small objects of a size, so the short one must pass that.
    short, long = peak_of(desk, 2_500), peak_of(desk, 8_000)
    assert desk.notes.invalid == []
    assert long < short * 1.5
