"""A file of profile records only, made beside a file that stays as it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from declarations.aw319 import (
    Cover,
    InsertionRefusedError,
    InsuredGroup,
    SeparateVerification,
    verify_separate,
    write_separate,
)
from declarations.aw319.layout import FIELDS, LINE_END
from tests.declarations.aw319.test_writer import number_of
from tests.declarations.fictional import AGB, TODAY, Draft, care, checked, content, insured

COVER = Cover("DV2024000001", date(2024, 2, 20), date(2024, 1, 1), date(2024, 1, 31))


def original() -> Draft:
    """Lines: header, 02, 04, 98, 02, 04, trailer."""
    return Draft(content(insured(0, care(comments=("een",))), insured(1)))


def line(number: int) -> bytes:
    return original().records[number - 1] + LINE_END


def made(*groups: InsuredGroup, cover: Cover = COVER) -> bytes:
    return b"".join(write_separate(line(1), cover, groups))


def proven(content: bytes) -> SeparateVerification:
    return verify_separate([content], line(1), COVER, two_groups(), today=TODAY, expected_agb=AGB)


def two_groups() -> tuple[InsuredGroup, InsuredGroup]:
    first = replace(number_of(1), last_day=date(2024, 1, 15))
    second = replace(number_of(2), first_day=date(2024, 1, 16))
    return InsuredGroup(line(2), (first, second)), InsuredGroup(line(5), (number_of(3),))


def test_it_repeats_each_person_and_counts_from_one() -> None:
    written = Draft(made(*two_groups()))
    assert [record[:14] for record in written.records[1:-1]] == [
        b"02000000000001", b"04000000000002", b"04000000000003", b"02000000000004", b"04000000000005",
    ]  # fmt: skip
    assert [record[14:] for record in written.records if record[:2] == b"02"] == [
        line(2)[14:-2],
        line(5)[14:-2],
    ]
    assert written.records[-1].rstrip() == b"99000002000000000003000000000000500000000000D"


def test_its_header_is_that_of_the_model_but_for_its_own_days_and_number() -> None:
    header, model = Draft(made(*two_groups())).records[0], line(1)[:-2]
    own = {"0114": b"20240101", "0115": b"20240131", "0116": b"DV2024000001", "0117": b"20240220"}
    for number, field in FIELDS.items():
        if number.startswith("01"):
            assert field.of(header) == own.get(number, field.of(model)), number


def test_it_passes_the_checker_without_a_word() -> None:
    report = checked(made(*two_groups()))
    assert report.findings == ()
    assert report.facts is not None
    assert report.facts.control_total == "00000000000D"


def test_what_was_written_is_sound() -> None:
    outcome = proven(made(*two_groups()))
    assert outcome.is_sound
    assert (outcome.persons, outcome.records) == (2, 3)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.put(3, "0425", "00000001"),
        lambda file: file.put(3, "0429", "00000001"),
        lambda file: file.put(7, "9907", "00000000001"),
        lambda file: file.put(7, "9908", "C"),
        lambda file: file.put(7, "9904", "000004"),
        lambda file: file.put(1, "0116", "DV2024000002"),
        lambda file: file.put(1, "0105", "T"),
        lambda file: file.put(2, "0210", "Anders".ljust(25)),
        lambda file: file.put(3, "0418", "0002"),
        lambda file: file.put(3, "0432", "F2023-12 0001".ljust(20)),
        lambda file: file.put(3, "0417", "DK12 "),
        lambda _file: Draft(made(two_groups()[0])),
        lambda _file: Draft(made(*reversed(two_groups()))),
        lambda file: file.insert(3, b"98" + b"000000000002" + b"0001" + b"woord"),
        lambda file: file.delete(2),
        lambda file: file.delete(7),
    ],
)
def test_anything_else_in_it_is_found(spoil: Callable[[Draft], Draft]) -> None:
    spoiled = spoil(Draft(made(*two_groups()))).bytes()
    assert not proven(spoiled).is_sound


@pytest.mark.parametrize(
    "group",
    [
        InsuredGroup(line(3), (number_of(1),)),
        InsuredGroup(line(2), ()),
        InsuredGroup(line(2)[:-2], (number_of(1),)),
        InsuredGroup(line(2), (replace(number_of(1), performer="x"),)),
    ],
)
def test_it_refuses_what_would_not_pass(group: InsuredGroup) -> None:
    with pytest.raises(InsertionRefusedError):
        made(group)


def test_it_refuses_a_number_that_does_not_fit() -> None:
    with pytest.raises(InsertionRefusedError, match="0116"):
        made(*two_groups(), cover=replace(COVER, invoice_number="DV20240000001"))
