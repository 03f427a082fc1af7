"""Every rule of the checker: it finds what is spoiled and nothing else, and tells it by line and field."""

from datetime import date

import pytest

from declarations.aw319 import RULES, Severity, check
from tests.declarations.aw319.spoiled import (
    CASES,
    Spoiled,
    credit_of_a_credit,
    draft,
    earlier_debit_twice,
    put,
    put_two,
    taken_back,
)
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
    rules,
    zero,
)

# There cannot be too many errors without the errors.
WHAT_WAS_ENDLESS = {"file.too_many": {"line.empty"}}
# What lies between files is found when a file is read in.
BETWEEN_FILES = {"reference.used_before", "reference.not_compared"}


def test_every_rule_has_a_case() -> None:
    assert CASES.keys() == RULES.keys() - BETWEEN_FILES


@pytest.mark.parametrize(
    ("rule", "spoil"), [(rule, spoil) for rule, spoils in CASES.items() for spoil in spoils]
)
def test_it_finds_that_rule_and_no_other(rule: str, spoil: Spoiled) -> None:
    report = checked(spoil())
    found = {finding.rule for finding in report.findings}
    assert found == {rule} | WHAT_WAS_ENDLESS.get(rule, set())
    assert report.is_accepted == (RULES[rule].severity is Severity.WARNING)
    assert (report.facts is None) != report.is_accepted


def test_a_correct_file_has_no_findings() -> None:
    assert rules(draft()) == []


@pytest.mark.parametrize(
    "fine",
    [
        put(1, "0105", "T"),
        put_two((1, "0106", "123401"), (1, "0107", "1.0".ljust(10))),
        put_two((1, "0109", "98000001"), (1, "0113", "01")),
        put_two((1, "0110", "42000001"), (1, "0111", "42000002"), (1, "0113", "03")),
        put(1, "0118", "NL123456789B01"),
        put(2, "0205", " " * 15),
        put_two((2, "0212", "2"), (2, "0213", "Partner".ljust(25)), (2, "0214", "van".ljust(10))),
        put(2, "0217", "1234ab"),
        put_two((2, "0217", " " * 6), (2, "0218", "12345".ljust(9)), (2, "0221", "DE")),
        put(2, "0219", "00000"),
        put(2, "0223", "1"),
        put(3, "0416", "990"),
        put(3, "0422", "01000001"),
        put_two((1, "0118", "NL123456789B01"), (3, "0428", "2101")),
        put(3, "0432", "F2023-12 0001".ljust(20)),
        put_two((3, "0429", "00019499"), (8, "9907", "00000058499")),
        lambda: content(insured(0, bsn="999999999"), insured(1, bsn="999999999", uzovi=OTHER_UZOVI)),
        lambda: content(insured(0, care("2023-11-01", "2023-11-01"), zero())),
        lambda: content(insured(0, credit())),
        lambda: content(insured(0, care(), credit())),
        lambda: content(insured(0, care(list_code="068", unit="14"))),
    ],
)
def test_it_accepts_what_the_standard_allows(fine: Spoiled) -> None:
    # The parent equality of 0205 is kept by changing the 04 records too.
    spoiled = Draft(fine())
    for line in (3, 4):
        if spoiled.records[line - 1][:2] == b"04" and spoiled.get(2, "0205") != spoiled.get(line, "0405"):
            spoiled.put(line, "0405", spoiled.get(2, "0205"))
    assert rules(spoiled) == []


def test_it_reports_every_problem_by_line_and_field() -> None:
    spoiled = (
        draft()
        .put(2, "0208", "9")
        .put(3, "0417", " " * 5)
        .put(3, "0426", "00019501")
        .put(8, "9902", "000009")
    )
    found = [(finding.line, finding.field, finding.rule) for finding in checked(spoiled).findings]
    assert found == [
        (2, "0208", "field.code"),
        (3, "0417", "field.required"),
        (3, "0426", "amount.calculated"),
        (8, "9902", "count.insured"),
    ]


@pytest.mark.parametrize(("spoil", "field"), [(put(1, "0103", "02"), "0103"), (put(1, "0104", "03"), "0104")])
def test_another_version_is_told_at_the_field_that_is_wrong(spoil: Spoiled, field: str) -> None:
    assert [finding.field for finding in checked(spoil()).findings] == [field]


def test_a_credit_of_a_credit_is_told_at_both_lines() -> None:
    (finding,) = checked(credit_of_a_credit()).findings
    assert (finding.line, finding.field, finding.details) == (5, "0432", ("4",))


def test_a_care_date_in_the_future_is_an_error() -> None:
    spoiled = Draft(content(insured(0, care("2024-03-02", "2024-03-02"))))
    assert rules(spoiled.put(1, "0117", "20240305")) == [
        "date.future", "date.future", "date.future", "period.after_end",
    ]  # fmt: skip


