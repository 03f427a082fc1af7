"""While a separate file is made nobody stands still for it: the round, an officer, an agreement."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from care.tenancy.locks import second_connection
from declarations import rounds
from declarations.delivery import separate_delivery, withdrawing
from declarations.matching import services
from declarations.progress import file_locks
from declarations.schema.constants import AttachmentState, FileState
from declarations.schema.exceptions import WrongStateError
from tests.declarations.delivery.separating import LATE, made, one_late
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.working import held_elsewhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_waits_long")]


@pytest.fixture
def nobody_waits_long(transactional_db: None) -> Iterator[None]:
    """Let whoever would wait for a row fail instead, otherwise than who does not want to wait."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = '5s'")
        yield
        cursor.execute("reset statement_timeout")


def test_the_round_passes_over_who_goes_in_a_file_and_looks_later(
    office: Office, office_elsewhere: Office
) -> None:
    """Of one organisation a separate file is made; the others are looked at as ever."""
    here, there = office.attached(), office_elsewhere.attached()
    for one, file in ((office, here), (office_elsewhere, there)):
        one.export(file)
        one.client(0)
    item = office.item(here)
    with held_elsewhere(office, item):
        rounds.look_for_due_work()
        assert office.state(here) == LATE
        assert office_elsewhere.state(there)[0] == AttachmentState.ATTACHED
    rounds.look_for_due_work()
    assert office.state(here)[0] == AttachmentState.ATTACHED


def test_an_officer_is_told_instead_of_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_locks, "PATIENCE", "50ms")
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")))
    office.export(file)
    item = office.item(file)
    with (
        held_elsewhere(office, item),
        office.facts(),
        pytest.raises(WrongStateError, match="wordt nu gemaakt"),
    ):
        services.attach_rest(item=item)
    with office.facts():
        services.attach_rest(item=item)
    assert office.state(file)[0] == AttachmentState.ATTACHED


def test_nobody_waits_to_write_an_agreement_down(office: Office) -> None:
    """An agreement holds the organisation's row; making a file holds a name of its own."""
    one_late(office)
    with second_connection() as other, other.transaction():
        whose = str(office.organisation_id)
        other.execute("SELECT set_config('app.organisation', %s, true)", [whose])
        other.execute("SELECT 1 FROM care_organisation WHERE id = %s FOR NO KEY UPDATE", [whose])
        assert made(office) is not None


def test_a_separate_file_is_not_taken_back_while_another_is_made(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_locks, "PATIENCE", "50ms")
    one_late(office)
    with office.facts():
        apart = separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991")
    assert apart is not None
    with second_connection() as other, other.transaction():
        turn = f"separate file of organisation {office.organisation_id}"
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [turn])
        with office.facts(), pytest.raises(WrongStateError, match="wordt nu gemaakt"):
            withdrawing.withdraw_file(file=office.fresh(apart))
    with office.facts():
        withdrawing.withdraw_file(file=office.fresh(apart))
    assert office.fresh(apart).state == FileState.WITHDRAWN
