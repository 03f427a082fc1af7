"""Small files with their right outcome, as the checker sees them."""

from datetime import date
from pathlib import Path

import pytest

from declarations.aw319 import check

CASES = Path(__file__).parents[1] / "cases"
NOVEMBER, YEARS_LATER = date(2026, 11, 30), date(2036, 1, 1)


@pytest.mark.parametrize("today", [NOVEMBER, YEARS_LATER])
@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("v01_care_after_invoice_date", [(3, "0415", "date.after_invoice", "8178", True)]),
        ("v02_identical_debit_credit", [(4, "0432", "credit.same_file", "8062", True)]),
        ("v03_same_performance_twice", [(4, "", "performance.twice", "0587", False)]),
        ("trailing_blank_line", [(5, "", "line.empty", "8095", True)]),
        ("r04_first", []),
        ("r08_invoice_case", []),
    ],
)
def test_it_says_what_is_wrong_and_what_the_insurer_would_answer(
    case: str, found: list[tuple[int, str, str, str, bool]], today: date
) -> None:
    report = check([(CASES / f"{case}.txt").read_bytes()], today=today)
    assert [
        (each.line, each.field, each.rule, each.return_code, each.is_error) for each in report.findings
    ] == found
