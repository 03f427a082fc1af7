"""The codes that insurers answer with, named by what our checker finds."""

import re

import pytest

from declarations.aw319 import RULES, return_codes
from declarations.aw319.layout import FIELDS
from declarations.aw319.return_codes import return_code


@pytest.mark.parametrize(
    ("rule", "field", "code"),
    [
        ("date.after_invoice", "0414", "8177"),
        ("date.after_invoice", "0415", "8178"),
        ("credit.same_file", "0432", "8062"),
        ("credit.twice", "0432", "8084"),
        ("reference.duplicate", "0431", "8021"),
        ("reference.used_before", "0431", "8021"),
        ("performance.twice", "", "0587"),
        ("line.length", "", "0804"),
        ("line.empty", "", "8095"),
        ("bsn.check", "0203", "0435"),
        ("field.required", "0203", "0435"),
        ("field.code", "0416", "0581"),
        ("sequence.detail", "0402", "0801"),
        ("date.invalid", "0414", "8007"),
        # No code of the list says the same.
        ("vat.number_missing", "0428", ""),
        ("bytes.utf8", "", ""),
        ("credit.amount", "0432", ""),
        ("field.must_be_empty", "0410", ""),
    ],
)
def test_a_finding_names_the_code_where_one_says_the_same(rule: str, field: str, code: str) -> None:
    assert return_code(rule, field) == code


def test_every_rule_and_field_in_the_table_exists() -> None:
    by_both = return_codes._OF_RULE_AND_FIELD
    assert {*return_codes._OF_RULE, *return_codes._BY_ITSELF, *(rule for rule, _ in by_both)} <= set(RULES)
    assert {*return_codes._OF_FIELD, *(field for _, field in by_both)} <= set(FIELDS)
    codes = [*return_codes._OF_RULE.values(), *by_both.values(), *return_codes._OF_FIELD.values()]
    assert all(re.fullmatch(r"[0-9]{4}", code) for code in codes)
