"""An earlier version that turns out to have been delivered: it is told, and what follows from it follows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from care.schema.models import Client
from care.schema.periods import CarePeriod
from care.schema.statements import Objection
from declarations.delivery import (
    deliveries,
    remaking,
    restoring,
    separate_delivery,
    separate_queue,
    withdrawing,
)
from declarations.handover import services as handover
from declarations.handover.blocking import events_of
from declarations.history import sent
from declarations.matching import reconciliation
from declarations.schema.constants import AttachmentKind, AttachmentState, FileState, Handover, Reason
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.declarations import fictional
from tests.declarations.delivery.separating import EXPORTED, agree_apart, look, made, the_separate
from tests.declarations.fictional import insured
from tests.declarations.matching.conditions import objects, takes_objection_back
from tests.declarations.office import BORN, SINCE, Office
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(office: Office) -> list[Client]:
    return [office.client(0), office.client(1)]


@pytest.fixture
def file(office: Office, clients: list[Client]) -> DeclarationFile:
    """Return a file of both, made half an hour ago."""
    attached = office.attached(insured(0), insured(1))
    with time_machine.travel(timezone.now() - timedelta(minutes=30)):
        office.make(attached)
    return attached


@pytest.fixture
def apart(office: Office, clients: list[Client]) -> DeclarationFile:
    """Return a separate file of both, made half an hour ago."""
    agree_apart(office)
    attached = office.attached(insured(0), insured(1))
    with time_machine.travel(timezone.now() - timedelta(minutes=30)):
        office.make(attached)
    return the_separate(office)


def corrects_birth(office: Office, client: Client) -> None:
    with office.facts():
        Client.objects.filter(pk=client.pk).update(date_of_birth=BORN - timedelta(days=1))


def make_anew(office: Office, file: DeclarationFile) -> None:
    look(office)
    with office.facts():
        remaking.make_anew(file=office.fresh(file))


def deliver(office: Office, file: DeclarationFile, *, minutes_ago: int = 20) -> None:
    with office.facts():
        deliveries.record_delivery(
            file=office.fresh(file), delivered_at=timezone.now() - timedelta(minutes=minutes_ago)
        )


def said(office: Office) -> set[tuple[str, date, date]]:
    with office.facts():
        return set(ProfileRecord.objects.values_list("reference", "first_day", "last_day"))


@pytest.mark.parametrize("carrier", ["file", "apart"])
def test_what_went_is_told_as_it_went(
    office: Office, clients: list[Client], carrier: str, request: pytest.FixtureRequest
) -> None:
    row: DeclarationFile = request.getfixturevalue(carrier)
    before, bytes_before = said(office), office.written(row)
    objects(office, clients[0])
    make_anew(office, row)
    assert office.written(office.fresh(row)) != bytes_before
    deliver(office, row)
    fresh = office.fresh(row)
    assert (fresh.handover, fresh.version) == (Handover.DELIVERED, 3)
    assert office.written(fresh) == bytes_before
    assert said(office) == before
    with office.facts():
        events = [(event.step, event.version) for event in events_of(fresh)]
        told = sent.sent_of([client.pk for client in clients])
    assert events[-1] == (HandoverStep.DELIVERED, 3)
    assert [len(told[client.pk]) for client in clients] == [1, 1]
    assert reconciliation.note_balances(organisation_id=office.organisation_id) == 0


@pytest.mark.parametrize("carrier", ["file", "apart"])
def test_what_it_said_and_is_no_longer_so_is_due(
    office: Office, clients: list[Client], carrier: str, request: pytest.FixtureRequest
) -> None:
    row: DeclarationFile = request.getfixturevalue(carrier)
    corrects_birth(office, clients[1])
    with office.facts():
        (second,) = ProfileRecord.objects.filter(profile__client=clients[1])
        home = second.attachment.file
        profile = second.profile
    assert profile.client_id == clients[1].pk
    make_anew(office, row)
    with office.facts():
        anamneses.corrected(profile, office.nurse, code="DKDL-12")
    deliver(office, row)
    look(office)
    (due,) = office.items(home, AttachmentKind.CORRECTION)
    assert (due.client_id, due.reason) == (clients[1].pk, Reason.CORRECTION_DUE)
    assert office.states(home) == [EXPORTED, EXPORTED]


def test_who_waited_meanwhile_does_not_go_twice(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    objects(office, clients[0])
    make_anew(office, file)
    takes_objection_back(office, clients[0])
    look(office)
    assert office.states(file)[0] == (AttachmentState.ATTACHED, Reason.NONE)
    deliver(office, file)
    look(office)
    assert office.states(file) == [EXPORTED, EXPORTED]
    assert made(office) is None


def test_what_was_left_out_in_two_steps_is_told_again(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    before = said(office)
    for client in clients:
        objects(office, client)
        make_anew(office, file)
    assert said(office) == set()
    deliver(office, file)
    assert said(office) == before


def test_what_went_once_it_was_known_is_refused(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=25)):
        objects(office, clients[0])
        look(office)
    make_anew(office, file)
    with pytest.raises(WrongStateError, match="functionaris gegevensbescherming"):
        deliver(office, file)
    assert office.fresh(file).handover == Handover.MADE


@pytest.mark.parametrize("carrier", ["file", "apart"])
@pytest.mark.parametrize("how", ["withdrawn", "made_anew_to_nothing"])
def test_what_was_withdrawn_and_had_gone_before_is_told_as_it_went(
    office: Office, clients: list[Client], carrier: str, how: str, request: pytest.FixtureRequest
) -> None:
    row: DeclarationFile = request.getfixturevalue(carrier)
    before, bytes_before = said(office), office.written(row)
    if how == "withdrawn":
        with office.facts():
            withdrawing.withdraw_file(file=office.fresh(row))
    else:
        for client in clients:
            objects(office, client)
        make_anew(office, row)
    deliver(office, row)
    fresh = office.fresh(row)
    assert (fresh.state, fresh.handover) == (FileState.EXPORTED, Handover.DELIVERED)
    assert office.written(fresh) == bytes_before
    assert said(office) == before
    look(office)
    assert made(office) is None
    assert reconciliation.note_balances(organisation_id=office.organisation_id) == 0


def test_what_was_read_in_again_is_not_told_of_the_one_before(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    with office.facts():
        withdrawing.withdraw_file(file=office.fresh(file))
    office.attached(insured(0), insured(1))
    with pytest.raises(WrongStateError, match="opnieuw ingelezen"):
        deliver(office, file)
    assert office.fresh(file).state == FileState.WITHDRAWN


def test_records_of_a_declaration_that_was_read_in_again_are_not_taken_for_those_of_before(
    office: Office, clients: list[Client], apart: DeclarationFile
) -> None:
    with office.facts():
        (home,) = separate_queue.sources_of(apart)
    before = said(office)
    for row in (apart, home):
        with office.facts():
            withdrawing.withdraw_file(file=office.fresh(row))
    again = office.attached(insured(0), insured(1))
    with pytest.raises(WrongStateError, match="opnieuw ingelezen"):
        deliver(office, apart)
    with office.facts():
        assert not ProfileRecord.objects.filter(delivered_in__isnull=False).exists()
        withdrawing.withdraw_file(file=office.fresh(again))
    deliver(office, apart)
    assert said(office) == before


def test_a_declaration_read_in_after_its_separate_file_turned_out_to_be_delivered_is_worked_on(
    office: Office, clients: list[Client], apart: DeclarationFile
) -> None:
    """What was delivered keeps its references, and is not said again."""
    with office.facts():
        (home,) = separate_queue.sources_of(apart)
    before = said(office)
    for row in (apart, home):
        with office.facts():
            withdrawing.withdraw_file(file=office.fresh(row))
    deliver(office, apart)
    again = office.attached(insured(0), insured(1))
    assert [state for state, _reason in office.states(again)] == [AttachmentState.ATTACHED] * 2
    assert before < said(office)
    office.make(again)
    look(office)
    assert said(office) == before


def test_days_that_the_delivered_version_did_not_say_still_follow(
    office: Office, clients: list[Client]
) -> None:
    """Meanwhile more could be said of her, and that waited for a separate file."""
    with office.facts():
        CarePeriod.objects.filter(client=clients[0]).update(period=Range(SINCE, date(2024, 1, 15)))
    file = office.attached(insured(0), insured(1))
    with time_machine.travel(timezone.now() - timedelta(minutes=30)):
        office.make(file)
    before = said(office)
    objects(office, clients[0])
    make_anew(office, file)
    takes_objection_back(office, clients[0])
    with office.facts():
        CarePeriod.objects.filter(client=clients[0]).update(period=Range(SINCE, None))
    look(office)
    deliver(office, file)
    look(office)
    apart = made(office)
    assert apart is not None
    assert before < said(office)
    assert [days for _reference, *days in said(office) - before] == [[date(2024, 1, 15), date(2024, 1, 31)]]


def test_a_version_of_which_the_records_are_not_known_is_not_told(
    office: Office, clients: list[Client], file: DeclarationFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of one that was replaced before it was kept what the next one leaves out."""
    objects(office, clients[0])
    make_anew(office, file)
    monkeypatch.setattr(restoring, "_left_out_since", lambda *_asked: iter(()))
    with pytest.raises(WrongStateError, match="niet meer na te gaan"):
        deliver(office, file)
    assert office.fresh(file).handover == Handover.MADE