def test_care_after_the_invoice_is_an_error_on_whatever_day_it_is_looked_at() -> None:
    spoiled = Draft(content(insured(0, care("2024-01-01", "2024-02-03"))))
    for today in (date(2024, 2, 2), date(2024, 3, 1), date(2034, 1, 1)):
        found = [
            (each.line, each.field, each.rule) for each in check([spoiled.bytes()], today=today).findings
        ]
        assert found[0] == (3, "0415", "date.after_invoice"), today
        assert "date.future" not in {rule for _, _, rule in found}


def test_care_on_the_day_of_the_invoice_is_fine() -> None:
    assert rules(draft().put(1, "0117", "20240131")) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (taken_back(), [(5, "credit.same_file", "3")]),
        (taken_back(bsn=BSNS[1]), [(5, "credit.person", "3")]),
        (taken_back(count=1), [(5, "credit.amount", "3")]),
        (taken_back(times=2), [(5, "credit.same_file", "3"), (6, "credit.twice", "5")]),
        (earlier_debit_twice, [(4, "credit.twice", "3")]),
    ],
)
def test_it_tells_what_a_credit_takes_back(spoil: Spoiled, found: list[tuple[int, str, str]]) -> None:
    findings = [each for each in checked(spoil()).findings if each.rule.startswith("credit.")]
    assert [(each.line, each.rule, *each.details) for each in findings] == found
    assert {each.field for each in findings} == {"0432"}


def test_a_debit_that_other_care_takes_back_whole_is_let_in_and_counted_by_nobody() -> None:
    """Same person, same amount, other code: no identical pair, and yet nothing of the debit is left."""
    report = checked(taken_back(code="W0105")())
    assert report.findings == ()
    assert report.facts is not None
    (person,) = report.facts.persons
    assert [(line.line, line.is_debit, line.is_taken_back) for line in person.performances] == [
        (3, True, True),
        (5, False, True),
    ]


def test_what_an_earlier_file_declared_is_taken_back_of_nothing_here() -> None:
    report = checked(content(insured(0, care(), credit())))
    assert report.facts is not None
    (person,) = report.facts.persons
    assert not any(line.is_taken_back for line in person.performances)


def test_a_credit_may_stand_above_the_debit_that_it_takes_back() -> None:
    spoiled = Draft(content(insured(0, credit(), care())))
    spoiled.put(3, "0432", spoiled.get(4, "0431"))
    assert rules(spoiled) == ["credit.same_file"]


def test_the_same_performance_after_a_credit_of_it_is_not_twice() -> None:
    """The earlier one was declared in another file; this one stands in its place."""
    assert rules(content(insured(0, care(), credit(), care()))) == []
    (finding,) = checked(content(insured(0, care(), credit(), care(), care()))).findings
    assert (finding.line, finding.rule, finding.details) == (6, "performance.twice", ("5",))


@pytest.mark.parametrize(
    "other",
    [
        {"first": "2024-01-02"},
        {"last": "2024-01-30"},
        {"code": "W0105"},
        {"list_code": "990"},
        {"count": 2},
        {"unit": "07"},
    ],
)
def test_another_performance_is_not_the_same(other: dict[str, object]) -> None:
    assert rules(content(insured(0, care(), care(**other)))) == []  # type: ignore[arg-type]


def test_the_same_performance_of_another_is_not_the_same() -> None:
    assert rules(content(insured(0), insured(1), insured(0, uzovi=OTHER_UZOVI))) == []
    assert rules(content(insured(0, bsn="999999999"), insured(1, bsn="999999999"))) == []


def test_vat_without_a_number_is_told_once_with_the_number_of_lines() -> None:
    (finding,) = checked(draft().put(4, "0428", "2100").put(6, "0428", "0900")).findings
    assert (finding.line, finding.field, finding.details) == (4, "0428", ("2",))
    assert finding.sentence.endswith("Dit is de eerste van 2 regels.")


def test_the_period_may_begin_in_no_future_but_may_end_there() -> None:
    assert rules(draft().put(1, "0115", "20240331")) == []
    later = draft().put(1, "0114", "20240302").put(1, "0115", "20240331")
    assert rules(later) == ["date.future"]


def test_without_an_expected_agb_any_is_accepted() -> None:
    assert rules(draft().put(1, "0112", "42999002"), expected_agb=None) == []
    assert rules(draft(), expected_agb=AGB) == []


def test_several_people_may_share_the_dummy_number() -> None:
    twice = content(insured(0, bsn="999999999"), insured(1, bsn="999999999", date_of_birth=SPEC.period_first))
    assert rules(twice) == []


def test_line_ends_are_reported_once_with_their_number() -> None:
    report = checked(draft().bytes().replace(b"\r\n", b"\n"))
    assert [(finding.rule, finding.details) for finding in report.findings] == [("line.ends_lf", ("8",))]


def test_an_unreadable_record_makes_no_claim_about_the_total() -> None:
    """The total cannot be known any more; saying that it is wrong would send people the wrong way."""
    assert rules(draft().put(3, "0429", "0001950O")) == ["field.numeric"]


def test_a_missing_record_is_told_once_by_the_sequence() -> None:
    found = rules(draft().delete(4))
    assert found == ["sequence.detail", "count.performances", "count.details", "total.amount"]
