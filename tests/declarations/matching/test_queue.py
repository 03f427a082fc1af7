"""The queue under trouble: a batch that fails, an item that keeps failing, workers side by side."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from declarations.decisions.decision import Decision
from declarations.decisions.facts import Decided, Facts, Item
from declarations.decisions.stored import detail_from_json
from declarations.delivery import withdrawing
from declarations.matching import queue, reevaluation, services
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import Attachment, AttachmentEvent, ProfileRecord
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.waiting import wait_until

Decide = Callable[[Facts, Item], Decided]


def work(office: Office, file_id: int) -> int:
    return queue.work_batch(organisation_id=office.organisation_id, file_id=file_id)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Return the numbers of persons on whom deciding fails, to be filled by the test."""
    real, numbers = Facts.decide, set[int]()

    def decide(facts: Facts, item: Item) -> Decided:
        if item.number in numbers:
            message = "999000007 is not for the log"
            raise ValueError(message)
        return real(facts, item)

    monkeypatch.setattr(Facts, "decide", decide)
    return numbers


@pytest.mark.django_db
def test_one_bad_item_does_not_hold_up_the_others(office: Office, faulty: set[int]) -> None:
    office.client(0)
    office.client(2)
    file = office.imported(insured(0), insured(1), insured(2))
    faulty.add(2)
    assert work(office, file.pk) == 3
    assert [state for state, _ in office.states(file)] == ["attached", "queued", "attached"]
    assert office.items(file)[1].attempts == 1


@pytest.mark.django_db
def test_an_item_that_keeps_failing_waits_longer_and_is_held_in_the_end(
    office: Office, faulty: set[int], caplog: pytest.LogCaptureFixture
) -> None:
    file = office.imported()
    faulty.add(1)
    pauses = []
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False) as clock:
        while office.state(file)[0] == AttachmentState.QUEUED:
            assert work(office, file.pk) == 1
            assert work(office, file.pk) == 0 or office.state(file)[0] == AttachmentState.HELD
            pause = office.item(file).due_at - timezone.now()
            pauses.append(pause.total_seconds())
            clock.shift(pause)
    item = office.item(file)
    assert (item.state, item.reason) == (AttachmentState.HELD, Reason.TECHNICAL_ERROR)
    assert item.attempts == queue.ATTEMPTS == len(pauses)
    assert pauses == [2, 4, 8, 16, 32]
    assert detail_from_json(item.detail).fault == "ValueError"
    assert f"attach_failed attachment={item.public_id} attempt=5 fault=ValueError" in caplog.text
    assert "999000007" not in caplog.text


@pytest.mark.django_db
def test_the_dead_letter_waits_for_an_officer(office: Office, faulty: set[int]) -> None:
    """Facts that change do not send it round again; somebody who looked at it does."""
    file = office.imported()
    faulty.add(1)
    with time_machine.travel(timezone.now()) as clock:
        for _attempt in range(queue.ATTEMPTS):
            clock.shift(60)
            work(office, file.pk)
    faulty.clear()
    office.client(0)
    office.attach(file)
    assert office.state(file) == (AttachmentState.HELD, Reason.TECHNICAL_ERROR)
    with office.facts():
        services.retry_item(item=office.item(file))
    office.attach(file)
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    assert office.item(file).attempts == 0


@pytest.mark.django_db
def test_a_second_look_that_fails_is_left_to_the_worker(office: Office, faulty: set[int]) -> None:
    file = office.attached()
    office.client(0)
    faulty.add(1)
    with time_machine.travel(timezone.now()) as clock:
        reevaluation.compare_file(organisation_id=office.organisation_id, file_id=file.pk)
        assert office.state(file)[0] == AttachmentState.QUEUED
        clock.shift(1)
        work(office, file.pk)
    assert office.item(file).attempts == 1


