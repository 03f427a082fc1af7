"""What an insurer sees and takes away: files and figures addressed to it, and nothing besides."""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from care.schema.models import Client, Insurer
from care.tenancy import scope
from declarations.delivery.exporting import export_file
from declarations.handover import services as handover
from declarations.insurers import disclosures, figures, insurer_files
from declarations.intake.services import import_file
from declarations.matching.services import attach_profiles
from declarations.schema.constants import ChunkKind, DownloadKind
from declarations.schema.disclosure_models import Download, PopulationRelease
from declarations.schema.models import DeclarationFile, Export, FileChunk
from profiles.schema.models import ClientProfile
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.declarations import fictional
from tests.factories import anamneses, people

DAY = date(2024, 1, 1)
MISSING = "00000000-0000-4000-8000-000000000000"

pytestmark = pytest.mark.django_db


def imported(house: House, *, uzovi: str = "9991", number: str = "F2024-01", is_test: bool = False) -> Any:
    """Return a file of two persons, one of them a known client, before it is exported."""
    people.insurer(uzovi=uzovi)
    spec = replace(
        fictional.SPEC, agb=house.organisation.agb, uzovi=uzovi, invoice_number=number, is_test=is_test
    )
    content = fictional.content(
        fictional.insured(0, uzovi=uzovi), fictional.insured(1, uzovi=uzovi), spec=spec
    )
    with house.scope():
        return import_file(organisation=house.organisation, source=BytesIO(content))


def exported(house: House, **about: Any) -> DeclarationFile:
    """Return such a file, worked on and made ready for the insurer."""
    file: DeclarationFile = imported(house, **about)
    attach_profiles(organisation_id=house.organisation.pk, file_id=file.pk)
    with house.scope():
        export_file(file=file)
        if not file.is_test:
            handover.release(file=DeclarationFile.objects.get(pk=file.pk))
    return file


def released(house: House, *, uzovi: str = "9991", day: date = DAY) -> PopulationRelease:
    with house.scope():
        return figures.release(organisation=house.organisation, insurer=people.insurer(uzovi=uzovi), day=day)


def seen_by(actor: Actor) -> AbstractContextManager[None]:
    return scope.activate(scope.Scope(user_id=actor.user.pk, insurer_id=actor.membership.insurer_id))


def page(actor: Actor, name: str, *arguments: Any) -> str:
    response = actor.browser.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return as_shown(response)


def fetch(browser: Browser, name: str, *arguments: Any) -> Any:
    return browser.get(reverse(name, args=arguments))


def status(actor: Actor, name: str, *arguments: Any) -> int:
    code: int = fetch(actor.browser, name, *arguments).status_code
    return code


# Files


def test_it_lists_an_exported_file_with_what_identifies_it(thuis: House, insurer_user: Actor) -> None:
    file = exported(thuis)
    shown = page(insurer_user, "insurer-files")
    with thuis.scope():
        export = Export.objects.get(file=file)
    for fact in ("Thuiszorg Voorbeeld", thuis.organisation.agb, "F2024-01", "2 verzekerden", export.sha256):
        assert fact in shown


def test_it_lists_the_newest_first(thuis: House, insurer_user: Actor) -> None:
    exported(thuis, number="EERSTE")
    exported(thuis, number="TWEEDE")
    shown = page(insurer_user, "insurer-files")
    assert shown.index("TWEEDE") < shown.index("EERSTE")


def test_it_sends_the_very_bytes_that_were_exported(thuis: House, insurer_user: Actor) -> None:
    file = exported(thuis)
    response = fetch(insurer_user.browser, "insurer-file-download", file.public_id)
    content = b"".join(response.streaming_content)
    with thuis.scope():
        export = Export.objects.get(file=file)
    assert hashlib.sha256(content).hexdigest() == export.sha256
    assert int(response.headers["Content-Length"]) == len(content) == export.size


def test_it_names_the_file_in_lower_case_for_the_clearing_house(thuis: House, insurer_user: Actor) -> None:
    file = exported(thuis, number="F2024/ 01 É")
    disposition = fetch(insurer_user.browser, "insurer-file-download", file.public_id).headers[
        "Content-Disposition"
    ]
    mark = hashlib.sha256("F2024/ 01 É".encode()).hexdigest()[:6]
    name = f"{thuis.organisation.agb}-f2024-01-{mark}-met-profielen.txt"
    assert (disposition, name) == (f'attachment; filename="{name}"', name.lower())


def test_it_shows_nothing_before_the_organisation_exported_it(thuis: House, insurer_user: Actor) -> None:
    file = imported(thuis)
    assert "F2024-01" not in page(insurer_user, "insurer-files")
    assert status(insurer_user, "insurer-file-download", file.public_id) == 404


def test_it_never_shows_a_test_file(thuis: House, insurer_user: Actor) -> None:
    file = exported(thuis, is_test=True)
    assert "F2024-01" not in page(insurer_user, "insurer-files")
    assert status(insurer_user, "insurer-file-download", file.public_id) == 404


