"""A blocked file is made anew without who may no longer go."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from care.schema.statements import Objection
from declarations.delivery import separate_delivery
from declarations.handover.services import refuse_to_hand_out
from declarations.schema.constants import AttachmentState, FileState, Handover, Reason
from declarations.schema.delivery_models import EarlierExport
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile, Export, ProfileRecord
from tests.declarations.delivery.handing_over import again, look, made, object_to_it, release, state
from tests.declarations.delivery.separating import agree_apart, the_separate
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db


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
