"""The officer's pages for the persons in a file, and who may open pages of a file at all."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from declarations.schema.constants import AttachmentState, FileState, Reason
from declarations.schema.models import Attachment
from tests.actors import Actor
from tests.declarations import fictional
from tests.declarations.fictional import care, credit, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db


def test_it_lists_who_is_held_and_writes_down_who_was_seen(officer: Browser, office: Office) -> None:
    client = office.client(0, day=None)
    file = office.attached(insured(0), insured(1))
    page = shown(officer, "queue-list", file.public_id, staat="held", reden="no_valid_profile")
    assert client.name in page
    with office.facts():
        assert AccessLog.objects.get(action=AccessAction.LISTED).clients == [client.pk]
    unknown = shown(officer, "queue-list", file.public_id, staat="held", reden="client_unknown")
    assert "Verzekerde 2 in het bestand" in unknown


def test_it_pages_through_the_persons(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("declarations.matching.views.persons.ITEMS_PER_PAGE", 2)
    file = office.attached(*(insured(number) for number in range(3)))
    first = shown(officer, "queue-list", file.public_id, staat="held", reden="client_unknown")
    assert "Verzekerde 2 in" in first
    assert "Verzekerde 3 in" not in first
    assert "page=2" in first
    last = shown(officer, "queue-list", file.public_id, staat="held", reden="client_unknown", page="2")
    assert "Verzekerde 3 in" in last
    assert "Volgende" not in last


@pytest.mark.parametrize("query", [{"staat": "zomaar"}, {"staat": "held", "reden": "zomaar"}])
def test_it_knows_no_other_lists(officer: Browser, office: Office, query: dict[str, str]) -> None:
    file = office.imported()
    assert officer.get(reverse("queue-list", args=[file.public_id]), query).status_code == 404


def test_it_says_when_everybody_has_gone_on(officer: Browser, office: Office) -> None:
    file = office.imported()
    assert "Hier staat nu niemand" in shown(
        officer, "queue-list", file.public_id, staat="held", reden="client_unknown"
    )


def test_it_shows_one_person_with_all_that_is_known(officer: Browser, office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0, care(), credit()))
    item = office.item(file)
    page = shown(officer, "queue-item", item.public_id)
    with office.facts():
        reference = item.records.get().reference
        seen = AccessLog.objects.get(action=AccessAction.VIEWED_DECLARATION)
    for words in (
        client.name,
        "DKDL 1",
        "990 DK01",
        reference,
        fictional.BSNS[0],
        "In de wachtrij",
        "telt niet mee",
    ):
        assert words in page
    assert not any(amount in page for amount in ("195,00", "19500", "6500")), "amounts are not shown"
    assert seen.clients == [client.pk]


def test_it_reads_who_an_unknown_person_is_from_the_file(officer: Browser, office: Office) -> None:
    file = office.attached(insured(0), insured(1, surname="Ørsted"))
    page = shown(officer, "queue-item", office.items(file)[1].public_id)
    assert "Ørsted" in page
    assert "17-05-1940" in page


def test_it_sends_a_person_round_again(officer: Browser, office: Office) -> None:
    file = office.attached()
    item = office.item(file)
    page = officer.post(reverse("queue-item-retry", args=[item.public_id]), follow=True)
    assert "staat weer in de wachtrij" in text(page)
    assert office.state(file)[0] == AttachmentState.QUEUED
    assert "door " in text(page)


def test_it_sends_all_of_one_reason_round_again(officer: Browser, office: Office) -> None:
    file = office.attached(insured(0), insured(1))
    address = reverse("queue-retry", args=[file.public_id])
    page = officer.post(address, {"reden": Reason.CLIENT_UNKNOWN}, follow=True)
    assert "2 verzekerden staan weer in de wachtrij" in text(page)
    assert officer.post(address, {"reden": "zomaar"}).status_code == 404
    assert officer.post(address, {"reden": Reason.TOO_LATE}).status_code == 404


def test_it_offers_the_rest_only_where_there_is_one(officer: Browser, office: Office) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    office.client(1, day=None)
    file = office.attached(
        insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")), insured(1)
    )
    some, none = office.items(file)
    assert "De rest toevoegen" in shown(officer, "queue-item", some.public_id)
    assert "De rest toevoegen" not in shown(officer, "queue-item", none.public_id)
    officer.post(reverse("queue-item-rest", args=[some.public_id]))
    office.attach(file)
    assert office.items(file)[0].state == AttachmentState.ATTACHED
    assert "Zonder profiel bleven" in shown(officer, "queue-item", some.public_id)


@pytest.mark.parametrize("name", ["queue-item-retry", "queue-item-rest", "queue-retry"])
def test_it_says_that_a_made_file_does_not_change(officer: Browser, office: Office, name: str) -> None:
    file = office.attached()
    item = office.item(file)
    office.export(file)
    which = file if name == "queue-retry" else item
    reason = {"reden": Reason.CLIENT_UNKNOWN}
    page = officer.post(reverse(name, args=[which.public_id]), reason, follow=True)
    assert "Het verandert niet meer." in text(page)


REASON = {"reden": "client_unknown"}
FILE_PAGES = ["file-page", "file-progress", "file-download", "file-withdraw", "queue-list"]
FILE_ACTIONS = ["file-export", "file-withdraw", "queue-retry"]
ITEM_ACTIONS = ["queue-item-retry", "queue-item-rest"]


def test_a_file_of_another_organisation_does_not_exist(
    office: Office, declaration_officer_elsewhere: Actor
) -> None:
    file = office.attached()
    item = office.item(file)
    browser = declaration_officer_elsewhere.browser
    query = {"staat": "held", "reden": "client_unknown"}
    answers = [browser.get(reverse(name, args=[file.public_id]), query) for name in FILE_PAGES]
    answers += [
        browser.post(reverse(name, args=[file.public_id]), {"reden": "client_unknown"})
        for name in FILE_ACTIONS
    ]
    answers += [browser.post(reverse(name, args=[item.public_id])) for name in ITEM_ACTIONS]
    answers.append(browser.get(reverse("queue-item", args=[item.public_id])))
    assert {answer.status_code for answer in answers} == {404}
    assert office.fresh(file).state == FileState.IMPORTED


@pytest.mark.parametrize("role", ["nurse", "team_lead", "administrator", "privacy_officer", "insurer_user"])
def test_other_roles_are_kept_out_with_a_sentence(
    office: Office, role: str, request: pytest.FixtureRequest
) -> None:
    file = office.attached()
    browser = request.getfixturevalue(role).browser
    for address in (
        reverse("file-list"),
        reverse("file-upload"),
        reverse("file-page", args=[file.public_id]),
    ):
        answer: HttpResponse = browser.get(address)
        assert answer.status_code == 403
        assert "rol" in text(answer)


@pytest.mark.parametrize("name", ["file-export", "queue-retry"])
def test_actions_are_not_done_by_a_link(officer: Browser, office: Office, name: str) -> None:
    file = office.imported()
    assert officer.get(reverse(name, args=[file.public_id])).status_code == 405


def queries_of(page: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        page()
    return len(queries)


def test_pages_ask_the_same_however_many_persons(officer: Browser, office: Office) -> None:
    for number in range(6):
        office.client(number)
    small = office.attached(insured(0), number="F1")
    large = office.attached(*(insured(number) for number in range(6)), number="F2")
    for name, query in (("file-page", {}), ("queue-list", {"staat": "attached", "reden": ""})):
        pages = [partial(shown, officer, name, file.public_id, **query) for file in (small, large)]
        counts = [queries_of(page) for page in pages]
        assert counts[0] == counts[1]


def test_nothing_of_a_person_stands_in_an_address(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached()
    with office.facts():
        item = Attachment.objects.get(file=file)
    for name, row in (("file-page", file), ("queue-item", item)):
        assert fictional.BSNS[0] not in reverse(name, args=[row.public_id])