def test_it_gives_another_insurer_nothing(thuis: House, other_insurer_user: Actor) -> None:
    file = exported(thuis)
    assert "F2024-01" not in page(other_insurer_user, "insurer-files")
    assert status(other_insurer_user, "insurer-file-download", file.public_id) == 404


def test_it_addresses_a_file_by_0108_not_by_who_the_persons_are_insured_with(
    thuis: House, insurer_user: Actor, other_insurer_user: Actor
) -> None:
    spec = replace(fictional.SPEC, agb=thuis.organisation.agb, uzovi="9992")
    content = fictional.content(fictional.insured(0, uzovi="9991"), spec=spec)
    with thuis.scope():
        file = import_file(organisation=thuis.organisation, source=BytesIO(content))
    attach_profiles(organisation_id=thuis.organisation.pk, file_id=file.pk)
    with thuis.scope():
        export_file(file=file)
        handover.release(file=DeclarationFile.objects.get(pk=file.pk))
    assert status(insurer_user, "insurer-file-download", file.public_id) == 404
    assert status(other_insurer_user, "insurer-file-download", file.public_id) == 200


# Figures


def test_it_shows_released_figures_with_small_numbers_hidden(thuis: House, insurer_user: Actor) -> None:
    release = released(thuis)
    assert "Thuiszorg Voorbeeld" in page(insurer_user, "insurer-figures")
    shown = page(insurer_user, "insurer-release", release.public_id)
    assert shown.count("<strong>&lt;10</strong>") == 16
    assert "minder dan 10" in shown
    assert "Naast verborgen aantallen staat nooit een totaal." in shown


def test_it_shows_a_count_that_may_be_known(thuis: House, nurse: Actor, insurer_user: Actor) -> None:
    with thuis.scope():
        for _ in range(10):
            anamneses.finished(people.client(thuis.north), nurse.membership, day=DAY, code="DKDL-05")
    shown = page(insurer_user, "insurer-release", released(thuis).public_id)
    assert "<strong>10</strong> <span>DKDL 5</span>" in shown
    assert shown.count("<strong>&lt;10</strong>") == 15


def test_it_shows_no_figures_that_were_not_released(thuis: House, insurer_user: Actor) -> None:
    with thuis.scope():
        people.client(thuis.north)
    assert "Thuiszorg Voorbeeld" not in page(insurer_user, "insurer-figures")


def test_it_keeps_figures_from_another_insurer(thuis: House, other_insurer_user: Actor) -> None:
    release = released(thuis)
    assert "Thuiszorg Voorbeeld" not in page(other_insurer_user, "insurer-figures")
    for name in ("insurer-release", "insurer-release-csv"):
        assert status(other_insurer_user, name, release.public_id) == 404


def test_it_sends_figures_as_csv(thuis: House, insurer_user: Actor) -> None:
    release = released(thuis)
    response: HttpResponse = fetch(insurer_user.browser, "insurer-release-csv", release.public_id)
    lines = response.content.decode().splitlines()
    assert len(lines) == 17
    assert lines[1].startswith(f"{thuis.organisation.agb};Thuiszorg Voorbeeld;2024-01-01;DKDL-01;")
    assert lines[1].endswith(";;ja;10")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].endswith('-2024-01-01.csv"')


# Who took what away


def test_it_writes_down_who_took_a_file_away(
    thuis: House, insurer_user: Actor, privacy_officer: Actor
) -> None:
    file = exported(thuis)
    b"".join(fetch(insurer_user.browser, "insurer-file-download", file.public_id).streaming_content)
    with thuis.scope():
        (download,) = disclosures.of_file(file)
        assert (download.kind, download.user) == (DownloadKind.EXPORT, insurer_user.user)
        assert download.insurer == insurer_user.membership.insurer
    shown = page(privacy_officer, "download-log")
    assert insurer_user.user.name in shown
    assert "factuur F2024-01" in shown


def test_it_writes_down_who_took_figures_away(
    thuis: House, insurer_user: Actor, privacy_officer: Actor, administrator: Actor
) -> None:
    release = released(thuis)
    fetch(insurer_user.browser, "insurer-release-csv", release.public_id)
    shown = page(privacy_officer, "download-log")
    assert insurer_user.user.name in shown
    assert "peildatum 1 januari 2024" in shown
    assert "1 keer, op" in page(administrator, "release-list")


def test_it_writes_nothing_down_for_what_was_not_given(
    thuis: House, other_insurer_user: Actor, privacy_officer: Actor
) -> None:
    fetch(other_insurer_user.browser, "insurer-file-download", exported(thuis).public_id)
    with thuis.scope():
        assert not Download.objects.exists()
    assert "Nog niets opgehaald" in page(privacy_officer, "download-log")


