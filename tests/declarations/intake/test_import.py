"""Reading a file in: whole or not at all, once, and one row in the queue per insured person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError
from pytest_django import DjangoCaptureOnCommitCallbacks

from care.schema import crypto
from config.celery import app
from declarations import rounds
from declarations.delivery import withdrawing
from declarations.intake import importing, services
from declarations.matching import tasks
from declarations.schema.constants import AttachmentState, ChunkKind, FileState
from declarations.schema.exceptions import (
    AlreadyImportedError,
    BrokenFileError,
    FileRefusedError,
    InvoiceNumberTakenError,
    WrongStateError,
)
from declarations.schema.models import Attachment, AttachmentEvent, DeclarationFile, FileChunk
from declarations.storage import chunks
from tests.declarations import fictional
from tests.declarations.fictional import Draft, care, credit, insured
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db


def refused(office: Office, content: bytes) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        office.take_in(content)
    with office.house.scope():
        assert not DeclarationFile.objects.exists()
        assert not FileChunk.objects.exists()
        assert not Attachment.objects.exists()
    return caught.value


def test_it_remembers_what_the_header_and_the_trailer_say(office: Office) -> None:
    file = office.fresh(office.imported(insured(0, care(), care()), insured(1)))
    assert (file.state, file.uzovi, file.is_test) == (FileState.IMPORTED, "9991", False)
    assert file.insurer is not None
    assert (file.invoice_number, str(file.invoice_date)) == ("F2024-01", "2024-02-02")
    assert (str(file.period_first_day), str(file.period_last_day)) == ("2024-01-01", "2024-01-31")
    assert (file.person_count, file.record_count) == (2, 7)
    assert file.control_total == "00000058500D"


def test_it_stores_the_bytes_as_they_came(office: Office) -> None:
    content = office.content(insured(0), insured(1))
    file = office.take_in(content)
    assert office.written(file, ChunkKind.ORIGINAL) == content
    assert file.size == len(content)


def test_it_stores_nothing_that_can_be_read(office: Office) -> None:
    office.imported(insured(0, surname="Leesbaar"))
    with office.house.scope():
        stored = b"".join(bytes(chunk) for chunk in FileChunk.objects.values_list("content", flat=True))
    assert b"Leesbaar" not in stored
    assert fictional.BSNS[0].encode() not in stored


def test_it_keeps_a_file_in_chunks_of_less_than_a_megabyte(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 2 * 312)
    monkeypatch.setattr(chunks, "LINES_PER_CHUNK", 2)
    content = office.content(*(insured(number) for number in range(5)))
    file = office.take_in(content)
    with office.house.scope():
        stored = FileChunk.objects.filter(kind=ChunkKind.ORIGINAL)
        sizes = [len(chunk) for chunk in stored.values_list("content", flat=True)]
        third_person = chunks.record_at(file, 6)
    assert len(sizes) == 6
    assert office.written(file, ChunkKind.ORIGINAL) == content
    assert third_person == content[5 * 312 : 6 * 312]


def test_a_chunk_stays_under_a_megabyte_when_encrypted() -> None:
    sealed = crypto.encrypt(bytes(chunks.CHUNK_BYTES), purpose=chunks.PURPOSE)
    assert len(sealed) < 1_000_000
    assert chunks.CHUNK_BYTES % 312 == 0


def test_it_queues_every_insured_person_once(office: Office) -> None:
    """The same number with two insurers are two insured persons; several 02 groups of one are one."""
    file = office.imported(
        insured(0), insured(1), insured(0, care("2024-01-05", "2024-01-06")), insured(0, uzovi="9992")
    )
    items = office.items(file)
    assert [(item.number, item.uzovi, item.state) for item in items] == [
        (1, "9991", AttachmentState.QUEUED),
        (2, "9991", AttachmentState.QUEUED),
        (3, "9992", AttachmentState.QUEUED),
    ]
    assert (items[0].first_line, items[0].placement_line) == (2, 7)
    assert len(items[0].performances) == 2


def test_it_knows_a_person_by_a_keyed_hash_only(office: Office) -> None:
    item = office.item(office.imported(insured(0)))
    hashed = crypto.bsn_hash(fictional.BSNS[0], organisation_id=office.organisation_id)
    assert bytes(item.bsn_hash or b"") == hashed
    with office.house.scope(), connection.cursor() as cursor:
        cursor.execute("select a::text from declarations_attachment a")
        assert fictional.BSNS[0] not in cursor.fetchone()[0]


def test_it_has_no_hash_of_the_number_that_is_nobody_s(office: Office) -> None:
    assert office.item(office.imported(insured(0, bsn="999999999"))).bsn_hash is None


def test_it_has_no_date_of_birth_where_records_contradict_each_other(office: Office) -> None:
    other = insured(0, care("2024-01-05", "2024-01-06"), date_of_birth=date(1941, 1, 1))
    assert office.item(office.imported(insured(0), other)).date_of_birth is None


def test_it_writes_down_that_a_person_entered_the_queue(office: Office) -> None:
    item = office.item(office.imported())
    with office.house.scope():
        (event,) = AttachmentEvent.objects.filter(attachment=item)
    assert (event.from_state, event.to_state) == ("", AttachmentState.QUEUED)


def test_it_accepts_an_insurer_that_is_not_in_the_register(office: Office) -> None:
    spec = replace(fictional.SPEC, agb=office.house.organisation.agb, uzovi="9998")
    file = office.take_in(fictional.content(insured(0), spec=spec))
    assert file.insurer is None
    assert file.uzovi == "9998"


def test_it_takes_a_file_without_a_last_line_end(office: Office) -> None:
    content = office.content().removesuffix(b"\r\n")
    assert office.written(office.take_in(content), ChunkKind.ORIGINAL) == content


def test_it_refuses_the_same_bytes_and_names_the_file(office: Office) -> None:
    file = office.imported()
    with pytest.raises(AlreadyImportedError) as caught:
        office.imported()
    assert caught.value.public_id == file.public_id
    assert str(file.public_id) not in caught.value.sentence


def test_it_refuses_other_bytes_with_a_known_invoice_number(office: Office) -> None:
    file = office.imported(insured(0))
    with pytest.raises(InvoiceNumberTakenError) as caught:
        office.imported(insured(1))
    assert caught.value.public_id == file.public_id


def test_two_organisations_may_use_the_same_invoice_number(office: Office, office_elsewhere: Office) -> None:
    office.imported()
    assert office_elsewhere.imported().state == FileState.IMPORTED


def test_it_says_so_when_somebody_else_was_first_by_a_hair(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look finds nothing yet, the unique constraint does."""
    file = office.imported()
    real, looks = importing._refuse_if_taken, []

    def second_look_only(candidate: DeclarationFile) -> None:
        looks.append(candidate)
        if len(looks) > 1:
            real(candidate)

    monkeypatch.setattr(importing, "_refuse_if_taken", second_look_only)
    with pytest.raises(AlreadyImportedError) as caught:
        office.imported()
    assert caught.value.public_id == file.public_id


