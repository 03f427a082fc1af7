"""Who saw which file: the privacy officer's page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from care.audit import access
from care.inspection.access_log import PAGE, LogFilter, page_of
from care.schema.constants import AccessAction
from care.schema.models import AccessLog, Client
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.factories import people

PAGE_OF_LOG = "access-log"
MORNING = datetime(2025, 3, 30, 7, 0, tzinfo=UTC)  # the day on which summer time began


@pytest.fixture
def clients(thuis: House) -> Iterator[list[Client]]:
    with thuis.scope():
        yield [people.client(thuis.north, surname=f"Wilg{number}") for number in range(5)]


def look(
    person: Actor, clients: list[Client], at: datetime = MORNING, action: str = AccessAction.VIEWED
) -> None:
    with time_machine.travel(at, tick=False):
        access.record(membership=person.membership, action=AccessAction(action), clients=clients)


def texts(officer: Actor, **words: str) -> str:
    answer = officer.browser.get(f"{reverse(PAGE_OF_LOG)}?{urlencode(words)}")
    assert answer.status_code == 200
    return as_shown(answer)


def test_a_line_says_who_in_which_role_did_what_with_whom_and_when(
    nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    look(nurse, clients[:1])
    page = texts(privacy_officer)
    for words in (
        nurse.user.name,
        "wijkverpleegkundige",
        "bekeek de cliënt",
        "Wilg0",
        "30-03-2025",
        "09:00:00",
    ):
        assert words in page


def test_of_a_long_list_the_first_names_are_shown(
    nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    look(nurse, clients, action=AccessAction.LISTED)
    page = texts(privacy_officer)
    assert "zag 5 cliënten in een lijst" in page
    assert "en nog 2" in page
    assert "Wilg3" not in page


def test_it_narrows_to_person_role_action_and_day(
    thuis: House, nurse: Actor, administrator: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    look(nurse, clients[:1])
    look(administrator, clients[1:2], at=MORNING + timedelta(days=1), action=AccessAction.CHANGED)
    for words in (
        {"user": str(administrator.user.public_id)},
        {"role": "administrator"},
        {"action": "changed"},
        {"day": "31-03-2025"},
    ):
        page = texts(privacy_officer, **words)
        assert "Wilg1" in page, words
        assert "Wilg0" not in page, words


def test_a_day_runs_from_midnight_to_midnight_also_when_the_clock_changes(
    thuis: House, nurse: Actor, clients: list[Client]
) -> None:
    midnight = datetime(2025, 3, 29, 23, 0, tzinfo=UTC)
    moments = [midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=23, seconds=-1)]
    for moment in (*moments, midnight + timedelta(hours=23)):
        look(nurse, clients[:1], at=moment)
    with thuis.scope():
        page = page_of(thuis.organisation, LogFilter(day=MORNING.date()))
    assert [line.at for line in page.lines] == [moments[2], moments[1]]


def test_one_client_is_found_by_bsn_in_the_body_and_looking_is_logged(
    thuis: House, nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    look(nurse, clients[:2], action=AccessAction.LISTED)
    look(nurse, clients[2:3])
    answer = privacy_officer.browser.post(reverse(PAGE_OF_LOG), {"bsn": clients[1].bsn})
    assert answer.status_code == 302
    assert clients[1].bsn not in answer["Location"]
    page = privacy_officer.browser.get(answer["Location"]).content.decode()
    assert "Wilg1?" in page
    assert "zag 2 cliënten in een lijst" in page
    assert "Wilg2" not in page
    with thuis.scope():
        last = AccessLog.objects.latest("id")
    assert (last.action, last.clients) == (AccessAction.VIEWED_LOG, [clients[1].pk])


def test_reading_the_whole_log_is_no_look_at_a_client(
    thuis: House, nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    look(nurse, clients)
    texts(privacy_officer)
    with thuis.scope():
        assert AccessLog.objects.count() == 1


def test_an_unknown_bsn_is_told_by_the_field(privacy_officer: Actor, elders: House) -> None:
    with elders.scope():
        other = people.client(elders.north)
    page = privacy_officer.browser.post(reverse(PAGE_OF_LOG), {"bsn": other.bsn})
    assert "Er is geen cliënt met dit BSN in je organisatie." in page.content.decode()
    wrong = privacy_officer.browser.get(reverse(PAGE_OF_LOG), {"client": str(other.public_id)})
    assert wrong.status_code == 404
    assert privacy_officer.browser.get(reverse(PAGE_OF_LOG), {"client": "geen-uuid"}).status_code == 404


def test_every_line_is_on_one_page_newest_first_whatever_moments_they_share(
    thuis: House, nurse: Actor, clients: list[Client]
) -> None:
    for number in range(PAGE + 20):
        look(nurse, clients[:1], at=MORNING + timedelta(minutes=min(number // 7, 8)))
    found = []
    before = None
    with thuis.scope():
        while True:
            page = page_of(thuis.organisation, LogFilter(), before=before)
            found += [line.at for line in page.lines]
            before = page.before
            if before is None:
                break
        assert len(found) == PAGE + 20
        assert found == sorted(found, reverse=True)


def test_one_goes_to_older_looks_and_back(
    nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    for number in range(PAGE + 1):
        look(nurse, clients[:1], at=MORNING + timedelta(minutes=number))
    first = privacy_officer.browser.get(reverse(PAGE_OF_LOG), {"role": "nurse"})
    assert len(first.context["page"].lines) == PAGE
    assert "Ouder" in first.content.decode()
    before = first.context["page"].before.isoformat()
    second = privacy_officer.browser.get(reverse(PAGE_OF_LOG), {"role": "nurse", "before": before})
    assert len(second.context["page"].lines) == 1
    assert "Naar het nieuwste" in second.content.decode()
    assert texts(privacy_officer, before="onzin").count("<tr>") == PAGE + 1


def test_a_page_costs_the_same_however_much_there_is(
    nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    for number in range(3):
        look(nurse, clients, at=MORNING + timedelta(minutes=number))
    few = privacy_officer.queries_of(reverse(PAGE_OF_LOG))
    for number in range(30):
        look(nurse, clients[number % 5 :], at=MORNING + timedelta(minutes=number))
    assert privacy_officer.queries_of(reverse(PAGE_OF_LOG)) == few


def test_wrong_words_in_the_filter_are_told_and_show_everything(
    nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    look(nurse, clients[:1])
    page = texts(privacy_officer, day="gisteren", role="baas")
    assert "Schrijf een bestaande dag" in page
    assert "Wilg0" in page


@pytest.mark.parametrize(
    "words",
    [
        {"day": "9999-12-31"},
        {"before": "0001-01-01T00:00:00+14:00"},
        {"before": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_the_ends_of_the_calendar_break_nothing(
    words: dict[str, str], nurse: Actor, privacy_officer: Actor, clients: list[Client]
) -> None:
    look(nurse, clients[:1])
    assert "Wilg0" in texts(privacy_officer, **words)


def test_looks_at_clients_of_another_organisation_are_not_there(
    clients: list[Client], nurse: Actor, privacy_officer_elsewhere: Actor
) -> None:
    look(nurse, clients)
    assert "Wilg0" not in texts(privacy_officer_elsewhere)
