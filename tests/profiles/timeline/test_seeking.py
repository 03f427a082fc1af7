"""Finding a client and the order of the list: names of all kinds, from a file, as a nurse seeks them."""

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import localdate

from care.schema.models import Client
from profiles.schema.models import ClientProfile
from profiles.timeline.caseload import by_urgency, cases_of
from tests.actors import Actor, House
from tests.care.tenancy.test_commands import run
from tests.factories import anamneses, people

CASE = Path(__file__).parents[2] / "care" / "cases" / "names.csv"
IN_ORDER = [
    "Brontë",
    "Çelik",
    "Éclair",
    "Günthér",
    "Hof",
    "IJsbrand",
    "Müller",
    "O'Brien",
    "Özdemir",
    "Zwart",
]
SOUGHT = {
    "muller": "Müller",
    "celik": "Çelik",
    "ozdemir": "Özdemir",
    "bronte": "Brontë",
    "Günthér": "Günthér",
    unicodedata.normalize("NFD", "Müller"): "Müller",
    "’t hof": "Hof",
    "o’brien": "O'Brien",
    "IJsbrand": "IJsbrand",
    "ijsbrand": "IJsbrand",
    "999.800.231": "Çelik",
    "999 800 231": "Çelik",
}
TODAY = localdate()


@pytest.fixture
def imported(thuis: House) -> House:
    people.insurer(uzovi="9991")
    code, _out, err = run("import_clients", str(CASE), "--organisation", thuis.organisation.agb)
    assert (code, err) == (0, "")
    return thuis


@pytest.fixture
def finish(thuis: House, nurse: Actor) -> Callable[..., ClientProfile]:
    def make(surname: str, code: str, *, days: int) -> ClientProfile:
        with thuis.scope():
            client = people.client(thuis.north, surname=surname)
            return anamneses.finished(client, nurse.membership, day=TODAY - timedelta(days), code=code)

    return make


def listed(browser: Browser, text: str = "") -> list[str]:
    """Return the names that a nurse sees, searching or not."""
    address = reverse("client-list")
    answer = browser.post(address, {"q": text}) if text else browser.get(address)
    return [case.client.surname for case in answer.context["page"]]


def package(browser: Browser) -> list[dict[str, Any]]:
    answer = browser.get(reverse("tablet-package"))
    clients: list[dict[str, Any]] = answer.json()["clients"]
    return clients


def test_every_way_to_write_a_name_finds_the_client(imported: House, nurse: Actor) -> None:
    assert {text: listed(nurse.browser, text) for text in SOUGHT} == {
        text: [name] for text, name in SOUGHT.items()
    }


def test_a_year_of_birth_finds_who_was_born_in_it(imported: House, nurse: Actor) -> None:
    with imported.scope():
        people.client(imported.north, surname="Ouder", date_of_birth=date(1939, 7, 2))
    assert listed(nurse.browser, "1939") == ["Ouder"]


def test_names_of_a_file_are_stored_composed(imported: House) -> None:
    given = CASE.read_text("utf-8")
    assert not unicodedata.is_normalized("NFC", given)
    with imported.scope():
        stored = [client.surname for client in Client.objects.all()]
    assert "Günthér" in stored
    assert all(unicodedata.is_normalized("NFC", name) for name in stored)


def test_accents_play_no_part_in_the_order(imported: House, nurse: Actor) -> None:
    assert listed(nurse.browser) == IN_ORDER
    assert [client["name"].split()[-1] for client in package(nurse.browser)] == IN_ORDER


def test_the_most_urgent_stand_first_on_both_lists(
    thuis: House, nurse: Actor, finish: Callable[..., ClientProfile]
) -> None:
    finish("A op orde", "DKDL-05", days=1)
    finish("B lang geleden", "DKDL-05", days=300)
    finish("C langer geleden", "DKDL-05", days=320)
    finish("D loopt af", "TIJDELIJK", days=5)
    finish("E eerder af", "TIJDELIJK", days=25)
    finish("F verlopen", "TIJDELIJK", days=60)
    finish("G vandaag", "TIJDELIJK", days=0)
    with thuis.scope():
        people.client(thuis.north, surname="H nooit")
        draft = people.client(thuis.north, surname="Z begonnen")
        anamneses.finished(draft, nurse.membership, day=TODAY - timedelta(1), code="DKDL-05")
        anamneses.draft(draft, nurse.membership, day=TODAY, answers={})
    waiting = ["F verlopen", "H nooit", "E eerder af", "D loopt af", "C langer geleden", "B lang geleden"]
    assert listed(nurse.browser) == [*waiting, "Z begonnen", "A op orde", "G vandaag"]
    turns = {client["name"]: client["turn"] for client in package(nurse.browser)}
    with thuis.scope():
        cases = by_urgency(cases_of(nurse.membership, day=TODAY))
    assert [turns[case.client.name] for case in cases] == [0, 1, 2, 3, 4, 5, None, None, 6]
