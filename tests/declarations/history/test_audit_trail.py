"""From a profile to the files that it went with, and where it did not go."""

from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from declarations.delivery import withdrawing
from declarations.history.audit_trail import trail_of
from declarations.insurers import disclosures
from declarations.schema.models import ProfileRecord
from profiles.schema.models import ClientProfile
from tests.actors import Actor
from tests.declarations.fictional import care, insured
from tests.declarations.office import BEFORE, Office, stop_sending
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db


def profile(office: Office, day: date = BEFORE) -> ClientProfile:
    return office.profile(office.client(0, day=None), day)


def test_it_tells_the_whole_way_with_times_and_people(
    nurse: Actor, office: Office, declaration_officer: Actor
) -> None:
    sent = profile(office)
    file = office.attached(insured(0), insured(1))
    office.export(file)
    with office.facts():
        disclosures.record_file(membership=declaration_officer.membership, file=file)
        way = trail_of(sent).ways[0]
        record = ProfileRecord.objects.get()
    assert [step.what for step in way.steps] == [
        "Anamnese afgerond",
        "In de wachtrij met factuur F2024-01",
        "Toegevoegd als profielregel",
        "In het bestand gezet, als regel 4",
        "Vrijgegeven voor de verzekeraar",
        "Bestand opgehaald (eigen organisatie)",
    ]
    assert way.steps[0].who == office.nurse.user.name
    assert way.steps[-1].who == declaration_officer.user.name
    page = shown(nurse.browser, "profile-trail", sent.public_id)
    assert all(step.what in page for step in way.steps)
    assert record.reference in page
    assert declaration_officer.user.name in page


def test_it_shows_no_amounts(nurse: Actor, office: Office) -> None:
    sent = profile(office)
    office.export(office.attached(insured(0, care(count=3, tariff=6_500))))
    page = shown(nurse.browser, "profile-trail", sent.public_id)
    assert not any(amount in page for amount in ("6500", "65,00", "19500", "195,00"))


def test_it_tells_where_the_line_will_be_while_the_file_is_not_made(nurse: Actor, office: Office) -> None:
    waiting = profile(office)
    office.attached(insured(0))
    assert "zoals het er nu voor staat" in shown(nurse.browser, "profile-trail", waiting.public_id)


def test_it_tells_with_which_file_it_did_not_go(nurse: Actor, office: Office) -> None:
    held = profile(office)
    stop_sending(office)
    office.attached(insured(0))
    page = shown(nurse.browser, "profile-trail", held.public_id)
    assert "Waar ging het niet mee?" in page
    assert "verzenden staat uit" in page
    assert "Anamnese afgerond" in page


def test_a_file_of_other_days_is_not_its_business(nurse: Actor, office: Office) -> None:
    later = profile(office, date(2024, 2, 15))
    office.attached(insured(0))
    page = shown(nurse.browser, "profile-trail", later.public_id)
    assert "nog met geen declaratie meegegaan" in page
    assert "Waar ging het niet mee?" not in page


def test_a_file_that_was_taken_back_is_not_in_it(nurse: Actor, office: Office) -> None:
    kept = profile(office)
    file = office.attached(insured(0))
    with office.facts():
        withdrawing.withdraw_file(file=file)
    page = shown(nurse.browser, "profile-trail", kept.public_id)
    assert "nog met geen declaratie meegegaan" in page
    assert "F2024-01" not in page


def test_looking_at_it_is_written_down(nurse: Actor, team_lead: Actor, office: Office) -> None:
    seen = profile(office)
    for person in (nurse, team_lead):
        shown(person.browser, "profile-trail", seen.public_id)
    with office.facts():
        rows = AccessLog.objects.filter(action=AccessAction.VIEWED_DECLARATION)
        assert [row.clients for row in rows] == [[seen.client_id]] * 2


def test_only_those_who_may_see_the_client_see_it(
    officer: Browser, nurse_of_another_team: Actor, office: Office, office_elsewhere: Office, nurse: Actor
) -> None:
    address = reverse("profile-trail", args=[profile(office).public_id])
    elsewhere = reverse("profile-trail", args=[profile(office_elsewhere).public_id])
    assert officer.get(address).status_code == 403
    assert nurse_of_another_team.browser.get(address).status_code == 403
    assert nurse.browser.get(elsewhere).status_code == 404


def test_one_gets_there_from_the_profile(nurse: Actor, office: Office) -> None:
    seen = profile(office)
    page = text(nurse.browser.get(reverse("profile-page", args=[seen.public_id])))
    assert reverse("profile-trail", args=[seen.public_id]) in page
