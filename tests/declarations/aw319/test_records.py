"""Lines of a file, and one record taken apart."""

from io import BytesIO

import pytest

from declarations.aw319 import describe, read, split
from declarations.aw319.layout import LAYOUTS, PERFORMANCE
from declarations.aw319.records import LONGEST_LINE, slicer
from tests.declarations.fictional import BSNS, Draft, care, chunks, content, insured, random_content


@pytest.mark.parametrize("size", [1, 7, 311, 312, 313, 100_000])
def test_it_gives_the_same_lines_whatever_the_chunks(size: int) -> None:
    original = random_content(3)
    assert list(read(chunks(original, size))) == original.splitlines(keepends=True)


def test_it_reads_an_open_file_too() -> None:
    original = random_content(3)
    assert b"".join(read(BytesIO(original))) == original


def test_it_keeps_line_ends_as_they_are() -> None:
    assert list(read([b"a\r\nb\n", b"c\rd", b"\r", b"\ne"])) == [b"a\r\n", b"b\n", b"c\rd\r\n", b"e"]


def test_a_line_without_end_is_cut() -> None:
    longest = max(len(line) for line in read(b"x" * 50_000 for _ in range(40)))
    assert longest <= LONGEST_LINE


def test_it_takes_a_record_apart() -> None:
    original = Draft(content(insured(0, care(vat=2101))))
    rows = {row.number: row for row in describe(original.records[2])}
    assert (rows["0428"].start, rows["0428"].end, rows["0428"].value) == (182, 185, "2101")
    assert (rows["0429"].value, rows["0430"].value) == ("00019500", "D")
    assert rows["0414"].name == "Begindatum prestatie"
    assert "".join(row.value for row in rows.values()).encode("iso-8859-1") == original.records[2]


def test_a_record_taken_apart_does_not_show_values_in_its_repr() -> None:
    rows = describe(Draft(content(insured(0))).records[1])
    assert BSNS[0] not in repr(rows)


def test_a_short_record_gives_the_fields_it_reaches() -> None:
    assert [row.value for row in describe(b"9900000100\r\n")] == ["99", "000001", "00"]


def test_an_unknown_record_has_no_fields() -> None:
    assert describe(b"03" + b" " * 308) == ()


def test_a_slicer_cuts_fields_and_runs_of_fields() -> None:
    line = content(insured(0)).splitlines(keepends=True)[2]
    assert slicer(PERFORMANCE, "0401", "0403-0404", "0427").unpack(line) == (
        b"04",
        f"{BSNS[0]}9991".encode(),
        b"D",
    )


def test_splitting_gives_every_field_as_it_stands() -> None:
    for line in read([content(insured(0, comments=("Fictief",)))]):
        assert split(line) == tuple(field.of(line) for field in LAYOUTS[line[:2]].fields)