def test_it_notices_when_the_bytes_change_while_it_reads(office: Office) -> None:
    class Changing(BytesIO):
        reads = 0

        def seek(self, offset: int, whence: int = 0) -> int:
            self.reads += 1
            if self.reads == 2:
                super().seek(0)
                self.write(b"02")
            return super().seek(offset, whence)

    with office.house.scope(), pytest.raises(BrokenFileError):
        services.import_file(organisation=office.house.organisation, source=Changing(office.content()))


BAD_FILES: list[tuple[str, Callable[[bytes], bytes], str, str]] = [
    ("truncated", lambda raw: raw[: 312 * 2 + 100], "", "file.truncated"),
    ("utf-8", lambda raw: raw.decode("latin-1").encode(), "", "bytes.utf8"),
    ("LF", lambda raw: raw.replace(b"\r\n", b"\n"), "", "line.ends_lf"),
    ("total", lambda raw: Draft(raw).put(4, "9907", "00000000001").bytes(), "9907", "total.amount"),
    ("count", lambda raw: Draft(raw).put(4, "9904", "000009").bytes(), "9904", "count.performances"),
    ("bsn", lambda raw: Draft(raw).put(2, "0203", "123456789").bytes(), "0203", "bsn.check"),
    ("agb", lambda raw: Draft(raw).put(1, "0112", "41999999").bytes(), "0112", "header.agb_other"),
]


