"""Long lists of answers, and answers about long files: a worker looks at them and records them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import DataError, OperationalError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care.schema.crypto import UnreadableValueError
from care.tenancy.locks import try_advisory_lock
from declarations import rounds
from declarations.progress.progress_channel import ProgressReporter
from declarations.replies import jobs, reply_matching, services
from declarations.replies import tasks as reply_tasks
from declarations.schema.constants import AttachmentState
from declarations.schema.delivery_constants import ATTEMPTS, JobPhase, ReplyState, ReplyStatus
from declarations.schema.delivery_models import RecordReply, Reply
from declarations.schema.models import DeclarationFile
from tests.actors import Actor
from tests.declarations.office import Office
from tests.declarations.pages import shown, text
from tests.declarations.replies.answering import delivered, listed, recorded, references

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_told", "everything_is_long")]
UNKNOWN = "DV" + "A" * 18


@pytest.fixture
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing to be done at once."""
    monkeypatch.setattr(jobs, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(jobs, "AT_ONCE_RECORDS", 0)


@pytest.fixture
def file(office: Office) -> DeclarationFile:
    """A file with two records that was handed over."""
    office.client(0)
    office.client(1)
    return delivered(office, 0, 1)


def sent(officer: Browser, *lines: str) -> Any:
    content = BytesIO(listed(*lines))
    content.name = "antwoord.csv"
    return officer.post(reverse("reply-list"), {"list": content})


def the_reply(office: Office) -> Reply:
    with office.facts():
        return Reply.objects.select_related("organisation").order_by("-id")[0]


def worked(office: Office) -> Reply:
    """Let a worker try the newest answer; return it as it stands then."""
    reply = the_reply(office)
    reply_tasks.work_reply(office.organisation_id, str(reply.public_id))
    return the_reply(office)


def due_now(office: Office) -> None:
    with office.facts():
        Reply.objects.update(due_at=timezone.now())


def test_a_long_list_is_looked_at_shown_and_recorded_by_a_worker(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    first, second = references(office, file)
    address = sent(officer, f"{first};aanvaard;", f"{second};afgekeurd;Onbekende code")["Location"]
    waiting = text(officer.get(address))
    assert "We kijken hem na" in waiting
    assert "data-refresh-url" in waiting
    assert "wordt bekeken" in shown(officer, "reply-list")
    assert worked(office).state == ReplyState.PREPARED
    page = text(officer.get(address))
    assert "Er is nog niets vastgelegd." in page
    assert "Onbekende code" in page
    assert [state for state, _ in office.states(file)] == ["exported", "exported"]
    assert officer.post(address).headers["Location"] == address
    assert "Hoe ver is het vastleggen?" in text(officer.get(address))
    assert worked(office).state == ReplyState.RECORDED
    assert "Vastgelegd: 1 aanvaard, 1 afgekeurd." in text(officer.get(address, follow=True))
    assert [state for state, _ in office.states(file)] == ["accepted", "rejected"]


def test_the_page_says_per_line_that_there_is_a_newer_answer(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    first, _second = references(office, file)
    recorded(office, f"{first};afgekeurd;Oud")
    recorded(office, f"{first};aanvaard;")
    address = sent(officer, f"{first};afgekeurd;Oud")["Location"]
    worked(office)
    page = text(officer.get(address))
    assert "er is een nieuwer antwoord, van" in page
    assert "dit verandert niets" in page
    officer.post(address)
    worked(office)
    assert "daar veranderde niets" in text(officer.get(address, follow=True))
    assert office.states(file)[0][0] == AttachmentState.ACCEPTED


def test_mistakes_in_a_long_list_are_shown_by_line_and_none_of_it_counts(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    first, _second = references(office, file)
    address = sent(officer, f"{first};aanvaard;", f"{UNKNOWN};aanvaard;")["Location"]
    reply = worked(office)
    assert (reply.state, reply.finding_count) == (ReplyState.REFUSED, 1)
    page = text(officer.get(address))
    assert "er klopt 1 ding niet" in page
    assert "in geen enkel bestand van jouw organisatie" in page
    assert "niet goed" in shown(officer, "reply-list")
    officer.post(reverse("reply-drop", args=[reply.public_id]))
    with office.facts():
        assert not Reply.objects.exists()


def test_what_is_no_text_is_refused_at_once(officer: Browser, office: Office) -> None:
    content = BytesIO(b"\xff\xfe" * 10)
    content.name = "antwoord.csv"
    answer = officer.post(reverse("reply-list"), {"list": content})
    assert answer.status_code == 422
    assert "CSV UTF-8" in text(answer)


def test_an_answer_about_a_whole_long_file_is_a_job_too(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    said = {"status": "afgekeurd", "reason": "Verkeerde periode"}
    address = officer.post(reverse("file-reply", args=[file.public_id]), said)["Location"]
    assert "Hoe ver is het vastleggen?" in text(officer.get(address))
    officer.post(reverse("reply-drop", args=[the_reply(office).public_id]))
    assert worked(office).state == ReplyState.RECORDED
    assert officer.get(address).headers["Location"] == reverse("file-page", args=[file.public_id])
    assert [state for state, _ in office.states(file)] == ["rejected", "rejected"]
    with office.facts():
        assert {row.reason for row in RecordReply.objects.all()} == {"Verkeerde periode"}


def test_a_worker_that_dies_while_recording_leaves_nothing_and_the_round_goes_on(
    officer: Browser, office: Office, file: DeclarationFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sent(officer, f"{references(office, file)[0]};aanvaard;")["Location"]
    worked(office)
    officer.post(address)
    with monkeypatch.context() as dying:
        dying.setattr(reply_matching, "move", raising(SystemExit))
        with pytest.raises(SystemExit):
            worked(office)
    with office.facts():
        assert not RecordReply.objects.exists()
    monkeypatch.setattr(
        reply_tasks.work_reply, "apply_async", lambda of, **_options: reply_tasks.work_reply(*of)
    )
    rounds.look_for_due_exports()
    reply = the_reply(office)
    assert (reply.state, reply.attempts) == (ReplyState.RECORDED, 2)
    assert office.states(file)[0][0] == AttachmentState.ACCEPTED


def raising(fault: type[BaseException]) -> Callable[..., None]:
    def broken(*_arguments: object, **_words: object) -> None:
        raise fault

    return broken


@pytest.mark.parametrize(
    ("fault", "attempts", "words"),
    [
        (OperationalError, ATTEMPTS, "door een fout van ons"),
        (DataError, 1, "door een fout van ons"),
        (UnreadableValueError, 1, "niet te lezen"),
    ],
)
def test_only_what_can_pass_is_tried_again(
    officer: Browser, office: Office, file: DeclarationFile, fault: type[Exception], attempts: int, words: str
) -> None:
    address = sent(officer, f"{references(office, file)[0]};aanvaard;")["Location"]
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(reply_matching, "by_reference", raising(fault))
        for _attempt in range(ATTEMPTS):
            reply = worked(office)
            due_now(office)
    assert (reply.state, reply.attempts) == (ReplyState.FAILED, attempts)
    assert words in text(officer.get(address))
    officer.post(address)
    assert worked(office).state == ReplyState.PREPARED


def test_a_long_list_waits_for_a_place_and_a_look_takes_the_short_one(
    officer: Browser, office: Office, file: DeclarationFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SHORT_RECORDS", 0)
    address = sent(officer, f"{references(office, file)[0]};aanvaard;")["Location"]
    with try_advisory_lock("export place 0"):
        assert worked(office).state == ReplyState.PREPARED
        officer.post(address)
        assert worked(office).state == ReplyState.RECORDING
    assert worked(office).state == ReplyState.RECORDED


@pytest.mark.parametrize("line", ["{};aanvaard;", UNKNOWN + ";aanvaard;"])
def test_nothing_counts_that_was_not_looked_at(
    officer: Browser, office: Office, file: DeclarationFile, line: str
) -> None:
    address = sent(officer, line.format(references(office, file)[0]))["Location"]
    if UNKNOWN in line:
        worked(office)
    assert "Bekijk de lijst eerst" in text(officer.post(address, follow=True))
    with office.facts():
        assert not RecordReply.objects.exists()


def test_two_workers_never_record_one_list(officer: Browser, office: Office, file: DeclarationFile) -> None:
    sent(officer, f"{references(office, file)[0]};aanvaard;")
    with try_advisory_lock(f"reply {the_reply(office).public_id}"):
        assert worked(office).state == ReplyState.LOOKING


def test_progress_is_told_of_looking_and_of_recording(office: Office, file: DeclarationFile) -> None:
    told: list[tuple[JobPhase, int]] = []

    class Noted(ProgressReporter):
        def begin(self, phase: JobPhase, total: int) -> None:
            told.append((phase, total))

    with office.facts():
        lines = [f"{reference};{ReplyStatus.ACCEPTED};" for reference in references(office, file)]
        reply = services.prepare_list(organisation=office.house.organisation, content=listed(*lines))
        services.record_list(reply=reply, watcher=Noted())
    assert told == [(JobPhase.MATCHING, 2), (JobPhase.ANSWERING, 2), (JobPhase.FINISHING, 0)]


def test_a_list_of_another_organisation_is_not_there(
    officer: Browser, office: Office, file: DeclarationFile, declaration_officer_elsewhere: Actor
) -> None:
    sent(officer, f"{references(office, file)[0]};aanvaard;")
    browser, key = declaration_officer_elsewhere.browser, the_reply(office).public_id
    assert browser.get(reverse("reply-progress", args=[key])).status_code == 404
    assert browser.get(reverse("reply-page", args=[key])).status_code == 404
