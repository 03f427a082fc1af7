"""While a file is being made nobody waits for it: not the round, and not an officer."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from care.tenancy import scope
from declarations import rounds
from declarations.delivery import withdrawing
from declarations.delivery.job_requests import ask
from declarations.matching import bulk_actions, services
from declarations.progress import file_locks
from declarations.schema.constants import AttachmentState, FileState, Reason
from declarations.schema.exceptions import WrongStateError
from tests.actors import Actor
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text
from tests.declarations.working import held_elsewhere

HELD = (AttachmentState.HELD, Reason.CLIENT_UNKNOWN)


@pytest.fixture
def nobody_waits_long(transactional_db: None) -> Iterator[None]:
    """Let whoever would wait for a row fail instead."""
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '5s'")
        yield
        cursor.execute("reset lock_timeout")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for a row."""
    monkeypatch.setattr(file_locks, "PATIENCE", "50ms")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_waits_long")
def test_the_round_passes_over_a_file_that_is_made_and_looks_at_it_later(
    office: Office, office_elsewhere: Office
) -> None:
    """A round that waited would keep the files of every organisation waiting."""
    made, other, elsewhere = office.attached(), office.attached(number="F2"), office_elsewhere.attached()
    for one in (office, office_elsewhere):
        one.client(0)
    with held_elsewhere(office, made):
        rounds.look_for_due_work()
        assert office.state(made) == HELD
        assert office.state(other)[0] == AttachmentState.ATTACHED
        assert office_elsewhere.state(elsewhere)[0] == AttachmentState.ATTACHED
    rounds.look_for_due_work()
    assert office.state(made)[0] == AttachmentState.ATTACHED


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("impatient", "nobody_waits_long")
def test_an_officer_does_not_wait_for_a_command_that_makes_the_file(office: Office) -> None:
    file = office.attached()
    with held_elsewhere(office, file), office.facts():
        with pytest.raises(WrongStateError, match="wordt nu gemaakt"):
            services.retry_item(item=office.item(file))
        with pytest.raises(WrongStateError, match="wordt nu gemaakt"):
            withdrawing.withdraw_file(file=file)
    assert office.state(file) == HELD


@pytest.mark.django_db
def test_a_file_that_somebody_asked_for_is_no_longer_changed(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    file = office.attached(insured(0), insured(1))
    buttons = ("Opnieuw proberen", "Overslaan", "Bestand intrekken")
    assert all(words in shown(officer, "file-page", file.public_id) for words in buttons)
    with scope.organisation(office.organisation_id, user_id=declaration_officer.user.pk):
        ask(file=file, membership=declaration_officer.membership)
        with pytest.raises(WrongStateError, match="wordt nu gemaakt"):
            bulk_actions.exclude_held(
                file=file, reason=Reason.CLIENT_UNKNOWN, text="x", user=declaration_officer.user
            )
    page = shown(officer, "file-page", file.public_id)
    person = shown(officer, "queue-item", office.items(file)[0].public_id)
    assert not [words for words in buttons if words in page or words in person]
    answer = officer.post(reverse("file-withdraw", args=[file.public_id]), follow=True)
    assert "wordt nu gemaakt" in text(answer)
    assert office.fresh(file).state == FileState.IMPORTED