@pytest.mark.parametrize(
    ("spoil", "field", "rule"), [bad[1:] for bad in BAD_FILES], ids=[b[0] for b in BAD_FILES]
)
def test_it_refuses_a_wrong_file_whole_with_line_and_field(
    office: Office, spoil: Callable[[bytes], bytes], field: str, rule: str
) -> None:
    error = refused(office, spoil(office.content()))
    assert field in [problem.field for problem in error.problems]
    assert error.total == len(error.problems)
    assert rule in fictional.rules(spoil(office.content()), expected_agb=office.house.organisation.agb)


def test_it_says_where_and_what_in_dutch(office: Office) -> None:
    error = refused(office, Draft(office.content()).put(4, "9907", "00000000001").bytes())
    assert [str(problem) for problem in error.problems] == [
        "regel 4, 9907 Totaal declaratiebedrag: "
        "Het totaal is 1, maar de prestaties tellen op tot 19500 (in centen). [total.amount, retourcode 0150]"
    ]


def test_it_lists_the_first_errors_and_counts_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LISTED_PROBLEMS", 2)
    draft = Draft(office.content(insured(0), insured(1), insured(2))).put_all("0420", "00000000")
    error = refused(office, draft.bytes())
    assert len(error.problems) == 2
    assert error.hidden == error.total - 2 > 0


def test_it_names_no_value_of_a_person(office: Office) -> None:
    error = refused(office, Draft(office.content()).put(2, "0203", "123456789").bytes())
    assert "123456789" not in " ".join([error.sentence, *map(str, error.problems)])


def test_a_worker_is_told_once_the_file_is_there(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    told: list[tuple[object, ...]] = []
    monkeypatch.setattr(app, "send_task", lambda *task, **_options: told.append(task))
    with django_capture_on_commit_callbacks(execute=True):
        file = office.imported()
        assert told == []
    assert told == [(tasks.attach_file.name, (str(file.public_id),))]


def test_a_file_is_imported_without_a_broker(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def no_broker(*_task: object, **_options: object) -> None:
        raise BrokerError

    monkeypatch.setattr(app, "send_task", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        file = office.imported()
    assert f"attach_not_announced file={file.public_id}" in caplog.text
    assert office.attach(file).queued == 0


def test_a_withdrawn_file_can_be_imported_again(office: Office) -> None:
    office.client(0)
    file = office.attached()
    first = office.item(file)
    with office.house.scope():
        withdrawing.withdraw_file(file=file)
        withdrawing.withdraw_file(file=file)
        assert not first.records.exists()
    again = office.attached()
    assert again.pk != file.pk
    assert office.state(again)[0] == AttachmentState.ATTACHED


def test_a_withdrawn_file_is_not_worked_on(office: Office) -> None:
    office.client(0)
    file = office.imported()
    with office.house.scope():
        withdrawing.withdraw_file(file=file)
    tasks.attach_file(str(file.public_id))
    rounds.look_for_due_work()
    with pytest.raises(WrongStateError):
        office.attach(file)
    with pytest.raises(WrongStateError):
        office.export(file)
    assert office.state(file)[0] == AttachmentState.QUEUED


def test_an_exported_file_cannot_be_withdrawn(office: Office) -> None:
    file = office.attached(insured(0, credit()))
    office.export(file)
    with office.house.scope(), pytest.raises(WrongStateError):
        withdrawing.withdraw_file(file=file)
    assert office.fresh(file).state == FileState.EXPORTED
