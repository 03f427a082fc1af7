"""The pages around profiles: lists, a client, finishing, why, and the team."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from care.schema.constants import AccessAction
from care.schema.models import AccessLog, Client
from care.schema.statements import Consent, Objection
from profiles.schema.models import ClientProfile
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.factories import anamneses, people

TODAY = localdate()


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Wilgenboom", initials="B.")


@pytest.fixture
def finish(thuis: House, nurse: Actor, client: Client) -> Callable[..., ClientProfile]:
    def make(code: str = "DKDL-05", *, days: int = 0) -> ClientProfile:
        with thuis.scope():
            return anamneses.finished(client, nurse.membership, day=TODAY - timedelta(days), code=code)

    return make


def page(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def text(response: Any) -> str:
    return as_shown(response)


def test_the_list_shows_the_clients_of_her_team_in_care(nurse: Actor, thuis: House, client: Client) -> None:
    with thuis.scope():
        people.client(thuis.south, surname="Zuidema")
        people.client(thuis.north, surname="Vertrokken", in_care_until=TODAY)
    body = text(nurse.browser.get(page("client-list")))
    assert "B. Wilgenboom" in body
    assert "Zuidema" not in body
    assert "Vertrokken" not in body


@pytest.mark.parametrize(
    ("code", "days", "words"),
    [
        (None, 0, "Geen profiel"),
        ("TIJDELIJK", 3, "nog 25 dagen"),
        ("TIJDELIJK", 27, "nog 1 dag"),
        ("TIJDELIJK", 28, "verlopen op"),
        ("DKDL-05", 3, "Op orde"),
        ("DKDL-05", 200, "Herbeoordelen"),
        ("PTZ", 93, "Herbeoordelen"),
    ],
)
def test_the_list_says_how_it_stands(
    nurse: Actor,
    client: Client,
    finish: Callable[..., ClientProfile],
    code: str | None,
    days: int,
    words: str,
) -> None:
    if code:
        finish(code, days=days)
    assert words in text(nurse.browser.get(page("client-list")))


def test_one_action_goes_with_the_state(
    nurse: Actor, thuis: House, client: Client, finish: Callable[..., ClientProfile]
) -> None:
    start = page("anamnese-start", client.public_id)
    assert start in text(nurse.browser.get(page("client-list")))
    finish("DKDL-05", days=1)
    assert start not in text(nurse.browser.get(page("client-list")))
    with thuis.scope():
        anamneses.draft(client, nurse.membership, day=TODAY, answers={})
    assert start in text(nurse.browser.get(page("client-list")))  # where going on is asked


def test_a_name_is_searched_without_getting_into_an_address(
    nurse: Actor, thuis: House, client: Client
) -> None:
    with thuis.scope():
        people.client(thuis.north, surname="Berkenlaan")
    body = text(nurse.browser.post(page("client-list"), {"q": "wilgen"}))
    assert "Wilgenboom" in body
    assert "Berkenlaan" not in body
    unsearched = text(nurse.browser.get(page("client-list"), {"q": "wilgen"}))
    assert "Berkenlaan" in unsearched


def test_a_bsn_finds_the_one_client(nurse: Actor, thuis: House, client: Client) -> None:
    with thuis.scope():
        people.client(thuis.north, surname="Berkenlaan")
        theirs = people.client(thuis.south, surname="Zuidema")
    body = text(nurse.browser.post(page("client-list"), {"q": client.bsn}))
    assert "Wilgenboom" in body
    assert "Berkenlaan" not in body
    assert "Zuidema" not in text(nurse.browser.post(page("client-list"), {"q": theirs.bsn}))


def test_the_list_can_be_narrowed_to_a_state(
    nurse: Actor, thuis: House, client: Client, finish: Callable[..., ClientProfile]
) -> None:
    finish("TIJDELIJK")
    with thuis.scope():
        people.client(thuis.north, surname="Berkenlaan")
    body = text(nurse.browser.get(page("client-list"), {"status": "temporary"}))
    assert "Wilgenboom" in body
    assert "Berkenlaan" not in body


def test_a_long_list_is_paged(nurse: Actor, thuis: House) -> None:
    with thuis.scope():
        for number in range(52):
            people.client(thuis.north, surname=f"Naam{number:02}")
    assert "Naam51" not in text(nurse.browser.get(page("client-list")))
    assert "Naam51" in text(nurse.browser.get(page("client-list"), {"page": 2}))


def test_an_empty_list_says_how_clients_get_there(nurse: Actor) -> None:
    assert "Zodra een cliënt van je team in zorg is" in text(nurse.browser.get(page("client-list")))


def queries(actor: Actor, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert actor.browser.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("who", "name"), [("nurse", "client-list"), ("team_lead", "team-overview")])
def test_the_number_of_queries_does_not_grow_with_the_clients(
    request: pytest.FixtureRequest, nurse: Actor, thuis: House, who: str, name: str
) -> None:
    actor: Actor = request.getfixturevalue(who)

    def add(count: int) -> None:
        with thuis.scope():
            for number in range(count):
                client = people.client(thuis.north)
                if number % 2:
                    anamneses.finished(client, nurse.membership, day=TODAY, code="TIJDELIJK")

    add(4)
    few = queries(actor, page(name))
    add(30)
    assert queries(actor, page(name)) == few
    assert few <= 24


def test_the_client_page_shows_the_history_newest_first(
    nurse: Actor, client: Client, thuis: House, finish: Callable[..., ClientProfile]
) -> None:
    old = finish("DKDL-01", days=90)
    new = finish("DKDL-12", days=10)
    with thuis.scope():
        correction = anamneses.corrected(old, nurse.membership, code="DKDL-03", reason="verkeerde knop")
    body = text(nurse.browser.get(page("client-page", client.public_id)))
    places = [body.index(page("profile-page", each.public_id)) for each in (new, correction, old)]
    assert body.index(page("profile-page", new.public_id)) == min(places)
    assert "vervangen: verkeerde knop" in body


def test_a_team_lead_reads_but_does_not_start(
    team_lead: Actor, client: Client, finish: Callable[..., ClientProfile]
) -> None:
    profile = finish()
    body = text(team_lead.browser.get(page("client-page", client.public_id)))
    assert page("anamnese-start", client.public_id) not in body
    assert page("client-objection", client.public_id) not in body
    body = text(team_lead.browser.get(page("profile-page", profile.public_id)))
    assert page("anamnese-correct", profile.anamnese.public_id) not in body


def test_an_objection_is_recorded_and_taken_back_in_two_taps(
    nurse: Actor, client: Client, thuis: House
) -> None:
    address = page("client-objection", client.public_id)
    assert "Het bezwaar is vastgelegd" in text(nurse.browser.post(address, follow=True))
    with thuis.scope():
        assert Objection.objects.get(client=client, withdrawn_on=None).recorded_by == nurse.user
    nurse.browser.post(address, {"withdraw": "1"})
    with thuis.scope():
        assert not Objection.objects.filter(withdrawn_on=None).exists()


def test_consent_is_recorded_for_her_insurer(nurse: Actor, client: Client, thuis: House) -> None:
    address = page("client-consent", client.public_id)
    nurse.browser.post(address)
    with thuis.scope():
        assert Consent.objects.get(client=client).insurer == client.insurer
    assert "Toestemming intrekken" in text(nurse.browser.get(page("client-page", client.public_id)))
    nurse.browser.post(address, {"withdraw": "1"})
    with thuis.scope():
        assert not Consent.objects.filter(withdrawn_on=None).exists()


def finishing(nurse: Actor, draft: Anamnese, revision: int = 0) -> Any:
    return nurse.browser.post(page("anamnese-finish", draft.public_id), {"revision": revision})


def test_finishing_leads_to_the_reason_why(nurse: Actor, client: Client, thuis: House) -> None:
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=TODAY)
    response = finishing(nurse, draft)
    with thuis.scope():
        profile = ClientProfile.objects.get()
    assert response["Location"] == page("profile-page", profile.public_id)
    assert finishing(nurse, draft)["Location"] == response["Location"]


def test_all_that_is_wrong_stands_beside_its_answer(nurse: Actor, client: Client, thuis: House) -> None:
    raw: anamneses.Json = {
        **anamneses.answers_for("DKDL-01"),
        "Q1": "2",
        "Q5": "9",
        "Q13": ["sonde"],
        "Q99": "1",
    }
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=TODAY + timedelta(3), answers=raw)
    response = finishing(nurse, draft)
    body = text(response)
    assert response.status_code == 422
    assert "De datum ligt in de toekomst" in body
    assert "klopt niet met de geboortedatum" in body
    assert "Q99" in body
    with thuis.scope():
        assert Anamnese.objects.get(pk=draft.pk).answers == raw


def test_missing_and_contradicting_answers_stand_beside_their_questions(
    nurse: Actor, client: Client, thuis: House
) -> None:
    raw: anamneses.Json = {**anamneses.answers_for("DKDL-01"), "Q4": "9", "Q5": "", "Q12": "2"}
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=TODAY, answers=raw)
    body = text(finishing(nurse, draft))
    for question in ("Q4", "Q5", "Q13"):
        assert f'<li><a href="#{question}">' in body
        assert f'id="{question}" class="has-error"' in body


def test_answers_changed_since_the_review_are_not_finished_unseen(
    nurse: Actor, client: Client, thuis: House
) -> None:
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=TODAY)
    response = finishing(nurse, draft, revision=7)
    assert response.status_code == 409
    assert "ergens anders gewijzigd" in text(response)
    with thuis.scope():
        assert Anamnese.objects.get(pk=draft.pk).status == AnamneseStatus.DRAFT


def test_why_tells_scores_answers_and_what_is_one_answer_away(
    nurse: Actor, finish: Callable[..., ClientProfile]
) -> None:
    body = text(nurse.browser.get(page("profile-page", finish("DKDL-08").public_id)))
    assert "Verminderd draagkrachtig, geen verhoogde draaglast, gemiddelde ondersteuningsbehoefte" in body
    assert "Balans: draagkracht 5 van 7" in body
    assert "2 punten eraf" in body
    assert "4 punten erbij" in body
    assert "DKDL 2" in body  # without the light problems of Q4
    assert "model 2.0" in body
    assert "nooit gekoppeld aan een tarief" in body


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PTZ", "palliatief-terminaal"),
        ("TIJDELIJK", "geldt 28 dagen"),
        ("GEEN", "niet genoeg bekend"),
    ],
)
def test_an_exception_is_explained_without_scores(
    nurse: Actor, finish: Callable[..., ClientProfile], code: str, words: str
) -> None:
    body = text(nurse.browser.get(page("profile-page", finish(code).public_id)))
    assert words in body
    assert "De drie scores" not in body


def test_a_replaced_profile_leads_to_its_correction(
    nurse: Actor, thuis: House, finish: Callable[..., ClientProfile]
) -> None:
    old = finish("DKDL-01")
    with thuis.scope():
        new = anamneses.corrected(old, nurse.membership, code="DKDL-02", reason="knop ernaast")
    body = text(nurse.browser.get(page("profile-page", old.public_id)))
    assert "geldt op geen enkele dag meer" in body
    assert page("profile-page", new.public_id) in body
    assert page("anamnese-correct", old.anamnese.public_id) not in body


def test_the_team_lead_sees_who_has_none_first_and_all_the_numbers(
    team_lead: Actor, nurse: Actor, client: Client, thuis: House
) -> None:
    with thuis.scope():
        for code in ("DKDL-05", "DKDL-05", "TIJDELIJK"):
            other = people.client(thuis.north, surname=f"Van{code}")
            anamneses.finished(other, nurse.membership, day=TODAY, code=code)
    body = text(team_lead.browser.get(page("team-overview")))
    assert body.index("Wilgenboom") < body.index("VanTIJDELIJK")
    assert "<strong>2</strong> <span>DKDL 5</span>" in body


def test_each_look_is_written_down(
    nurse: Actor, client: Client, thuis: House, finish: Callable[..., ClientProfile]
) -> None:
    profile = finish()
    looks = (
        (page("client-list"), AccessAction.LISTED),
        (page("client-page", client.public_id), AccessAction.VIEWED),
        (page("profile-page", profile.public_id), AccessAction.VIEWED_PROFILE),
    )
    for address, action in looks:
        nurse.browser.get(address)
        with thuis.scope():
            look = AccessLog.objects.latest("id")
        assert (look.action, look.clients) == (action, [client.pk])


def test_others_do_not_get_in(
    client: Client,
    finish: Callable[..., ClientProfile],
    nurse_of_another_team: Actor,
    nurse_elsewhere: Actor,
    declaration_officer: Actor,
    insurer_user: Actor,
) -> None:
    profile = finish()
    for address in (page("client-page", client.public_id), page("profile-page", profile.public_id)):
        assert nurse_of_another_team.browser.get(address).status_code == 403
        assert nurse_elsewhere.browser.get(address).status_code == 404
        assert declaration_officer.browser.get(address).status_code == 403
        assert insurer_user.browser.get(address).status_code == 403
        assert Browser().get(address).status_code == 302


def test_a_nurse_does_not_see_the_team_page(nurse: Actor) -> None:
    assert nurse.browser.get(page("team-overview")).status_code == 403
