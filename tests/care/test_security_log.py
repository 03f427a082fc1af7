"""Who came in, and who changed whose rights: in the log, by public ids only."""

import logging

import pytest
from django.test import Client as Browser
from django.urls import reverse

from care.accounts.people import (
    activate_membership,
    add_membership,
    change_teams,
    deactivate_membership,
    password_link,
)
from care.schema.constants import Role
from tests.actors import Actor, House
from tests.factories import people
from tests.factories.people import PASSWORD

NEW = "een heel nieuwe lange zin"


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def test_every_log_in_and_every_failure_is_there(nurse: Actor, caplog: pytest.LogCaptureFixture) -> None:
    email = nurse.user.email
    for password in ("fout", PASSWORD):
        Browser().post(reverse("login"), {"username": email, "password": password})
    assert caplog.messages.index("login_failed") < caplog.messages.index(
        f"logged_in user={nurse.user.public_id}"
    )
    assert email not in caplog.text


def test_passwords_that_change_are_there(nurse: Actor, caplog: pytest.LogCaptureFixture) -> None:
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    nurse.browser.post(reverse("password_change"), sent)
    nurse.user.refresh_from_db()
    browser = Browser()
    address = browser.get(password_link(user=nurse.user))["Location"]
    browser.post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    for event in ("password_changed", "password_link_made", "password_set_by_link"):
        assert f"{event} user={nurse.user.public_id}" in caplog.messages
    assert NEW not in caplog.text


def test_rights_that_change_are_there_with_who_did_it(
    thuis: House, administrator: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    by = administrator.user
    with thuis.scope():
        role, _is_new = add_membership(
            user=people.user(), role=Role.NURSE, by=by, organisation=thuis.organisation
        )
        change_teams(membership=role, teams=[thuis.north], by=by)
        deactivate_membership(membership=role, by=by)
        activate_membership(membership=role, by=by)
        add_membership(user=role.user, role=Role.NURSE, by=None, organisation=thuis.organisation)
    events = ("role_given", "role_teams_changed", "role_switched_off", "role_switched_on")
    for event in events:
        assert f"{event} membership={role.public_id} by={by.public_id}" in caplog.messages
    assert f"role_given membership={role.public_id} by=command" in caplog.messages
