"""The officer's pages, and a program, hand a file over, hear that it is blocked, and make it anew."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care.schema.models import Client
from care.schema.statements import Objection
from declarations.schema.constants import Handover
from declarations.schema.disclosure_models import Download
from declarations.schema.models import DeclarationFile
from declarations.schema.tokens import ApiScope
from tests.actors import Actor
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text
from tests.exchange.caller import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(office: Office) -> Client:
    """A client with a profile."""
    return office.client(0)


@pytest.fixture
def file(office: Office, client: Client) -> DeclarationFile:
    """A file of two persons that was made and not released."""
    office.client(1)
    made = office.attached(insured(0), insured(1))
    office.make(made)
    return office.fresh(made)


def object_to_it(office: Office, client: Client) -> None:
    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=timezone.localdate()
        )


def fetch(browser: Browser, file: DeclarationFile) -> bytes:
    response = browser.get(reverse("file-download", args=[file.public_id]))
    return b"".join(getattr(response, "streaming_content", ()))


def test_an_officer_releases_after_being_asked(
    office: Office, officer: Browser, insurer_user: Actor, file: DeclarationFile
) -> None:
    assert "nog niet vrijgegeven" in shown(officer, "file-page", file.public_id)
    assert "F2024-01" not in shown(insurer_user.browser, "insurer-files")
    assert "Je kunt dit niet terugdraaien" in shown(officer, "file-release", file.public_id)
    officer.post(reverse("file-release", args=[file.public_id]))
    assert office.fresh(file).handover == Handover.RELEASED
    assert "F2024-01" in shown(insurer_user.browser, "insurer-files")


def test_a_blocked_file_says_why_of_whom_and_who_has_it(
    office: Office, officer: Browser, client: Client, file: DeclarationFile, declaration_officer: Actor
) -> None:
    assert fetch(officer, file)
    object_to_it(office, client)
    page = shown(officer, "file-page", file.public_id)
    assert "Lever dit bestand niet aan" in page
    assert "1&nbsp;× bezwaar" in page
    assert declaration_officer.user.name in page
    assert "Geef het eerst vrij" not in page
    assert "voordat het geblokkeerd werd" in page
    assert "Leg hier alleen vast dat het al vóór" in shown(officer, "file-delivered", file.public_id)
    assert client.name in shown(officer, "file-blocked", file.public_id)
    assert "het gemaakte bestand is geblokkeerd" in shown(officer, "file-list")
    assert fetch(officer, file) == b""
    with office.facts():
        assert Download.objects.filter(file=file).count() == 1
    answer = officer.post(reverse("file-release", args=[file.public_id]), follow=True)
    assert "mag niet meer mee" in text(answer)
    assert office.fresh(file).handover == Handover.BLOCKED


@pytest.mark.usefixtures("nobody_is_told")
def test_an_officer_lets_it_be_made_anew(
    office: Office, officer: Browser, client: Client, file: DeclarationFile
) -> None:
    before = fetch(officer, file)
    object_to_it(office, client)
    shown(officer, "file-page", file.public_id)
    officer.post(reverse("file-again", args=[file.public_id]))
    office.make_what_was_asked()
    page = shown(officer, "file-page", file.public_id)
    assert "is vervangen en wordt nooit aangeleverd" in page
    assert len(fetch(officer, office.fresh(file))) == len(before) - 312


@pytest.mark.usefixtures("nobody_is_told")
def test_a_program_does_the_same(
    office: Office, administrator: Actor, client: Client, file: DeclarationFile
) -> None:
    program = caller(office.house, administrator, *ApiScope)
    address = f"/declarations/{file.public_id}"
    assert program.get(address).json()["handover"]["state"] == "made"
    assert program.get(f"{address}/result").status_code == 200
    object_to_it(office, client)
    for refused in (program.get(f"{address}/result"), program.post(f"{address}/release")):
        assert (refused.status_code, refused.json()["code"], refused.json()["total"]) == (409, "blocked", 1)
    told = program.get(address).json()["handover"]
    assert (told["state"], told["persons"]) == ("blocked", 1)
    assert told["reasons"] == [{"reason": "objection", "label": "bezwaar", "count": 1}]
    assert program.post(f"{address}/export?again=true").status_code == 202
    office.make_what_was_asked()
    assert program.post(f"{address}/release").json()["state"] == "released"
    assert program.post(f"{address}/export?again=true").status_code == 409
    assert program.get(f"{address}/result").status_code == 200
