"""Putting profile records into a file."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from declarations.aw319 import (
    Insertion,
    InsertionRefusedError,
    ProfileRecordFields,
    describe,
    read,
    write_with_profiles,
)
from declarations.aw319.writer import LINES_PER_CHUNK
from tests.declarations.fictional import BSNS, Draft, care, checked, content, insured, random_content, zero

NOTE = "Fictieve toelichting"
FIELDS = ProfileRecordFields(
    first_day=date(2024, 1, 1),
    last_day=date(2024, 1, 31),
    list_code="990",
    performance_code="DK01",
    time_unit="00",
    performer="42999001",
    reference="DVGXBAQ3SUEDQZTPD4V2",
)


def number_of(reference: int) -> ProfileRecordFields:
    return replace(FIELDS, reference=f"DV{reference:018d}")


def insertions(*after: int) -> list[Insertion]:
    """Return a profile record behind each of these lines, numbered from 0."""
    return [Insertion(line, number_of(index)) for index, line in enumerate(after)]


def written(original: bytes, *after: int) -> bytes:
    return b"".join(write_with_profiles(read([original]), insertions(*after)))


def two_people() -> bytes:
    """Lines: 1 header, 2 insured, 3 performance, 4 comment, 5-7 the second person, 8 trailer."""
    return content(insured(0, care(comments=(NOTE,))), insured(1, care(comments=(NOTE,))))


def test_the_profile_record_is_filled_as_agreed() -> None:
    original = Draft(content(insured(0)))
    inserted = written(original.bytes(), 3).splitlines(keepends=True)[3]
    values = {row.number: row.value for row in describe(inserted)}
    assert inserted.endswith(b"\r\n")
    assert values == {
        "0401": "04",
        "0402": "000000000003",
        "0403": BSNS[0],
        "0404": "9991",
        "0405": "0000000000     ",
        "0406": " " * 15,
        "0407": "1",
        "0408": "0000",
        "0409": " " * 20,
        "0410": "0" * 9,
        "0411": "0" * 9,
        "0412": "00",
        "0413": "000",
        "0414": "20240101",
        "0415": "20240131",
        "0416": "990",
        "0417": "DK01 ",
        "0418": "0001",
        "0419": "00",
        "0420": "42999001",
        "0421": "0000",
        "0422": "0" * 8,
        "0423": "0000",
        "0424": "00000",
        "0425": "0" * 8,
        "0426": "0" * 8,
        "0427": "D",
        "0428": "0000",
        "0429": "0" * 8,
        "0430": "D",
        "0431": "DV000000000000000000",
        "0432": " " * 20,
        "0480": " " * 76,
    }


def test_it_renumbers_what_stands_behind_and_nothing_else() -> None:
    before = two_people().splitlines()
    after = written(two_people(), 4, 7, 7).splitlines()
    assert [line[:14] for line in after] == [
        b"014280104P0000",
        b"02000000000001",
        b"04000000000002",
        b"98000000000002",
        b"04000000000003",
        b"02000000000004",
        b"04000000000005",
        b"98000000000005",
        b"04000000000006",
        b"04000000000007",
        b"99000002000000",
    ]
    kept = [after[at] for at in (1, 2, 3, 5, 6, 7)]
    assert [line[14:] for line in kept] == [line[14:] for line in before[1:7]]
    assert after[0] == before[0]


def test_the_trailer_counts_rise_and_its_total_stays() -> None:
    before, after = two_people().splitlines()[-1], written(two_people(), 4, 7).splitlines()[-1]
    assert (before[14:20], after[14:20]) == (b"000002", b"000004")
    assert (before[26:33], after[26:33]) == (b"0000006", b"0000008")
    assert before[:14] + before[20:26] + before[33:] == after[:14] + after[20:26] + after[33:]


def test_without_insertions_every_byte_stays() -> None:
    assert written(two_people()) == two_people()


@pytest.mark.parametrize("end", [b"", b"\r"])
def test_a_missing_last_line_end_stays_missing(end: bytes) -> None:
    original = two_people().removesuffix(b"\r\n") + end
    assert written(original, 4) == written(two_people(), 4).removesuffix(b"\r\n") + end


def test_the_result_passes_the_checker() -> None:
    assert checked(written(two_people(), 4, 7)).findings == ()


def test_chunks_stay_below_a_megabyte() -> None:
    original = random_content(1_200)
    pieces = list(write_with_profiles(read(BytesIO(original)), iter(())))
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= LINES_PER_CHUNK * 312 < 1_000_000


def refused(original: bytes, insertions: Iterable[Insertion]) -> str:
    with pytest.raises(InsertionRefusedError) as caught:
        for _ in write_with_profiles(read([original]), insertions):
            pass
    assert BSNS[0] not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("line", [1, 2, 8])
def test_it_refuses_a_place_that_is_no_performance_or_comment(line: int) -> None:
    assert "record 04 or 98" in refused(two_people(), [Insertion(line, FIELDS)])


def test_it_refuses_to_part_a_record_from_its_comment() -> None:
    assert "comment" in refused(two_people(), [Insertion(3, FIELDS)])


def test_it_refuses_a_place_beyond_the_file() -> None:
    assert "no such line" in refused(two_people(), [Insertion(9, FIELDS)])


@pytest.mark.parametrize("lines", [(0,), (7, 4)])
def test_it_refuses_insertions_out_of_order(lines: tuple[int, ...]) -> None:
    assert "order" in refused(two_people(), [Insertion(line, number_of(line)) for line in lines])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"list_code": "055"}, "0416"),
        ({"list_code": "99"}, "0416"),
        ({"performance_code": ""}, "0417"),
        ({"performance_code": "DKDL-01"}, "0417"),
        ({"time_unit": "21"}, "0419"),
        ({"performer": "00000000"}, "0420"),
        ({"performer": ""}, "0420"),
        ({"reference": ""}, "0431"),
        ({"last_day": date(2023, 12, 31)}, "0415"),
    ],
)
def test_it_refuses_a_record_that_would_not_pass(change: dict[str, str], reason: str) -> None:
    fields = replace(FIELDS, **change)  # type: ignore[arg-type]
    assert reason in refused(two_people(), [Insertion(4, fields)])


@pytest.mark.parametrize(("number", "value"), [("9904", "999999"), ("9906", "9999999")])
def test_it_refuses_more_records_than_the_trailer_can_count(number: str, value: str) -> None:
    full = Draft(two_people()).put(8, number, value).bytes()
    assert "trailer" in refused(full, [Insertion(4, FIELDS)])


def test_a_zero_record_of_others_is_left_alone() -> None:
    original = content(insured(0, zero(), care()))
    assert written(original, 4)[: 312 * 4] == original[: 312 * 4]
