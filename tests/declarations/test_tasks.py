"""Background work: told or not told, fair between organisations, bound to the schedule."""

import socket
from threading import Thread
from types import ModuleType, SimpleNamespace
from uuid import uuid4

import pytest
from django.conf import settings
from kombu.exceptions import OperationalError

from config.celery import app
from declarations import rounds
from declarations.matching import queue, reconciliation, tasks
from declarations.schema.constants import AttachmentState
from tests.declarations.fictional import insured
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db


def test_the_schedule_keeps_the_promise_of_fifteen_seconds() -> None:
    (entry,) = (
        entry
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] == rounds.look_for_due_work.name
    )
    assert entry["schedule"] in range(1, 16)


def test_a_broker_that_answers_nothing_keeps_nobody_waiting() -> None:
    """A frozen machine takes a connection and never says a word: whoever announces goes on without it."""
    options = dict(settings.CELERY_BROKER_TRANSPORT_OPTIONS)
    hurried = {name: 0.05 for name in options if name.startswith("socket_") and name.endswith("timeout")}
    heard: list[BaseException] = []

    def announce(port: int) -> None:
        address = f"redis://127.0.0.1:{port}/0"
        try:
            with app.connection_for_write(address, transport_options=options | hurried) as line:
                tasks.attach_file.apply_async((str(uuid4()),), producer=line.Producer())
        except OperationalError as error:
            heard.append(error)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        thread = Thread(target=announce, args=[silent.getsockname()[1]], daemon=True)
        thread.start()
        thread.join(10)
        assert len(heard) == 1
    assert settings.BROKER_SECONDS <= 3


def test_it_works_off_the_file_it_is_told_of(office: Office) -> None:
    office.client(0)
    file = office.imported()
    tasks.attach_file(str(file.public_id))
    assert office.state(file)[0] == AttachmentState.ATTACHED


def test_a_long_file_goes_to_the_end_of_the_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "BATCH", 1)
    monkeypatch.setattr(tasks, "BATCHES_PER_TURN", 2)
    monkeypatch.setattr(tasks, "TURN_SECONDS", 600.0)
    told: list[str] = []
    monkeypatch.setattr(tasks.attach_file, "delay", told.append)
    file = office.imported(insured(0), insured(1), insured(2))
    tasks.attach_file(str(file.public_id))
    assert sorted(state for state, _ in office.states(file)) == ["held", "held", "queued"]
    assert told == [str(file.public_id)]
    tasks.attach_file(str(file.public_id))
    assert office.balance(file).queued == 0
    assert len(told) == 1


def test_a_turn_ends_by_the_clock_on_a_slow_machine(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "BATCH", 1)
    monkeypatch.setattr(tasks, "TURN_SECONDS", 0.0)
    told: list[str] = []
    monkeypatch.setattr(tasks.attach_file, "delay", told.append)
    file = office.imported(insured(0), insured(1), insured(2))
    tasks.attach_file(str(file.public_id))
    assert office.balance(file).queued == 2
    assert told == [str(file.public_id)]


