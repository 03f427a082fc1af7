"""Counting, releasing and writing out figures over the insured of one insurer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from care.clients.moves import move_to_insurer
from care.schema.models import Client, Insurer
from declarations.insurers import figures, figures_csv
from declarations.schema.disclosure_models import PopulationRelease
from tests.actors import Actor, House
from tests.declarations.golden_files import GOLDEN
from tests.factories import anamneses, people
from tests.profiles.dkdl import DKDL_2_0

DAY = date(2024, 3, 1)
AsOwner = Callable[[], AbstractContextManager[None]]

pytestmark = pytest.mark.django_db


def with_profile(house: House, nurse: Actor, code: str, *, day: date = DAY, times: int = 1) -> list[Client]:
    with house.scope():
        clients = [people.client(house.north) for _ in range(times)]
        for client in clients:
            anamneses.finished(client, nurse.membership, day=day, code=code)
    return clients


def count(house: House, insurer: Insurer, day: date = DAY) -> figures.Distribution:
    with house.scope():
        return figures.distribution(organisation=house.organisation, insurer=insurer, day=day)


def release(house: House, insurer: Insurer, day: date = DAY) -> PopulationRelease:
    with house.scope():
        return figures.release(organisation=house.organisation, insurer=insurer, day=day)


def test_it_counts_every_profile_even_where_there_is_nobody(thuis: House, insurer: Insurer) -> None:
    counted = count(thuis, insurer)
    assert counted.counts == dict.fromkeys(DKDL_2_0.labels, 0)
    assert len(counted.counts) == 16


def test_it_counts_by_the_profile_in_force_on_the_day(thuis: House, nurse: Actor, insurer: Insurer) -> None:
    client, _other = with_profile(thuis, nurse, "DKDL-05", times=2)
    with thuis.scope():
        anamneses.finished(client, nurse.membership, day=DAY + timedelta(days=9), code="PTZ")
    before, after = count(thuis, insurer), count(thuis, insurer, DAY + timedelta(days=9))
    assert (before.counts["DKDL-05"], before.counts["PTZ"]) == (2, 0)
    assert (after.counts["DKDL-05"], after.counts["PTZ"]) == (1, 1)


def test_it_counts_a_temporary_profile_only_while_it_is_valid(
    thuis: House, nurse: Actor, insurer: Insurer
) -> None:
    with_profile(thuis, nurse, "TIJDELIJK")
    assert count(thuis, insurer, DAY + timedelta(days=27)).counts["TIJDELIJK"] == 1
    late = count(thuis, insurer, DAY + timedelta(days=28))
    assert (late.counts["TIJDELIJK"], late.without_profile) == (0, 1)


def test_it_counts_a_corrected_profile_once(thuis: House, nurse: Actor, insurer: Insurer) -> None:
    with thuis.scope():
        first = anamneses.finished(people.client(thuis.north), nurse.membership, day=DAY, code="DKDL-01")
        anamneses.corrected(first, nurse.membership, code="DKDL-12")
    counted = count(thuis, insurer)
    assert (counted.counts["DKDL-01"], counted.counts["DKDL-12"]) == (0, 1)


def test_it_leaves_out_who_is_not_in_care_or_insured_elsewhere(
    thuis: House, elders: House, nurse: Actor, nurse_elsewhere: Actor, insurer: Insurer
) -> None:
    with_profile(elders, nurse_elsewhere, "DKDL-01")
    with thuis.scope():
        for changes in (
            {"in_care_from": DAY + timedelta(days=1)},
            {"in_care_until": DAY},
            {"insurer": people.insurer(uzovi="9992")},
        ):
            people.client(thuis.north, **changes)
    assert count(thuis, insurer).without_profile == 0
    assert sum(count(thuis, insurer).counts.values()) == 0


def test_it_goes_by_the_insurer_of_the_day(thuis: House, nurse: Actor, insurer: Insurer) -> None:
    other = people.insurer(uzovi="9992")
    with thuis.scope():
        client = people.client(thuis.north)
        anamneses.finished(client, nurse.membership, day=DAY, code="DKDL-05")
        move_to_insurer(client=client, insurer_id=other.pk, day=DAY + timedelta(days=10))
    days = (DAY + timedelta(days=9), DAY + timedelta(days=10))
    assert [count(thuis, insurer, day).counts["DKDL-05"] for day in days] == [1, 0]
    assert [count(thuis, other, day).counts["DKDL-05"] for day in days] == [0, 1]


def test_it_counts_who_came_back_in_both_periods_and_not_between(thuis: House, insurer: Insurer) -> None:
    with thuis.scope():
        client = people.client(thuis.north, in_care_until=DAY)
        Client.objects.filter(pk=client.pk).update(in_care_from=DAY + timedelta(days=10), in_care_until=None)
    days = (DAY - timedelta(days=1), DAY, DAY + timedelta(days=10))
    assert [count(thuis, insurer, day).without_profile for day in days] == [1, 0, 1]


def test_it_counts_with_one_query_and_reads_the_models_with_another(
    thuis: House, nurse: Actor, insurer: Insurer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with_profile(thuis, nurse, "DKDL-01", times=3)
    with thuis.scope(), django_assert_num_queries(2):
        figures.distribution(organisation=thuis.organisation, insurer=insurer, day=DAY)


def test_it_freezes_what_was_released_without_the_small_numbers(
    thuis: House, nurse: Actor, insurer: Insurer, settings: Settings
) -> None:
    settings.POPULATION_THRESHOLD = 3
    with_profile(thuis, nurse, "DKDL-02", times=4)
    with_profile(thuis, nurse, "DKDL-09", times=2)
    made = release(thuis, insurer)
    with_profile(thuis, nurse, "DKDL-09", times=2)
    with thuis.scope():
        made.refresh_from_db()
    shown = figures.counts_of(made)
    assert shown == {code: 4 if code == "DKDL-02" else None for code in DKDL_2_0.labels}
    assert (made.total, made.threshold, made.model_version) == (None, 3, "dkdl 2.0")


def test_it_freezes_the_name_of_the_organisation(thuis: House, insurer: Insurer) -> None:
    made = release(thuis, insurer)
    thuis.organisation.name = "Thuiszorg Nieuw"
    thuis.organisation.save(update_fields=["name"])
    with thuis.scope():
        fresh = PopulationRelease.objects.select_related("organisation").get(pk=made.pk)
        assert fresh.organisation.name == "Thuiszorg Nieuw"
    assert "Thuiszorg Voorbeeld" in figures_csv.as_csv(fresh).decode()
    assert "Thuiszorg Nieuw" not in figures_csv.as_csv(fresh).decode()


def test_it_shows_no_total_of_an_older_release_beside_hidden_counts(thuis: House, insurer: Insurer) -> None:
    with thuis.scope():
        older = figures.preview(organisation=thuis.organisation, insurer=insurer, day=DAY).release
        older.total = 6
    assert older.shown_total is None
    older.cells = [cell | {"count": 10} for cell in older.cells]
    older.total = 160
    assert older.shown_total == 160


def test_it_never_changes_a_release(thuis: House, insurer: Insurer, as_owner: AsOwner) -> None:
    made = release(thuis, insurer)
    with as_owner(), pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
        PopulationRelease.objects.filter(pk=made.pk).update(total=3)


@pytest.mark.parametrize("days", [-27, -1, 0, 1, 27])
def test_it_refuses_a_release_too_near_another(thuis: House, insurer: Insurer, days: int) -> None:
    release(thuis, insurer)
    with pytest.raises(figures.ReleaseRefusedError, match="1 maart 2024"):
        release(thuis, insurer, DAY + timedelta(days=days))
    with thuis.scope():
        assert PopulationRelease.objects.count() == 1


@pytest.mark.parametrize("days", [-28, 28])
def test_it_releases_again_four_weeks_away(thuis: House, insurer: Insurer, days: int) -> None:
    release(thuis, insurer)
    release(thuis, insurer, DAY + timedelta(days=days))
    with thuis.scope():
        assert PopulationRelease.objects.count() == 2


def test_it_releases_the_same_day_to_two_insurers(thuis: House, insurer: Insurer) -> None:
    release(thuis, insurer)
    assert release(thuis, people.insurer(uzovi="9992")).reference_day == DAY


@time_machine.travel("2024-03-01 12:00", tick=False)
def test_it_refuses_a_day_to_come(thuis: House, insurer: Insurer) -> None:
    with pytest.raises(figures.ReleaseRefusedError, match="moet nog komen"):
        release(thuis, insurer, DAY + timedelta(days=1))
    assert release(thuis, insurer, DAY).reference_day == DAY


def test_it_refuses_figures_that_are_no_longer_those_that_were_seen(
    thuis: House, nurse: Actor, insurer: Insurer, settings: Settings
) -> None:
    settings.POPULATION_THRESHOLD = 2
    with thuis.scope():
        seen = figures.preview(organisation=thuis.organisation, insurer=insurer, day=DAY).seen
    with_profile(thuis, nurse, "DKDL-02", times=2)
    with thuis.scope(), pytest.raises(figures.ReleaseRefusedError, match="veranderd"):
        figures.release(organisation=thuis.organisation, insurer=insurer, day=DAY, seen=seen)


# The file that an insurer takes away.


def test_it_writes_the_file_as_it_was_agreed() -> None:
    written = figures_csv.as_csv(_known_release("Thuiszorg ‘De Brug’; Ede"))
    assert written == (GOLDEN / "figures-1.csv").read_bytes()


def test_it_keeps_a_spreadsheet_from_calculating_a_name() -> None:
    first_line = figures_csv.as_csv(_known_release("=1+1")).decode().splitlines()[1]
    assert first_line.split(";")[1] == "'=1+1"


def test_it_names_the_file_after_organisation_and_day() -> None:
    assert figures_csv.file_name(_known_release("Zorg")) == "profielen-41999001-2024-03-01.csv"


def _known_release(name: str) -> PopulationRelease:
    counts = {code: 7 * number for number, code in enumerate(DKDL_2_0.labels)}
    safe = figures.suppress(counts, 10)
    return PopulationRelease(
        organisation=people.organisation(agb="41999001", name=name),
        organisation_name=name,
        insurer=people.insurer(),
        reference_day=DAY,
        threshold=10,
        cells=[
            {"code": code, "label": DKDL_2_0.labels[code], "count": number}
            for code, number in safe.counts.items()
        ],
        total=safe.total,
    )


@pytest.mark.django_db(transaction=True)
def test_it_releases_once_when_two_people_press_the_button_at_the_same_time(thuis: House) -> None:
    insurer, ready = people.insurer(uzovi="9991"), Barrier(2, timeout=20)

    def press() -> bool:
        try:
            ready.wait()
            release(thuis, insurer)
        except figures.ReleaseRefusedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        pressed = [pool.submit(press) for _ in range(2)]
        assert sorted(one.result() for one in pressed) == [False, True]
    with thuis.scope():
        assert PopulationRelease.objects.count() == 1
