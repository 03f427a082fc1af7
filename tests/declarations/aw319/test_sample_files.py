"""The maker of fictional files."""

from datetime import date
from itertools import islice

from declarations.aw319 import sample_files
from declarations.aw319.bsn import passes_eleven_test
from tests.declarations.fictional import SPEC, checked, random_content


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert random_content(20, seed=3) == random_content(20, seed=3)
    assert random_content(20, seed=3) != random_content(20, seed=4)


def test_numbers_are_fictional_and_pass_the_test() -> None:
    numbers = list(islice(sample_files.fictional_bsns(), 500))
    assert len(set(numbers)) == 500
    assert all(number.startswith("999") and passes_eleven_test(number.encode()) for number in numbers)


def test_it_has_the_shape_that_was_asked_for() -> None:
    wanted = sample_files.Population(50, performances=4, comments_every=10)
    content = b"".join(sample_files.build(SPEC, sample_files.population(SPEC, wanted)))
    facts = checked(content).facts
    assert facts is not None
    assert (facts.counts.insured, facts.counts.performances, facts.counts.comments) == (50, 200, 5)
    assert len(facts.persons) == 50


def test_performances_may_outnumber_the_days() -> None:
    spec = sample_files.FileSpec(
        SPEC.agb, SPEC.uzovi, "DAG", date(2024, 1, 5), date(2024, 1, 5), date(2024, 1, 6)
    )
    people = sample_files.population(spec, sample_files.Population(3, performances=4))
    found = checked(b"".join(sample_files.build(spec, people))).findings
    assert {each.rule for each in found} <= {"performance.twice"}


def test_when_the_numbers_run_out_the_same_person_comes_with_another_insurer() -> None:
    people = list(
        sample_files.population(SPEC, sample_files.Population(91_000, performances=1, comments_every=0))
    )
    first, last = (
        next(each for each in order if each.bsn == people[-1].bsn) for order in (people, people[::-1])
    )
    assert (first.uzovi, last.uzovi) == (SPEC.uzovi, "9990")
    assert first.date_of_birth == last.date_of_birth
