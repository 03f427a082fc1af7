"""Separate files in the hands of an officer: the pages and the commands that make them and give them out."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.urls import reverse

from declarations.schema.constants import AttachmentKind, AttachmentState, ChunkKind, Reason
from tests.declarations import fictional, pages
from tests.declarations.delivery.separating import (
    LATE,
    agree_apart,
    look,
    made,
    records,
    separates,
    the_separate,
)
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.shell import run
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


def test_the_officer_sees_what_waits_makes_it_and_fetches_it(office: Office, officer: Browser) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1))
    office.export(file)
    office.client(1)
    look(office)
    assert "1 profielregel" in pages.shown(officer, "apart-list")
    asked = officer.post(reverse("apart-make"), {"uzovi": "9991"})
    assert "Wacht op een vrije plek" in pages.text(officer.get(asked["Location"]))
    office.make_what_was_asked()
    answer = officer.get(asked["Location"], follow=True)
    apart = the_separate(office)
    assert answer.redirect_chain == [(reverse("apart-page", args=[apart.public_id]), 302)]
    assert "Het aparte bestand is gemaakt. De verzekeraar ziet het pas als je het vrijgeeft." in pages.text(
        answer
    )
    assert apart.invoice_number in pages.text(answer)
    assert file.invoice_number in pages.text(answer)
    fetched = officer.get(reverse("file-download", args=[apart.public_id]))
    assert b"".join(fetched) == office.written(apart)
    assert fetched.headers["Content-Disposition"].endswith('-profielen.txt"')
    again = officer.post(reverse("apart-make"), {"uzovi": "9991"}, follow=True)
    assert "Er is niets gemaakt" in pages.text(again)
    assert len(separates(office)) == 1


def test_another_organisation_s_separate_file_is_not_there(
    office: Office, office_elsewhere: Office, officer: Browser
) -> None:
    agree_apart(office_elsewhere)
    office_elsewhere.client(0)
    office_elsewhere.exported(office_elsewhere.attached())
    apart = the_separate(office_elsewhere)
    assert officer.get(reverse("apart-page", args=[apart.public_id])).status_code == 404


def test_the_command_makes_one_and_export_declarations_writes_it_out(office: Office, tmp_path: Path) -> None:
    file = office.attached()
    office.export(file)
    office.client(0)
    look(office)
    who = ("--organisation", office.house.organisation.agb, "--uzovi", "9991")
    made_id = run("export_separate", *who).out[-1]
    apart = the_separate(office)
    assert made_id == str(apart.public_id)
    out = tmp_path / "apart.txt"
    assert run("export_declarations", made_id, out).code == 0
    assert out.read_bytes() == office.written(apart)
    assert run("export_separate", *who).code == 1
    assert run("check_declarations", out).code == 0


def test_export_declarations_names_the_separate_file_and_writes_the_declaration_as_it_came(
    office: Office, tmp_path: Path
) -> None:
    agree_apart(office)
    office.client(0)
    file = office.attached()
    out = tmp_path / "uit.txt"
    answer = run("export_declarations", file.public_id, out)
    assert (answer.code, out.read_bytes()) == (0, office.written(file, ChunkKind.ORIGINAL))
    assert str(the_separate(office).public_id) in answer.out[-1]


def test_the_rest_of_who_came_too_late_goes_apart_when_an_officer_says_so(
    office: Office, officer: Browser
) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")))
    office.export(file)
    assert office.state(file) == LATE
    item = office.item(file)
    assert "De rest toevoegen" in pages.shown(officer, "queue-item", item.public_id)
    officer.post(reverse("queue-item-rest", args=[item.public_id]))
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    apart = made(office)
    assert apart is not None
    assert records(office.written(apart)) == [(fictional.BSNS[0], "20240101", "20240110", "TYD")]


def test_the_rest_of_a_correction_goes_apart_too_and_nobody_else_is_looked_at(
    office: Office, officer: Browser
) -> None:
    """The page says what holds it now; only the person of the page is decided on in the request."""
    client = office.client(0, day=date(2024, 1, 1))
    file = office.attached(
        insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")), insured(1)
    )
    office.export(file)
    with office.facts():
        anamneses.corrected(client.profiles.get(), office.nurse, code="TIJDELIJK")
    look(office)
    (due,) = office.items(file, AttachmentKind.CORRECTION)
    assert (due.state, due.reason) == (AttachmentState.HELD, Reason.CORRECTION_DUE)
    page = pages.shown(officer, "queue-item", due.public_id)
    assert "Wat het nu nog tegenhoudt: geen geldig profiel." in page
    assert "De rest toevoegen" in page
    office.client(1)
    officer.post(reverse("queue-item-rest", args=[due.public_id]))
    (due,) = office.items(file, AttachmentKind.CORRECTION)
    assert due.state == AttachmentState.ATTACHED
    assert office.states(file)[1] == LATE
