"""Separate files: agreed with the insurer, or for who came too late; what is in one is in no other."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client as Browser
from django.urls import reverse

from care import scope, services
from care.constants import Phase
from care.models import LegalBasis, Objection
from care.selectors import phase_on
from declarations import aw319
from declarations.apart import late, separate
from declarations.attaching import comparison, watching
from declarations.attaching.stored import detail_from_json
from declarations.aw319.layout import FIELDS
from declarations.constants import AttachmentState, ChunkKind, DeliveryForm, FileKind, FileState, Reason
from declarations.files import lines
from declarations.models import Agreement, DeclarationFile, ProfileRecord
from declarations.outgoing import addressed, trail
from tests.declarations import fictional, pages
from tests.declarations.fictional import Draft, care, insured
from tests.declarations.office import Office
from tests.declarations.shell import run
from tests.factories import people

pytestmark = pytest.mark.django_db

EXPORTED = (AttachmentState.EXPORTED, Reason.NONE)
LATE = (AttachmentState.HELD, Reason.TOO_LATE)


def agree_apart(office: Office) -> None:
    """Let everything go in separate files."""
    with office.facts():
        Agreement.objects.update(delivery_form=DeliveryForm.SEPARATE)


def separates(office: Office) -> list[DeclarationFile]:
    """Return the separate files, oldest first."""
    with office.facts():
        return list(DeclarationFile.objects.filter(kind=FileKind.SEPARATE).order_by("id"))


def the_separate(office: Office) -> DeclarationFile:
    (only,) = separates(office)
    return only


def look(office: Office) -> None:
    """Compare with the facts, as the schedule does."""
    comparison.compare_organisation(organisation_id=office.organisation_id)


def made(office: Office, *, uzovi: str = "9991") -> DeclarationFile | None:
    """Make a separate file on request."""
    with office.facts():
        return separate.make_separate(organisation=office.house.organisation, uzovi=uzovi)


def records(content: bytes) -> list[tuple[str, str, str, str]]:
    """Return person, days and code of each profile record of a content."""
    names = ("0403", "0414", "0415", "0417")
    lines = [line for line in content.split(b"\r\n") if line[:2] == b"04"]
    return [tuple(FIELDS[name].of(line).decode().strip() for name in names) for line in lines]  # type: ignore[misc]


def checked_whole(office: Office, content: bytes) -> None:
    """Hold a separate file against our own checker."""
    report = aw319.check(iter([content]), today=date.today(), expected_agb=office.house.organisation.agb)  # noqa: DTZ011
    assert report.findings == ()
    assert report.facts is not None
    assert report.facts.control_total == "00000000000D"


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
        assert apart in addressed.files_for(apart.insurer)
    other = people.insurer(uzovi="9993")
    with scope.activate(scope.Scope(insurer_id=other.pk)):
        assert not addressed.files_for(other).exists()
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


def test_a_profile_that_came_afterwards_waits_for_a_separate_file(office: Office) -> None:
    """The agreement is to send in the file: what came too late can only go apart, when somebody asks."""
    office.client(0)
    file = office.attached(insured(0), insured(1))
    office.export(file)
    office.client(1, code="DKDL-05")
    look(office)
    assert office.states(file) == [EXPORTED, (AttachmentState.ATTACHED, Reason.NONE)]
    assert office.balance(file).is_even
    with office.facts():
        (heap,) = separate.heaps(office.house.organisation)
    assert (heap.uzovi, heap.persons, heap.records) == ("9991", 1, 1)
    apart = made(office)
    assert apart is not None
    content = office.written(apart)
    checked_whole(office, content)
    assert records(content) == [(fictional.BSNS[1], "20240101", "20240131", "DK05")]
    assert office.states(file) == [EXPORTED, EXPORTED]
    assert made(office) is None


@pytest.mark.parametrize("missing", ["basis", "sending", "phase"])
def test_so_does_who_was_held_for_a_reason_that_went_away(office: Office, missing: str) -> None:
    organisation = office.house.organisation
    office.client(0)
    with office.facts():
        if missing == "basis":
            LegalBasis.objects.update(valid_until=date(2013, 1, 2))
        if missing == "sending":
            Agreement.objects.update(sending=False)
        if missing == "phase":
            services.set_phase(organisation=organisation, phase=Phase.REGISTER, valid_from=date(2020, 1, 1))
    file = office.attached()
    office.export(file)
    assert office.state(file) == LATE
    with office.facts():
        LegalBasis.objects.update(valid_until=None)
        Agreement.objects.update(sending=True)
        services.set_phase(organisation=organisation, phase=Phase.DECLARE, valid_from=date(2020, 1, 2))
        assert phase_on(organisation, date.today()) == "declare"  # noqa: DTZ011
    look(office)
    apart = made(office)
    assert apart is not None
    assert len(records(office.written(apart))) == 1


def test_who_stays_held_keeps_a_reason_of_today(office: Office) -> None:
    file = office.attached()
    office.export(file)
    office.client(0, day=None)
    look(office)
    assert office.state(file) == LATE
    assert detail_from_json(office.item(file).detail).before == Reason.NO_VALID_PROFILE


def test_what_waited_goes_with_the_next_separate_file(office: Office) -> None:
    """One file, one record 02 per insured person, though the care stands in two."""
    office.client(0)
    first = office.attached(insured(0, care("2024-01-01", "2024-01-10")), insured(1), number="F1")
    office.export(first)
    office.client(1)
    look(office)
    agree_apart(office)
    second = office.attached(
        insured(1, care("2023-12-30", "2023-12-31")),
        insured(0, care("2024-01-20", "2024-01-22")),
        number="F2",
    )
    office.export(second)
    content = office.written(the_separate(office))
    checked_whole(office, content)
    assert records(content) == [
        (fictional.BSNS[1], "20231230", "20231231", "DK01"),
        (fictional.BSNS[1], "20240101", "20240131", "DK01"),
        (fictional.BSNS[0], "20240120", "20240122", "DK01"),
    ]
    assert content.count(b"\r\n02") == 2


def test_an_objection_takes_back_what_waits(office: Office) -> None:
    file = office.attached()
    office.export(file)
    client = office.client(0)
    look(office)
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=date(2024, 1, 1)
        )
    assert made(office) is None
    assert office.state(file) == LATE
    assert detail_from_json(office.item(file).detail).before == Reason.OBJECTION
    with office.facts():
        assert not ProfileRecord.objects.exists()


def test_the_same_profile_goes_once_for_a_day(office: Office) -> None:
    """The care of January stands in two files; what the second adds is only the days that did not go."""
    agree_apart(office)
    office.client(0)
    office.exported(office.attached(insured(0, care("2024-01-05", "2024-01-20")), number="F1"))
    again = office.attached(insured(0, care("2024-01-01", "2024-01-31")), number="F2")
    office.exported(again)
    last = office.written(separates(office)[1])
    assert records(last) == [
        (fictional.BSNS[0], "20240101", "20240104", "DK01"),
        (fictional.BSNS[0], "20240121", "20240131", "DK01"),
    ]
    checked_whole(office, last)
    third = office.attached(insured(0, care("2024-01-10", "2024-01-12")), number="F3")
    assert office.exported(third) == office.written(third, ChunkKind.ORIGINAL)
    assert office.state(third) == (AttachmentState.EXCLUDED, Reason.ALREADY_SENT)
    assert office.balance(third).is_even
    assert len(separates(office)) == 2


def test_references_stay_unique_over_all_files(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    for number in range(1, 4):
        office.exported(
            office.attached(insured(0, care(f"2024-01-0{number}", f"2024-01-0{number}")), number=f"F{number}")
        )
    references = [
        FIELDS["0431"].of(line)
        for file in separates(office)
        for line in office.written(file).split(b"\r\n")
        if line[:2] == b"04"
    ]
    assert len(set(references)) == 3
    assert all(reference.startswith(b"DV") for reference in references)


def test_a_person_can_have_one_record_in_the_file_and_one_apart(office: Office) -> None:
    """The agreement changed between two performances, and the profile with it."""
    client = office.client(0, day=None)
    office.profile(client, date(2023, 12, 1), "DKDL-01")
    office.profile(client, date(2024, 1, 16), "DKDL-09")
    with office.facts():
        now = Agreement.objects.get()
        now.valid_until = date(2024, 1, 16)
        now.save()
        Agreement.objects.create(
            organisation=now.organisation, insurer=now.insurer, code_table=now.code_table, sending=True,
            delivery_form=DeliveryForm.SEPARATE, valid_from=date(2024, 1, 16),
        )  # fmt: skip
    file = office.attached(insured(0, care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31")))
    after = office.exported(file)
    assert [row[3] for row in records(after)] == ["W0104", "W0104", "DK01"]
    assert [row[3] for row in records(office.written(the_separate(office)))] == ["DK09"]


def test_what_is_long_past_waits_for_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "LONGEST_LATE", late.LONGEST_LATE * 0)
    file = office.attached()
    office.export(file)
    office.client(0)
    look(office)
    assert office.state(file) == LATE


def test_its_records_can_be_followed_back_and_looked_at(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    client = office.client(1, day=None)
    profile = office.profile(client, date(2023, 12, 1))
    file = office.attached(insured(0), insured(1))
    with office.facts():
        waits = ProfileRecord.objects.get(profile=profile)
        preview = lines.made_line(waits)
        assert trail.way_of(waits).line is None
    office.export(file)
    apart = the_separate(office)
    with office.facts():
        row = ProfileRecord.objects.get(profile=profile)
        way = trail.way_of(row)
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
    assert watching.note_balances(organisation_id=office.organisation_id) == 0


def test_a_record_that_went_does_not_change(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    office.exported(office.attached())
    with office.facts(), pytest.raises(IntegrityError), transaction.atomic():
        ProfileRecord.objects.update(performance_code="DK02")


def test_the_officer_sees_what_waits_makes_it_and_fetches_it(office: Office, officer: Browser) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1))
    office.export(file)
    office.client(1)
    look(office)
    assert "1 profielregel" in pages.shown(officer, "apart-list")
    answer = officer.post(reverse("apart-make"), {"uzovi": "9991"}, follow=True)
    apart = the_separate(office)
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
