"""Made is not handed over: a change before the release blocks a file, and making it anew leaves them out."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from care.schema.models import Client, Insurer, PhasePeriod
from care.schema.periods import CarePeriod
from care.schema.statements import LegalBasis, Objection
from care.tenancy import locks, scope
from declarations import rounds
from declarations.delivery import (
    carried_records,
    deliveries,
    exporting,
    handover,
    remaking,
    separate_delivery,
)
from declarations.delivery.blocking import blocked_files, events_of, whys
from declarations.delivery.handover import refuse_to_hand_out
from declarations.delivery.job_requests import ask
from declarations.insurers import insurer_files
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import AttachmentState, ChunkKind, FileState, Handover, Reason
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.delivery_models import EarlierExport
from declarations.schema.exceptions import BlockedError, FactsChangedError, WrongStateError
from declarations.schema.models import DeclarationFile, Export, FileChunk, ProfileRecord
from declarations.storage import chunks
from tests.actors import Actor
from tests.declarations.delivery.separating import agree_apart, the_separate
from tests.declarations.fictional import insured
from tests.declarations.office import Office, stop_sending
from tests.declarations.shell import run
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


def made(office: Office, *numbers: int, **about: object) -> DeclarationFile:
    """Return a file of these persons that was made and not released."""
    file = office.attached(*(insured(number) for number in numbers or (0,)), **about)
    office.make(file)
    return office.fresh(file)


def object_to_it(office: Office, client: Client) -> None:
    """Let a client object to the sending of codes."""
    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=timezone.localdate()
        )


def release(office: Office, file: DeclarationFile) -> None:
    """Release a file; that it is blocked stays written, as with a page."""
    with office.facts():
        try:
            handover.release(file=office.fresh(file))
        except BlockedError as error:
            refusal = error
        else:
            return
    raise refusal


def state(office: Office, file: DeclarationFile) -> str:
    return office.fresh(file).handover


def look(office: Office) -> None:
    rounds.compare_organisation(organisation_id=office.organisation_id)


def again(office: Office, file: DeclarationFile) -> Export | None:
    with office.facts():
        return remaking.make_anew(file=office.fresh(file))


# An insurer sees a file only once it was released


def test_what_was_made_is_nothing_to_an_insurer_until_it_is_released(
    office: Office, insurer_user: Actor
) -> None:
    office.client(0)
    file = made(office)
    seen = scope.Scope(user_id=insurer_user.user.pk, insurer_id=insurer_user.membership.insurer_id)
    with scope.activate(seen):
        assert not DeclarationFile.objects.exists()
        assert not Export.objects.exists()
        assert not FileChunk.objects.exists()
    release(office, file)
    with scope.activate(seen):
        row = insurer_files.file_for(insurer_user.membership, file.public_id)
        assert b"".join(chunks.read(row, ChunkKind.EXPORT))
        assert {chunk.kind for chunk in FileChunk.objects.all()} == {ChunkKind.EXPORT}


def test_an_insurer_that_joined_while_a_file_was_written_sees_it_once_it_is_released(office: Office) -> None:
    """The database names the addressee of the files that it sees: not of one that is not there yet."""
    office.client(0)
    agree_apart(office)
    made(office)
    apart = the_separate(office)
    with office.facts():
        DeclarationFile.objects.filter(pk=apart.pk).update(insurer=None)
    release(office, apart)
    insurer = Insurer.objects.get(uzovi="9991")
    with scope.activate(scope.Scope(insurer_id=insurer.pk)):
        assert list(insurer_files.files_for(insurer)) == [apart]


def test_attaching_anew_from_the_shell_blocks_a_made_file_that_may_no_longer_go(office: Office) -> None:
    client = office.client(0)
    file = made(office)
    object_to_it(office, client)
    assert run("attach_profiles", file.public_id).code == 0
    assert state(office, file) == Handover.BLOCKED


def test_a_test_file_is_never_released(office: Office) -> None:
    office.client(0)
    file = made(office, is_test=True)
    with pytest.raises(WrongStateError, match="proefbestand"):
        release(office, file)


def test_releasing_twice_changes_nothing(office: Office) -> None:
    office.client(0)
    file = made(office)
    release(office, file)
    release(office, file)
    with office.facts():
        steps = [event.step for event in events_of(file)]
    assert steps == [HandoverStep.MADE, HandoverStep.RELEASED]


def test_recording_a_delivery_hands_over_and_shows_the_insurer_nothing(
    office: Office, insurer_user: Actor
) -> None:
    office.client(0)
    file = made(office)
    with office.facts():
        deliveries.record_delivery(file=file, delivered_at=timezone.now())
    assert state(office, file) == Handover.DELIVERED
    assert insurer_user.membership.insurer is not None
    with scope.activate(scope.Scope(insurer_id=insurer_user.membership.insurer.pk)):
        assert not insurer_files.files_for(insurer_user.membership.insurer).exists()
    release(office, file)
    assert state(office, file) == Handover.RELEASED


# Any change by which the decision no longer gives what the file says blocks it


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


# Made anew


def test_making_anew_leaves_out_who_may_not_go_and_keeps_the_others(office: Office) -> None:
    client = office.client(0)
    office.client(1)
    file = made(office, 0, 1)
    first = office.written(file)
    with office.facts():
        before = Export.objects.get(file=file).sha256
        references = set(ProfileRecord.objects.values_list("reference", flat=True))
    object_to_it(office, client)
    look(office)
    export = again(office, file)
    assert export is not None
    assert export.inserted_count == 1
    fresh = office.fresh(file)
    assert (fresh.version, fresh.handover) == (2, Handover.MADE)
    with office.facts():
        (kept,) = EarlierExport.objects.filter(file=file)
        (left,) = ProfileRecord.objects.filter(attachment__file=file)
    assert kept.sha256 == before != export.sha256
    assert left.reference in references
    second = office.written(fresh)
    assert len(second) == len(first) - 312
    assert left.reference.encode() in second
    assert office.states(file) == [
        (AttachmentState.HELD, Reason.TOO_LATE),
        (AttachmentState.EXPORTED, Reason.NONE),
    ]
    balance = office.balance(fresh)
    assert balance.is_even
    release(office, file)
    assert state(office, file) == Handover.RELEASED


def test_who_was_left_out_goes_apart_once_it_may(office: Office) -> None:
    client = office.client(0)
    file = made(office)
    object_to_it(office, client)
    look(office)
    again(office, file)
    release(office, file)
    with office.facts():
        Objection.objects.update(withdrawn_on=timezone.localdate())
    look(office)
    with office.facts():
        apart = separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991")
    assert apart is not None
    assert office.state(file) == (AttachmentState.EXPORTED, Reason.NONE)


def test_a_separate_file_is_made_anew_without_who_may_not_go(office: Office) -> None:
    client = office.client(0)
    office.client(1)
    agree_apart(office)
    made(office, 0, 1)
    apart = the_separate(office)
    object_to_it(office, client)
    look(office)
    assert state(office, apart) == Handover.BLOCKED
    export = again(office, apart)
    assert export is not None
    assert export.inserted_count == 1
    fresh = office.fresh(apart)
    assert (fresh.version, fresh.person_count, fresh.invoice_number) == (2, 1, apart.invoice_number)
    release(office, fresh)


def test_a_separate_file_of_which_nothing_is_left_is_withdrawn(office: Office) -> None:
    client = office.client(0)
    agree_apart(office)
    file = made(office)
    apart = the_separate(office)
    object_to_it(office, client)
    assert again(office, apart) is None
    assert office.fresh(apart).state == FileState.WITHDRAWN
    assert office.state(file) == (AttachmentState.HELD, Reason.TOO_LATE)
    with office.facts(), pytest.raises(WrongStateError, match="ingetrokken"):
        refuse_to_hand_out(office.fresh(apart))


def test_a_file_that_is_not_blocked_is_not_made_anew(office: Office) -> None:
    office.client(0)
    file = made(office)
    again(office, file)
    assert office.fresh(file).version == 1


def test_what_was_handed_over_is_never_made_anew(office: Office) -> None:
    client = office.client(0)
    file = made(office)
    release(office, file)
    object_to_it(office, client)
    with pytest.raises(WrongStateError, match="overgedragen"):
        again(office, file)


def test_the_database_keeps_what_was_handed_over_as_it_is(office: Office) -> None:
    office.client(0)
    file = made(office)
    release(office, file)
    for change in ({"handover": "made"}, {"handover": "blocked"}, {"version": 2}):
        with office.facts(), pytest.raises(IntegrityError), transaction.atomic():
            DeclarationFile.objects.filter(pk=file.pk).update(**change)
    with office.facts(), pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(file=file).update(sha256="0" * 64)


def test_the_database_overwrites_no_export_that_was_not_kept(office: Office) -> None:
    office.client(0)
    file = made(office)
    with office.facts(), pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(file=file).update(sha256="0" * 64)


# The last look, when the writing is done


def test_an_objection_during_the_making_does_not_go_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = office.client(0)
    file = office.attached(insured(0))
    store = chunks.store

    def objecting(*args: object) -> chunks.Stored:
        object_to_it(office, client)
        return store(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(chunks, "store", objecting)
    with pytest.raises(FactsChangedError):
        office.make(file)
    assert office.fresh(file).state == FileState.IMPORTED


def test_an_objection_during_the_making_of_a_separate_file_does_not_go_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = office.client(0)
    agree_apart(office)
    file = office.attached(insured(0))
    write = separate_delivery._write

    def objecting(*args: object) -> object:
        object_to_it(office, client)
        return write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(separate_delivery, "_write", objecting)
    with pytest.raises(FactsChangedError):
        office.make(file)
    assert office.fresh(file).state == FileState.IMPORTED


def test_an_objection_while_the_file_beside_it_is_written_does_not_go_out_apart(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes apart was looked at before the file itself was written: minutes earlier."""
    client = office.client(0)
    agree_apart(office)
    file = office.attached(insured(0))
    written = exporting.written

    def objecting(*args: object) -> object:
        object_to_it(office, client)
        return written(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(exporting, "written", objecting)
    with pytest.raises(FactsChangedError):
        office.make(file)
    assert office.fresh(file).state == FileState.IMPORTED


# Commands


def test_the_command_refuses_a_blocked_file_until_it_is_made_anew(office: Office, tmp_path: Path) -> None:
    client = office.client(0)
    office.client(1)
    file = office.attached(insured(0), insured(1))
    out = tmp_path / "out.txt"
    assert run("export_declarations", file.public_id, out).code == 0
    first = out.read_bytes()
    object_to_it(office, client)
    refused = run("export_declarations", file.public_id, out)
    assert refused.code == 1
    assert "1 verzekerde mag niet meer mee" in refused.err[0]
    assert refused.err[1:] == ["  1 bezwaar"]
    assert out.read_bytes() == first
    assert state(office, file) == Handover.BLOCKED
    assert run("export_declarations", file.public_id, out, "--again").code == 0
    second = out.read_bytes()
    assert len(second) == len(first) - 312
    assert run("export_declarations", file.public_id, out).code == 0
    assert run("export_declarations", file.public_id, out, "--again").code == 0
    assert out.read_bytes() == second


def test_the_command_says_that_a_worker_is_about_to_make_the_file(office: Office, tmp_path: Path) -> None:
    office.client(0)
    file = office.attached(insured(0))
    with office.facts():
        ask(file=file)
    answer = run("export_declarations", file.public_id, tmp_path / "out.txt")
    assert answer.code == 1
    assert "wordt nu gemaakt" in answer.err[0]
    assert not (tmp_path / "out.txt").exists()


def test_the_command_says_when_nobody_is_left(office: Office, tmp_path: Path) -> None:
    client = office.client(0)
    agree_apart(office)
    made(office)
    object_to_it(office, client)
    answer = run("export_declarations", the_separate(office).public_id, tmp_path / "out.txt", "--again")
    assert answer.code == 1
    assert not (tmp_path / "out.txt").exists()


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
