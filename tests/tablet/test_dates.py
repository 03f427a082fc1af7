"""On which days an anamnese can be dated: the tablet and the server say the same."""

from datetime import date, timedelta

import pytest

from care.schema.models import Client
from care.schema.periods import CarePeriod
from questionnaires.schema.dates import date_problem
from tests.actors import House
from tests.factories import people
from tests.tablet.pages import Tab

TODAY = date(2026, 6, 15)
SPELLS = (
    (date(2026, 1, 5), date(2026, 2, 1)),
    (date(2026, 3, 1), date(2026, 4, 1)),
    (date(2026, 5, 1), date(2026, 6, 10)),
)
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(180)]
SAID = """
    const { dateProblem } = await import('/tablet/dates.js');
    return a.days.map((day) => dateProblem(a.spells, day, a.today));"""


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        client = people.client(thuis.north)
        CarePeriod.objects.filter(client=client).delete()
        for spell in SPELLS:
            CarePeriod.objects.create(organisation_id=client.organisation_id, client=client, period=spell)
        return client


def test_tablet_and_server_find_the_same_wrong_with_every_day(tab: Tab, thuis: House, client: Client) -> None:
    spells = [{"from": start.isoformat(), "until": end.isoformat()} for start, end in SPELLS]
    days = [day.isoformat() for day in DAYS]
    here = tab.run(SAID, {"spells": spells, "days": days, "today": TODAY.isoformat()})
    with thuis.scope():
        there = [date_problem(client, day, today=TODAY) for day in DAYS]
    assert here == [found and found.value for found in there]
    assert set(here) == {None, "future", "before_care", "after_care", "between"}


def test_care_that_goes_on_has_no_last_day(tab: Tab) -> None:
    asked = {"spells": [{"from": "2026-01-05", "until": None}], "days": ["2026-06-15"], "today": "2026-06-15"}
    assert tab.run(SAID, asked) == [None]
