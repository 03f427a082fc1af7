"""Files of many shapes all the way through the database; more of them in `python -m tests.bench fuzz`."""

from datetime import date
from random import Random

import pytest
from django.db import transaction

from declarations.aw319 import check
from tests.declarations.generated import PERSONS, generated
from tests.declarations.mutations import mutated
from tests.declarations.office import Office
from tests.declarations.passing import broken_on_the_way

FILES, SPOILED = 30, 60


@pytest.fixture
def known(office: Office) -> Office:
    """Return an office that knows most persons of generated files: one profile, two, a short one, or none."""
    for number in range(PERSONS - 1):
        client = office.client(number, day=None if number == 2 else date(2023, 12, 1))
        if number == 1:
            office.profile(client, date(2024, 1, 12), "DKDL-05")
        if number == 3:
            office.profile(client, date(2024, 1, 4), "TIJDELIJK")
    return office


def test_generated_files_come_out_as_they_went_in_plus_records_of_nothing(known: Office) -> None:
    agb = known.house.organisation.agb
    for seed in range(FILES):
        content = generated(seed, agb=agb)
        assert list(broken_on_the_way(known.house.organisation, content)) == [], seed


def test_spoiled_files_are_refused_whole_or_come_out_as_they_went_in(known: Office) -> None:
    agb = known.house.organisation.agb
    for seed in range(SPOILED):
        spoiled = mutated(generated(seed, agb=agb), Random(seed))  # noqa: S311 - repeatable, not secret
        assert list(broken_on_the_way(known.house.organisation, spoiled.content)) == [], seed


def test_a_file_made_anew_from_the_beginning_has_the_same_bytes(known: Office) -> None:
    """As if it were read in and attached for the first time: nothing in it is left to chance."""
    for seed in range(5):
        content = generated(seed, agb=known.house.organisation.agb)
        assert check([content], today=date(2024, 3, 1)).is_accepted
        assert _made_and_forgotten(known, content) == _made_and_forgotten(known, content)


def _made_and_forgotten(office: Office, content: bytes) -> bytes:
    with transaction.atomic():
        file = office.take_in(content)
        office.attach(file)
        office.attach(file)
        made = office.exported(file)
        transaction.set_rollback(True)
    return made
