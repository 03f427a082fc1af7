"""Delivery, and what the insurer answered: per file, per record, by list; what becomes of who came back."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from care.consent.statements import record_objection
from declarations import rounds
from declarations.delivery import deliveries, separate_delivery
from declarations.matching import corrections
from declarations.replies import services
from declarations.replies.reply_list import read_list
from declarations.schema.constants import AttachmentKind, AttachmentState, DownloadKind, Reason
from declarations.schema.delivery_constants import ReplyState, ReplyStatus
from declarations.schema.delivery_models import RecordReply, Reply
from declarations.schema.disclosure_models import Download
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, ProfileRecord
from tests.actors import Actor
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.replies.answering import (
    HEADING,
    corrected,
    delivered,
    handed_over,
    listed,
    made_apart,
    recorded,
    references,
)

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[1] / "cases"
UNKNOWN = "DV" + "A" * 18


def sentences(office: Office, *lines: str) -> list[str]:
    with office.facts(), pytest.raises(services.ReplyRefusedError) as caught:
        services.prepare_list(organisation=office.house.organisation, content=listed(*lines))
    return [str(problem) for problem in caught.value.problems]


def test_each_record_is_matched_on_its_reference(office: Office) -> None:
    office.client(0)
    office.client(1)
    file = delivered(office, 0, 1)
    first, second = references(office, file)
    preview = recorded(office, f"{first};aanvaard;", f"{second};afgekeurd;Code onbekend bij ons")
    assert (preview.accepted, preview.rejected, preview.known, preview.others) == (1, 1, 0, 0)
    assert [state for state, _ in office.states(file)] == [AttachmentState.ACCEPTED, AttachmentState.REJECTED]
    with office.facts():
        answers = [(row.status, row.reason) for row in RecordReply.objects.order_by("id")]
    assert answers == [("aanvaard", ""), ("afgekeurd", "Code onbekend bij ons")]


def test_a_reason_is_not_readable_in_the_database(office: Office) -> None:
    office.client(0)
    (reference,) = references(office, delivered(office, 0))
    recorded(office, f"{reference};afgekeurd;Mevrouw is verhuisd")
    with office.facts(), connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM declarations_recordreply")
        assert b"verhuisd" not in bytes(cursor.fetchone()[0])


def test_a_list_with_a_mistake_is_refused_whole_with_every_mistake_by_line(office: Office) -> None:
    office.client(0)
    file = delivered(office, 0)
    (reference,) = references(office, file)
    found = sentences(
        office,
        f"{reference};aanvaard;",
        f"{reference};aanvaard;",
        f"{UNKNOWN};aanvaard;",
        f"{UNKNOWN[:-1]}B;goed;",
        f"{UNKNOWN[:-1]}C;afgekeurd;",
        "twee;waarden",
        f"{UNKNOWN[:-1]}D;afgekeurd;{'x' * 501}",
    )
    places = [sentence.split(":")[0].strip() for sentence in found]
    assert places[:2] == ["regel 3, referentie", "regel 4, referentie"]
    assert "regel 5, status" in places
    assert "regel 6, reden" in places
    assert "regel 7" in places
    assert "regel 8, reden" in places
    assert office.state(file)[0] == AttachmentState.EXPORTED
    with office.facts():
        assert not Reply.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"", "De eerste regel moet zijn"),
        (b"a;b;c\n", "De eerste regel moet zijn"),
        (HEADING.encode(), "geen enkele profielregel"),
        (HEADING.encode() + b'"a;b', "aanhalingstekens"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, words: str) -> None:
    (problem,) = read_list(content).problems
    assert words in problem.sentence


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("alt-enter", "Code onbekend. Zie brief van 3 november"),
        ("line-separator", "Code onbekend zie brief"),
        ("vertical-tab", "Code onbekend zie brief"),
    ],
)
def test_a_reason_may_run_over_lines_and_only_a_line_end_ends_a_row(name: str, reason: str) -> None:
    found = read_list((CASES / f"{name}.csv").read_bytes())
    assert [(answer.line, answer.reason) for answer in found.answers] == [(2, reason)]
    assert not found.problems


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_no_other_sign_ends_a_row(sign: str) -> None:
    found = read_list(listed(f"{UNKNOWN};afgekeurd;voor{sign}na", f"{UNKNOWN[:-1]}B;aanvaard;"))
    assert [(answer.line, answer.reason) for answer in found.answers] == [(2, "voor na"), (3, "")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_is_counted_by_where_its_row_begins(end: str) -> None:
    rows = (HEADING.strip(), f'{UNKNOWN};afgekeurd;"een{end}twee{end}drie"', f"{UNKNOWN[:-1]}B;goed;", "")
    found = read_list(end.join(rows).encode())
    assert [answer.reason for answer in found.answers] == ["een twee drie"]
    assert [problem.line for problem in found.problems] == [5]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x9b"])
def test_a_sign_that_nobody_can_read_is_refused_by_its_line(sign: str) -> None:
    (problem,) = read_list(listed(f"{UNKNOWN};afgekeurd;voor{sign}na")).problems
    assert (problem.line, problem.field) == (2, "reden")
    assert "niet te lezen" in problem.sentence


def test_a_list_may_have_a_byte_order_mark_and_records_of_others(office: Office) -> None:
    office.client(0)
    file = delivered(office, 0)
    (reference,) = references(office, file)
    content = b"\xef\xbb\xbf" + listed("F2024-01 0001;afgekeurd;", f"{reference};Aanvaard;")
    with office.facts():
        reply = services.prepare_list(organisation=office.house.organisation, content=content)
        preview = services.record_list(reply=reply)
    assert (preview.accepted, preview.others) == (1, 1)
    assert office.state(file)[0] == AttachmentState.ACCEPTED


def test_preparing_counts_for_nothing_and_recording_twice_is_refused(office: Office) -> None:
    office.client(0)
    file = delivered(office, 0)
    (reference,) = references(office, file)
    with office.facts():
        reply = services.prepare_list(
            organisation=office.house.organisation, content=listed(f"{reference};aanvaard;")
        )
        assert Reply.objects.get().state == ReplyState.PREPARED
    assert office.state(file)[0] == AttachmentState.EXPORTED
    with office.facts():
        services.record_list(reply=reply)
        with pytest.raises(WrongStateError):
            services.record_list(reply=reply)


def test_the_same_list_again_changes_nothing(office: Office) -> None:
    office.client(0)
    (reference,) = references(office, delivered(office, 0))
    line = f"{reference};afgekeurd;Onbekende code"
    recorded(office, line)
    preview = recorded(office, line)
    assert (preview.rejected, preview.known) == (0, 1)
    with office.facts():
        assert RecordReply.objects.count() == 1
        assert Attachment.objects.filter(kind=AttachmentKind.CORRECTION).count() == 1


def test_of_several_answers_the_last_one_counts(office: Office) -> None:
    office.client(0)
    file = delivered(office, 0)
    (reference,) = references(office, file)
    recorded(office, f"{reference};afgekeurd;Onbekende code")
    recorded(office, f"{reference};aanvaard;")
    assert office.state(file)[0] == AttachmentState.ACCEPTED
    (waiting,) = office.items(file, AttachmentKind.CORRECTION)
    assert (waiting.state, waiting.reason) == (AttachmentState.EXCLUDED, Reason.ALREADY_SENT)
    assert office.balance(file).corrections == 0
    recorded(office, f"{reference};afgekeurd;Toch niet")
    (waiting,) = office.items(file, AttachmentKind.CORRECTION)
    assert (waiting.state, waiting.reason) == (AttachmentState.HELD, Reason.RETURNED)


def test_an_old_list_sent_again_never_overturns_a_newer_answer(office: Office) -> None:
    office.client(0)
    office.client(1)
    file = delivered(office, 0, 1)
    first, second = references(office, file)
    old = f"{first};afgekeurd;Onbekende code"
    recorded(office, old)
    recorded(office, f"{first};aanvaard;")
    preview = recorded(office, old, f"{second};aanvaard;")
    assert (preview.accepted, preview.rejected, preview.known, preview.outdated) == (1, 0, 0, 1)
    assert [state for state, _ in office.states(file)] == [AttachmentState.ACCEPTED] * 2
    with office.facts():
        last = RecordReply.objects.filter(record__reference=first).order_by("-id")[0]
        told = services.preview_of_list(office.house.organisation, listed(old)).told
    assert [each.newer_at for each in told] == [last.at]
    assert recorded(office, f"{first};afgekeurd;Toch niet").rejected == 1
    assert recorded(office, f"{first};aanvaard;", f"{second};aanvaard;").outdated == 1
    assert office.states(file)[0][0] == AttachmentState.REJECTED


def test_what_a_person_fills_in_now_is_new(office: Office) -> None:
    office.client(0)
    file = delivered(office, 0)
    for status, reason in (("afgekeurd", "X"), ("aanvaard", ""), ("afgekeurd", "X")):
        with office.facts():
            services.record_for_file(file=file, status=ReplyStatus(status), reason=reason)
    assert office.states(file)[0][0] == AttachmentState.REJECTED


def test_a_person_is_accepted_when_all_records_are(office: Office) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2023, 12, 1), "DKDL-01")
    office.profile(client, date(2024, 1, 16), "DKDL-09")
    persons = insured(0, care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31"))
    file = office.attached(persons)
    office.export(file)
    with office.facts():
        deliveries.record_delivery(file=office.fresh(file), delivered_at=timezone.now())
    first, second = references(office, file)
    recorded(office, f"{first};aanvaard;")
    assert office.state(file)[0] == AttachmentState.EXPORTED
    recorded(office, f"{second};aanvaard;")
    assert office.state(file)[0] == AttachmentState.ACCEPTED


def test_nothing_is_answered_that_was_not_delivered(office: Office) -> None:
    office.client(0)
    file = office.attached()
    (reference,) = references(office, file)
    assert "zit nog in geen enkel bestand" in sentences(office, f"{reference};aanvaard;")[0]
    office.export(file)
    assert "nog niet aangeleverd" in sentences(office, f"{reference};aanvaard;")[0]
    with office.facts(), pytest.raises(WrongStateError):
        services.record_for_file(file=office.fresh(file), status=ReplyStatus.ACCEPTED)


def test_another_organisation_s_record_is_not_there(office: Office, office_elsewhere: Office) -> None:
    office.client(0)
    (reference,) = references(office, delivered(office, 0))
    assert (
        "in geen enkel bestand van jouw organisatie"
        in sentences(office_elsewhere, f"{reference};aanvaard;")[0]
    )


def test_an_insurer_that_fetches_it_has_it(office: Office, insurer_user: Actor) -> None:
    office.client(0)
    file = office.attached()
    office.export(file)
    with office.facts():
        Download.objects.create(
            organisation_id=office.organisation_id,
            insurer=insurer_user.membership.insurer,
            kind=DownloadKind.EXPORT,
            file=file,
            user=insurer_user.user,
            membership=insurer_user.membership,
        )
        assert deliveries.delivered_among([file.pk]) == {file.pk}


def test_a_whole_file_is_answered_at_once(office: Office) -> None:
    office.client(0)
    office.client(1)
    file = delivered(office, 0, 1, 2)
    with office.facts():
        preview = services.record_for_file(file=file, status=ReplyStatus.REJECTED, reason="Verkeerde periode")
    assert preview.rejected == 2
    assert [state for state, _ in office.states(file)] == ["rejected", "rejected", "held"]
    with office.facts():
        tally = services.tally_of(file)
    assert (tally.records, tally.rejected, tally.open) == (2, 2, 0)


def test_an_answer_reads_no_client_and_joins_nobody_one_by_one(office: Office) -> None:
    """A list can be about 50,000: of each as little as is needed, and rows by their ids, written at once."""
    for number in range(3):
        office.client(number)
    file = delivered(office, 0, 1, 2)
    lines = [f"{reference};afgekeurd;Onbekende code" for reference in references(office, file)]
    with office.facts(), CaptureQueriesContext(connection) as asked:
        reply = services.prepare_list(organisation=office.house.organisation, content=listed(*lines))
        services.record_list(reply=reply)
    said = [query["sql"] for query in asked.captured_queries]
    assert not [sql for sql in said if "care_client" in sql or "LATERAL" in sql]
    assert len([sql for sql in said if "INSERT INTO declarations_attachment" in sql]) == 1
    assert office.states(file) == [("rejected", "")] * 3
    assert [item.number for item in office.items(file, AttachmentKind.CORRECTION)] == [1, 2, 3]


def test_what_went_apart_is_answered_by_its_record_and_by_its_file(office: Office) -> None:
    """A correction and a correction of that: each stands in a separate file, and the declaration in none."""
    client = office.client(0, code="DKDL-01")
    file = delivered(office, 0)
    recorded(office, f"{references(office, file)[0]};aanvaard;")
    corrected(office, client, "DKDL-09")
    first = made_apart(office)
    reference = references(office, file)[-1]
    assert "nog niet aangeleverd" in sentences(office, f"{reference};aanvaard;")[0]
    handed_over(office, first)
    recorded(office, f"{reference};aanvaard;")
    (correction,) = office.items(file, AttachmentKind.CORRECTION)
    assert (office.state(file)[0], correction.state) == (AttachmentState.ACCEPTED,) * 2
    with office.facts():
        preview = services.record_for_file(file=first, status=ReplyStatus.REJECTED, reason="Toch niet")
        assert (preview.rejected, services.tally_of(first).rejected) == (1, 1)
        assert services.tally_of(file).accepted == 1
    went, again = office.items(file, AttachmentKind.CORRECTION)
    assert (office.state(file)[0], went.state) == (AttachmentState.ACCEPTED, AttachmentState.REJECTED)
    assert (again.state, again.reason) == (AttachmentState.HELD, Reason.RETURNED)
    with office.facts():
        assert list(went.records.values_list("id", flat=True)) == [again.corrects_id]


@pytest.mark.parametrize("trouble", ["test", "unmade", "future", "before"])
def test_a_delivery_must_be_possible(office: Office, trouble: str) -> None:
    file = office.attached(is_test=trouble == "test")
    if trouble != "unmade":
        office.export(file)
    at = timezone.now() + timedelta(days={"future": 1, "before": -1}.get(trouble, 0))
    with office.facts(), pytest.raises(WrongStateError):
        deliveries.record_delivery(file=office.fresh(file), delivered_at=at)


def test_what_came_back_waits_for_the_officer_and_goes_again(office: Office) -> None:
    office.client(0)
    file = delivered(office, 0)
    (reference,) = references(office, file)
    recorded(office, f"{reference};afgekeurd;Onbekende code")
    (waiting,) = office.items(file, AttachmentKind.CORRECTION)
    assert (waiting.state, waiting.reason) == (AttachmentState.HELD, Reason.RETURNED)
    assert office.balance(file).corrections == 1
    rounds.compare_organisation(organisation_id=office.organisation_id)
    assert office.items(file, AttachmentKind.CORRECTION)[0].state == AttachmentState.HELD
    with office.facts():
        corrections.send_again(item=waiting)
    made = made_apart(office)
    with office.facts():
        record = ProfileRecord.objects.get(delivered_in=made)
    assert record.reference != reference
    (gone,) = office.items(file, AttachmentKind.CORRECTION)
    assert (gone.state, gone.reason) == (AttachmentState.EXPORTED, Reason.NONE)
    assert office.balance(file).corrections == 0
    with office.facts(), pytest.raises(WrongStateError):
        corrections.send_again(item=gone)


def test_a_correction_goes_in_the_next_separate_file_by_itself(office: Office) -> None:
    client = office.client(0, code="DKDL-01")
    file = delivered(office, 0)
    (reference,) = references(office, file)
    corrected(office, client, "DKDL-09")
    rounds.compare_organisation(organisation_id=office.organisation_id)
    (due,) = office.items(file, AttachmentKind.CORRECTION)
    assert (due.state, due.reason) == (AttachmentState.ATTACHED, Reason.CORRECTION_DUE)
    assert office.balance(file).corrections == 1
    made = made_apart(office)
    with office.facts():
        record = ProfileRecord.objects.get(delivered_in=made)
    assert (record.performance_code, record.attachment_id) == ("DK09", due.pk)
    assert record.reference != reference
    assert b"DK09 " in office.written(made)
    with office.facts():
        assert separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991") is None


def test_what_came_back_goes_by_itself_once_the_nurse_has_corrected_it(office: Office) -> None:
    client = office.client(0, code="DKDL-01")
    file = delivered(office, 0)
    (reference,) = references(office, file)
    recorded(office, f"{reference};afgekeurd;Past niet bij deze verzekerde")
    corrected(office, client, "DKDL-09")
    made = made_apart(office)
    with office.facts():
        assert ProfileRecord.objects.get(delivered_in=made).performance_code == "DK09"


def test_a_client_who_objects_keeps_a_correction_at_home(office: Office) -> None:
    client = office.client(0, code="DKDL-01")
    file = delivered(office, 0)
    corrected(office, client, "DKDL-09")
    rounds.compare_organisation(organisation_id=office.organisation_id)
    with office.facts():
        record_objection(client=client, day=timezone.localdate(), user=None)
        assert separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991") is None
    (due,) = office.items(file, AttachmentKind.CORRECTION)
    assert (due.state, due.reason) == (AttachmentState.HELD, Reason.CORRECTION_DUE)
    assert due.detail["before"] == Reason.OBJECTION
