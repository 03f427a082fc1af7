"""A profile goes once for a day, in one file or another, under a reference of its own; then it stays."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from psycopg.types.range import Range

from care.schema.models import Client
from care.schema.periods import CarePeriod
from declarations import aw319
from declarations.aw319.layout import FIELDS
from declarations.delivery import remaking
from declarations.delivery.separate_queue import heaps
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import AttachmentKind, AttachmentState, ChunkKind, DeliveryMode, Reason
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.declarations import fictional
from tests.declarations.delivery.separating import (
    agree_apart,
    attached_in_both_forms,
    checked_whole,
    look,
    made,
    records,
    separates,
    the_separate,
)
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office, stop_sending
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


def test_the_same_profile_goes_once_for_a_day(office: Office) -> None:
    """The care of January stands in two files; what the second adds is only the days that did not go."""
    agree_apart(office)
    office.client(0)
    office.exported(office.attached(insured(0, care("2024-01-05", "2024-01-20")), number="F1"))
    again = office.attached(insured(0, care("2024-01-01", "2024-01-31")), number="F2")
    office.exported(again)
    last = office.written(separates(office)[1])
    assert records(last) == [
        (fictional.BSNS[0], "20240101", "20240104", "DK01"),
        (fictional.BSNS[0], "20240121", "20240131", "DK01"),
    ]
    checked_whole(office, last)
    third = office.attached(insured(0, care("2024-01-10", "2024-01-12")), number="F3")
    assert office.exported(third) == office.written(third, ChunkKind.ORIGINAL)
    assert office.state(third) == (AttachmentState.EXCLUDED, Reason.ALREADY_SENT)
    assert office.balance(third).is_even
    assert len(separates(office)) == 2


def test_references_stay_unique_over_all_files(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    for number in range(1, 4):
        office.exported(
            office.attached(insured(0, care(f"2024-01-0{number}", f"2024-01-0{number}")), number=f"F{number}")
        )
    references = [
        FIELDS["0431"].of(line)
        for file in separates(office)
        for line in office.written(file).split(b"\r\n")
        if line[:2] == b"04"
    ]
    assert len(set(references)) == 3
    assert all(reference.startswith(b"DV") for reference in references)


def test_a_person_can_have_one_record_in_the_file_and_one_apart(office: Office) -> None:
    """The agreement changed between two performances, and the profile with it."""
    file = attached_in_both_forms(office)
    after = office.exported(file)
    assert [row[3] for row in records(after)] == ["W0104", "W0104", "DK01"]
    assert [row[3] for row in records(office.written(the_separate(office)))] == ["DK09"]


def test_a_record_that_went_does_not_change(office: Office) -> None:
    agree_apart(office)
    office.client(0)
    office.exported(office.attached())
    with office.facts(), pytest.raises(IntegrityError), transaction.atomic():
        ProfileRecord.objects.update(performance_code="DK02")


def test_days_cut_off_a_record_that_waits_do_not_go_once_more(office: Office) -> None:
    """Of the first the middle went before; what is left behind that overlaps the second."""
    office.client(0)
    office.export(office.attached(insured(0, care("2024-01-10", "2024-01-15")), number="F1"))
    stop_sending(office)
    office.export(office.attached(insured(0, care("2024-01-01", "2024-01-25")), number="F2"))
    office.export(office.attached(insured(0, care("2024-01-20", "2024-01-31")), number="F3"))
    with office.facts():
        Agreement.objects.update(sending=True)
    look(office)
    apart = made(office)
    assert apart is not None
    assert [row[1:3] for row in records(office.written(apart))] == [
        ("20240101", "20240109"),
        ("20240116", "20240125"),
        ("20240126", "20240131"),
    ]


def test_what_is_cut_off_a_correction_has_a_reference_of_the_correction(office: Office) -> None:
    client = office.client(0)
    file = office.attached(number="F1")
    office.export(file)
    with office.facts():
        anamneses.corrected(client.profiles.get(), office.nurse, code="DKDL-08")
    look(office)
    office.export(office.attached(insured(0, care("2024-01-10", "2024-01-15")), number="F2"))
    assert made(office) is not None
    (due,) = office.items(file, AttachmentKind.CORRECTION)
    with office.facts():
        references = list(due.records.order_by("number").values_list("reference", flat=True))
    wanted = [
        aw319.profile_reference(agb=office.house.organisation.agb, file="F1", person="C1", number=number)
        for number in (1, 2)
    ]
    assert references == wanted


# What was made only is no reason to leave anybody out: it waits


def made_first(office: Office) -> DeclarationFile:
    """Make a file of which everything goes apart, and release nothing."""
    agree_apart(office)
    office.client(0)
    first = office.attached(
        insured(0, care("2024-01-05", "2024-01-20"), care("2024-01-25", "2024-01-31")), number="F1"
    )
    office.make(first)
    return first


def test_what_was_only_made_lets_the_same_days_wait(office: Office) -> None:
    first = made_first(office)
    second = office.attached(insured(0, care("2024-01-10", "2024-01-15")), number="F2")
    office.make(second)
    assert office.state(second) == (AttachmentState.ATTACHED, Reason.NONE)
    assert office.balance(second).is_even
    assert made(office) is None
    with office.facts():
        assert heaps(office.house.organisation) == []
    for file in (first, the_separate(office)):
        office.release(file)
    look(office)
    assert office.state(second) == (AttachmentState.EXCLUDED, Reason.ALREADY_SENT)
    assert len(separates(office)) == 1


def test_what_was_made_and_is_left_out_again_goes_with_the_other_file(office: Office) -> None:
    """A performance of the first file is out of care by now, which holds that person there altogether."""
    made_first(office)
    second = office.attached(insured(0, care("2024-01-01", "2024-01-23")), number="F2")
    office.make(second)
    with office.facts():
        CarePeriod.objects.update(period=Range(date(2023, 1, 1), date(2024, 1, 24)))
        remaking.make_anew(file=the_separate(office))
    apart = made(office)
    assert apart is not None
    assert records(office.written(apart)) == [(fictional.BSNS[0], "20240101", "20240123", "DK01")]


def test_of_whom_a_record_goes_in_the_file_the_rest_waits(office: Office) -> None:
    """The file is made with what stands in it; the days that stand in another made file wait for that one."""
    first = made_first(office)
    with office.facts():
        now = Agreement.objects.get()
        now.valid_until = date(2024, 1, 5)
        now.delivery_form = DeliveryMode.IN_FILE
        now.save()
        Agreement.objects.create(
            organisation=now.organisation, insurer=now.insurer, code_table=now.code_table, sending=True,
            delivery_form=DeliveryMode.SEPARATE, valid_from=date(2024, 1, 5),
        )  # fmt: skip
        client = Client.objects.get()
    office.profile(client, date(2023, 6, 1), "DKDL-09")
    second = office.attached(
        insured(0, care("2023-11-01", "2023-11-10"), care("2024-01-10", "2024-01-15")), number="F2"
    )
    office.make(second)
    assert [row[3] for row in records(office.written(second))] == ["W0104", "W0104", "DK09"]
    (rest,) = office.items(second, AttachmentKind.CORRECTION)
    assert rest.state == AttachmentState.ATTACHED
    for file in (first, the_separate(office), second):
        office.release(file)
    look(office)
    (rest,) = office.items(second, AttachmentKind.CORRECTION)
    assert (rest.state, rest.reason) == (AttachmentState.EXCLUDED, Reason.ALREADY_SENT)
    assert office.state(second) == (AttachmentState.EXPORTED, Reason.NONE)