@pytest.mark.django_db
def test_a_lost_connection_is_nobody_s_fault(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = office.imported()

    def lost(*_arguments: object) -> Decision:
        raise OperationalError

    monkeypatch.setattr(Facts, "decide", lost)
    with pytest.raises(OperationalError):
        work(office, file.pk)
    assert office.item(file).attempts == 0


@pytest.mark.django_db
def test_a_fault_before_anything_was_claimed_is_raised(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.imported()

    def unreadable(_rows: object) -> list[Item]:
        raise LookupError

    monkeypatch.setattr(queue, "items", unreadable)
    with pytest.raises(LookupError):
        work(office, file.pk)


@pytest.mark.django_db
def test_it_takes_a_batch_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "BATCH", 2)
    file = office.imported(*(insured(number) for number in range(5)))
    assert [work(office, file.pk) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_batch(office: Office) -> None:
    for number in range(6):
        office.client(number)
    small = office.imported(insured(0), number="F1")
    large = office.imported(*(insured(number) for number in range(6)), number="F2")
    counted = []
    for file in (small, large):
        with CaptureQueriesContext(connection) as queries:
            work(office, file.pk)
        counted.append(len(queries))
    assert counted[0] == counted[1] > 0


@pytest.mark.django_db
def test_it_waits_for_the_next_attempt_in_the_foreground(office: Office, faulty: set[int]) -> None:
    """The command does not return while something is queued, also when that is due a little later."""
    file = office.imported()
    office.client(0)
    with office.facts():
        Attachment.objects.filter(file=file).update(due_at=timezone.now() + timedelta(seconds=0.5))
    assert office.attach(file).queued == 0
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)


@pytest.fixture
def other_worker() -> Iterator[Callable[[Office, int], None]]:
    """Return a way to hold all items of a file in another connection, until the test lets go."""
    let_go, threads = Event(), list[Thread]()

    def hold(office: Office, file_id: int) -> None:
        held = Event()

        def run() -> None:
            with office.house.scope():
                list(Attachment.objects.filter(file=file_id).order_by("id").select_for_update()[:2])
                held.set()
                let_go.wait(20)
            connection.close()

        threads.append(Thread(target=run))
        threads[-1].start()
        assert held.wait(20)

    hold.let_go = let_go  # type: ignore[attr-defined]
    yield hold
    let_go.set()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_take_different_items(
    office: Office, other_worker: Callable[[Office, int], None]
) -> None:
    for number in range(3):
        office.client(number)
    file = office.imported(*(insured(number) for number in range(3)))
    other_worker(office, file.pk)
    assert work(office, file.pk) == 1
    assert work(office, file.pk) == 0
    assert [state for state, _ in office.states(file)] == ["queued", "queued", "attached"]
    other_worker.let_go.set()  # type: ignore[attr-defined]
    assert office.attach(file).attached == 3
    with office.facts():
        assert ProfileRecord.objects.count() == 3
        assert AttachmentEvent.objects.filter(to_state=AttachmentState.ATTACHED).count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_everything_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "BATCH", 3)
    for number in range(12):
        office.client(number)
    file = office.imported(*(insured(number) for number in range(12)))
    balances = []

    def run() -> None:
        balances.append(office.attach(file))
        connection.close()

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [balance.attached for balance in balances] == [12, 12, 12]
    with office.facts():
        assert ProfileRecord.objects.count() == 12
        assert AttachmentEvent.objects.filter(to_state=AttachmentState.ATTACHED).count() == 12


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where not granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_withdrawing_waits_for_a_batch_and_leaves_no_record(office: Office) -> None:
    """A batch under way holds the file open; what it wrote goes with the file."""
    office.client(0)
    file = office.imported()
    working = Event()

    def run() -> None:
        with office.house.scope():
            queue.work_batch(organisation_id=office.organisation_id, file_id=file.pk)
            working.set()
            wait_until(somebody_waits_for_a_lock)
        connection.close()

    thread = Thread(target=run)
    thread.start()
    assert working.wait(20)
    with office.facts():
        withdrawing.withdraw_file(file=file)
    thread.join()
    with office.facts():
        assert not ProfileRecord.objects.exists()
