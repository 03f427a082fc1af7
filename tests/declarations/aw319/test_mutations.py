"""Files that were spoiled, a thousand of them here and a hundred thousand in `python -m tests.bench fuzz`."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from declarations.aw319 import check
from tests.declarations.fictional import AGB, TODAY, checked, chunks
from tests.declarations.generated import generated
from tests.declarations.mutations import IN_BYTES, IN_RECORDS, KINDS, Lines, Mutated, mutated
from tests.declarations.robustness import broken_promises

FILES = 1_500
SHARDS = 5


def spoiled(seed: int) -> Mutated:
    return mutated(generated(seed), Random(seed))  # noqa: S311 - repeatable, not secret


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_spoiled_file_crashes_and_no_changed_amount_passes(shard: int) -> None:
    broken = {seed: list(broken_promises(spoiled(seed))) for seed in range(shard, FILES, SHARDS)}
    assert {seed: promises for seed, promises in broken.items() if promises} == {}


def test_the_spoiled_files_are_of_every_kind_and_some_are_correct_all_the_same() -> None:
    """A spoiler that only makes rubbish would prove nothing about what is accepted."""
    files = [spoiled(seed) for seed in range(600)]
    kinds = Counter(one.kind.removesuffix(" and more") for one in files)
    assert set(kinds) == set(KINDS)
    accepted = Counter(one.kind for one in files if checked(one.content).is_accepted)
    assert accepted["an_amount_and_the_total"]
    assert accepted["amounts_of_two"]
    assert accepted["a_record_gone_and_counted"]


@pytest.mark.parametrize("spoil", [*IN_RECORDS, *IN_BYTES])
def test_every_way_of_spoiling_changes_something(spoil: Callable[[Lines], object]) -> None:
    def changes(seed: int) -> bool:
        lines = Lines(generated(seed), Random(seed))  # noqa: S311 - repeatable, not secret
        result = spoil(lines)
        return (result if isinstance(result, bytes) else lines.content) != generated(seed)

    assert any(changes(seed) for seed in range(10))


def test_a_spoiled_file_is_told_the_same_whatever_the_chunks() -> None:
    for seed in range(100):
        content = spoiled(seed).content
        parts = check(chunks(content, 1 + seed * 7), today=TODAY, expected_agb=AGB)
        assert parts.findings == checked(content).findings, seed
