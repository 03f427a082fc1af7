"""The proof that nothing but zero-amount records was added."""

from collections.abc import Callable

import pytest

from declarations.aw319 import Verification, verify_insertion
from tests.declarations.aw319.test_writer import two_people, written
from tests.declarations.fictional import AGB, TODAY, Draft, content, insured, zero

RESULT_LINES = 10


def verified(original: bytes, result: bytes) -> Verification:
    return verify_insertion([original], [result], today=TODAY, expected_agb=AGB)


def result() -> Draft:
    """Lines: 1 header, 2-5 first person with a profile record on 5, 6-9 second with one on 9, 10 trailer."""
    return Draft(written(two_people(), 4, 7))


def test_an_insertion_is_sound() -> None:
    outcome = verified(two_people(), result().bytes())
    assert outcome.is_sound
    assert (outcome.problems, outcome.inserted) == ((), 2)


def test_a_file_is_sound_with_itself() -> None:
    outcome = verified(two_people(), two_people())
    assert outcome.is_sound
    assert outcome.inserted == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: result().put(3, "0429", "00019499").put(10, "9907", "00000038999"),
        lambda: result().put(3, "0417", "W0999"),
        lambda: result().put(5, "0429", "00000001"),
        lambda: result().put(10, "9907", "00000039001"),
        lambda: result().put(10, "9908", "C"),
        lambda: result().put(10, "9904", "000003"),
        lambda: result().put(10, "9906", "0000009"),
        lambda: result().put(6, "0202", "000000000003"),
        lambda: result().put(8, "9802", "000000000006"),
        lambda: result().put(1, "0116", "F2024-02".ljust(12)),
        lambda: result().put(2, "0210", "Anders".ljust(25)),
        lambda: result().delete(4),
        lambda: result().delete(10),
        lambda: result().delete(6).delete(6).delete(6).delete(6),
        lambda: result().insert(10, result().records[9]),
    ],
)
def test_any_other_change_is_found(spoil: Callable[[], Draft]) -> None:
    outcome = verified(two_people(), spoil().bytes())
    assert not outcome.is_sound
    assert len(outcome.problems) == 1


def test_a_result_that_the_checker_refuses_is_not_sound() -> None:
    """Two added records with one reference: nothing of the original changed, yet it may not go out."""
    twin = result()
    twin.put(9, "0431", twin.get(5, "0431"))
    outcome = verified(two_people(), twin.bytes())
    assert outcome.problems == ()
    assert [finding.rule for finding in outcome.report.findings] == ["reference.duplicate"]
    assert not outcome.is_sound


def test_a_last_line_end_that_came_or_went_is_found() -> None:
    bare = two_people().removesuffix(b"\r\n")
    assert verified(bare, written(bare, 4)).is_sound
    assert not verified(bare, written(two_people(), 4)).is_sound
    assert not verified(two_people(), written(bare, 4)).is_sound


def test_problems_name_the_line_and_no_value() -> None:
    outcome = verified(two_people(), result().put(3, "0417", "W0999").bytes())
    assert outcome.problems == ("line 3: neither a line of the original nor a record with zero amounts",)


def test_a_zero_record_of_the_original_is_not_taken_for_an_added_one() -> None:
    original = content(insured(0, zero(), zero()))
    outcome = verified(original, written(original, 4))
    assert (outcome.is_sound, outcome.inserted) == (True, 1)