def test_the_files_of_one_organisation_share_its_turn(
    office: Office, office_elsewhere: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty large files of one organisation are not twenty turns before another's small one."""
    monkeypatch.setattr(queue, "BATCH", 1)
    monkeypatch.setattr(tasks, "BATCHES_PER_TURN", 4)
    monkeypatch.setattr(tasks, "TURN_SECONDS", 600.0)
    monkeypatch.setattr(tasks.attach_file, "delay", lambda _file_id: None)
    persons = [insured(number) for number in range(6)]
    first, second = (office.imported(*persons, number=number) for number in ("F1", "F2"))
    alone = office_elsewhere.imported(*persons)
    for file in (first, second, alone):
        tasks.attach_file(str(file.public_id))
    assert [office.balance(file).queued for file in (first, second)] == [4, 4]
    assert office_elsewhere.balance(alone).queued == 2


def test_it_passes_over_a_file_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    unknown = str(uuid4())
    tasks.attach_file(unknown)
    assert f"attach_file_skipped file={unknown} reason=unknown" in caplog.text


def test_it_passes_over_a_file_that_was_made(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    file = office.attached()
    office.export(file)
    tasks.attach_file(str(file.public_id))
    assert f"attach_file_skipped file={file.public_id} reason=exported" in caplog.text


def test_a_round_finds_what_nobody_was_told_of(office: Office, office_elsewhere: Office) -> None:
    office.client(0)
    here, elsewhere = office.imported(), office_elsewhere.imported()
    rounds.look_for_due_work()
    assert office.state(here)[0] == AttachmentState.ATTACHED
    assert office_elsewhere.state(elsewhere)[0] == AttachmentState.HELD


def test_a_round_finds_whoever_s_reason_is_gone(office: Office) -> None:
    file = office.attached()
    office.client(0)
    rounds.look_for_due_work()
    assert office.state(file)[0] == AttachmentState.ATTACHED


def test_a_round_gives_every_organisation_its_turn(
    office: Office, office_elsewhere: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BATCH", 1)
    large = office.imported(*(insured(number) for number in range(4)))
    small = office_elsewhere.imported()
    worked: list[int] = []
    real = queue.work_batch

    def noted(*, organisation_id: int, file_id: int) -> int:
        worked.append(file_id)
        return real(organisation_id=organisation_id, file_id=file_id)

    monkeypatch.setattr(queue, "work_batch", noted)
    rounds.look_for_due_work()
    assert worked.index(small.pk) == 1
    assert office.balance(large).queued == 0


def test_a_round_stops_in_time_for_the_next(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "ROUND_SECONDS", 0.0)
    file = office.imported()
    rounds.look_for_due_work()
    assert office.state(file)[0] == AttachmentState.QUEUED


def test_a_task_takes_ids_only(office: Office) -> None:
    """What goes through the broker can be read there."""
    with pytest.raises(ValueError, match="badly formed"):
        tasks.attach_file("999000007")


def test_a_fault_of_one_organisation_does_not_stop_the_others(
    office: Office,
    office_elsewhere: Office,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whichever comes first: neither comparing nor the queue of the other is held up."""
    files = {}
    for one in (office, office_elsewhere):
        files[one.organisation_id] = one.attached()
        one.client(0)
    spoil_for(office.organisation_id, rounds, "compare_organisation", monkeypatch)
    spoil_for(office.organisation_id, queue, "work_batch", monkeypatch)
    queued = office.imported(number="F2")
    rounds.look_for_due_work()
    assert office_elsewhere.state(files[office_elsewhere.organisation_id])[0] == AttachmentState.ATTACHED
    assert office.state(queued)[0] == AttachmentState.QUEUED
    for step in ("compare", "work"):
        assert (
            f"round_failed step={step} organisation={office.organisation_id} fault=LookupError" in caplog.text
        )
    assert "999000007" not in caplog.text


def test_a_count_that_fails_does_not_stop_the_others(
    office: Office, office_elsewhere: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for task, name in (
        (tasks.count_every_file, "note_balances"),
        (tasks.tell_who_waits_too_long, "log_waiting"),
    ):
        done = spoil_for(office.organisation_id, reconciliation, name, monkeypatch)
        task()
        assert office_elsewhere.organisation_id in done


def spoil_for(
    organisation_id: int, module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """Let a function fail for one organisation; return the list of those it was done for."""
    real, done = getattr(module, name), list[int]()

    def sometimes(**words: int) -> object:
        if words["organisation_id"] == organisation_id:
            message = "999000007 is not for the log"
            raise LookupError(message)
        done.append(words["organisation_id"])
        return real(**words)

    monkeypatch.setattr(module, name, sometimes)
    return done


def test_comparing_that_takes_long_leaves_time_for_the_queue(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]

    def slow(**_words: int) -> int:
        now[0] += 2 * rounds.ROUND_SECONDS
        return 0

    monkeypatch.setattr(rounds, "compare_organisation", slow)
    monkeypatch.setattr(rounds, "time", SimpleNamespace(monotonic=lambda: now[0]))
    file = office.imported()
    rounds.look_for_due_work()
    assert office.state(file)[0] == AttachmentState.HELD
