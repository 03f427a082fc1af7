"""How long a log-in opens something: locked, idle, over; and what opens it again."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from care.accounts import organisations, sessions
from care.schema.models import Membership, Organisation, User
from care.tenancy import scope
from tests.actors import Actor, House
from tests.factories import people

START = reverse("login")


class Clock:
    """The time of day in a test's hands."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **length: float) -> None:
        self.at += timedelta(**length)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with patch("care.accounts.sessions.now", clock := Clock()):
        yield clock


def page(browser: Browser, name: str = "client-list") -> int:
    return browser.get(reverse(name), headers={"X-Requested-With": "fetch"}).status_code


def post(browser: Browser, name: str, **sent: object) -> dict[str, bool]:
    answer: dict[str, bool] = browser.post(
        reverse(name), json.dumps(sent), content_type="application/json"
    ).json()
    return answer


def token(browser: Browser) -> str:
    return sessions.reopening_token(browser.session)


def test_a_locked_session_opens_nothing_by_its_cookie(nurse: Actor) -> None:
    assert page(nurse.browser) == 200
    kept = token(nurse.browser)
    assert post(nurse.browser, "session-lock") == {"locked": True}
    for name in ("client-list", "tablet-package", "start", "own-settings"):
        assert page(nurse.browser, name) == 401
    assert post(nurse.browser, "session-reopen", token="0" * 64) == {"open": False}
    assert post(nurse.browser, "session-reopen") == {"open": False}
    assert page(nurse.browser) == 401
    assert post(nurse.browser, "session-reopen", token=kept) == {"open": True}
    assert page(nurse.browser) == 200


def test_a_request_under_way_does_not_open_it_again(nurse: Actor) -> None:
    page(nurse.browser)
    before = nurse.browser.session
    post(nurse.browser, "session-lock")
    with pytest.raises(UpdateError):
        before.save()
    assert page(nurse.browser) == 401


@pytest.mark.parametrize("sent", [b'{"token": "\\ud800"}', b"[1]", b"\xff", b'{"token": ' + b"[" * 5000])
def test_what_is_no_token_opens_nothing(nurse: Actor, sent: bytes) -> None:
    page(nurse.browser)
    post(nurse.browser, "session-lock")
    answer = nurse.browser.post(reverse("session-reopen"), sent, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"open": False})


def test_the_token_of_one_log_in_opens_no_other(nurse: Actor, team_lead: Actor) -> None:
    kept = token(nurse.browser)
    post(team_lead.browser, "session-lock")
    assert post(team_lead.browser, "session-reopen", token=kept) == {"open": False}
    assert post(Browser(), "session-reopen", token=kept) == {"open": False}


def test_the_password_opens_a_locked_one(nurse: Actor) -> None:
    post(nurse.browser, "session-lock")
    assert nurse.browser.get(START).status_code == 200
    sent = {"username": nurse.user.email, "password": people.PASSWORD}
    assert nurse.browser.post(START, sent).status_code == 302
    assert page(nurse.browser) == 200


def test_whoever_is_away_too_long_is_locked_out_and_the_token_helps(nurse: Actor, clock: Clock) -> None:
    nurse.browser.force_login(nurse.user)
    for _visit in range(5):
        clock.pass_by(minutes=58)
        assert page(nurse.browser) == 200
    kept = token(nurse.browser)
    clock.pass_by(minutes=61)
    assert page(nurse.browser) == 401
    assert post(nurse.browser, "session-reopen", token=kept) == {"open": True}
    assert page(nurse.browser) == 200


def test_nothing_keeps_a_session_alive_for_ever(nurse: Actor, clock: Clock) -> None:
    nurse.browser.force_login(nurse.user)
    kept = token(nurse.browser)
    for _visit in range(19):
        clock.pass_by(minutes=30)
        assert page(nurse.browser, "tablet-package") == 200
    clock.pass_by(minutes=31)
    assert page(nurse.browser, "tablet-package") == 401
    assert post(nurse.browser, "session-reopen", token=kept) == {"open": False}
    nurse.browser.force_login(nurse.user)
    assert page(nurse.browser, "tablet-package") == 200


def test_a_tablet_that_locks_by_itself_leaves_pages_in_use_alone(nurse: Actor, clock: Clock) -> None:
    nurse.browser.force_login(nurse.user)
    page(nurse.browser)
    assert post(nurse.browser, "session-lock", quiet=True) == {"locked": False}
    clock.pass_by(minutes=6)
    # A tablet that is taken up looks for a newer app by itself: nobody used a page for that.
    for name in ("tablet-package", "tablet-worker", "versions", "tablet"):
        page(nurse.browser, name)
    assert post(nurse.browser, "session-lock", quiet=True) == {"locked": True}


def test_each_organisation_chooses_its_limits(administrator: Actor, thuis: House, clock: Clock) -> None:
    limits = {"offline_hours": "24", "session_idle_minutes": "15", "session_hours": "2"}
    administrator.browser.force_login(administrator.user)
    administrator.browser.post(
        reverse("organisation-settings"), {"reassess_months": "6", "return_weeks": "4", **limits}
    )
    clock.pass_by(minutes=16)
    assert page(administrator.browser, "user-list") == 401


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("offline_hours", 3), ("offline_hours", 337), ("session_idle_minutes", 4), ("session_hours", 25)],
)
def test_limits_out_of_bounds_are_refused(thuis: House, name: str, wrong: int) -> None:
    good = {"offline_hours": 72, "session_idle_minutes": 60, "session_hours": 10}
    with pytest.raises(ValidationError) as refused:
        organisations.set_access_limits(
            organisation=thuis.organisation, limits=organisations.AccessLimits(**(good | {name: wrong}))
        )
    assert list(refused.value.message_dict) == [name]
    assert Organisation.objects.get(pk=thuis.organisation.pk).offline_hours == 72


def test_people_of_an_insurer_lose_access_with_their_role_and_have_limits_too(
    insurer_user: Actor, clock: Clock
) -> None:
    insurer_user.browser.force_login(insurer_user.user)
    assert page(insurer_user.browser, "insurer-files") == 200
    clock.pass_by(minutes=61)
    assert page(insurer_user.browser, "insurer-files") == 401
    insurer_user.browser.force_login(insurer_user.user)
    with scope.activate(scope.Scope(insurer_id=insurer_user.membership.insurer_id)):
        Membership.objects.filter(pk=insurer_user.membership.pk).update(is_active=False)
    assert page(insurer_user.browser, "insurer-files") == 403
    User.objects.filter(pk=insurer_user.user.pk).update(is_active=False)
    assert page(insurer_user.browser, "insurer-files") == 401
