"""Noticing that facts changed, and corrections beside what was sent already."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from care.consent.statements import record_objection
from care.schema.facts import fact_tables
from care.schema.models import Client
from declarations import rounds
from declarations.decisions.facts import fingerprint
from declarations.matching import reevaluation
from declarations.schema.constants import AttachmentKind, AttachmentState, DeliveryMode, Reason
from declarations.schema.exceptions import FactsChangedError
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


def compare(office: Office) -> int:
    return rounds.compare_organisation(organisation_id=office.organisation_id)


def correct(office: Office, client: Client, code: str = "DKDL-08") -> None:
    with office.facts():
        profile = client.profiles.filter(status="standing").latest("id")
        anamneses.corrected(profile, office.nurse, code=code)


def corrections(office: Office, file: DeclarationFile) -> list[Attachment]:
    return office.items(file, AttachmentKind.CORRECTION)


def seen(office: Office) -> str:
    with office.facts():
        return fingerprint(timezone.localdate())


def test_the_fingerprint_stays_the_same_while_nothing_is_written(office: Office) -> None:
    office.client(0)
    assert seen(office) == seen(office)


def test_the_fingerprint_changes_with_every_kind_of_fact(office: Office) -> None:
    prints = [seen(office)]
    client = office.client(0, day=None)
    prints.append(seen(office))
    office.profile(client, date(2024, 1, 1))
    prints.append(seen(office))
    with office.facts():
        Client.objects.filter(pk=client.pk).update(in_care_until=date(2024, 3, 1))
    prints.append(seen(office))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        prints.append(seen(office))
    assert len(set(prints)) == len(prints)


def test_the_fingerprint_does_not_see_other_organisations(office: Office, office_elsewhere: Office) -> None:
    before = seen(office)
    office_elsewhere.client(0)
    assert seen(office) == before


def test_the_models_say_which_tables_hold_facts_and_whose() -> None:
    assert fact_tables() == {
        "care_client": "id",
        "care_careperiod": "client_id",
        "care_consent": "client_id",
        "care_objection": "client_id",
        "profiles_clientprofile": "client_id",
        "care_legalbasis": "",
        "care_phaseperiod": "",
        "care_receiver": "",
        "declarations_agreement": "",
    }


def test_it_does_nothing_while_the_facts_are_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.attached()
    looked: list[object] = []

    def look(*values: object, **words: object) -> int:
        looked.append((values, words))
        return 0

    monkeypatch.setattr(reevaluation, "_look_through", look)
    assert compare(office) == 0
    assert looked == []
    office.client(0)
    compare(office)
    compare(office)
    assert len(looked) == 1


def test_it_queues_again_whoever_s_reason_is_gone(office: Office) -> None:
    file = office.attached(insured(0), insured(1))
    office.client(1)
    assert compare(office) == 1
    assert office.states(file) == [
        (AttachmentState.HELD, Reason.CLIENT_UNKNOWN),
        (AttachmentState.QUEUED, Reason.NONE),
    ]
    assert compare(office) == 0


def test_it_writes_the_reason_that_is_next(office: Office) -> None:
    file = office.attached()
    office.client(0, day=None)
    assert compare(office) == 0
    assert office.state(file) == (AttachmentState.HELD, Reason.NO_VALID_PROFILE)


def test_it_goes_through_a_file_of_more_than_a_batch(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reevaluation, "BATCH", 2)
    file = office.attached(*(insured(number) for number in range(5)))
    for number in (0, 3, 4):
        office.client(number)
    assert compare(office) == 3
    assert [state for state, _ in office.states(file)] == ["queued", "held", "held", "queued", "queued"]


def test_a_correction_is_due_beside_a_sent_profile(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0), insured(1))
    office.export(file)
    correct(office, client)
    compare(office)
    (due,) = corrections(office, file)
    assert (due.state, due.reason) == (AttachmentState.ATTACHED, Reason.CORRECTION_DUE)
    assert due.client_id == client.pk
    assert office.states(file)[0] == (AttachmentState.EXPORTED, Reason.NONE)
    balance = office.balance(file)
    assert (balance.persons, balance.corrections, balance.is_even) == (2, 1, True)


def test_a_correction_is_asked_for_once(office: Office) -> None:
    client = office.client(0)
    file = office.attached()
    office.export(file)
    correct(office, client)
    compare(office)
    correct(office, client, code="DKDL-09")
    compare(office)
    office.attach(file)
    assert len(corrections(office, file)) == 1


def test_each_sent_record_gets_its_own_correction(office: Office) -> None:
    client = office.client(0, day=date(2023, 12, 1))
    office.profile(client, date(2024, 1, 16), "DKDL-05")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-20", "2024-01-31")))
    office.export(file)
    correct(office, client)
    office.attach(file)
    assert [due.number for due in corrections(office, file)] == [1]
    with office.facts():
        first = client.profiles.get(date=date(2023, 12, 1))
        anamneses.corrected(first, office.nurse, code="DKDL-12")
    office.attach(file)
    assert [due.number for due in corrections(office, file)] == [1, 2]
    assert len({due.corrects_id for due in corrections(office, file)}) == 2


def test_nothing_is_due_where_nothing_was_sent(office: Office) -> None:
    """Before the export the corrected profile is simply attached instead."""
    client = office.client(0)
    file = office.attached()
    correct(office, client)
    compare(office)
    assert corrections(office, file) == []


def test_a_later_profile_is_no_correction(office: Office) -> None:
    client = office.client(0)
    file = office.attached()
    office.export(file)
    office.profile(client, date(2024, 2, 1), "DKDL-12")
    compare(office)
    assert corrections(office, file) == []


def test_who_came_too_late_is_not_queued_for_the_file_that_went(office: Office) -> None:
    file = office.attached()
    office.export(file)
    office.client(0)
    assert compare(office) == 0
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    with office.facts():
        (record,) = ProfileRecord.objects.all()
    assert (record.form, record.delivered_in) == (DeliveryMode.SEPARATE, None)


def test_the_schedule_leaves_the_attached_to_the_export(office: Office) -> None:
    """They are by far the most, and nothing happens to them before the file is made."""
    client = office.client(0)
    file = office.attached()
    with office.facts():
        record_objection(client=client, day=timezone.localdate(), user=None)
    compare(office)
    assert office.state(file)[0] == AttachmentState.ATTACHED
    with pytest.raises(FactsChangedError) as caught:
        office.export(file)
    assert caught.value.ids == [office.item(file).pk]
    office.attach(file)
    assert office.state(file) == (AttachmentState.HELD, Reason.OBJECTION)


def test_an_export_after_other_facts_that_change_nobody_goes_on(office: Office) -> None:
    office.client(0)
    file = office.attached()
    office.client(1)
    office.export(file)
    assert office.state(file)[0] == AttachmentState.EXPORTED


def test_who_was_moved_during_the_look_is_left_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker may have decided on a row between the reading of it and the writing."""
    file = office.attached()
    office.client(0)
    real = reevaluation._verdict

    def slow(*values: Any) -> Any:
        verdict = real(*values)
        Attachment.objects.filter(file=file).update(
            state=AttachmentState.EXCLUDED, reason=Reason.CREDITS_ONLY
        )
        return verdict

    monkeypatch.setattr(reevaluation, "_verdict", slow)
    assert compare(office) == 0
    assert office.state(file) == (AttachmentState.EXCLUDED, Reason.CREDITS_ONLY)


def test_a_look_locks_no_row_that_stays_as_it_is(office: Office) -> None:
    office.attached(insured(0), insured(1))
    office.client(5)
    with CaptureQueriesContext(connection) as queries:
        compare(office)
    assert not [query for query in queries if "FOR UPDATE" in query["sql"]]
