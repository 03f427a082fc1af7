"""Reference numbers: found twice, and made for profile records."""

import re

import pytest

from declarations.aw319 import profile_reference, references
from declarations.aw319.references import References

GIVEN = {"agb": "42999001", "file": "0198", "person": "token-1", "number": 1}


def record(number: int, *, earlier: int = 0) -> bytes:
    """A 04 record of nothing but 0429-0432; a credit when it takes an earlier one back."""
    sign = b"C" if earlier else b"D"
    return (
        b"04".ljust(185)
        + b"00000100%b%020d" % (sign, number)
        + (b"%020d" % earlier if earlier else b" " * 20)
    )


@pytest.mark.parametrize("per_pass", [3, 1_000])
def test_it_finds_every_reference_that_occurs_twice(per_pass: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "_PER_PASS", per_pass)
    found = References()
    for line, number in enumerate([5, 7, 5, 8, 9, 7, 5], 11):
        found.add(record(number), line)
    assert sorted(found.duplicates()) == [(13, 11), (16, 12), (17, 11)]


@pytest.mark.parametrize("per_pass", [2, 1_000])
def test_it_finds_every_credit_that_takes_back_what_it_may_not(
    per_pass: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "_PER_PASS", per_pass)
    found = References()
    # Of a credit also the number that it takes back: 2 is a debit, 9 is not in the file, 8 is itself.
    for line, (number, earlier) in enumerate([(2, 0), (4, 2), (5, 4), (6, 9), (7, 2), (8, 8), (3, 7)], 11):
        found.add(record(number, earlier=earlier), line)
    assert sorted(found.wrong_credits()) == [
        (12, "credit.same_file", 11), (13, "reference.credit", 12), (15, "credit.twice", 12),
        (17, "reference.credit", 15),
    ]  # fmt: skip


def test_parts_of_two_neighbours_are_no_duplicate() -> None:
    """Ten times `ab` holds ten times `ba` as well, but one position further."""
    found = References()
    for line, text in enumerate([b"ab" * 10, b"ab" * 9 + b"ax", b"ba" * 10], 1):
        found.add(b"04".ljust(194) + text, line)
    assert list(found.duplicates()) == []


def test_a_profile_reference_is_always_the_same() -> None:
    assert profile_reference(**GIVEN) == "DV7QKP4MTLKBYZEIW3YO"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", [{"agb": "42999002"}, {"file": "0199"}, {"person": "token-2"}, {"number": 2}]
)
def test_each_part_makes_another_reference(change: dict[str, object]) -> None:
    assert profile_reference(**GIVEN | change) != profile_reference(**GIVEN)  # type: ignore[arg-type]


def test_parts_do_not_run_together() -> None:
    one = profile_reference(agb="1", file="23", person="4", number=5)
    other = profile_reference(agb="12", file="3", person="4", number=5)
    assert one != other


def test_a_profile_reference_fits_the_field() -> None:
    made = {profile_reference(agb="42999001", file="f", person=str(token), number=1) for token in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch(r"DV[A-Z2-7]{18}", text) for text in made)