def test_what_was_withdrawn_before_it_went_is_refused(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=25)), office.facts():
        withdrawing.withdraw_file(file=office.fresh(file))
    with pytest.raises(WrongStateError, match="functionaris gegevensbescherming"):
        deliver(office, file)


def test_the_page_of_what_was_withdrawn_leads_to_telling_it(
    office: Office, officer: Browser, clients: list[Client], file: DeclarationFile
) -> None:
    with office.facts():
        withdrawing.withdraw_file(file=office.fresh(file))
    page = officer.get(reverse("file-page", args=[file.public_id])).content.decode()
    assert reverse("file-delivered", args=[file.public_id]) in page
    assert officer.get(reverse("file-delivered", args=[file.public_id])).status_code == 200


def test_where_a_later_version_went_no_other_is_told(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    objects(office, clients[0])
    make_anew(office, file)
    office.release(file)
    with pytest.raises(WrongStateError, match="latere versie"):
        deliver(office, file)


def test_it_can_be_released_here_only_where_it_still_may_go(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    objects(office, clients[0])
    make_anew(office, file)
    deliver(office, file)
    with pytest.raises(WrongStateError, match="geef het niet vrij"):
        office.release(file)
    with office.facts():
        Objection.objects.update(withdrawn_on=timezone.localdate())
    office.release(file)
    assert office.fresh(file).handover == Handover.RELEASED


def test_the_page_says_which_version_counts(
    office: Office, officer: Browser, clients: list[Client], file: DeclarationFile
) -> None:
    objects(office, clients[0])
    make_anew(office, file)
    deliver(office, file)
    page = officer.get(reverse("file-page", args=[file.public_id])).content.decode()
    assert "bleek al te zijn aangeleverd" in page


def test_what_stands_in_a_separate_file_by_now_is_not_said_beside_it(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    """It may be taken back first; then it is told as it went, and nothing waits."""
    before = said(office)
    objects(office, clients[0])
    make_anew(office, file)
    takes_objection_back(office, clients[0])
    look(office)
    with office.facts():
        again = separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991")
    assert again is not None
    with pytest.raises(WrongStateError, match="Trek dat eerst in"):
        deliver(office, file)
    assert office.fresh(file).handover == Handover.MADE
    with office.facts():
        withdrawing.withdraw_file(file=office.fresh(again))
    deliver(office, file)
    assert said(office) == before
    look(office)
    assert made(office) is None


def test_who_was_left_out_meanwhile_counts_as_gone(
    office: Office, clients: list[Client], file: DeclarationFile
) -> None:
    objects(office, clients[0])
    make_anew(office, file)
    takes_objection_back(office, clients[0])
    look(office)
    office.export(office.attached(insured(0), number="F2"))
    look(office)
    assert office.states(file)[0] == (AttachmentState.EXCLUDED, Reason.ALREADY_SENT)
    deliver(office, file)
    assert office.states(file) == [EXPORTED, EXPORTED]


@pytest.mark.parametrize("how", ["made anew", "withdrawn"])
def test_another_version_than_was_delivered_does_not_count_as_handed_over(
    office: Office, clients: list[Client], file: DeclarationFile, how: str
) -> None:
    """It is made, or taken back, while somebody tells that the one before went."""
    seen = office.fresh(file)
    if how == "withdrawn":
        with office.facts():
            withdrawing.withdraw_file(file=office.fresh(file))
    else:
        objects(office, clients[0])
        make_anew(office, file)
    with office.facts(), pytest.raises(WrongStateError):
        handover.hand_over_outside(file=seen, delivered_at=timezone.now())
    assert office.fresh(file).handover == (Handover.NONE if how == "withdrawn" else Handover.MADE)


def test_what_was_withdrawn_meanwhile_is_not_released(office: Office, file: DeclarationFile) -> None:
    seen = office.fresh(file)
    with office.facts():
        withdrawing.withdraw_file(file=office.fresh(file))
    with office.facts(), pytest.raises(WrongStateError, match="ingetrokken"):
        handover.release(file=seen)


def test_a_separate_file_is_over_the_days_that_its_bytes_say(office: Office) -> None:
    spec = replace(
        fictional.SPEC,
        agb=office.house.organisation.agb,
        invoice_number="F2",
        period_first=date(2024, 1, 10),
        period_last=date(2024, 1, 20),
    )
    wide = office.attached(insured(1))
    narrow = office.take_in(
        fictional.content(insured(0, fictional.care("2024-01-11", "2024-01-19")), spec=spec)
    )
    office.attach(narrow)
    for file in (wide, narrow):
        office.export(file)
    late = [office.client(0), office.client(1)]
    look(office)
    with time_machine.travel(timezone.now() - timedelta(minutes=30)), office.facts():
        apart = separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991")
    assert apart is not None
    objects(office, late[1])
    make_anew(office, apart)
    assert office.fresh(apart).period_first_day == date(2024, 1, 10)
    deliver(office, apart)
    fresh = office.fresh(apart)
    assert (fresh.period_first_day, fresh.period_last_day) == (date(2024, 1, 1), date(2024, 1, 31))
