"""The byte ruler: one record of a file, whose it is, what is found in it; and old and new numbers."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from declarations.aw319.layout import FIELDS
from declarations.schema.constants import ChunkKind
from declarations.schema.models import ProfileRecord
from declarations.storage import chunks
from declarations.storage.record_view import POSITIONS_PER_ROW, ruler_of, scale
from tests.declarations import fictional
from tests.declarations.fictional import Draft, care, insured
from tests.declarations.golden_files import GOLDEN, golden_people
from tests.declarations.office import Office
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db


def seen(office: Office) -> list[list[int]]:
    with office.facts():
        rows = AccessLog.objects.filter(action=AccessAction.VIEWED_DECLARATION).order_by("id")
        return [list(row.clients) for row in rows]


def test_the_scale_ends_each_ten_in_its_number() -> None:
    assert scale(1, 20) == "....+...10....+...20"
    assert scale(63, 70) == "..+...70"
    marks = scale(63, 124)
    assert len(marks) == POSITIONS_PER_ROW
    assert marks[100 - 63 - 2 : 100 - 63 + 1] == "100"


def test_every_position_stands_once_under_the_ruler() -> None:
    for line, record in enumerate(Draft(fictional.content(insured(0, care(comments=("ja",))))).records, 1):
        ruler = ruler_of(record + b"\r\n", line=line, today=fictional.TODAY)
        assert "".join(piece.text for row in ruler.rows for piece in row.pieces) == record.decode("latin-1")
        assert [len("".join(piece.text for piece in row.pieces)) for row in ruler.rows] == [62] * 5
        assert [each.field.number for each in ruler.fields] == [
            number for number in FIELDS if number[:2] == record[:2].decode()
        ]


def test_a_finding_stands_with_its_field() -> None:
    record = Draft(fictional.content(insured(0))).put(3, "0414", "20240230").records[2] + b"\r\n"
    ruler = ruler_of(record, line=3, today=fictional.TODAY)
    assert ruler.finding_count == 1
    assert [each.field.number for each in ruler.fields if each.findings] == ["0414"]
    assert {piece.field.number for row in ruler.rows for piece in row.pieces if piece.has_finding} == {"0414"}


def test_it_shows_a_record_with_its_fields_and_writes_down_who_was_seen(
    officer: Browser, office: Office
) -> None:
    client = office.client(0)
    file = office.attached(insured(0))
    page = shown(officer, "file-line", file.public_id, 2)
    assert "Wat staat er op regel 2?" in page
    assert "0203" in page
    assert fictional.BSNS[0] in page
    assert "Günthér" in page
    assert seen(office) == [[client.pk]]
    assert reverse("file-line", args=[file.public_id, 1]) in page
    assert reverse("file-line", args=[file.public_id, 3]) in page


def test_a_comment_is_about_the_person_above_it(officer: Browser, office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0, care(comments=("een", "twee"))))
    shown(officer, "file-line", file.public_id, 5)
    assert seen(office) == [[client.pk]]


def test_header_and_trailer_are_about_nobody(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0))
    assert 'rel="prev"' not in shown(officer, "file-line", file.public_id, 1)
    assert 'rel="next"' not in shown(officer, "file-line", file.public_id, 4)
    assert seen(office) == []


@pytest.mark.parametrize("line", [0, 5, 10**12])
def test_there_are_no_lines_beyond_the_file(officer: Browser, office: Office, line: int) -> None:
    file = office.attached(insured(0))
    assert officer.get(reverse("file-line", args=[file.public_id, line])).status_code == 404
    assert officer.get(reverse("export-line", args=[file.public_id, 1])).status_code == 404


def test_a_line_of_another_organisation_does_not_exist(officer: Browser, office_elsewhere: Office) -> None:
    file = office_elsewhere.imported(insured(0))
    assert officer.get(reverse("file-line", args=[file.public_id, 1])).status_code == 404


def test_a_line_is_read_without_the_others(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "LINES_PER_CHUNK", 4)
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 4 * 312)
    file = office.imported(*(insured(number) for number in range(10)))
    with CaptureQueriesContext(connection) as captured:
        shown(officer, "file-line", file.public_id, 20)
    assert len([query for query in captured if "filechunk" in query["sql"]]) == 2


def record_of(office: Office, file: Any, kind: ChunkKind, line: int) -> bytes:
    with office.facts():
        return chunks.record_at(file, line, kind)


def test_a_profile_record_is_shown_beforehand_exactly_as_it_will_be(officer: Browser, office: Office) -> None:
    for number in range(3):
        office.client(number)
    file = office.attached(
        insured(0), insured(1, care("2024-01-01", "2024-01-07"), care(comments=("een",))), insured(2)
    )
    item = office.items(file)[1]
    with office.facts():
        row = ProfileRecord.objects.get(attachment=item)
    address = reverse("item-record", args=[item.public_id, row.number])
    before = text(officer.get(address))
    assert "Zo komt de profielregel" in before
    office.export(file)
    answer = officer.get(address)
    after = text(officer.get(answer["Location"]))
    number = int(answer["Location"].rstrip("/").rpartition("/")[2])
    record = record_of(office, office.fresh(file), ChunkKind.EXPORT, number)
    assert FIELDS["0431"].of(record).decode().rstrip() == row.reference
    values = re.compile(r'<span class="ruler-value[^>]*>([^<]*)</span>')
    assert len(values.findall(before)) > 20
    assert values.findall(before) == values.findall(after)
    assert "Deze regel is een profielregel" in after
    assert f"In het bestand gezet, als regel {number}" in after
    assert "Anamnese afgerond" in after


def test_a_profile_record_that_is_not_there_does_not_exist(officer: Browser, office: Office) -> None:
    office.client(0)
    item = office.item(office.attached(insured(0)))
    assert officer.get(reverse("item-record", args=[item.public_id, 99])).status_code == 404


def numbers(officer: Browser, file: Any) -> str:
    answer: Any = officer.get(reverse("file-numbers", args=[file.public_id]))
    return b"".join(answer.streaming_content).decode()


def test_old_and_new_numbers_of_a_file(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("declarations.storage.lines.PLACES_AT_ONCE", 1)
    monkeypatch.setattr("care.tables.ROWS_AT_ONCE", 3)
    office.house.organisation.agb = fictional.AGB
    office.house.organisation.save()
    file = office.attached(*golden_people(office))
    office.export(file)
    assert numbers(officer, file) == (GOLDEN / "numbers-1.csv").read_text(encoding="utf-8")


def test_there_are_no_new_numbers_before_the_file_was_made(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0))
    answer = officer.get(reverse("file-numbers", args=[file.public_id]), follow=True)
    assert "nog niet gemaakt" in text(answer)
    assert reverse("file-numbers", args=[file.public_id]) not in text(answer)
