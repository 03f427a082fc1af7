"""What a correct file says per insured person."""

from datetime import date

import pytest

from declarations.aw319 import FileFacts, InsuredPerson
from tests.declarations.fictional import (
    AGB,
    BSNS,
    OTHER_UZOVI,
    SPEC,
    Draft,
    care,
    checked,
    content,
    credit,
    insured,
    random_content,
    zero,
)

NOTE = "Fictieve toelichting"


def facts_of(original: bytes | Draft) -> FileFacts:
    facts = checked(original).facts
    assert facts is not None
    return facts


def people(original: bytes | Draft) -> list[InsuredPerson]:
    return list(facts_of(original).persons)


def test_the_header_is_read() -> None:
    header = facts_of(content(insured(0))).header
    assert (header.uzovi, header.institution, header.payee, header.is_test) == ("9991", AGB, "04", False)
    assert (header.service_bureau, header.care_provider, header.practice) == ("", "", "")
    assert (header.period_first, header.period_last) == (date(2024, 1, 1), date(2024, 1, 31))
    assert (header.invoice_number, header.invoice_date) == ("F2024-01", date(2024, 2, 2))


def test_a_test_file_says_so() -> None:
    assert facts_of(Draft(content(insured(0))).put(1, "0105", "T")).header.is_test


def test_counts_and_control_total_are_told() -> None:
    facts = facts_of(content(insured(0, care(), credit(count=1), comments=(NOTE,)), insured(1)))
    assert (facts.counts.insured, facts.counts.performances, facts.counts.comments) == (2, 3, 1)
    assert facts.counts.details == 6
    assert facts.control_total == "00000032500D"


def test_a_negative_total_is_credit() -> None:
    assert facts_of(content(insured(0, credit()))).control_total == "00000019500C"


def test_people_come_in_order_of_first_appearance_with_all_their_groups() -> None:
    """Lines: 1 header, 2-3 first, 4-5 second, 6-8 first again with a comment."""
    later = care("2024-01-15", "2024-01-31", comments=(NOTE,))
    first, second = people(content(insured(0), insured(1), insured(0, later)))
    assert (first.bsn, first.uzovi, first.date_of_birth) == (BSNS[0], "9991", date(1940, 5, 17))
    assert (first.first_line, first.placement_line) == (2, 8)
    assert [performance.line for performance in first.performances] == [3, 7]
    assert (second.bsn, second.first_line, second.placement_line) == (BSNS[1], 4, 5)


def test_the_same_number_at_two_insurers_is_two_people() -> None:
    assert [person.uzovi for person in people(content(insured(0), insured(0, uzovi=OTHER_UZOVI)))] == [
        "9991",
        "9992",
    ]


def test_the_place_is_behind_the_comments_of_the_last_performance() -> None:
    person = people(content(insured(0, care(), care(comments=(NOTE, NOTE)), comments=(NOTE,))))[0]
    assert person.placement_line == 7


def test_a_performance_is_told_without_its_amounts() -> None:
    changes = {"code": "DK01", "list_code": "990", "unit": "00"}
    paid, free, back = people(
        content(insured(0, care(), zero("2024-01-02", "2024-01-03", **changes), credit()))
    )[0].performances
    assert (paid.is_debit, paid.is_zero, paid.list_code, paid.performance_code) == (
        True,
        False,
        "065",
        "W0104",
    )
    assert (free.is_debit, free.is_zero, free.list_code, free.performance_code) == (True, True, "990", "DK01")
    assert (free.first_day, free.last_day) == (date(2024, 1, 2), date(2024, 1, 3))
    assert (back.is_debit, back.is_zero) == (False, False)


@pytest.mark.parametrize(
    ("performers", "expected"),
    [(("42000001", "42000002"), "42000002"), (("42000001", None), "42000001"), ((None, None), "")],
)
def test_the_performer_is_that_of_the_last_debit(
    performers: tuple[str | None, str | None], expected: str
) -> None:
    """Two groups of one person; None stands for a credit."""
    made = enumerate(performers)
    groups = [
        insured(0, care() if performer else credit(earlier_reference=f"F2023 {at}")) for at, performer in made
    ]
    spoiled = Draft(content(*groups))
    for line, performer in zip((3, 5), performers, strict=True):
        spoiled.put(line, "0420", performer or "42000009")
    assert people(spoiled)[0].performer == expected


def test_another_birth_date_in_a_later_group_is_told() -> None:
    person = people(content(insured(0), insured(0, date_of_birth=date(1940, 5, 18))))[0]
    assert person.birth_dates_differ
    assert person.date_of_birth == date(1940, 5, 17)


def test_the_dummy_number_is_told() -> None:
    dummy, known = people(content(insured(0, bsn="999999999"), insured(1)))
    assert dummy.has_dummy_bsn
    assert not known.has_dummy_bsn


def test_a_person_and_the_facts_do_not_show_number_or_birth_date_in_their_repr() -> None:
    facts = facts_of(content(insured(0)))
    shown = repr((facts, list(facts.persons)))
    assert BSNS[0] not in shown
    assert "1940" not in shown


def test_the_table_can_be_read_twice() -> None:
    table = facts_of(random_content(30)).persons
    assert len(table) == 30
    assert list(table) == list(table)


def test_invoice_and_performer_come_from_the_header_of_the_builder() -> None:
    assert {person.performer for person in people(random_content(5))} == {SPEC.agb}
