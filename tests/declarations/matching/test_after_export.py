"""Who came too late for the file: waits for a separate one, goes with the next, or stays held."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from care.accounts import organisations
from care.accounts.selectors import phase_on
from care.schema.constants import Phase
from care.schema.statements import LegalBasis, Objection
from declarations.decisions.facts import Decided, Facts, Item
from declarations.decisions.stored import detail_from_json
from declarations.delivery.separate_queue import heaps
from declarations.matching import after_export
from declarations.matching.presenters import file_groups
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import ProfileRecord
from tests.declarations import fictional
from tests.declarations.delivery.separating import (
    EXPORTED,
    LATE,
    agree_apart,
    checked_whole,
    look,
    made,
    records,
    the_separate,
)
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db


def test_a_profile_that_came_afterwards_waits_for_a_separate_file(office: Office) -> None:
    """The agreement is to send in the file: what came too late can only go apart, when somebody asks."""
    office.client(0)
    file = office.attached(insured(0), insured(1))
    office.export(file)
    office.client(1, code="DKDL-05")
    look(office)
    assert office.states(file) == [EXPORTED, (AttachmentState.ATTACHED, Reason.NONE)]
    assert office.balance(file).is_even
    with office.facts():
        (heap,) = heaps(office.house.organisation)
    assert (heap.uzovi, heap.persons, heap.records) == ("9991", 1, 1)
    apart = made(office)
    assert apart is not None
    content = office.written(apart)
    checked_whole(office, content)
    assert records(content) == [(fictional.BSNS[1], "20240101", "20240131", "DK05")]
    assert office.states(file) == [EXPORTED, EXPORTED]
    assert made(office) is None


def test_somebody_who_waits_for_two_declarations_is_one_person(office: Office) -> None:
    for month in ("2024-01", "2023-12"):
        file = office.attached(insured(0, care(f"{month}-01", f"{month}-31")), number=month)
        office.export(file)
    office.client(0)
    look(office)
    with office.facts():
        (heap,) = heaps(office.house.organisation)
    assert (heap.persons, heap.records) == (1, 2)


@pytest.mark.parametrize("missing", ["basis", "sending", "phase"])
def test_so_does_who_was_held_for_a_reason_that_went_away(office: Office, missing: str) -> None:
    organisation = office.house.organisation
    office.client(0)
    with office.facts():
        if missing == "basis":
            LegalBasis.objects.update(valid_until=date(2013, 1, 2))
        if missing == "sending":
            Agreement.objects.update(sending=False)
        if missing == "phase":
            organisations.set_phase(
                organisation=organisation, phase=Phase.REGISTER, valid_from=date(2020, 1, 1)
            )
    file = office.attached()
    office.export(file)
    assert office.state(file) == LATE
    with office.facts():
        LegalBasis.objects.update(valid_until=None)
        Agreement.objects.update(sending=True)
        organisations.set_phase(organisation=organisation, phase=Phase.DECLARE, valid_from=date(2020, 1, 2))
        assert phase_on(organisation, date.today()) == "declare"  # noqa: DTZ011
    look(office)
    apart = made(office)
    assert apart is not None
    assert len(records(office.written(apart))) == 1


def test_who_stays_held_keeps_a_reason_of_today(office: Office) -> None:
    file = office.attached()
    office.export(file)
    office.client(0, day=None)
    look(office)
    assert office.state(file) == LATE
    assert detail_from_json(office.item(file).detail).before == Reason.NO_VALID_PROFILE


def test_what_waited_goes_with_the_next_separate_file(office: Office) -> None:
    """One file, one record 02 per insured person, though the care stands in two."""
    office.client(0)
    first = office.attached(insured(0, care("2024-01-01", "2024-01-10")), insured(1), number="F1")
    office.export(first)
    office.client(1)
    look(office)
    agree_apart(office)
    second = office.attached(
        insured(1, care("2023-12-30", "2023-12-31")),
        insured(0, care("2024-01-20", "2024-01-22")),
        number="F2",
    )
    office.export(second)
    content = office.written(the_separate(office))
    checked_whole(office, content)
    assert records(content) == [
        (fictional.BSNS[1], "20231230", "20231231", "DK01"),
        (fictional.BSNS[1], "20240101", "20240131", "DK01"),
        (fictional.BSNS[0], "20240120", "20240122", "DK01"),
    ]
    assert content.count(b"\r\n02") == 2


def test_an_objection_takes_back_what_waits(office: Office) -> None:
    file = office.attached()
    office.export(file)
    client = office.client(0)
    look(office)
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=date(2024, 1, 1)
        )
    assert made(office) is None
    assert office.state(file) == LATE
    assert detail_from_json(office.item(file).detail).before == Reason.OBJECTION
    with office.facts():
        assert not ProfileRecord.objects.exists()


def test_what_is_long_past_waits_for_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(after_export, "LONGEST_LATE", after_export.LONGEST_LATE * 0)
    file = office.attached()
    office.export(file)
    office.client(0)
    look(office)
    assert office.state(file) == LATE


def test_what_waits_and_is_long_past_goes_no_more(office: Office) -> None:
    """Nobody looks at it any more: an objection of today would not be seen."""
    file = office.attached()
    office.export(file)
    client = office.client(0)
    look(office)
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    with time_machine.travel(timezone.now() + after_export.LONGEST_LATE + timedelta(days=1)):
        with office.facts():
            Objection.objects.create(
                organisation=office.house.organisation, client=client, made_on=date(2024, 1, 1)
            )
            assert heaps(office.house.organisation) == []
            (group,) = file_groups(office.fresh(file))
            assert "gaat niet meer mee" in str(group.advice)
        assert made(office) is None


def test_what_goes_no_more_is_in_nobody_s_way(office: Office) -> None:
    """The same days, declared once more in a file of today, go with that."""
    office.export(office.attached(number="F1"))
    office.client(0)
    look(office)
    with time_machine.travel(timezone.now() + after_export.LONGEST_LATE + timedelta(days=1)):
        agree_apart(office)
        office.export(office.attached(number="F2"))
        content = office.written(the_separate(office))
    assert records(content) == [(fictional.BSNS[0], "20240101", "20240131", "DK01")]


def test_what_cannot_be_decided_on_does_not_go(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look fails for one of two: that one is held, and goes once it can be decided on."""
    file = office.attached(insured(0), insured(1))
    office.export(file)
    for number in (0, 1):
        office.client(number)
    look(office)
    real = Facts.decide

    def decide(facts: Facts, item: Item, **words: bool) -> Decided:
        if item.number == 2:
            raise ValueError
        return real(facts, item, **words)

    monkeypatch.setattr(Facts, "decide", decide)
    apart = made(office)
    assert apart is not None
    assert [row[0] for row in records(office.written(apart))] == [fictional.BSNS[0]]
    assert office.states(file) == [EXPORTED, LATE]
    assert detail_from_json(office.items(file)[1].detail).before == Reason.TECHNICAL_ERROR
    monkeypatch.undo()
    office.client(2)
    look(office)
    assert made(office) is not None
    assert office.states(file) == [EXPORTED, EXPORTED]
