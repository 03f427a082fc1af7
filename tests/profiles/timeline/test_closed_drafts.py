"""A draft that is none any more: taken over, closed or corrected by somebody who was just ahead."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from care.schema.constants import Role
from care.schema.models import Client, Membership
from questionnaires.anamneses import selectors
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor, House, actor
from tests.factories import anamneses, people

DAY = localdate() - timedelta(days=1)
ANSWER = {"Q2": "1", "shown": "Q2", "revision": 0}
FORMS: tuple[tuple[str, tuple[str, ...], dict[str, Any]], ...] = (
    ("anamnese-screen", ("initieel",), ANSWER),
    ("anamnese-finish", (), {"revision": 0}),
    ("anamnese-discard", (), {}),
    ("anamnese-date", (), {"day": f"{DAY - timedelta(days=1):%d-%m-%Y}"}),
)
Ahead = Callable[..., None]


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Wilgenboom")


@pytest.fixture
def draft(thuis: House, nurse: Actor, client: Client) -> Anamnese:
    with thuis.scope():
        return anamneses.draft(client, nurse.membership, day=DAY)


@pytest.fixture
def just_ahead(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    """Return what changes the draft once, when a page has looked at it and does not hold it yet."""

    def change(**fields: Any) -> None:
        look, changes = selectors._own, [fields]

        def looked(anamnese: Anamnese, membership: Membership) -> Anamnese:
            seen = look(anamnese, membership)
            if changes:
                Anamnese.objects.filter(pk=seen.pk).update(**changes.pop())
            return seen

        monkeypatch.setattr(selectors, "_own", looked)

    return change


def send(nurse: Actor, name: str, draft: Anamnese, arguments: tuple[str, ...], sent: dict[str, Any]) -> Any:
    return nurse.browser.post(reverse(name, args=[draft.public_id, *arguments]), sent)


@pytest.mark.parametrize(("name", "arguments", "sent"), FORMS)
def test_what_a_colleague_just_took_over_is_refused_with_the_sentence(
    nurse: Actor, thuis: House, draft: Anamnese, just_ahead: Ahead, name: str, arguments: Any, sent: Any
) -> None:
    just_ahead(nurse=actor(Role.NURSE, thuis, thuis.north).user)
    response = send(nurse, name, draft, arguments, sent)
    assert response.status_code == 403
    assert "Een collega vult deze anamnese in" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "arguments", "sent"), [form for form in FORMS if form[0] != "anamnese-discard"]
)
def test_what_the_end_of_care_just_closed_leads_to_the_client_and_says_why(
    nurse: Actor, draft: Anamnese, just_ahead: Ahead, name: str, arguments: Any, sent: Any
) -> None:
    just_ahead(status=AnamneseStatus.DISCARDED, discard_reason="left_care")
    response = send(nurse, name, draft, arguments, sent)
    assert response["Location"] == reverse("client-page", args=[draft.client.public_id])
    assert (
        "gesloten omdat de cliënt niet meer in zorg is"
        in nurse.browser.get(response["Location"]).content.decode()
    )


@pytest.mark.parametrize(
    ("status", "fields", "words"),
    [
        (403, {}, "Een collega heeft dit concept overgenomen"),
        (409, {"status": "discarded", "discard_reason": "left_care"}, "niet meer in zorg"),
        (409, {"status": "discarded"}, "is weggegooid"),
    ],
)
def test_the_script_hears_it_too(
    nurse: Actor, thuis: House, draft: Anamnese, just_ahead: Ahead, status: int, fields: Any, words: str
) -> None:
    just_ahead(**(fields or {"nurse": actor(Role.NURSE, thuis, thuis.north).user}))
    body = json.dumps({"answers": {"Q2": "1"}, "revision": 0})
    address = reverse("anamnese-save", args=[draft.public_id])
    response = nurse.browser.put(address, body, content_type="application/json")
    assert (response.status_code, words in response.json()["message"]) == (status, True)


def test_a_correction_after_that_of_a_colleague_is_led_to_where_it_can_go(
    nurse: Actor, thuis: House, client: Client
) -> None:
    colleague = actor(Role.NURSE, thuis, thuis.north)
    with thuis.scope():
        profile = anamneses.finished(client, nurse.membership, day=DAY)
        hers = anamneses.draft(client, nurse.membership, day=DAY, corrects=profile.anamnese, reason="x")
        anamneses.corrected(profile, colleague.membership, code="DKDL-12")
    response = send(nurse, "anamnese-finish", hers, (), {"revision": 0})
    assert response["Location"] == reverse("anamnese-discard", args=[hers.public_id])
    page = nurse.browser.get(response["Location"]).content.decode()
    assert "Een collega heeft dit intussen al gecorrigeerd" in page


def test_the_review_of_a_closed_draft_says_why(nurse: Actor, thuis: House, draft: Anamnese) -> None:
    with thuis.scope():
        closed = {"status": AnamneseStatus.DISCARDED, "discard_reason": "left_care"}
        Anamnese.objects.filter(pk=draft.pk).update(**closed)
    response = nurse.browser.get(reverse("anamnese-review", args=[draft.public_id]), follow=True)
    assert "gesloten omdat de cliënt niet meer in zorg is" in response.content.decode()
