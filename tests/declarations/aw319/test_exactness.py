"""A file with profiles is the file as it was plus records of nothing, for a thousand generated ones."""

import pytest

from tests.declarations.aw319 import test_golden
from tests.declarations.exactness import adds_up, amounts, differences, insertions, references_of, written
from tests.declarations.fictional import checked, random_content
from tests.declarations.generated import generated

FILES = 1_000
SHARDS = 5


def faults(before: bytes, each: int) -> list[str]:
    """Put records in, and in again, and return what is not as it was."""
    report = checked(before)
    assert report.facts is not None, report.findings
    assert adds_up(before)
    records = insertions(report.facts, each=each)
    after = written(before, records)
    found = list(differences(before, after, references_of(records)))
    again = checked(after)
    assert again.facts is not None
    if again.facts.control_total != report.facts.control_total or len(again.facts.persons) != len(
        report.facts.persons
    ):
        found.append("read again, it says something else")
    if written(before, records) != after or written(after, []) != after:
        found.append("written twice, other bytes")
    return found


@pytest.mark.parametrize("shard", range(SHARDS))
def test_only_zero_records_are_added_to_generated_files(shard: int) -> None:
    found = {seed: faults(generated(seed), each=seed % 3) for seed in range(shard, FILES, SHARDS)}
    assert {seed: wrong for seed, wrong in found.items() if wrong} == {}


def test_only_zero_records_are_added_to_the_other_files_of_these_tests() -> None:
    for before in (
        test_golden.original(),
        random_content(200),
        (test_golden.GOLDEN / "after.txt").read_bytes(),
    ):
        assert faults(before, each=2) == []


def test_a_changed_amount_is_noticed() -> None:
    """What is to notice has to be able to."""
    before = generated(1)
    report = checked(before)
    assert report.facts is not None
    records = insertions(report.facts)
    after = written(before, records)
    spoiled = after.replace(b"065W0104", b"065W0105", 1) if b"065W0104" in after else after[:-60]
    assert list(differences(before, spoiled, references_of(records)))
    assert list(differences(before, after, set()))
    assert amounts(before) != amounts(after)
