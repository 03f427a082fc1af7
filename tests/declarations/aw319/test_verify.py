"""The proof that nothing but zero-amount records was added."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from declarations.aw319 import Insertion, Verification, read, verify_insertion, write_with_profiles
from declarations.aw319.expected import ExpectedFile, UnexpectedError
from tests.declarations.aw319.test_writer import insertions, number_of, two_people, written
from tests.declarations.fictional import AGB, TODAY, Draft, content, insured, zero

RESULT_LINES = 10


def verified(original: bytes, result: bytes, *after: int) -> Verification:
    """Prove a file in which there must be a profile record behind each of these lines of the original."""
    records = insertions(*after)
    return verify_insertion([original], [result], records, today=TODAY, expected_agb=AGB)


def result() -> Draft:
    """Lines: 1 header, 2-5 first person with a profile record on 5, 6-9 second with one on 9, 10 trailer."""
    return Draft(written(two_people(), 4, 7))


def re_parented() -> Draft:
    """The comment of the performance behind the profile record, as if it explained that one."""
    spoiled = result()
    spoiled.records[3:5] = spoiled.records[4], spoiled.records[3]
    return spoiled.put(5, "9802", spoiled.get(4, "0402"))


def twice_on_one_day() -> Draft:
    """A second profile record for one person and day, with numbers, counts and a reference of its own."""
    spoiled = result()
    spoiled.insert(9, spoiled.records[8]).put(10, "0402", f"{7:012d}")
    spoiled.put(10, "0431", "DV000000000000000009")
    return spoiled.put(11, "9904", "000005").put(11, "9906", "0000009")


def one_of_two() -> Draft:
    return Draft(written(two_people(), 4))


def test_an_insertion_is_sound() -> None:
    outcome = verified(two_people(), result().bytes(), 4, 7)
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
        # What was once called sound.
        lambda: result().put(5, "0418", "0002"),
        lambda: result().put(5, "0432", "F2023-12 0001".ljust(20)),
        lambda: result().put(5, "0428", "2100"),
        lambda: result().put(5, "0431", "DV2222222222222222AB"),
        lambda: result().put(5, "0417", "DK12 "),
        lambda: result().put(5, "0414", "20240102"),
        lambda: result().put(5, "0420", "42999002"),
        lambda: result().put(5, "0422", "01000001"),
        lambda: result().put(4, "9804", "Andere toelichting".ljust(140)),
        re_parented,
        twice_on_one_day,
        one_of_two,
    ],
)
def test_any_other_change_is_found(spoil: Callable[[], Draft]) -> None:
    outcome = verified(two_people(), spoil().bytes(), 4, 7)
    assert not outcome.is_sound
    assert len(outcome.problems) == 1


def test_a_result_that_the_checker_refuses_is_not_sound() -> None:
    """Just as it had to be made, yet it may not go out: two records were given one reference."""
    twins = [replace(each, fields=number_of(0)) for each in insertions(4, 7)]
    made = b"".join(write_with_profiles(read([two_people()]), twins))
    outcome = verify_insertion([two_people()], [made], twins, today=TODAY, expected_agb=AGB)
    assert outcome.problems == ()
    assert [finding.rule for finding in outcome.report.findings] == ["reference.duplicate"]
    assert not outcome.is_sound


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([replace(insertions(4)[0], after_line=3)], "in the middle of a group"),
        ([replace(insertions(4)[0], after_line=2)], "no place"),
        ([replace(insertions(4)[0], after_line=9)], "behind the end"),
        (list(reversed(insertions(4, 7))), "no place"),
        (insertions(4, 4), "overlap"),
        ([replace(insertions(4)[0], fields=replace(number_of(0), performer="42000001"))], "performer"),
        ([replace(insertions(4)[0], fields=replace(number_of(0), reference="D" * 21))], "longer"),
    ],
)
def test_what_may_not_be_put_in_is_not_sound_whatever_was_made(wrong: list[Insertion], said: str) -> None:
    outcome = verify_insertion([two_people()], [result().bytes()], wrong, today=TODAY, expected_agb=AGB)
    assert not outcome.is_sound
    with pytest.raises(UnexpectedError, match=said):
        list(ExpectedFile(read([two_people()]), wrong))


def test_a_last_line_end_that_came_or_went_is_found() -> None:
    bare = two_people().removesuffix(b"\r\n")
    assert verified(bare, written(bare, 4), 4).is_sound
    assert not verified(bare, written(two_people(), 4), 4).is_sound
    assert not verified(two_people(), written(bare, 4), 4).is_sound


def test_problems_name_the_line_and_no_value() -> None:
    outcome = verified(two_people(), result().put(3, "0417", "W0999").bytes(), 4, 7)
    assert outcome.problems == ("line 3: not what it must be",)


def test_a_zero_record_of_the_original_is_not_taken_for_an_added_one() -> None:
    original = content(insured(0, zero(), zero()))
    outcome = verified(original, written(original, 4), 4)
    assert (outcome.is_sound, outcome.inserted) == (True, 1)