def test_it_shows_downloads_to_their_own_organisation_only(
    thuis: House, insurer_user: Actor, privacy_officer_elsewhere: Actor
) -> None:
    fetch(insurer_user.browser, "insurer-release-csv", released(thuis).public_id)
    assert insurer_user.user.name not in page(privacy_officer_elsewhere, "download-log")


# Rights


INSURER_PAGES = [
    ("insurer-files", ()),
    ("insurer-figures", ()),
    ("insurer-file-download", (MISSING,)),
    ("insurer-release", (MISSING,)),
    ("insurer-release-csv", (MISSING,)),
]


@pytest.fixture
def staff(
    nurse: Actor,
    team_lead: Actor,
    declaration_officer: Actor,
    administrator: Actor,
    privacy_officer: Actor,
) -> list[Actor]:
    return [nurse, team_lead, declaration_officer, administrator, privacy_officer]


@pytest.mark.parametrize(("name", "arguments"), INSURER_PAGES)
def test_it_keeps_staff_of_organisations_from_an_insurers_pages(
    staff: list[Actor], name: str, arguments: tuple[str, ...]
) -> None:
    assert {status(actor, name, *arguments) for actor in staff} == {403}


@pytest.mark.parametrize(("name", "arguments"), INSURER_PAGES)
def test_it_asks_a_stranger_to_log_in(db: None, name: str, arguments: tuple[str, ...]) -> None:
    response = fetch(Browser(), name, *arguments)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", ["basis-list", "release-list", "download-log"])
def test_it_keeps_an_insurer_from_an_organisations_pages(insurer_user: Actor, name: str) -> None:
    assert status(insurer_user, name) == 403


# The ground under it: what the database itself lets an insurer see.


@pytest.fixture
def full_house(thuis: House, nurse: Actor) -> House:
    """An organisation with rows of every kind that a delivery leaves behind, for two insurers."""
    with thuis.scope():
        client = people.client(
            thuis.north, bsn=fictional.BSNS[0], date_of_birth=date(1940, 5, 17), in_care_from=date(2023, 1, 1)
        )
        anamneses.finished(client, nurse.membership, day=date(2023, 12, 1))
    exported(thuis, number="VOOR-9991")
    exported(thuis, number="VOOR-9992", uzovi="9992")
    exported(thuis, number="PROEF", is_test=True)
    imported(thuis, number="NIET-KLAAR")
    released(thuis)
    released(thuis, uzovi="9992")
    return thuis


READABLE = {"DeclarationFile", "FileChunk", "Export", "PopulationRelease"}


def test_an_insurer_sees_no_row_of_care_anamneses_profiles_or_the_queue(
    full_house: House, insurer_user: Actor
) -> None:
    with full_house.scope():
        assert Client.objects.exists()
        assert ClientProfile.objects.exists()
    owned = [
        model
        for model in apps.get_models()
        if any(field.name == "organisation" for field in model._meta.fields)
        and model.__name__ not in {*READABLE, "Membership", "CodeTable"}
    ]
    assert len(owned) > 12
    with seen_by(insurer_user):
        assert [model.__name__ for model in owned if model._default_manager.exists()] == []


def test_an_insurer_sees_only_rows_of_what_is_addressed_to_it(full_house: House, insurer_user: Actor) -> None:
    with seen_by(insurer_user):
        assert [file.invoice_number for file in DeclarationFile.objects.all()] == ["VOOR-9991"]
        assert {chunk.kind for chunk in FileChunk.objects.all()} == {ChunkKind.EXPORT}
        assert {chunk.file.invoice_number for chunk in FileChunk.objects.all()} == {"VOOR-9991"}
        assert [export.file.invoice_number for export in Export.objects.all()] == ["VOOR-9991"]
        assert [one.insurer.uzovi for one in PopulationRelease.objects.all()] == ["9991"]


def test_an_insurer_changes_nothing_of_what_it_sees(full_house: House, insurer_user: Actor) -> None:
    with seen_by(insurer_user):
        assert DeclarationFile.objects.update(invoice_number="ANDERS") == 0


def test_the_selector_says_the_same_as_the_database(full_house: House, insurer_user: Actor) -> None:
    insurer = insurer_user.membership.insurer
    assert isinstance(insurer, Insurer)
    with full_house.scope():
        assert [file.invoice_number for file in insurer_files.files_for(insurer)] == ["VOOR-9991"]
    with seen_by(insurer_user):
        assert [file.invoice_number for file in insurer_files.files_for(insurer)] == ["VOOR-9991"]


def test_an_insurer_keeps_its_figures_when_the_threshold_changes(
    thuis: House, insurer_user: Actor, settings: Any
) -> None:
    release = released(thuis)
    settings.POPULATION_THRESHOLD = 25
    assert "minder dan 10" in page(insurer_user, "insurer-release", release.public_id)
    later = released(thuis, day=DAY + timedelta(days=28))
    assert "minder dan 25" in page(insurer_user, "insurer-release", later.public_id)
