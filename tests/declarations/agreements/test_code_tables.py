"""Code tables: taken in whole or not at all, never changed, and shown before they count."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client as Browser
from django.urls import reverse

from declarations.agreements import code_table_versions, services
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import ProfileRecord
from tests.actors import Actor
from tests.declarations import pages
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.shell import Answer, run

pytestmark = pytest.mark.django_db

HEADER = "profiel;codelijst;prestatiecode;tijdseenheid"
GOOD = (HEADER, "DKDL-01;990;AA01;00", "DKDL-02;990;DK02;00")


def load(office: Office, folder: Path, *lines: str, version: str = "1") -> Answer:
    """Take a table in by the command."""
    path = folder / "tabel.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    agb = office.house.organisation.agb
    return run("import_code_table", path, "--organisation", agb, "--name", "Z1", "--table-version", version)


def table(office: Office) -> CodeTable:
    with office.facts():
        return CodeTable.objects.get(organisation=office.house.organisation)


def test_the_command_takes_a_table_in_once(office: Office, tmp_path: Path) -> None:
    assert load(office, tmp_path, *GOOD).code == 0
    stored = table(office)
    assert (stored.list_code, stored.time_unit, stored.codes) == (
        "990", "00", {"DKDL-01": "AA01", "DKDL-02": "DK02"},
    )  # fmt: skip
    assert load(office, tmp_path, *GOOD).code == 0
    assert table(office) == stored
    other = load(office, tmp_path, HEADER, "DKDL-01;990;BB01;00")
    assert (other.code, len(other.err)) == (1, 1)
    assert table(office).codes == stored.codes


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("DKDL-13;990;DK13;00", "profiel"),
        ("DKDL-01;990;DK99;00", "profiel"),
        ("DKDL-03;055;DK03;00", "codelijst"),
        ("DKDL-03;065;DK03;00", "codelijst"),
        ("DKDL-03;990;;00", "prestatiecode"),
        ("DKDL-03;990;DK0003;00", "prestatiecode"),
        ("DKDL-03;990;D 3;00", "prestatiecode"),
        ("DKDL-03;990;Dł3;00", "prestatiecode"),
        ("DKDL-03;990;DK03;21", "tijdseenheid"),
        ("DKDL-03;990;DK03;31", "tijdseenheid"),
        ("DKDL-03;990;DK03", ""),
    ],
)
def test_it_names_each_error_by_its_line_and_stores_nothing(
    office: Office, tmp_path: Path, line: str, column: str
) -> None:
    answer = load(office, tmp_path, *GOOD, line)
    assert answer.code == 1
    (sentence,) = answer.err
    assert sentence.startswith(f"regel 4: {column}")
    with office.facts():
        assert not CodeTable.objects.filter(organisation=office.house.organisation).exists()


@pytest.mark.parametrize("lines", [(HEADER,), ("profiel;code", "DKDL-01;X")])
def test_it_refuses_a_file_that_is_no_table(office: Office, tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert load(office, tmp_path, *lines).code in {1, 2}


def test_a_version_never_changes(office: Office, tmp_path: Path) -> None:
    load(office, tmp_path, *GOOD)
    with office.facts(), pytest.raises(ProgrammingError), transaction.atomic():
        CodeTable.objects.update(codes={})
    with office.facts(), pytest.raises(ProgrammingError), transaction.atomic():
        CodeTable.objects.filter(organisation__isnull=False)._raw_delete("default")


def test_it_tells_what_would_become_another_code(office: Office, tmp_path: Path) -> None:
    load(office, tmp_path, *GOOD)
    office.client(0)
    office.client(1, code="DKDL-02")
    office.attached(insured(0), insured(1))
    with office.facts():
        change = code_table_versions.change_for(
            organisation=office.house.organisation,
            insurer=Agreement.objects.get().insurer,
            table=table(office),
            day=date(2024, 1, 1),
        )
    assert next((each.profile, each.before, each.after) for each in change.codes if each.differs) == (
        "DKDL-01", "DK01", "AA01",
    )  # fmt: skip
    assert change.differs
    assert change.waiting == 1
    assert "DKDL-02" not in change.missing
    assert "PTZ" in change.missing


def upload(browser: Browser, *lines: str) -> object:
    content = SimpleUploadedFile("tabel.csv", ("\n".join(lines) + "\n").encode(), "text/csv")
    return browser.post(reverse("table-add"), {"name": "Z1", "version": "1", "file": content}, follow=True)


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_officer_and_administrator_take_one_in(
    office: Office, role: str, officer: Browser, administrator: Actor
) -> None:
    browser = officer if role == "officer" else administrator.browser
    refused = pages.text(upload(browser, *GOOD, "DKDL-99;990;X;00"))
    assert "regel 4: profiel" in refused
    page = pages.text(upload(browser, *GOOD))
    assert "Nog nergens" in page
    assert "AA01" in page
    assert table(office).made_by is not None
    assert "Z1 1" in pages.shown(browser, "table-list")


def test_a_table_counts_only_after_a_look_at_what_it_changes(
    office: Office, tmp_path: Path, administrator: Actor
) -> None:
    load(office, tmp_path, *GOOD)
    office.client(0)
    file = office.attached()
    with office.facts():
        insurer = Agreement.objects.get().insurer
    address = reverse("agreement-change", args=[insurer.public_id])
    wanted = {
        "sending": "aan", "delivery_form": "in_file", "code_table": table(office).public_id,
        "valid_from": "2024-01-01",
    }  # fmt: skip
    preview = pages.text(administrator.browser.post(address, wanted))
    assert "AA01" in preview
    assert "Er is nog niets vastgelegd" in preview
    with office.facts():
        assert Agreement.objects.filter(code_table__organisation__isnull=False).count() == 0
    assert administrator.browser.post(address, wanted | {"sure": "1"}).status_code == 302
    office.attach(file)
    with office.facts():
        assert ProfileRecord.objects.get().performance_code == "AA01"
        assert [
            use.status for use in code_table_versions.uses_of(office.house.organisation, table(office))
        ] == ["current"]
    office.client(1, code="PTZ")
    other = office.attached(insured(1), number="F2")
    assert office.state(other) == (AttachmentState.HELD, Reason.CODE_UNKNOWN)


def test_it_says_until_which_day_a_table_was_in_use(office: Office, officer: Browser) -> None:
    with office.facts():
        agreement = Agreement.objects.get()
        services.switch(
            organisation=office.house.organisation,
            insurer=agreement.insurer,
            sending=False,
            valid_from=date(2024, 3, 1),
        )
        example = agreement.code_table.public_id
    page = pages.shown(officer, "table-page", example)
    assert "1 januari 2013 tot en met 29 februari 2024" in page
    assert "vanaf 1 maart 2024, zonder einde" in page


def test_another_organisation_s_table_is_not_there(
    office: Office, office_elsewhere: Office, tmp_path: Path, officer: Browser
) -> None:
    load(office_elsewhere, tmp_path, *GOOD)
    there = table(office_elsewhere)
    assert officer.get(reverse("table-page", args=[there.public_id])).status_code == 404
