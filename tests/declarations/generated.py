"""Correct files of many shapes, from a seed: several groups of a person, credits, zeros, comments."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

from declarations.aw319 import sample_files
from tests.declarations.fictional import OTHER_UZOVI, SPEC, UZOVI, care, content, insured

PERSONS = 6
DUMMY_BSN = "999999999"
NOTES = ("Fictief", "Toelichting: zie é", "x" * 140)


def generated(seed: int, *, number: str = "", agb: str = SPEC.agb) -> bytes:
    """Return a correct file, the same for the same seed; `number` is its 0116."""
    random = Random(seed)  # noqa: S311 - fictional, the same for the same seed
    groups = [_group(random) for _ in range(random.randint(1, 8))]
    spec = replace(
        SPEC, agb=agb, invoice_number=number or f"G{seed}", is_test=random.random() < 0.1, performer=agb
    )
    built = content(*each_taken_back_once(groups), spec=spec)
    return built.removesuffix(b"\r\n") if random.random() < 0.1 else built


def each_taken_back_once(
    groups: Iterable[sample_files.SampleInsured],
) -> Iterator[sample_files.SampleInsured]:
    """Two credits may name one earlier debit by chance: they are numbered."""
    numbers = count(1)
    for group in groups:
        yield replace(
            group,
            care=tuple(
                replace(each, earlier_reference=f"F2023 {next(numbers)}") if each.is_credit else each
                for each in group.care
            ),
        )


def _group(random: Random) -> sample_files.SampleInsured:
    number = random.randrange(PERSONS)
    about: dict[str, object] = {
        "uzovi": OTHER_UZOVI if random.random() < 0.15 else UZOVI,
        "comments": _comments(random),
        "is_deceased": random.random() < 0.05,
    }
    if random.random() < 0.05:
        about["bsn"] = DUMMY_BSN
    performances = (_care(random) for _ in range(random.randint(1, 4)))
    return insured(number, *performances, **about)


def _care(random: Random) -> sample_files.Care:
    first, last = sorted(random.randrange(31) for _ in range(2))
    days = (str(SPEC.period_first + timedelta(days=day)) for day in (first, last))
    tariff = 0 if random.random() < 0.15 else random.randint(1, 9_999)
    is_credit = tariff > 0 and random.random() < 0.2
    return care(
        *days,
        code=random.choice(["W0104", "1", "A", "DK01"] if not tariff else ["W0104", "1", "A"]),
        unit=random.choice(["00", "01", "04", "07", "14", "16", "81"]),
        count=random.randint(1, 9_999) if random.random() < 0.1 else random.randint(1, 40),
        tariff=tariff,
        list_code=random.choice(["065", "990"]),
        is_credit=is_credit,
        earlier_reference="F2023" if is_credit else "",
        vat=random.choice([0, 0, 900, 2100]),
        comments=_comments(random),
    )


def _comments(random: Random) -> tuple[str, ...]:
    return tuple(random.choice(NOTES) for _ in range(random.choice([0, 0, 0, 1, 2])))
