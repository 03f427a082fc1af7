"""What is found in a file that comes in all the same: kept, shown, and compared with earlier files."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import strip_tags

from declarations import rounds
from declarations.delivery import withdrawing
from declarations.intake import earlier_references, warnings
from declarations.schema.constants import ChunkKind, FileState
from declarations.schema.exceptions import BrokenFileError, InvoiceNumberTakenError
from declarations.schema.models import DeclarationFile, FileChunk
from declarations.storage import chunks
from tests.declarations import fictional
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.shell import run

pytestmark = pytest.mark.django_db


def kept(office: Office, file: DeclarationFile) -> warnings.FileWarnings:
    with office.house.scope():
        return warnings.warnings_of(DeclarationFile.objects.get(pk=file.pk))


def used(office: Office, file: DeclarationFile) -> list[tuple[int, tuple[str, ...]]]:
    """Return the lines of which the reference was used before, with which invoice and when."""
    found = kept(office, file).found
    return [(each.line, each.details) for each in found if each.rule == "reference.used_before"]


def with_references(office: Office, *references: str, number: str, is_test: bool = False) -> bytes:
    """Return a file of one person with a performance on its own day for each reference."""
    days = [f"2024-01-{day + 1:02d}" for day in range(len(references))]
    people = insured(0, *(care(day, day) for day in days))
    draft = fictional.Draft(office.content(people, number=number, is_test=is_test))
    for line, reference in enumerate(references, 3):
        draft.put(line, "0431", reference.ljust(20))
    return draft.bytes()


def test_warnings_are_kept_with_the_file_by_rule_and_line(office: Office) -> None:
    file = office.imported(insured(0, care(), care(), care(vat=2100)))
    found = kept(office, file)
    assert found.counts == {"performance.twice": 2, "vat.number_missing": 1}
    assert [(each.line, each.rule) for each in found.found] == [
        (4, "performance.twice"), (5, "performance.twice"), (5, "vat.number_missing"),
    ]  # fmt: skip
    assert office.fresh(file).warning_count == found.total == 3


def test_of_very_many_warnings_the_first_are_kept_and_all_counted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warnings, "KEPT", 2)
    file = office.imported(insured(0, *(care() for _ in range(6))))
    found = kept(office, file)
    assert (len(found.found), found.counts) == (2, {"performance.twice": 5})
    (group,) = found.groups(1)
    assert (group.count, group.lines, group.more) == (5, (4,), 4)


def test_the_page_shows_them_with_their_code_and_where(officer: Browser, office: Office) -> None:
    file = office.imported(insured(0, care(), care()))
    page = officer.get(reverse("file-page", args=[file.public_id])).content.decode()
    assert "Dezelfde prestatie staat al op regel 3" in strip_tags(page)
    assert "performance.twice, retourcode 0587" in page
    assert reverse("file-line", args=[file.public_id, 4]) in page


def test_a_file_from_before_they_were_kept_leads_to_checking_it(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(warnings, "keep", lambda *_given: None)
        file = office.imported(insured(0, care(), care()))
    page = officer.get(reverse("file-page", args=[file.public_id])).content.decode()
    assert reverse("file-check") in page
    assert "Laat het nakijken om ze te zien" in page


def test_a_file_without_warnings_shows_none(officer: Browser, office: Office) -> None:
    file = office.imported(insured(0))
    assert "waarschuwingen" not in officer.get(reverse("file-page", args=[file.public_id])).content.decode()
    with office.house.scope():
        assert not FileChunk.objects.filter(kind=ChunkKind.FINDINGS).exists()


def test_a_reference_of_an_earlier_file_is_a_warning_by_line(office: Office) -> None:
    office.take_in(with_references(office, "A-1", "A-2", number="F1"))
    office.take_in(with_references(office, "B-1", number="F2"))
    file = office.take_in(with_references(office, "C-1", "A-2", "B-1", number="F3"))
    assert used(office, file) == [(4, ("F1", "02-02-2024")), (5, ("F2", "02-02-2024"))]
    assert office.fresh(file).warning_count == 2


def test_what_was_withdrawn_or_a_test_claims_no_reference(office: Office) -> None:
    withdrawn = office.take_in(with_references(office, "A-1", number="F1"))
    with office.house.scope():
        withdrawing.withdraw_file(file=withdrawn)
    office.take_in(with_references(office, "A-1", number="F2", is_test=True))
    assert used(office, office.take_in(with_references(office, "A-1", number="F3"))) == []


def test_another_organisation_claims_no_reference(office: Office, office_elsewhere: Office) -> None:
    office.take_in(with_references(office, "A-1", number="F1"))
    assert (
        used(
            office_elsewhere, office_elsewhere.take_in(with_references(office_elsewhere, "A-1", number="F1"))
        )
        == []
    )


def test_a_reference_is_free_again_after_five_years(office: Office) -> None:
    first = office.take_in(with_references(office, "A-1", number="F1"))
    for day, count in ((date(2019, 2, 3), 1), (date(2019, 2, 2), 0)):
        with office.house.scope():
            DeclarationFile.objects.filter(pk=first.pk).update(invoice_date=day)
        again = office.take_in(with_references(office, "A-1", number=f"G{count}"))
        assert len(used(office, again)) == count
        with office.house.scope():
            withdrawing.withdraw_file(file=again)


def from_before(office: Office, monkeypatch: pytest.MonkeyPatch, number: str) -> DeclarationFile:
    """Return a file that came in before references were kept."""
    with monkeypatch.context() as before:
        before.setattr(
            earlier_references, "keep_and_compare", lambda *_given, **_words: earlier_references.Compared()
        )
        return office.take_in(with_references(office, "A-1", number=number))


def not_compared(office: Office, file: DeclarationFile) -> list[tuple[str, ...]]:
    found = kept(office, file).found
    return [each.details for each in found if each.rule == "reference.not_compared"]


def test_a_file_from_before_references_were_kept_is_read_in_the_background(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = from_before(office, monkeypatch, "F1")
    meanwhile = office.take_in(with_references(office, "A-1", number="F2"))
    assert (used(office, meanwhile), not_compared(office, meanwhile)) == ([], [("1",)])
    assert office.fresh(meanwhile).warning_count == kept(office, meanwhile).total == 1
    with office.house.scope():
        assert not FileChunk.objects.filter(file=first, kind=ChunkKind.REFERENCES).exists()
    rounds.keep_references()
    after = office.take_in(with_references(office, "A-1", number="F3"))
    assert (used(office, after), not_compared(office, after)) == ([(3, ("F1", "02-02-2024"))], [])
    assert earlier_references.catch_up(office.organisation_id) == 0


def test_it_says_of_how_many_and_goes_on_where_it_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("F1", "F2"):
        from_before(office, monkeypatch, number)
    assert not_compared(office, office.take_in(with_references(office, "B-1", number="F3"))) == [("2",)]
    assert earlier_references.catch_up(office.organisation_id, until=time.monotonic() - 1) == 0
    assert earlier_references.catch_up(office.organisation_id) == 2


def test_a_file_that_cannot_be_read_stops_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = (from_before(office, monkeypatch, number) for number in ("F1", "F2"))
    read = chunks.read

    def reading(file: DeclarationFile, kind: ChunkKind) -> Iterator[bytes]:
        if file.pk == broken.pk:
            message = "no content"
            raise BrokenFileError(message)
        return read(file, kind)

    monkeypatch.setattr(chunks, "read", reading)
    assert earlier_references.catch_up(office.organisation_id) == 1
    with office.house.scope():
        assert FileChunk.objects.filter(file=fine, kind=ChunkKind.REFERENCES).exists()


def test_the_command_reads_them_before_it_begins(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from_before(office, monkeypatch, "F1")
    content = tmp_path / "in.txt"
    content.write_bytes(with_references(office, "A-1", number="F2"))
    assert run("import_declarations", content, "--organisation", office.house.organisation.agb).code == 0
    with office.house.scope():
        file = DeclarationFile.objects.get(invoice_number="F2")
    assert len(used(office, file)) == 1


@pytest.mark.parametrize("first", ["test", "withdrawn"])
def test_a_test_file_or_a_withdrawn_one_claims_no_invoice_number(office: Office, first: str) -> None:
    before = office.take_in(with_references(office, "A-1", number="F1", is_test=first == "test"))
    if first == "withdrawn":
        with office.house.scope():
            withdrawing.withdraw_file(file=before)
    after = office.take_in(with_references(office, "A-2", number="F1"))
    assert office.fresh(after).state == FileState.IMPORTED
    with pytest.raises(InvoiceNumberTakenError):
        office.take_in(with_references(office, "A-3", number="F1"))


def test_numbers_that_differ_in_case_are_two_invoices(office: Office) -> None:
    for number in ("R04", "r04"):
        office.take_in(with_references(office, number, number=number))


def test_five_years_before_the_last_of_february() -> None:
    assert earlier_references._years_before(date(2024, 2, 29)) == date(2019, 2, 28)
    assert earlier_references._years_before(date(2024, 3, 1)) == date(2019, 3, 1)
