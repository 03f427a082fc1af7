"""The nurse's way through an anamnese, page by page, without a script; and what the script talks to."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from care.schema.constants import AccessAction, Role
from care.schema.models import AccessLog, Client
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.factories import anamneses, people

DAY = date(2026, 3, 2)
THROUGH_THE_GATES = {"Q2": "1", "Q3": "1"}
SCREENS = (
    "initieel",
    "draagkracht",
    "draaglast",
    "ondersteuningsbehoefte",
    "ondersteuningsbehoefte-q12",
)


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Wilgenboom")


@pytest.fixture
def draft(thuis: House, nurse: Actor, client: Client) -> Anamnese:
    with thuis.scope():
        return anamneses.draft(client, nurse.membership, day=DAY, answers={})


def stored(thuis: House, draft: Anamnese) -> Anamnese:
    with thuis.scope():
        return Anamnese.objects.get(pk=draft.pk)


def page(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def text(response: Any) -> str:
    return as_shown(response)


def post(
    nurse: Actor, draft: Anamnese, slug: str, answers: anamneses.Json, *, revision: int, shown: str = ""
) -> Any:
    data = {**answers, "shown": shown.split() or list(answers), "revision": revision}
    return nurse.browser.post(page("anamnese-screen", draft.public_id, slug), data)


def test_it_starts_with_the_date_of_today(nurse: Actor, client: Client, thuis: House) -> None:
    address = page("anamnese-start", client.public_id)
    assert f'value="{localdate().isoformat()}"' in text(nurse.browser.get(address))
    response = nurse.browser.post(address, {"day": localdate().isoformat()})
    with thuis.scope():
        made = Anamnese.objects.get()
    assert response["Location"] == page("anamnese-fill", made.public_id)


@pytest.mark.parametrize(
    ("day", "words"),
    [("2020-01-01", "nog niet in zorg"), ("geen dag", "geen datum"), ("", "Vul de datum in")],
)
def test_a_wrong_date_is_told_beside_its_field(nurse: Actor, client: Client, day: str, words: str) -> None:
    response = nurse.browser.post(page("anamnese-start", client.public_id), {"day": day})
    assert response.status_code == 422
    assert words in text(response)


def test_with_a_draft_it_offers_to_go_on(nurse: Actor, client: Client, draft: Anamnese) -> None:
    shown = text(nurse.browser.get(page("anamnese-start", client.public_id)))
    when = localtime(draft.saved_at)
    assert f"Concept voor {client.name}, vandaag {when:%H:%M}, 1 van 12: verder of weggooien?" in shown
    assert "Verder met dit concept?" in shown
    assert "Verder met het concept" in shown


def test_it_goes_screen_by_screen_to_the_review(nurse: Actor, draft: Anamnese, thuis: House) -> None:
    answers = anamneses.answers_for("DKDL-05")
    per_screen = [["Q2", "Q3"], ["Q4", "Q5", "Q6"], ["Q7", "Q8"], ["Q9", "Q10", "Q11"], ["Q12"]]
    here = nurse.browser.get(page("anamnese-fill", draft.public_id))["Location"]
    for revision, (slug, questions) in enumerate(zip(SCREENS, per_screen, strict=True)):
        assert here == page("anamnese-screen", draft.public_id, slug)
        assert nurse.browser.get(here).status_code == 200
        sent = {question: answers[question] for question in questions}
        here = post(nurse, draft, slug, sent, revision=revision)["Location"]
    assert here == page("anamnese-review", draft.public_id)
    assert stored(thuis, draft).answers == answers
    assert "Klopt alles?" in text(nurse.browser.get(here))


def test_age_is_shown_and_not_asked(nurse: Actor, draft: Anamnese) -> None:
    shown = text(nurse.browser.get(page("anamnese-screen", draft.public_id, "initieel")))
    assert "18 jaar of ouder" in shown
    assert 'name="Q1"' not in shown


def test_a_child_goes_straight_to_the_review(nurse: Actor, thuis: House) -> None:
    with thuis.scope():
        child = people.client(thuis.north, date_of_birth=DAY - timedelta(4000))
        draft = anamneses.draft(child, nurse.membership, day=DAY, answers={})
    location = nurse.browser.get(page("anamnese-fill", draft.public_id))["Location"]
    assert location == page("anamnese-review", draft.public_id)
    assert nurse.browser.get(location).status_code == 200


def test_a_missing_answer_is_told_on_top_and_beside_its_question(
    nurse: Actor, draft: Anamnese, thuis: House
) -> None:
    post(nurse, draft, "initieel", THROUGH_THE_GATES, revision=0)
    response = post(nurse, draft, "draagkracht", {"Q4": "2"}, revision=1, shown="Q4 Q5 Q6")
    body = text(response)
    assert response.status_code == 422
    assert 'href="#Q5"' in body
    assert 'id="fout-Q5"' in body
    assert 'id="Q4-2" value="2" checked' in body
    assert "Nu overslaan en later invullen" in body
    assert stored(thuis, draft).answers["Q4"] == "2"


def test_the_technical_question_is_asked_once_it_applies(nurse: Actor, thuis: House, client: Client) -> None:
    answers = anamneses.answers_for("DKDL-01")
    del answers["Q12"]
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=DAY, answers=answers)
    response = post(nurse, draft, SCREENS[4], {"Q12": "2"}, revision=0)
    assert response["Location"].endswith("#Q13")
    response = post(nurse, draft, SCREENS[4], {"Q12": "2"}, revision=1, shown="Q12 Q13")
    assert response.status_code == 422
    assert 'id="fout-Q13"' in text(response)
    response = post(nurse, draft, SCREENS[4], {"Q12": "2", "Q13": ["sonde"]}, revision=1)
    assert response["Location"] == page("anamnese-review", draft.public_id)


def test_what_no_longer_applies_is_set_aside_and_told(nurse: Actor, thuis: House, client: Client) -> None:
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=DAY)
    response = nurse.browser.post(
        page("anamnese-screen", draft.public_id, "initieel"),
        {"Q2": "2", "Q3": "1", "shown": ["Q2", "Q3"], "revision": 0},
        follow=True,
    )
    assert "Deze vragen gelden nu niet: Genoeg bekend, Psychisch functioneren" in text(response)
    assert stored(thuis, draft).answers == {"Q2": "2"}
    screen = page("anamnese-screen", draft.public_id, "initieel")
    response = nurse.browser.get(screen)
    assert "blijven bewaard tot je afrondt" in text(response)
    assert 'id="Q3-1" value="1" checked' in text(response)  # in a part that is hidden and disabled
    again = {"Q2": "1", "shown": ["Q2"], "revision": 1}
    response = nurse.browser.post(screen, again, follow=True)
    assert "Je eerdere antwoorden zijn terug: Genoeg bekend, Psychisch functioneren" in text(response)
    assert stored(thuis, draft).answers == anamneses.answers_for("DKDL-01")


@pytest.mark.parametrize("answers", [{"Q2": "8"}, {"Q2": ["1", "2"]}])
def test_an_option_that_is_not_there_is_refused_beside_its_question(
    nurse: Actor, draft: Anamnese, answers: anamneses.Json
) -> None:
    response = post(nurse, draft, "initieel", answers, revision=0)
    assert response.status_code == 422
    assert 'id="fout-Q2"' in text(response)


def test_an_answer_of_another_screen_is_not_taken(nurse: Actor, draft: Anamnese, thuis: House) -> None:
    post(nurse, draft, "initieel", {"Q2": "1", "Q9": "1", "Q99": "1"}, revision=0)
    assert stored(thuis, draft).answers == {"Q2": "1"}


def test_a_change_made_elsewhere_is_told_and_nothing_is_lost(
    nurse: Actor, draft: Anamnese, thuis: House
) -> None:
    post(nurse, draft, "initieel", {"Q2": "1", "Q3": "1"}, revision=0)
    response = post(nurse, draft, "initieel", {"Q2": "1", "Q3": "2"}, revision=0)
    body = text(response)
    assert response.status_code == 422
    assert "ergens anders gewijzigd" in body
    assert 'id="Q3-2" value="2" checked' in body
    assert 'name="revision" value="1"' in body
    assert stored(thuis, draft).answers["Q3"] == "1"


def test_a_revision_that_nothing_can_have_is_a_change_made_elsewhere(nurse: Actor, draft: Anamnese) -> None:
    sent = {"Q2": "1", "shown": "Q2", "revision": "9" * 5000}
    response = nurse.browser.post(page("anamnese-screen", draft.public_id, "initieel"), sent)
    assert response.status_code == 422
    finishing = nurse.browser.post(page("anamnese-finish", draft.public_id), {"revision": "9" * 5000})
    assert finishing.status_code == 409


def test_answers_sent_after_the_log_in_expired_are_kept_until_she_is_back(
    nurse: Actor, draft: Anamnese, thuis: House
) -> None:
    browser, address = Browser(), page("anamnese-screen", draft.public_id, "initieel")
    data = {"Q2": "1", "Q3": "1", "shown": ["Q2", "Q3"], "revision": 0}
    referrer = {"HTTP_REFERER": f"http://testserver{address}"}
    response = browser.post(address, data, **referrer)  # type: ignore[arg-type]
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))
    # With its quotation mark: sealed text may hold the letters by chance, never the mark.
    assert 'Q2"' not in json.dumps(dict(browser.session)).replace("\\", "")
    browser.post(response["Location"], {"username": nurse.user.email, "password": people.PASSWORD})
    assert "is bewaard" in text(browser.get(address))
    assert stored(thuis, draft).answers == {"Q2": "1", "Q3": "1"}


def test_of_who_is_not_logged_in_no_more_is_kept_than_a_screen_can_send(draft: Anamnese) -> None:
    browser, address = Browser(), page("anamnese-screen", draft.public_id, "initieel")
    browser.post(address, {"Q2": "1" * 5_000, "shown": ["Q2"], "revision": 0})
    assert not dict(browser.session)


def test_answers_of_one_nurse_never_reach_another(nurse: Actor, draft: Anamnese, thuis: House) -> None:
    browser, address = Browser(), page("anamnese-screen", draft.public_id, "initieel")
    browser.post(address, {"Q2": "2", "shown": ["Q2"], "revision": 0})
    with thuis.scope():
        colleague = people.membership(Role.NURSE, organisation=thuis.organisation, teams=[thuis.north])
        other_client = people.client(thuis.north)
        other = anamneses.draft(other_client, colleague, day=DAY, answers={})
    browser.force_login(colleague.user)
    assert browser.get(address).status_code == 403
    browser.get(page("anamnese-screen", other.public_id, "initieel"))
    assert stored(thuis, other).answers == {}
    assert stored(thuis, draft).answers == {}


def test_last_times_answers_are_a_hint_and_never_filled_in(
    nurse: Actor, thuis: House, client: Client
) -> None:
    with thuis.scope():
        anamneses.finished(client, nurse.membership, day=DAY - timedelta(200), code="DKDL-07")
        draft = anamneses.draft(client, nurse.membership, day=DAY, answers=THROUGH_THE_GATES)
    body = text(nurse.browser.get(page("anamnese-screen", draft.public_id, "draagkracht")))
    assert "Vorige keer (14 augustus 2025): Licht" in body
    assert "checked" not in body


def test_the_review_shows_every_answer_with_a_way_to_change_it(
    nurse: Actor, thuis: House, client: Client
) -> None:
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=DAY)
    body = text(nurse.browser.get(page("anamnese-review", draft.public_id)))
    assert f"{page('anamnese-screen', draft.public_id, 'draagkracht')}#Q5" in body
    assert "2 maart 2026" in body


def test_the_date_can_be_changed_from_the_review(nurse: Actor, draft: Anamnese, thuis: House) -> None:
    address = page("anamnese-date", draft.public_id)
    assert nurse.browser.get(address).status_code == 200
    response = nurse.browser.post(f"{address}?review", {"day": "2026-03-01"})
    assert response["Location"] == page("anamnese-review", draft.public_id)
    assert stored(thuis, draft).date == date(2026, 3, 1)
    assert nurse.browser.post(address, {"day": "2019-01-01"}).status_code == 422


def test_a_draft_is_thrown_away_after_asking(nurse: Actor, draft: Anamnese, thuis: House) -> None:
    address = page("anamnese-discard", draft.public_id)
    assert "Dit concept weggooien?" in text(nurse.browser.get(address))
    nurse.browser.post(address)
    assert stored(thuis, draft).status == AnamneseStatus.DISCARDED
    response = nurse.browser.get(page("anamnese-fill", draft.public_id))
    assert response["Location"] == page("client-page", draft.client.public_id)


def test_a_correction_asks_for_a_reason(nurse: Actor, thuis: House, client: Client) -> None:
    with thuis.scope():
        old = anamneses.finished(client, nurse.membership, day=DAY, code="DKDL-05").anamnese
    address = page("anamnese-correct", old.public_id)
    assert nurse.browser.get(address).status_code == 200
    assert nurse.browser.post(address, {"reason": "  "}).status_code == 422
    response = nurse.browser.post(address, {"reason": "verkeerd getikt"}, follow=True)
    assert "verkeerd getikt" in text(response)
    with thuis.scope():
        assert Anamnese.objects.get(corrects=old).answers == anamneses.answers_for("DKDL-05")


def test_a_finished_anamnese_leads_to_its_profile(nurse: Actor, thuis: House, client: Client) -> None:
    with thuis.scope():
        profile = anamneses.finished(client, nurse.membership, day=DAY)
    for name in ("anamnese-fill", "anamnese-review"):
        response = nurse.browser.get(page(name, profile.anamnese.public_id), follow=True)
        assert response.redirect_chain[-1][0] == page("profile-page", profile.public_id)


def put(nurse: Actor, draft: Anamnese, body: object) -> Any:
    return nurse.browser.put(
        page("anamnese-save", draft.public_id), json.dumps(body), content_type="application/json"
    )


def test_the_time_that_she_was_busy_is_kept(nurse: Actor, draft: Anamnese, thuis: House) -> None:
    put(nurse, draft, {"answers": {"Q2": "1"}, "revision": 0, "seconds": 20})
    put(nurse, draft, {"answers": {"Q2": "1"}, "revision": 1, "seconds": "veel"})
    answers = {**THROUGH_THE_GATES, "seconds": "7"}
    post(nurse, draft, "initieel", answers, revision=1, shown="Q2 Q3")
    post(nurse, draft, "initieel", {**answers, "seconds": "-5"}, revision=2, shown="Q2 Q3")
    with thuis.scope():
        draft.refresh_from_db()
    assert draft.active_seconds == 27


def test_the_script_saves_and_hears_how_far_it_is(nurse: Actor, draft: Anamnese, thuis: House) -> None:
    response = put(nurse, draft, {"answers": {"Q2": "1"}, "revision": 0})
    heard = json.loads(response.content)
    assert (heard["revision"], heard["answers"], heard["answered"], heard["total"]) == (1, {"Q2": "1"}, 2, 12)
    assert stored(thuis, draft).answers == {"Q2": "1"}


def test_the_script_hears_of_a_conflict_with_both_versions(nurse: Actor, draft: Anamnese) -> None:
    put(nurse, draft, {"answers": {"Q2": "1"}, "revision": 0})
    response = put(nurse, draft, {"answers": {"Q2": "2"}, "revision": 0})
    heard = json.loads(response.content)
    assert (response.status_code, heard["error"], heard["revision"]) == (409, "conflict", 1)
    assert heard["differences"] == [{"subject": "Laatste levensfase", "here": "Ja", "stored": "Nee"}]


def test_the_script_hears_what_can_never_be_right(nurse: Actor, draft: Anamnese) -> None:
    response = put(nurse, draft, {"answers": {"Q2": "9", "Q77": "1"}, "revision": 0})
    assert response.status_code == 422
    assert [problem["question"] for problem in json.loads(response.content)["problems"]] == ["Q2", "Q77"]


@pytest.mark.parametrize(
    "body",
    [[], 1, {"answers": {}}, {"answers": [], "revision": 0}, {"answers": {}, "revision": "x"}],
)
def test_the_script_hears_of_something_unreadable(nurse: Actor, draft: Anamnese, body: object) -> None:
    assert put(nurse, draft, body).status_code == 400


def test_the_script_hears_that_it_is_finished(nurse: Actor, thuis: House, client: Client) -> None:
    with thuis.scope():
        anamnese = anamneses.finished(client, nurse.membership, day=DAY).anamnese
    response = put(nurse, anamnese, {"answers": {}, "revision": 1})
    assert (response.status_code, json.loads(response.content)["error"]) == (409, "finished")


def test_the_script_hears_that_nobody_is_logged_in(draft: Anamnese) -> None:
    response = Browser().put(
        page("anamnese-save", draft.public_id),
        "{}",
        content_type="application/json",
        headers={"X-Requested-With": "fetch"},
    )
    assert response.status_code == 401


def test_every_look_is_written_down(nurse: Actor, draft: Anamnese, client: Client, thuis: House) -> None:
    nurse.browser.get(page("anamnese-screen", draft.public_id, "initieel"))
    with thuis.scope():
        look = AccessLog.objects.latest("id")
    assert (look.action, look.clients, look.user_id) == (AccessAction.ANSWERED, [client.pk], nurse.user.pk)


PAGES = (
    ("anamnese-fill", ()),
    ("anamnese-screen", ("initieel",)),
    ("anamnese-review", ()),
    ("anamnese-date", ()),
    ("anamnese-discard", ()),
    ("anamnese-take-over", ()),
    ("anamnese-correct", ()),
)


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_others_do_not_get_in(
    draft: Anamnese,
    nurse_of_another_team: Actor,
    nurse_elsewhere: Actor,
    team_lead: Actor,
    declaration_officer: Actor,
    name: str,
    more: tuple[str, ...],
) -> None:
    address = page(name, draft.public_id, *more)
    assert nurse_of_another_team.browser.get(address).status_code == 403
    assert nurse_elsewhere.browser.get(address).status_code == 404
    assert team_lead.browser.get(address).status_code == 403
    assert declaration_officer.browser.get(address).status_code == 403
    assert Browser().get(address).status_code == 302


def test_a_screen_that_is_not_there_is_not_found(nurse: Actor, draft: Anamnese) -> None:
    assert nurse.browser.get(page("anamnese-screen", draft.public_id, "toekomst")).status_code == 404
