"""Trying again whoever is held, one or all of a reason; and nobody else."""

import pytest

from declarations.matching import services
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.exceptions import WrongStateError
from tests.declarations.fictional import insured
from tests.declarations.matching.states import ATTACHED, held, records
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db


def test_trying_again_decides_anew(office: Office) -> None:
    file = office.attached(insured(0), insured(1))
    with office.facts():
        services.retry_item(item=office.items(file)[0])
    assert [state for state, _ in office.states(file)] == [AttachmentState.QUEUED, AttachmentState.HELD]
    with office.facts():
        assert services.retry_held(file=file, reason=Reason.CLIENT_UNKNOWN) == 1
    assert [state for state, _ in office.states(file)] == [AttachmentState.QUEUED] * 2
    office.attach(file)
    assert office.states(file) == [held(Reason.CLIENT_UNKNOWN)] * 2


def test_trying_again_leaves_who_is_not_held(office: Office) -> None:
    office.client(0)
    file = office.attached()
    with office.facts():
        services.retry_item(item=office.item(file))
    assert office.state(file) == ATTACHED
    assert len(records(office)) == 1


def test_nothing_of_a_closed_file_is_tried_again(office: Office) -> None:
    file = office.attached()
    office.export(file)
    with office.facts():
        for step in (
            lambda: services.retry_item(item=office.item(file)),
            lambda: services.retry_held(file=file, reason=Reason.TOO_LATE),
            lambda: services.attach_rest(item=office.item(file)),
        ):
            with pytest.raises(WrongStateError):
                step()
