"""One record by itself: what is found in it, and what only a whole file can tell."""

from declarations.aw319 import check_record
from declarations.aw319.layout import LINE_END
from tests.declarations import fictional
from tests.declarations.fictional import Draft, care, insured


def found(draft: Draft, line: int, end: bytes = LINE_END) -> list[tuple[int, str, str]]:
    findings = check_record(draft.records[line - 1] + end, line=line, today=fictional.TODAY)
    return [(finding.line, finding.field, finding.rule) for finding in findings]


def draft() -> Draft:
    return Draft(fictional.content(insured(0, care(comments=("toelichting",)))))


def test_it_finds_nothing_in_any_record_of_a_right_file() -> None:
    right = draft()
    assert [found(right, line) for line in range(1, 6)] == [[]] * 5


def test_it_names_the_field_that_is_wrong() -> None:
    assert found(draft().put(3, "0414", "20240230"), 3) == [(3, "0414", "date.invalid")]


def test_it_knows_the_rules_between_fields_of_one_record() -> None:
    assert found(draft().put(3, "0430", "C"), 3) == [
        (3, "0430", "amount.sign"),
        (3, "0432", "reference.missing"),
    ]
    assert found(draft().put(2, "0203", "999999998"), 2) == [(2, "0203", "bsn.check")]


def test_it_leaves_what_lies_between_records_alone() -> None:
    elsewhere = draft().put(3, "0402", "000000000009").put(3, "0403", fictional.BSNS[1])
    assert found(elsewhere, 3) == []


def test_it_tells_what_is_no_record() -> None:
    wrong = draft()
    wrong.records[2] = wrong.records[2][:300]
    assert found(wrong, 3) == [(3, "", "line.length")]
    assert found(draft(), 3, end=b"\n") == [(3, "", "line.ends_lf")]
    wrong = draft()
    wrong.records[2] = b"07" + wrong.records[2][2:]
    assert found(wrong, 3) == [(3, "", "order.unknown_record")]


def test_it_warns_where_the_last_line_end_is_missing() -> None:
    assert found(draft(), 5, end=b"") == [(5, "", "line.last_end_missing")]
