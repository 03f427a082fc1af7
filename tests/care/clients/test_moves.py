"""A client who moves, leaves and comes back."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from care.clients import moves, registration, selectors
from care.schema.models import Client
from care.schema.periods import TeamPeriod
from care.tasks import let_planned_moves_begin
from tests.actors import Actor, House
from tests.care.clients.test_client_import import load, row
from tests.care.clients.test_client_pages import form
from tests.factories import people

TODAY = date(2026, 3, 10)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-03-10T20:00:00+01:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Verhuisboom", insurer=people.insurer(uzovi="9991"))


def seen(actor: Actor, house: House, *, on: date | None = None) -> bool:
    with house.scope():
        return selectors.clients_of(actor.membership, on=on).exists()


def opens(actor: Actor, client: Client) -> int:
    return actor.browser.get(reverse("client-page", args=[client.public_id])).status_code


def care(client: Client, house: House) -> list[tuple[date, date | None]]:
    with house.scope():
        spells = client.care_periods.order_by("period").values_list("period", flat=True)
        return [(spell.lower, spell.upper) for spell in spells]


def move(house: House, client: Client, day: date) -> None:
    with house.scope():
        moves.move_to_team(client=client, team_id=house.south.pk, day=day)


def test_a_move_today_takes_the_client_to_the_other_team_at_once(
    thuis: House, client: Client, nurse: Actor, nurse_of_another_team: Actor
) -> None:
    move(thuis, client, TODAY)
    assert (seen(nurse, thuis), seen(nurse_of_another_team, thuis)) == (False, True)
    assert (opens(nurse, client), opens(nurse_of_another_team, client)) == (403, 200)
    assert seen(nurse, thuis, on=TODAY - timedelta(days=1))


def test_a_planned_move_takes_effect_on_its_day_without_any_task(
    thuis: House,
    client: Client,
    nurse: Actor,
    nurse_of_another_team: Actor,
    today: time_machine.Traveller,
) -> None:
    move(thuis, client, TOMORROW)
    today.move_to("2026-03-10T23:59:59+01:00")
    assert (seen(nurse, thuis), seen(nurse_of_another_team, thuis)) == (True, False)
    today.move_to("2026-03-11T00:00:00+01:00")
    assert (seen(nurse, thuis), seen(nurse_of_another_team, thuis)) == (False, True)
    for each in (nurse, nurse_of_another_team):
        each.browser.force_login(each.user)  # half a day later
    assert (opens(nurse, client), opens(nurse_of_another_team, client)) == (403, 200)


def test_the_row_follows_at_the_turn_of_the_day(
    thuis: House, client: Client, today: time_machine.Traveller
) -> None:
    move(thuis, client, TOMORROW)
    let_planned_moves_begin()
    with thuis.scope():
        assert Client.objects.get().team == thuis.north
    today.move_to("2026-03-11T00:05:00+01:00")
    let_planned_moves_begin()
    with thuis.scope():
        assert Client.objects.get().team == thuis.south


def test_an_insurer_of_a_day_is_kept(thuis: House, client: Client) -> None:
    other = people.insurer(uzovi="9992")
    with thuis.scope():
        moves.move_to_insurer(client=client, insurer_id=other.pk, day=date(2026, 1, 1))
        on_old_year = Client.objects.filter(
            insurer_periods__insurer__uzovi="9991", insurer_periods__period__contains=date(2025, 12, 31)
        )
        assert on_old_year.exists()
        assert Client.objects.get().insurer == other


def test_the_form_asks_from_which_day(thuis: House, client: Client, administrator: Actor) -> None:
    address = reverse("client-edit", args=[client.public_id])
    moved = form(thuis, bsn="", team=str(thuis.south.public_id), moved_on="")
    refused = administrator.browser.post(address, moved)
    assert set(refused.context["form"].errors) == {"moved_on"}
    assert administrator.browser.post(address, moved | {"moved_on": "01-04-2026"}).status_code == 302
    with thuis.scope():
        assert Client.objects.get().team == thuis.north
        assert selectors.planned_moves(client) == {"team": selectors.Plan("Zuid", date(2026, 4, 1))}
    assert "Gepland: Zuid vanaf 1 april 2026." in administrator.browser.get(address).content.decode()


def test_a_plan_is_taken_back_by_the_same_day_with_nothing_changed(
    thuis: House, client: Client, administrator: Actor
) -> None:
    move(thuis, client, date(2026, 4, 1))
    address = reverse("client-edit", args=[client.public_id])
    unchanged = form(thuis, bsn="", moved_on="01-04-2026", in_care_from="01-01-2023")
    assert administrator.browser.post(address, unchanged).status_code == 302
    with thuis.scope():
        assert selectors.planned_moves(client) == {}


@pytest.mark.parametrize("day", ["31-12-2022", "12-03-2027"])
def test_a_day_that_cannot_be_is_refused(
    thuis: House, client: Client, administrator: Actor, day: str
) -> None:
    address = reverse("client-edit", args=[client.public_id])
    moved = form(thuis, bsn="", team=str(thuis.south.public_id), moved_on=day, in_care_from="01-01-2023")
    assert set(administrator.browser.post(address, moved).context["form"].errors) == {"moved_on"}


def test_an_import_with_another_team_or_insurer_is_a_move_of_that_day(thuis: House, tmp_path: Path) -> None:
    people.insurer(uzovi="9991"), people.insurer(uzovi="9992")
    bsn, quiet = people.bsn(), people.bsn()
    assert load(thuis, tmp_path, row(bsn), row(quiet))[0] == 0
    with time_machine.travel("2026-03-20T12:00:00+01:00", tick=False):
        code, out, _err = load(thuis, tmp_path, row(bsn, team="Zuid", uzovi="9992"), row(quiet))
    assert (code, out.split(",")[1].strip()) == (0, "2 bijgewerkt.")
    with thuis.scope():
        client = selectors.client_by_bsn(thuis.organisation.pk, bsn)
        assert client is not None
        assert (client.team, client.insurer.uzovi) == (thuis.south, "9992")
        spells = TeamPeriod.objects.filter(client=client).order_by("period").values_list("team", "period")
        assert list(spells) == [
            (thuis.north.pk, DateRange(None, date(2026, 3, 20))),
            (thuis.south.pk, DateRange(date(2026, 3, 20), None)),
        ]
        assert TeamPeriod.objects.exclude(client=client).count() == 1


def test_an_import_twice_on_one_day_leaves_no_empty_days(thuis: House, tmp_path: Path) -> None:
    people.insurer(uzovi="9991")
    bsn = people.bsn()
    for team in ("Noord", "Zuid", "Noord", "Zuid"):
        assert load(thuis, tmp_path, row(bsn, team=team))[0] == 0
    with thuis.scope():
        assert Client.objects.get().team == thuis.south
        assert TeamPeriod.objects.filter(period__contains=TODAY).get().team == thuis.south


def test_a_client_who_comes_back_keeps_the_earlier_period(
    thuis: House, client: Client, administrator: Actor
) -> None:
    with thuis.scope():
        Client.objects.filter(pk=client.pk).update(in_care_until=date(2025, 6, 1))
    address = reverse("client-return", args=[client.public_id])
    assert "1 juni 2025" in administrator.browser.get(address).content.decode()
    sent = {
        "day": "09-03-2026",
        "team": str(thuis.south.public_id),
        "insurer": str(client.insurer.public_id),
    }
    assert administrator.browser.post(address, sent).status_code == 302
    assert care(client, thuis) == [(date(2023, 1, 1), date(2025, 6, 1)), (date(2026, 3, 9), None)]
    with thuis.scope():
        back = Client.objects.get()
        assert (back.team, back.is_in_care(TODAY)) == (thuis.south, True)
        assert not back.is_in_care(date(2025, 12, 1))


@pytest.mark.parametrize("day", [date(2025, 5, 31), date(2027, 3, 12)])
def test_coming_back_before_leaving_or_far_ahead_is_refused(
    thuis: House, client: Client, administrator: Actor, day: date
) -> None:
    with thuis.scope():
        client.in_care_until = date(2025, 6, 1)
        client.save()
        with pytest.raises(ValidationError):
            registration.return_to_care(
                client=client,
                day=day,
                team_id=thuis.north.pk,
                insurer_id=client.insurer_id,
                by=administrator.membership,
            )


def test_whoever_is_in_care_cannot_come_back(thuis: House, client: Client, nurse: Actor) -> None:
    with thuis.scope(), pytest.raises(ValidationError):
        registration.return_to_care(
            client=client,
            day=TODAY,
            team_id=thuis.north.pk,
            insurer_id=client.insurer_id,
            by=nurse.membership,
        )


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2023, 1, 1), date(2025, 5, 1), [(date(2023, 1, 1), date(2025, 5, 1))]),
        (date(2022, 6, 1), None, [(date(2022, 6, 1), None)]),
        (
            date(2025, 6, 1),
            None,
            [(date(2023, 1, 1), date(2025, 6, 1)), (date(2025, 6, 1), None)],
        ),
        (date(2025, 5, 1), None, [(date(2025, 5, 1), None)]),
        (date(2023, 1, 1), date(2023, 1, 1), []),
    ],
    ids=["earlier end", "earlier start", "return", "later start", "no day at all"],
)
def test_the_last_pair_of_a_client_is_the_last_period(
    thuis: House,
    client: Client,
    since: date,
    until: date | None,
    expected: list[tuple[date, date | None]],
) -> None:
    with thuis.scope():
        Client.objects.filter(pk=client.pk).update(in_care_until=date(2025, 6, 1))
        Client.objects.filter(pk=client.pk).update(in_care_from=since, in_care_until=until)
    assert care(client, thuis) == expected


def test_correcting_the_last_period_takes_its_place_over_an_earlier_one(thuis: House, client: Client) -> None:
    with thuis.scope():
        Client.objects.filter(pk=client.pk).update(in_care_until=date(2024, 6, 1))
        Client.objects.filter(pk=client.pk).update(in_care_from=date(2025, 1, 1), in_care_until=None)
        Client.objects.filter(pk=client.pk).update(in_care_from=date(2024, 3, 1))
    assert care(client, thuis) == [(date(2023, 1, 1), date(2024, 3, 1)), (date(2024, 3, 1), None)]


def test_the_database_refuses_two_teams_on_a_day(thuis: House, client: Client) -> None:
    with thuis.scope(), pytest.raises(IntegrityError), transaction.atomic():
        TeamPeriod.objects.create(
            organisation=thuis.organisation,
            client=client,
            team=thuis.south,
            period=DateRange(TODAY, None),
        )


def test_periods_of_another_organisation_are_not_seen(thuis: House, elders: House, client: Client) -> None:
    with elders.scope():
        assert not TeamPeriod.objects.exists()
