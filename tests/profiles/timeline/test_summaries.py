"""The summary of the morning by e-mail."""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail
from django.urls import reverse
from django.utils.timezone import localdate

from care.accounts.people import choose_language
from care.schema.constants import Role
from care.schema.models import Client
from care.tenancy import scope
from config.celery import app
from profiles.schema.models import DailySummary
from profiles.timeline.summaries import send_summary, wanting
from profiles.timeline.tasks import send_daily_summaries, send_daily_summary
from tests.actors import Actor, House
from tests.factories import people

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Stilhof", initials="S.")


@pytest.fixture
def wants(nurse: Actor) -> Actor:
    nurse.browser.post(reverse("own-settings"), {"wants_daily_summary": "on"})
    nurse.user.refresh_from_db()
    return nurse


@pytest.fixture
def eager() -> Iterator[None]:
    """Do tasks at once, in this process."""
    before, app.conf.task_always_eager = app.conf.task_always_eager, True
    yield
    app.conf.task_always_eager = before


def test_it_says_how_many_and_where_and_never_who(wants: Actor, client: Client) -> None:
    assert send_summary(user=wants.user, day=localdate()) == "sent"
    (message,) = mail.outbox
    assert message.to == [wants.user.email]
    assert "Thuiszorg Voorbeeld: 1 cliënt wacht op je." in message.body
    assert django_settings.BASE_URL + reverse("due-list") in message.body
    for secret in (client.surname, client.bsn, str(client.public_id), "Noord"):
        assert secret not in f"{message.subject} {message.body}"


def test_it_comes_once_a_day_however_often_it_is_asked_for(wants: Actor, client: Client) -> None:
    today = localdate()
    outcomes = [send_summary(user=wants.user, day=today) for _time in range(3)]
    assert outcomes == ["sent", "sent_before", "sent_before"]
    assert len(mail.outbox) == 1
    with scope.activate(scope.Scope(user_id=wants.user.pk)):
        assert DailySummary.objects.get().day == today


def test_a_mail_that_was_refused_is_tried_again(wants: Actor, client: Client) -> None:
    with (
        patch("profiles.timeline.summaries.send_mail", side_effect=SMTPException),
        pytest.raises(SMTPException),
    ):
        send_summary(user=wants.user, day=localdate())
    assert send_summary(user=wants.user, day=localdate()) == "sent"


def test_nothing_comes_unasked_or_when_nobody_waits(nurse: Actor, client: Client, thuis: House) -> None:
    assert send_summary(user=nurse.user, day=localdate()) == "not_wanted"
    nurse.user.wants_daily_summary = True
    with thuis.scope():
        Client.objects.filter(pk=client.pk).update(in_care_until=localdate())
    assert send_summary(user=nurse.user, day=localdate()) == "nothing_waits"
    assert mail.outbox == []


def test_a_nurse_of_two_organisations_gets_one_mail(wants: Actor, client: Client, elders: House) -> None:
    with elders.scope():
        people.membership(Role.NURSE, organisation=elders.organisation, user=wants.user)
        people.client(elders.north), people.client(elders.south)
    send_summary(user=wants.user, day=localdate())
    (message,) = mail.outbox
    assert "Zorg Elders: 2 cliënten wachten" in message.body
    assert "Thuiszorg Voorbeeld: 1 cliënt wacht" in message.body


def test_the_task_asks_for_everybody_who_wants(
    wants: Actor, client: Client, team_lead: Actor, eager: None
) -> None:
    send_daily_summaries()
    send_daily_summaries()
    assert [message.to for message in mail.outbox] == [[wants.user.email]]
    assert wanting() == [wants.user.pk]


def test_a_task_that_comes_after_its_day_sends_nothing(wants: Actor, client: Client) -> None:
    send_daily_summary(wants.user.pk, (localdate() - timedelta(days=1)).isoformat())
    send_daily_summary(0, localdate().isoformat())
    assert mail.outbox == []


def test_it_comes_in_the_language_of_the_account(wants: Actor, client: Client) -> None:
    choose_language(user=wants.user, language="en")
    send_summary(user=wants.user, day=date(2026, 3, 2))
    (message,) = mail.outbox
    assert message.subject == "Draagvlak: who is due? 2 March 2026"
    assert "1 client is waiting for you." in message.body
    assert "cliënt" not in message.body


def test_without_a_mail_server_nothing_is_asked(
    wants: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "MAIL_IS_ON", False)
    send_daily_summaries()
    assert mail.outbox == []


def test_the_choice_is_ones_own_and_can_be_taken_back(wants: Actor, team_lead: Actor) -> None:
    assert wanting() == [wants.user.pk]
    wants.browser.post(reverse("own-settings"), {})
    assert wanting() == []
    assert "wants_daily_summary" not in team_lead.browser.get(reverse("own-settings")).content.decode()


def mornings(first: datetime, last: datetime) -> list[datetime]:
    """Return when the schedule fires between two moments, as the scheduler reckons."""
    asked = [first]
    schedule = copy(app.conf.beat_schedule["send daily summaries"]["schedule"])
    schedule.nowfun, schedule.app = lambda: asked[-1], app
    fired = [first]
    while asked[-1] < last:
        asked.append(asked[-1] + timedelta(minutes=5))
        if schedule.is_due(fired[-1]).is_due:
            fired.append(asked[-1])
    return [moment.astimezone(AMSTERDAM) for moment in fired[1:]]


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
def test_both_nights_of_the_clock_have_one_morning(
    wants: Actor, client: Client, night: date, eager: None
) -> None:
    start = datetime(night.year, night.month, night.day, 12, tzinfo=AMSTERDAM) - timedelta(days=1)
    fired = mornings(
        start.astimezone(ZoneInfo("UTC")), (start + timedelta(days=2)).astimezone(ZoneInfo("UTC"))
    )
    on_that_day = [moment for moment in fired if moment.date() == night]
    assert [f"{moment:%H:%M}" for moment in on_that_day] == ["06:15", "06:45"]
    for moment in on_that_day:
        with time_machine.travel(moment, tick=False):
            send_daily_summaries()
    assert len(mail.outbox) == 1
    with scope.activate(scope.Scope(user_id=wants.user.pk)):
        assert DailySummary.objects.get().day == night


@pytest.mark.parametrize(
    ("night", "moment"),
    [
        (date(2026, 3, 29), "2026-03-28T23:30:00+00:00"),
        (date(2026, 10, 25), "2026-10-24T22:30:00+00:00"),
        (date(2026, 10, 26), "2026-10-25T23:30:00+00:00"),
    ],
)
def test_the_day_is_that_of_the_netherlands(night: date, moment: str, today_is: Callable[[], date]) -> None:
    with time_machine.travel(moment, tick=False):
        assert today_is() == night


@pytest.fixture
def today_is() -> Callable[[], date]:
    return localdate
