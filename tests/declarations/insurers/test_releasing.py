"""The administrator's pages of releasing figures to an insurer: seen first, then decided on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from care.schema.models import Insurer
from declarations.insurers import figures
from declarations.schema.disclosure_models import PopulationRelease
from tests.actors import Actor, House
from tests.declarations import pages
from tests.factories import anamneses, people

TODAY = date(2024, 5, 15)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day_in_may")]


def shown(actor: Actor, name: str, *arguments: Any, **query: str) -> str:
    return pages.shown(actor.browser, name, *arguments, **query)


def send(actor: Actor, name: str, *arguments: Any, **answers: str) -> str:
    return pages.text(actor.browser.post(reverse(name, args=arguments), answers, follow=True))


def ten_clients(house: House, nurse: Actor) -> None:
    with house.scope():
        for _ in range(10):
            anamneses.finished(people.client(house.north), nurse.membership, day=date(2024, 5, 1))
        people.client(house.north)


def test_it_shows_what_the_insurer_would_see_before_it_is_released(
    thuis: House, nurse: Actor, administrator: Actor, insurer: Insurer
) -> None:
    ten_clients(thuis, nurse)
    text = shown(administrator, "release-preview", insurer.public_id)
    assert "Wat krijgt Zorgzeker te zien?" in text
    assert "<strong>10</strong> <span>DKDL 1</span>" in text
    assert text.count("<strong>&lt;10</strong>") == 15
    assert "1 cliënt heeft op deze dag geen geldig profiel" in text
    with thuis.scope():
        assert not PopulationRelease.objects.exists()


def test_it_releases_what_was_seen(
    thuis: House, nurse: Actor, administrator: Actor, insurer: Insurer
) -> None:
    ten_clients(thuis, nurse)
    text = send(administrator, "release-make", insurer.public_id, **approval(thuis, insurer))
    assert "De cijfers zijn vrijgegeven aan Zorgzeker." in text
    assert administrator.user.name in text
    assert "nog niet" in text
    with thuis.scope():
        release = PopulationRelease.objects.get()
    assert release.released_by == administrator.user
    assert figures.counts_of(release)["DKDL-01"] == 10


def approval(house: House, insurer: Insurer, day: date = TODAY) -> dict[str, str]:
    with house.scope():
        seen = figures.preview(organisation=house.organisation, insurer=insurer, day=day).seen
    return {"day": day.isoformat(), "seen": seen, "is_sure": "on"}


def test_it_asks_first(thuis: House, administrator: Actor, insurer: Insurer) -> None:
    answers = approval(thuis, insurer)
    del answers["is_sure"]
    text = send(administrator, "release-make", insurer.public_id, **answers)
    assert "Zet een vinkje als je de cijfers hebt bekeken." in text
    with thuis.scope():
        assert not PopulationRelease.objects.exists()


def test_it_asks_again_when_the_figures_have_changed(
    thuis: House, nurse: Actor, administrator: Actor, insurer: Insurer
) -> None:
    answers = approval(thuis, insurer)
    ten_clients(thuis, nurse)
    text = send(administrator, "release-make", insurer.public_id, **answers)
    assert "De cijfers zijn intussen veranderd." in text
    with thuis.scope():
        assert not PopulationRelease.objects.exists()


def test_it_offers_no_release_too_near_another(thuis: House, administrator: Actor, insurer: Insurer) -> None:
    with thuis.scope():
        figures.release(organisation=thuis.organisation, insurer=insurer, day=TODAY - timedelta(days=27))
    text = shown(administrator, "release-preview", insurer.public_id)
    assert "Er zijn al cijfers vrijgegeven over 18 april 2024." in text
    assert "Vrijgeven aan Zorgzeker" not in text
    assert "18 april 2024" in send(
        administrator, "release-make", insurer.public_id, **approval(thuis, insurer)
    )
    with thuis.scope():
        assert PopulationRelease.objects.count() == 1


def test_it_offers_no_release_over_the_first_days_of_the_calendar(
    administrator: Actor, insurer: Insurer
) -> None:
    text = shown(administrator, "release-preview", insurer.public_id, day="0001-01-01")
    assert "Deze dag ligt te ver terug." in text


def test_it_shows_no_figures_of_a_day_to_come(administrator: Actor, insurer: Insurer) -> None:
    text = shown(administrator, "release-preview", insurer.public_id, day="2024-05-16")
    assert "Deze dag moet nog komen." in text
    assert "&lt;10" not in text


def test_it_lists_whom_figures_can_be_released_to(
    thuis: House, administrator: Actor, insurer: Insurer
) -> None:
    assert "Nog geen verzekeraars" in shown(administrator, "release-list")
    with thuis.scope():
        people.client(thuis.north)
    assert "Zorgzeker" in shown(administrator, "release-list")


@pytest.fixture
def others(
    nurse: Actor, team_lead: Actor, declaration_officer: Actor, privacy_officer: Actor, insurer_user: Actor
) -> list[Actor]:
    return [nurse, team_lead, declaration_officer, privacy_officer, insurer_user]


@pytest.mark.parametrize(
    ("method", "name", "is_of_insurer"),
    [("get", "release-list", False), ("get", "release-preview", True), ("post", "release-make", True)],
)
def test_only_the_administrator_sees_and_releases_them(
    others: list[Actor], insurer: Insurer, method: str, name: str, is_of_insurer: bool
) -> None:
    address = reverse(name, args=[insurer.public_id] if is_of_insurer else [])
    answers = [getattr(actor.browser, method)(address) for actor in others]
    assert {answer.status_code for answer in answers} == {403}
