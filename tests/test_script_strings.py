"""Which strings count as scripts, and that there come no more of them."""

import pytest

from tests.script_strings import LEFT, is_script, scripts_in_strings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("document.title", False),
        ("(each) => each.value", False),
        ("() => { work(); }", True),
        ("a(); b()", True),
        ("x" * 101, True),
    ],
)
def test_more_than_an_expression_is_a_script(text: str, expected: bool) -> None:
    assert is_script(text) is expected


def test_no_test_brings_another_script_in_a_string() -> None:
    found = list(scripts_in_strings())
    assert len(found) <= LEFT, found
