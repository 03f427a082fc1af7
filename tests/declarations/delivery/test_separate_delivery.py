"""Separate files agreed with the insurer: the declaration as it came, and the profiles beside it."""

from datetime import date

import pytest
from django.http import Http404

from care.tenancy import scope
from declarations.history import audit_trail
from declarations.insurers import insurer_files
from declarations.matching import reconciliation
from declarations.schema.constants import ChunkKind, FileState
from declarations.schema.models import DeclarationFile, ProfileRecord
from declarations.storage import lines
from tests.declarations import fictional
from tests.declarations.delivery.separating import (
    EXPORTED,
    LATE,
    agree_apart,
    checked_whole,
    records,
    separates,
    the_separate,
)
from tests.declarations.fictional import Draft, care, insured
from tests.declarations.office import Office
from tests.factories import people

pytestmark = pytest.mark.django_db


def test_the_original_goes_out_as_it_came_and_the_profiles_in_a_file_of_their_own(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    office.client(1, code="DKDL-09")
    file = office.attached(insured(0, care(comments=("een",))), insured(1), insured(2))
    assert office.exported(file) == office.written(file, ChunkKind.ORIGINAL)
    apart = the_separate(office)
    content = office.written(apart)
    checked_whole(office, content)
    assert records(content) == [
        (fictional.BSNS[0], "20240101", "20240131", "DK01"),
        (fictional.BSNS[1], "20240101", "20240131", "DK09"),
    ]
    assert [line[:2] for line in content.split(b"\r\n")] == [b"01", b"02", b"04", b"02", b"04", b"99", b""]
    assert office.states(file) == [EXPORTED, EXPORTED, LATE]
    assert office.balance(file).is_even


def test_its_number_is_its_own_and_counts_on(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    for number in ("F1", "F2"):
        office.exported(
            office.attached(insured(0, care(f"2024-01-0{number[1]}", f"2024-01-0{number[1]}")), number=number)
        )
    year = f"DV{date.today():%Y}"  # noqa: DTZ011
    assert [file.invoice_number for file in separates(office)] == [f"{year}000001", f"{year}000002"]
    first = separates(office)[0]
    assert Draft(office.written(first)).get(1, "0116") == f"{year}000001"
    assert (first.state, first.uzovi, first.person_count, first.record_count) == (
        FileState.EXPORTED,
        "9991",
        1,
        4,
    )


def test_it_is_for_the_insurer_that_the_declaration_was_for(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    office.exported(office.attached())
    apart = the_separate(office)
    assert apart.insurer is not None
    with scope.activate(scope.Scope(insurer_id=apart.insurer.pk)):
        assert apart in insurer_files.files_for(apart.insurer)
    other = people.insurer(uzovi="9993")
    with scope.activate(scope.Scope(insurer_id=other.pk)):
        assert not insurer_files.files_for(other).exists()
        assert not DeclarationFile.objects.filter(pk=apart.pk).exists()


def test_a_test_file_has_a_test_file_beside_it(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    office.exported(office.attached(is_test=True))
    apart = the_separate(office)
    assert apart.is_test
    assert Draft(office.written(apart)).get(1, "0105") == "T"


def test_nothing_is_made_where_nobody_has_a_profile(office: Office) -> None:
    agree_apart(office)
    file = office.attached()
    assert office.exported(file) == office.written(file, ChunkKind.ORIGINAL)
    assert separates(office) == []


def test_its_records_can_be_followed_back_and_looked_at(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    client = office.client(1, day=None)
    profile = office.profile(client, date(2023, 12, 1))
    file = office.attached(insured(0), insured(1))
    with office.facts():
        waits = ProfileRecord.objects.get(profile=profile)
        preview = lines.made_line(waits)
        assert audit_trail.way_of(waits).line is None
    office.export(file)
    apart = the_separate(office)
    with office.facts():
        row = ProfileRecord.objects.get(profile=profile)
        way = audit_trail.way_of(row)
        shown = lines.made_line(row)
        (whose,) = {lines.line_of(apart, ChunkKind.EXPORT, number).item for number in (4, 5)}
        assert lines.line_of(apart, ChunkKind.EXPORT, 1).item is None
        with pytest.raises(Http404):
            lines.line_of(apart, ChunkKind.ORIGINAL, 1)
    assert (way.file, way.line, way.is_made) == (apart, 5, True)
    assert any(apart.invoice_number in step.what for step in way.steps)
    assert (shown.number, shown.inserted, whose) == (5, row, row.attachment)
    assert shown.record[14:] == preview.record[14:]


def test_the_nightly_count_finds_it_whole(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    office.exported(office.attached())
    assert reconciliation.note_balances(organisation_id=office.organisation_id) == 0
