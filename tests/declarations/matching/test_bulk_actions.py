"""What an officer does with a whole group: leave out with a reason, take back, ask the nurses."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import AttachmentEvent, DeclarationFile, Exclusion
from profiles.schema.models import ReassessmentEvent
from tests.actors import Actor
from tests.declarations.fictional import insured
from tests.declarations.office import BEFORE, Office
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db

UNKNOWN = "?reden=client_unknown"
WHY = "Verhuisd naar een andere aanbieder"
LEFT_OUT = (AttachmentState.EXCLUDED, Reason.EXCLUDED_BY_OFFICER)
MISSING = (AttachmentState.HELD, Reason.NO_VALID_PROFILE)


def exclude(officer: Browser, file: DeclarationFile, why: str = WHY, query: str = UNKNOWN) -> str:
    address = reverse("queue-exclude", args=[file.public_id]) + query
    return text(officer.post(address, {"reason": why}, follow=True))


def test_a_group_is_left_out_with_a_reason(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    office.client(0, day=None)
    file = office.attached(insured(0), insured(1), insured(2))
    assert "2 verzekerden gaan niet mee" in exclude(officer, file)
    assert office.states(file) == [MISSING, LEFT_OUT, LEFT_OUT]
    assert office.balance(file).is_even
    with office.facts():
        made = Exclusion.objects.get()
        assert (made.text, made.numbers, made.reason) == (WHY, [2, 3], Reason.CLIENT_UNKNOWN)
        events = AttachmentEvent.objects.filter(reason=Reason.EXCLUDED_BY_OFFICER)
        assert {event.user_id for event in events} == {declaration_officer.user.pk}
        assert len(events) == 2
    page = shown(officer, "queue-item", office.items(file)[1].public_id)
    assert WHY in page
    assert "Daarvoor was de reden: cliënt onbekend." in page


def test_the_reason_is_asked_first_and_stands_encrypted(officer: Browser, office: Office) -> None:
    file = office.attached()
    page = text(officer.get(reverse("queue-exclude", args=[file.public_id]) + UNKNOWN))
    assert "1 verzekerde gaat dan zonder profiel mee" in page
    assert "Schrijf op waarom" in exclude(officer, file, why="  ")
    assert office.state(file)[0] == AttachmentState.HELD
    exclude(officer, file)
    with office.facts(), connection.cursor() as cursor:
        cursor.execute("select text from declarations_exclusion")
        assert WHY.encode() not in bytes(cursor.fetchone()[0])


def test_twice_leaves_out_once(officer: Browser, office: Office) -> None:
    file = office.attached()
    exclude(officer, file)
    assert "0 verzekerden gaan niet mee" in exclude(officer, file)
    with office.facts():
        assert Exclusion.objects.count() == 1


def test_new_facts_do_not_undo_it_and_an_officer_does(officer: Browser, office: Office) -> None:
    file = office.attached()
    exclude(officer, file)
    office.client(0)
    office.attach(file)
    assert office.state(file) == LEFT_OUT
    assert "Terugdraaien" in shown(officer, "file-page", file.public_id)
    officer.post(reverse("queue-include", args=[file.public_id]))
    office.attach(file)
    assert office.state(file)[0] == AttachmentState.ATTACHED
    assert WHY not in shown(officer, "queue-item", office.item(file).public_id)


def test_one_person_is_taken_back_alone(officer: Browser, office: Office) -> None:
    file = office.attached(insured(0), insured(1))
    exclude(officer, file)
    first = office.items(file)[0]
    assert "Terugdraaien" in shown(officer, "queue-item", first.public_id)
    officer.post(reverse("queue-item-include", args=[first.public_id]))
    office.attach(file)
    assert office.states(file) == [(AttachmentState.HELD, Reason.CLIENT_UNKNOWN), LEFT_OUT]


def test_who_was_left_out_is_not_too_late(officer: Browser, office: Office) -> None:
    file = office.attached()
    exclude(officer, file)
    office.export(file)
    assert office.state(file) == LEFT_OUT


@pytest.mark.parametrize("query", ["", "?reden=", "?reden=zomaar"])
def test_it_knows_no_other_groups(officer: Browser, office: Office, query: str) -> None:
    file = office.attached()
    assert officer.get(reverse("queue-exclude", args=[file.public_id]) + query).status_code == 404


def test_the_nurses_are_asked_once(
    officer: Browser, office: Office, nurse: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    clients = [office.client(number, day=None) for number in (0, 1)]
    file = office.attached(insured(0), insured(1), insured(2))
    assert "Anamnese vragen" in shown(officer, "file-page", file.public_id)
    address = reverse("queue-ask", args=[file.public_id])
    assert "Bij 2 cliënten is nu een anamnese gevraagd" in text(officer.post(address, follow=True))
    assert "Bij 2 was dat al gevraagd" in text(officer.post(address, follow=True))
    with office.facts():
        asked = ReassessmentEvent.objects.values_list("client", flat=True)
        assert set(asked) == {client.pk for client in clients}
        log = AccessLog.objects.filter(action=AccessAction.CHANGED).first()
        assert log is not None
        assert set(log.clients) == {client.pk for client in clients}
    assert "Gevraagd door declaraties" in text(nurse.browser.get(reverse("due-list")))
    assert f"anamneses_asked file={file.public_id} new=2 before=0" in caplog.text


def test_the_nurses_are_asked_for_who_came_too_late(officer: Browser, office: Office) -> None:
    """What still holds each back is counted and listed, as it was before the file went."""
    client = office.client(0, day=None)
    file = office.attached(insured(0), insured(1), insured(2))
    office.export(file)
    page = shown(officer, "file-page", file.public_id)
    assert "2&nbsp;× cliënt onbekend, 1&nbsp;× geen geldig profiel." in page
    listed = shown(officer, "queue-list", file.public_id, staat="held", reden="too_late")
    assert (listed.count("nu nog: cliënt onbekend"), listed.count("nu nog: geen geldig profiel")) == (2, 1)
    assert reverse("queue-ask", args=[file.public_id]) in page
    page = text(officer.post(reverse("queue-ask", args=[file.public_id]), follow=True))
    assert "Bij 1 cliënt is nu een anamnese gevraagd" in page
    with office.facts():
        assert ReassessmentEvent.objects.get().client_id == client.pk


def test_the_anamnese_that_was_asked_for_attaches(officer: Browser, office: Office, nurse: Actor) -> None:
    client = office.client(0, day=None)
    file = office.attached()
    officer.post(reverse("queue-ask", args=[file.public_id]))
    office.profile(client, BEFORE)
    office.attach(file)
    assert office.state(file)[0] == AttachmentState.ATTACHED
    assert "Gevraagd door declaraties" not in text(nurse.browser.get(reverse("due-list")))


ACTIONS = ["queue-include", "queue-ask", "queue-exclude"]


@pytest.mark.parametrize("name", ACTIONS)
def test_a_made_file_does_not_change(officer: Browser, office: Office, name: str) -> None:
    file = office.attached()
    office.export(file)
    address = reverse(name, args=[file.public_id]) + "?reden=too_late"
    assert "Het verandert niet meer." in text(officer.post(address, {"reason": WHY}, follow=True))
    assert office.state(file)[1] == Reason.TOO_LATE


@pytest.mark.parametrize("name", ACTIONS)
def test_others_are_kept_out(
    office: Office, nurse: Actor, declaration_officer_elsewhere: Actor, name: str
) -> None:
    file = office.attached()
    address = reverse(name, args=[file.public_id]) + UNKNOWN
    assert declaration_officer_elsewhere.browser.post(address, {"reason": WHY}).status_code == 404
    assert nurse.browser.post(address, {"reason": WHY}).status_code == 403
    item = reverse("queue-item-include", args=[office.item(file).public_id])
    assert declaration_officer_elsewhere.browser.post(item).status_code == 404
    assert office.state(file)[0] == AttachmentState.HELD


@pytest.mark.parametrize("name", ["queue-item-retry", "queue-item-include"])
def test_it_says_so_when_somebody_else_was_first(officer: Browser, office: Office, name: str) -> None:
    office.client(0)
    item = office.item(office.attached(insured(0)))
    page = text(officer.post(reverse(name, args=[item.public_id]), follow=True))
    assert "Er is niets veranderd" in page
    assert "weer in de wachtrij" not in page
