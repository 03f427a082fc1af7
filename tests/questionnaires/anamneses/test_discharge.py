"""Drafts of clients who leave, and who come back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from care.schema.models import Client
from questionnaires.anamneses.discharge import close_drafts, follow_care, open_drafts
from questionnaires.anamneses.tasks import close_drafts_of_who_left
from questionnaires.schema.models import Anamnese, AnamneseEvent, AnamneseStatus
from tests.actors import Actor, House
from tests.care.clients.test_client_pages import form
from tests.factories import anamneses, people

TODAY = localdate()


@pytest.fixture
def draft(thuis: House, nurse: Actor) -> Anamnese:
    with thuis.scope():
        client = people.client(thuis.north, surname="Vertrekboom")
        return begun_before(anamneses.draft(client, nurse.membership, day=TODAY - timedelta(days=3)))


def begun_before(draft: Anamnese, *, days: int = 3) -> Anamnese:
    """Return a draft as if it was begun some days ago."""
    begun = timezone.now() - timedelta(days=days)
    Anamnese.objects.filter(pk=draft.pk).update(created_at=begun)
    return draft


def care_until(house: House, draft: Anamnese, day: date | None) -> None:
    with house.scope():
        Client.objects.filter(pk=draft.client_id).update(in_care_until=day)


def now(house: House, draft: Anamnese) -> Anamnese:
    with house.scope():
        return Anamnese.objects.get(pk=draft.pk)


def test_ending_care_closes_the_draft_and_keeps_answers_and_reason(
    thuis: House, nurse: Actor, draft: Anamnese
) -> None:
    ended = form(thuis, bsn="", in_care_from="01-01-2023", in_care_until=f"{TODAY:%d-%m-%Y}")
    address = reverse("client-edit", args=[draft.client.public_id])
    assert nurse.browser.post(address, ended).status_code == 302
    closed = now(thuis, draft)
    assert (closed.status, closed.discard_reason) == (AnamneseStatus.DISCARDED, "left_care")
    assert closed.answers == draft.answers
    with thuis.scope():
        last = AnamneseEvent.objects.filter(anamnese=draft).latest("id")
    assert (last.from_state, last.to_state, last.reason) == ("draft", "discarded", "left_care")


def test_the_task_closes_what_a_day_that_has_come_closes(thuis: House, draft: Anamnese) -> None:
    care_until(thuis, draft, TODAY + timedelta(days=1))
    close_drafts_of_who_left()
    assert now(thuis, draft).status == AnamneseStatus.DRAFT
    care_until(thuis, draft, TODAY)
    close_drafts_of_who_left()
    assert now(thuis, draft).status == AnamneseStatus.DISCARDED
    with thuis.scope():
        assert close_drafts(day=TODAY) == 0


def test_a_mistake_opens_it_again(thuis: House, draft: Anamnese) -> None:
    care_until(thuis, draft, TODAY)
    with thuis.scope():
        follow_care(client=draft.client, day=TODAY)
        Client.objects.filter(pk=draft.client_id).update(in_care_until=None)
        follow_care(client=draft.client, day=TODAY)
    again = now(thuis, draft)
    assert (again.status, again.discard_reason, again.answers) == (AnamneseStatus.DRAFT, "", draft.answers)


def test_a_real_return_leaves_the_old_draft_closed(thuis: House, draft: Anamnese) -> None:
    care_until(thuis, draft, TODAY - timedelta(days=1))
    with thuis.scope():
        follow_care(client=draft.client, day=TODAY)
        Client.objects.filter(pk=draft.client_id).update(in_care_from=TODAY, in_care_until=None)
        follow_care(client=draft.client, day=TODAY)
    assert now(thuis, draft).status == AnamneseStatus.DISCARDED


def test_a_newer_draft_stays_the_only_one(thuis: House, nurse: Actor, draft: Anamnese) -> None:
    care_until(thuis, draft, TODAY)
    with thuis.scope():
        follow_care(client=draft.client, day=TODAY)
        Client.objects.filter(pk=draft.client_id).update(in_care_until=None)
        newer = anamneses.draft(draft.client, nurse.membership, day=TODAY)
        follow_care(client=draft.client, day=TODAY)
    assert now(thuis, draft).status == AnamneseStatus.DISCARDED
    assert now(thuis, newer).status == AnamneseStatus.DRAFT


def test_a_finished_anamnese_is_left_alone(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        profile = anamneses.finished(client, nurse.membership, day=TODAY - timedelta(days=3))
        Client.objects.filter(pk=client.pk).update(in_care_until=TODAY)
        follow_care(client=client, day=TODAY)
        assert Anamnese.objects.get(pk=profile.anamnese_id).status == AnamneseStatus.FINISHED


def test_a_correction_stays_open_when_the_client_has_left(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        profile = anamneses.finished(client, nurse.membership, day=TODAY - timedelta(days=3))
        day = profile.anamnese.date
        correction = anamneses.draft(client, nurse.membership, day=day, corrects=profile.anamnese, reason="x")
        begun_before(correction)
    care_until(thuis, correction, TODAY)
    close_drafts_of_who_left()
    with thuis.scope():
        follow_care(client=client, day=TODAY)
    assert now(thuis, correction).status == AnamneseStatus.DRAFT


def test_an_anamnese_begun_after_the_last_day_can_be_finished(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        late = anamneses.draft(client, nurse.membership, day=TODAY - timedelta(days=3))
    care_until(thuis, late, TODAY - timedelta(days=2))
    close_drafts_of_who_left()
    assert now(thuis, late).status == AnamneseStatus.DRAFT
    finish = reverse("anamnese-finish", args=[late.public_id])
    assert nurse.browser.post(finish, {"revision": late.revision}).status_code == 302
    assert now(thuis, late).status == AnamneseStatus.FINISHED


def test_a_draft_of_a_day_without_care_is_closed_whenever_it_was_begun(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        dated_today = anamneses.draft(client, nurse.membership, day=TODAY)
    care_until(thuis, dated_today, TODAY - timedelta(days=2))
    close_drafts_of_who_left()
    assert now(thuis, dated_today).discard_reason == "left_care"


def test_of_two_closed_drafts_of_a_nurse_the_last_opens_again(
    thuis: House, nurse: Actor, draft: Anamnese
) -> None:
    with thuis.scope():
        Anamnese.objects.filter(pk=draft.pk).update(
            status=AnamneseStatus.DISCARDED, discard_reason="left_care"
        )
        last = begun_before(anamneses.draft(draft.client, nurse.membership, day=draft.date), days=2)
    care_until(thuis, draft, TODAY)
    kept = form(thuis, bsn="", in_care_from="01-01-2023", in_care_until=f"{TODAY:%d-%m-%Y}")
    address = reverse("client-edit", args=[draft.client.public_id])
    assert nurse.browser.post(address, kept).status_code == 302
    assert nurse.browser.post(address, kept | {"in_care_until": ""}).status_code == 302
    assert [now(thuis, each).status for each in (draft, last)] == ["discarded", "draft"]


def test_the_task_opens_what_an_import_made_right_and_nothing_twice(
    thuis: House, nurse: Actor, draft: Anamnese
) -> None:
    care_until(thuis, draft, TODAY - timedelta(days=1))
    close_drafts_of_who_left()
    assert now(thuis, draft).status == AnamneseStatus.DISCARDED
    care_until(thuis, draft, None)
    close_drafts_of_who_left()
    assert now(thuis, draft).status == AnamneseStatus.DRAFT
    with thuis.scope():
        assert open_drafts(day=TODAY) == 0


def test_what_was_finished_since_keeps_the_closed_draft_closed(
    thuis: House, nurse: Actor, draft: Anamnese
) -> None:
    care_until(thuis, draft, TODAY - timedelta(days=1))
    close_drafts_of_who_left()
    care_until(thuis, draft, None)
    with thuis.scope():
        anamneses.finished(draft.client, nurse.membership, day=TODAY)
    close_drafts_of_who_left()
    assert now(thuis, draft).status == AnamneseStatus.DISCARDED
