"""Any change by which the decision no longer gives what a made file says blocks it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from care.schema.models import Client, PhasePeriod
from care.schema.periods import CarePeriod
from care.schema.statements import LegalBasis, Objection
from care.tenancy import locks
from declarations.delivery import deliveries
from declarations.handover import carried_records
from declarations.handover import services as handover
from declarations.handover.blocking import blocked_files, events_of, whys
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import Handover, Reason
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import BlockedError
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.declarations.delivery.handing_over import again, look, made, object_to_it, release, state
from tests.declarations.delivery.separating import agree_apart, the_separate
from tests.declarations.fictional import insured
from tests.declarations.office import Office, stop_sending
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


def _objects(office: Office, client: Client) -> None:
    Objection.objects.create(organisation=office.house.organisation, client=client, made_on=date(2024, 2, 1))


def _basis_ends(_office: Office, _client: Client) -> None:
    LegalBasis.objects.update(valid_until=date(2024, 1, 10))


def _sending_stops(_office: Office, _client: Client) -> None:
    Agreement.objects.update(sending=False)


def _agreement_ends(_office: Office, _client: Client) -> None:
    Agreement.objects.update(valid_until=date(2024, 1, 10))


def _born_otherwise(_office: Office, client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(date_of_birth=date(1941, 5, 17))


def _care_ended(_office: Office, client: Client) -> None:
    for spell in CarePeriod.objects.filter(client=client):
        spell.period = type(spell.period)(spell.period.lower, date(2024, 1, 10))
        spell.save()


def _phase_changes(_office: Office, _client: Client) -> None:
    PhasePeriod.objects.update(phase="register")


def _other_profile(office: Office, client: Client) -> None:
    anamneses.finished(client, office.nurse, day=date(2024, 1, 16), code="DKDL-12")


def _is_another(_office: Office, client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(bsn_hash=b"x" * 32)


CHANGES: list[tuple[Callable[[Office, Client], None], Reason | None]] = [
    (_objects, Reason.OBJECTION),
    (_basis_ends, None),
    (_sending_stops, Reason.SENDING_IS_OFF),
    (_agreement_ends, None),
    (_born_otherwise, Reason.DETAILS_DIFFER),
    (_care_ended, None),
    (_phase_changes, Reason.PHASE_FORBIDS),
    (_other_profile, Reason.NONE),
    (_is_another, Reason.CLIENT_UNKNOWN),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
@pytest.mark.parametrize("is_apart", [False, True], ids=["in_file", "separate"])
def test_a_change_of_what_a_file_rests_on_blocks_it(
    office: Office, change: Callable[[Office, Client], None], reason: Reason | None, *, is_apart: bool
) -> None:
    client = office.client(0)
    if is_apart:
        agree_apart(office)
    file = made(office)
    carrier = the_separate(office) if is_apart else file
    with office.facts():
        change(office, client)
    with pytest.raises(BlockedError) as refusal:
        release(office, carrier)
    assert refusal.value.persons == 1
    assert state(office, carrier) == Handover.BLOCKED
    with office.facts():
        (why,) = whys(office.fresh(carrier))
    assert reason is None or why.reason == reason


def test_a_change_that_lets_more_go_blocks_nothing(office: Office) -> None:
    office.client(0)
    file = made(office)
    office.client(1)
    with office.facts():
        LegalBasis.objects.update(valid_from=date(2012, 1, 1))
    release(office, file)
    assert state(office, file) == Handover.RELEASED


def test_the_round_notices_it_by_itself(office: Office) -> None:
    client = office.client(0)
    file = made(office)
    object_to_it(office, client)
    look(office)
    assert state(office, file) == Handover.BLOCKED
    with office.facts():
        assert [row.pk for row in blocked_files(office.organisation_id)] == [file.pk]


def test_a_round_without_a_change_asks_next_to_nothing(office: Office) -> None:
    office.client(0)
    file = made(office)
    look(office)
    with office.facts():
        row = office.fresh(file)
        seen = row.facts_attached
        handover.examine(row)
        assert row.facts_attached == seen


def test_what_was_released_is_blocked_by_nothing(office: Office) -> None:
    client = office.client(0)
    file = made(office)
    release(office, file)
    object_to_it(office, client)
    look(office)
    assert state(office, file) == Handover.RELEASED


def test_a_block_stays_until_the_file_is_made_anew(office: Office) -> None:
    """Whoever fetched it was told not to deliver it: that stays true."""
    client = office.client(0)
    file = made(office)
    object_to_it(office, client)
    look(office)
    with office.facts():
        Objection.objects.update(withdrawn_on=timezone.localdate())
    with pytest.raises(BlockedError):
        release(office, file)
    before = office.written(file)
    assert again(office, file) is not None
    release(office, file)
    assert office.written(office.fresh(file)) == before


def test_a_delivery_before_anybody_could_know_counts(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0))
    # Not the attaching: what the database queued just now would be waited for until then.
    with time_machine.travel(timezone.now() - timedelta(minutes=10)):
        office.make(file)
    object_to_it(office, client)
    with office.facts():
        row = office.fresh(file)
        with pytest.raises(BlockedError):
            deliveries.record_delivery(file=row, delivered_at=timezone.now())
        assert row.handover == Handover.BLOCKED
        deliveries.record_delivery(file=row, delivered_at=timezone.now() - timedelta(minutes=5))
    assert state(office, file) == Handover.DELIVERED


# A second look, while others wait, is short


@pytest.mark.parametrize(("change", "reason"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_what_is_written_during_the_first_look_is_seen(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Office, Client], None],
    reason: Reason | None,
) -> None:
    client = office.client(0)
    file = made(office)
    monkeypatch.setattr(
        locks, "let_facts_stand", lambda _organisation_id: change(office, client), raising=True
    )
    with pytest.raises(BlockedError):
        release(office, file)
    assert state(office, file) == Handover.BLOCKED
    with office.facts():
        (why,) = whys(office.fresh(file))
    assert reason is None or why.reason == reason


def test_the_second_look_is_at_whom_something_was_written_of(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [office.client(0), office.client(1)]
    file = made(office, 0, 1)
    looked: list[int] = []
    look_among = carried_records._lapsed_among

    def counting(row: DeclarationFile, persons: list[int], today: date) -> list[carried_records.Lapsed]:
        looked.append(len(persons))
        return look_among(row, persons, today)

    monkeypatch.setattr(carried_records, "_lapsed_among", counting)
    monkeypatch.setattr(locks, "let_facts_stand", lambda _organisation_id: object_to_it(office, clients[1]))
    with pytest.raises(BlockedError):
        release(office, file)
    assert looked == [1]


def test_nothing_is_due_of_what_was_only_made(office: Office) -> None:
    """It can be made anew: a correction is for what the insurer may have."""
    office.client(0)
    file = made(office)
    with office.facts():
        anamneses.corrected(ProfileRecord.objects.get().profile, office.nurse, code="DKDL-12")
    look(office)
    assert office.balance(office.fresh(file)).corrections == 0
    assert state(office, file) == Handover.BLOCKED


def test_a_late_withdrawal_of_sending_is_told_once(office: Office) -> None:
    office.client(0)
    file = made(office)
    stop_sending(office)
    look(office)
    look(office)
    with office.facts():
        steps = [event.step for event in events_of(file)]
    assert steps.count(HandoverStep.BLOCKED) == 1
