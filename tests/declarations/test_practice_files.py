"""Small files from practice, each taken the whole way that whoever sent it in went."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from care.schema.constants import Role
from care.schema.models import Insurer
from care.schema.periods import CarePeriod
from care.tables import FORMULA_SIGNS
from declarations.agreements import services
from declarations.schema.constants import AttachmentState, FileState
from declarations.schema.delivery_models import RecordReply
from declarations.schema.models import DeclarationFile, ProfileRecord
from declarations.storage.file_names import download_name
from profiles.schema.constants import FactKind
from profiles.timeline.caseload import cases_of
from profiles.timeline.states import ProfileState
from tests.actors import actor
from tests.declarations.practice import SINCE, Practice, case, of, practice
from tests.declarations.shell import run

pytestmark = pytest.mark.django_db

TODAY = date(2024, 11, 30)
BORN = "1940-05-17"


def office_of(name: str, folder: Path, *insurers: str) -> Practice:
    return practice(of(name, "0112"), folder, *insurers)


def test_no_record_has_a_day_between_two_bases(tmp_path: Path) -> None:
    name = "l01_gap_between_bases.txt"
    office = office_of(name, tmp_path)
    assert run("add_insurer", "9994", "Verzekeraar met een gat").code == 0
    basis = ("add_legal_basis", "--uzovi", "9994", "--reference")
    office.command(*basis, "Tot tien oktober", "--from", SINCE, "--until", "2024-10-11")
    office.command(*basis, "Sinds twintig oktober", "--from", "2024-10-20")
    office.command("add_receiver", "--uzovi", "9991", "--for", "9994", "--from", SINCE)
    office.person(of(name, "0203"), BORN, uzovi="9994")
    assert office.days(office.taken_in(name)) == [("10-01", "10-10"), ("10-20", "10-31")]


def test_a_record_ends_where_sending_goes_off(tmp_path: Path) -> None:
    name = "l02_sending_off_within.txt"
    office = office_of(name, tmp_path, "9995")
    office.command("add_receiver", "--uzovi", "9991", "--for", "9995", "--from", SINCE)
    office.person(of(name, "0203"), BORN, uzovi="9995")
    with office.scope():
        services.switch(
            organisation=office.house.organisation,
            insurer=Insurer.objects.get(uzovi="9995"),
            sending=False,
            valid_from=date(2024, 10, 16),
        )
    assert office.days(office.taken_in(name)) == [("10-10", "10-15")]


def test_a_record_ends_on_the_day_of_death(tmp_path: Path) -> None:
    """Care ends then; in_zorg_tot is the first day without."""
    name = "d16_died.txt"
    office = office_of(name, tmp_path)
    office.person(of(name, "0203"), BORN, until="2024-10-17")
    assert office.days(office.taken_in(name)) == [("10-01", "10-16")]


def test_no_record_has_a_day_between_two_stays(tmp_path: Path) -> None:
    name = "d16_died.txt"
    office = office_of(name, tmp_path)
    office.person(of(name, "0203"), BORN, until="2024-10-06")
    office.person(of(name, "0203"), BORN, since="2024-10-25")
    assert office.days(office.taken_in(name)) == [("10-01", "10-05"), ("10-25", "10-31")]


def test_a_basis_names_its_last_day_and_counts_until_then(tmp_path: Path) -> None:
    name = "basis_last_day.txt"
    office = office_of(name, tmp_path)
    assert run("add_insurer", "9992", "Verzekeraar").code == 0
    said = office.command(
        *("add_legal_basis", "--uzovi", "9992", "--reference", "Proef"),
        *("--from", SINCE, "--until", "2024-10-31"),
    )
    assert "geldt tot en met 30 oktober 2024" in "\n".join(said.out)
    office.table("import_clients", case("basis_last_day_clients.csv"))
    office.table("import_anamneses", case("basis_last_day_anamneses.csv"))
    assert office.days(office.taken_in(name)) == [("10-01", "10-30")]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("v01_care_after_invoice_date.txt", "regel 3, 0415"),
        ("v02_identical_debit_credit.txt", "regel 4, 0432"),
        ("trailing_blank_line.txt", "regel 5"),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole_with_its_line(tmp_path: Path, name: str, found: str) -> None:
    office = office_of(name, tmp_path)
    answer = office.import_file(name)
    assert (answer.code, len(answer.err)) == (1, 2)
    assert answer.err[1].startswith(found)
    with office.scope():
        assert not DeclarationFile.objects.exists()


def test_the_same_performance_twice_is_a_warning_on_its_page(tmp_path: Path) -> None:
    name = "v03_same_performance_twice.txt"
    office = office_of(name, tmp_path)
    file = office.taken_in(name)
    assert file.warning_count == 1
    assert "Wat viel op bij het inlezen?" in office.page("file-page", file.public_id)


def test_no_table_that_leaves_can_run_as_a_formula_and_the_file_keeps_its_references(tmp_path: Path) -> None:
    name = "r01_formula_refs.txt"
    office = office_of(name, tmp_path)
    office.person(of(name, "0203"), BORN)
    file = office.taken_in(name)
    made = office.made(file)
    tables = (
        office.cells("file-numbers", file.public_id),
        office.cells("queue-csv", file.public_id),
    )
    for cells in tables:
        assert len(cells) > len(FORMULA_SIGNS)
        assert [cell for cell in cells if cell.startswith(FORMULA_SIGNS)] == []
    assert [reference in made for reference in (b'D=1+1;"x"', b"D@SUM(A1)", b"D-2+3+cmd|")] == [True] * 3


def test_invoices_that_differ_in_case_only_go_out_under_two_names(tmp_path: Path) -> None:
    office = office_of("r04_first.txt", tmp_path)
    names = []
    for name in ("r04_first.txt", "r08_invoice_case.txt"):
        file = office.taken_in(name)
        office.made(file)
        names.append(download_name(file))
    assert len(set(names)) == 2
    for name in names:
        assert (name, name[-4:]) == (name.lower(), ".txt")


def test_a_test_file_does_not_keep_the_real_one_out(tmp_path: Path) -> None:
    """The usual way to begin with a clearing house: first as a test, then the same for real."""
    name = "invoice_1_test.txt"
    office = office_of(name, tmp_path)
    office.person(of(name, "0203"), "1941-01-01")
    tried = office.taken_in(name)
    office.made(tried)
    real = office.taken_in("invoice_2_production.txt")
    assert office.days(tried) == office.days(real) == [("10-01", "10-31")]
    assert (tried.is_test, real.is_test, tried.invoice_number) == (True, False, real.invoice_number)
    assert tried.state == FileState.IMPORTED
    office.made(real)
    with office.scope():
        references = ProfileRecord.objects.values_list("reference", flat=True)
        assert len(set(references)) == 2


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("alt-enter.csv", "Code onbekend. Zie brief van 3 november"),
        ("line-separator.csv", "Code onbekend zie brief"),
        ("vertical-tab.csv", "Code onbekend zie brief"),
    ],
)
def test_an_answer_over_two_lines_is_one_answer(tmp_path: Path, name: str, reason: str) -> None:
    declaration = "reply_declaration.txt"
    office = office_of(declaration, tmp_path)
    for bsn in ("999800231", "999800243", "999800255"):
        office.person(bsn, "1941-01-01")
    file = office.delivered(declaration)
    with office.scope():
        record = ProfileRecord.objects.filter(attachment__file=file).order_by("attachment__number")[0]
    content = case(name)
    answer = content.replace(content.split(b"\n", 1)[1][:20], record.reference.encode())
    shown = office.officer.post(
        reverse("reply-list"), {"list": SimpleUploadedFile("antwoorden.csv", answer)}, follow=True
    )
    address = shown.redirect_chain[-1][0]
    assert reason in shown.content.decode()
    office.officer.post(address)
    with office.scope():
        assert [row.reason for row in RecordReply.objects.all()] == [reason]
        record.attachment.refresh_from_db()
        assert record.attachment.state == AttachmentState.REJECTED


def test_who_came_back_after_months_keeps_both_stays_and_is_due(tmp_path: Path) -> None:
    office = practice("75990001", tmp_path)
    nurse = actor(Role.NURSE, office.house, office.house.north)
    steps = ("stay_1_first", "stay_anamneses", "stay_2_back", "short_gap_1_gone", "short_gap_anamneses")
    for name in (*steps, "short_gap_2_back"):
        office.table("import_anamneses" if "anamneses" in name else "import_clients", case(f"{name}.csv"))
    with office.scope():
        stays = CarePeriod.objects.values_list("period", flat=True)
        assert sorted((stay.lower, stay.upper) for stay in stays) == [
            (date(2023, 1, 1), date(2023, 6, 1)),
            (date(2024, 1, 1), None),
            (date(2024, 6, 1), date(2024, 8, 1)),
            (date(2024, 11, 15), None),
        ]
        (back,) = [each for each in cases_of(nurse.membership, day=TODAY) if each.client.surname == "Kortweg"]
        assert back.state.state == ProfileState.DUE
        assert back.state.happened is not None
        assert back.state.happened.kind == FactKind.RETURNED
