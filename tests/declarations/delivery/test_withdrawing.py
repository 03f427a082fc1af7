"""What was made and never handed over can be taken back, and the same read in again."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from declarations import aw319
from declarations.delivery import exporting, remaking, withdrawing
from declarations.handover.blocking import events_of
from declarations.handover.services import refuse_to_hand_out
from declarations.schema.constants import AttachmentState, FileState, Handover, Reason
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import UnsoundExportError, WrongStateError
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.declarations.delivery.separating import agree_apart, look, made, records, the_separate
from tests.declarations.fictional import BSNS, insured
from tests.declarations.matching.conditions import objects, takes_objection_back
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db


def withdraw(office: Office, file: DeclarationFile) -> None:
    with office.facts():
        withdrawing.withdraw_file(file=office.fresh(file))


def steps(office: Office, file: DeclarationFile) -> list[str]:
    with office.facts():
        return [event.step for event in events_of(file)]


def test_what_is_blocked_and_cannot_be_made_anew_is_withdrawn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read in before our checker became stricter: what is made of it is refused from now on."""
    client = office.client(0)
    file = office.attached(insured(0), insured(1))
    office.make(file)
    objects(office, client)

    def refusing(*_args: object, **_words: object) -> aw319.Verification:
        raise UnsoundExportError("export is not sound", ())

    monkeypatch.setattr(exporting, "_proven", refusing)
    with pytest.raises(UnsoundExportError), office.facts():
        remaking.make_anew(file=office.fresh(file))
    withdraw(office, file)
    withdraw(office, file)
    fresh = office.fresh(file)
    assert (fresh.state, fresh.handover) == (FileState.WITHDRAWN, Handover.NONE)
    assert steps(office, file)[-1] == HandoverStep.WITHDRAWN
    with office.facts():
        assert not ProfileRecord.objects.filter(attachment__file=file).exists()
        with pytest.raises(WrongStateError):
            refuse_to_hand_out(fresh)


def test_the_same_is_read_in_again_and_goes(office: Office) -> None:
    office.client(0)
    file = office.attached()
    before = office.make(file).sha256
    withdraw(office, file)
    again = office.attached()
    assert again.pk != file.pk
    assert office.export(again).sha256 == before


def test_what_was_handed_over_is_not_withdrawn(office: Office) -> None:
    office.client(0)
    file = office.attached()
    office.export(file)
    with pytest.raises(WrongStateError, match="kan niet meer worden ingetrokken"):
        withdraw(office, file)
    assert office.fresh(file).state == FileState.EXPORTED


def test_what_stood_in_a_separate_file_waits_for_the_next(office: Office) -> None:
    client = office.client(0)
    office.client(1)
    agree_apart(office)
    file = office.attached(insured(0), insured(1))
    office.make(file)
    objects(office, client)
    withdraw(office, the_separate(office))
    assert office.states(file) == [
        (AttachmentState.HELD, Reason.TOO_LATE),
        (AttachmentState.ATTACHED, Reason.NONE),
    ]
    office.release(file)
    takes_objection_back(office, client)
    look(office)
    apart = made(office)
    assert apart is not None
    assert [row[0] for row in records(office.written(apart))] == [BSNS[0], BSNS[1]]


def test_a_file_goes_back_only_after_the_separate_one_that_speaks_of_it(office: Office) -> None:
    office.client(0)
    agree_apart(office)
    file = office.attached()
    office.make(file)
    with pytest.raises(WrongStateError, match="Trek dat eerst in"):
        withdraw(office, file)
    withdraw(office, the_separate(office))
    withdraw(office, file)
    assert office.fresh(file).state == FileState.WITHDRAWN
    assert made(office) is None


def test_what_was_withdrawn_has_no_lines_with_profiles_to_look_at(office: Office, officer: Browser) -> None:
    office.client(0)
    file = office.attached()
    office.make(file)
    address = reverse("export-line", args=[file.public_id, 3])
    assert officer.get(address).status_code == 200
    withdraw(office, file)
    assert officer.get(address).status_code == 404
