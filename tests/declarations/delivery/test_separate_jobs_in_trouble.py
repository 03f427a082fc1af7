"""The job that makes a separate file when something goes wrong: taken up again, given up, not released."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from declarations import aw319, rounds
from declarations.delivery import separate_delivery, tasks
from declarations.schema.constants import AttachmentState, FileKind, Reason
from declarations.schema.delivery_constants import ATTEMPTS, JobState
from declarations.schema.models import FileChunk
from declarations.storage import chunks
from tests.actors import Actor
from tests.declarations import fictional
from tests.declarations.delivery.separating import ask_apart, look, made, one_late, separates, the_separate
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text
from tests.declarations.working import again, done, due_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_told")]


def test_a_worker_that_dies_leaves_nothing_and_the_next_round_begins_anew(
    office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Death is an exception that nobody catches, just after the file was written."""
    file = one_late(office)
    job = ask_apart(office, declaration_officer)
    real = chunks.store

    def killed(*arguments: Any) -> Any:
        real(*arguments)
        raise SystemExit

    monkeypatch.setattr(chunks, "store", killed)
    with pytest.raises(SystemExit):
        tasks.make_export(office.organisation_id, str(job.public_id))
    assert again(office, job).state == JobState.WORKING
    assert separates(office) == []
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    monkeypatch.setattr(chunks, "store", real)
    monkeypatch.setattr(tasks.make_export, "apply_async", lambda of, **_options: tasks.make_export(*of))
    rounds.look_for_due_exports()
    job = again(office, job)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert the_separate(office).pk == job.made_id


def test_a_fault_is_put_off_and_then_it_is_made(
    office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_late(office)
    job = ask_apart(office, declaration_officer)
    with monkeypatch.context() as broken:
        broken.setattr(separate_delivery, "_finish", failing)
        job = done(office, job)
    assert (job.state, job.attempts, job.fault) == (JobState.WORKING, 1, "OperationalError")
    assert job.due_at > timezone.now()
    assert done(office, job).attempts == 1
    due_now(office, job)
    job = done(office, job)
    assert (job.state, job.made_id) == (JobState.DONE, the_separate(office).pk)


def test_after_five_faults_it_is_given_up_and_told(
    officer: Browser, office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_late(office)
    job = ask_apart(office, declaration_officer)
    monkeypatch.setattr(separate_delivery, "_finish", failing)
    for _attempt in range(ATTEMPTS):
        job = done(office, job)
        due_now(office, job)
    assert (job.state, job.attempts) == (JobState.FAILED, ATTEMPTS)
    page = shown(officer, "apart-job", job.public_id)
    assert "is vijf keer niet gelukt" in page
    assert "Opnieuw laten maken" in page
    assert "Het maken van het aparte bestand voor" in shown(officer, "file-list")
    page = shown(officer, "apart-list")
    assert "mislukt" in page
    assert reverse("apart-job", args=[job.public_id]) in page


def failing(*_arguments: object) -> None:
    """Stand for a database that goes away, after everything was written."""
    raise OperationalError


@pytest.mark.parametrize("way", ["checker", "amount", "writer", "number"])
def test_what_our_own_checker_refuses_is_not_released_and_says_so(
    office: Office, officer: Browser, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    file = one_late(office)
    with monkeypatch.context() as spoiled:
        spoil(spoiled, way)
        address = officer.post(reverse("apart-make"), {"uzovi": "9991"})["Location"]
        office.make_what_was_asked()
    page = text(officer.get(address))
    assert 'role="alert"' in page
    assert "niet vrijgegeven" in page
    assert SAID[way] in page
    assert not ("hele bestand" in page and "hele regel" in page)
    assert separates(office) == []
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    with office.facts():
        assert not FileChunk.objects.filter(file__kind=FileKind.SEPARATE).exists()
    for name in ("file-list", "apart-list"):
        told = shown(officer, name)
        assert "niet vrijgegeven" in told
        assert address in told
    officer.post(reverse("apart-make"), {"uzovi": "9991"})
    office.make_what_was_asked()
    assert len(separates(office)) == 1
    assert "niet vrijgegeven" not in shown(officer, "file-list")
    page = text(officer.get(address))
    assert reverse("apart-page", args=[the_separate(office).public_id]) in page
    assert "Opnieuw laten maken" not in page


def test_trouble_is_over_once_a_command_made_it(
    office: Office, officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when somebody comes too late again, and waits for the next one."""
    file = office.attached(insured(0), insured(1))
    office.export(file)
    office.client(0)
    look(office)
    with monkeypatch.context() as spoiled:
        spoil(spoiled, "number")
        address = officer.post(reverse("apart-make"), {"uzovi": "9991"})["Location"]
        office.make_what_was_asked()
    assert "niet vrijgegeven" in shown(officer, "file-list")
    assert made(office) is not None
    office.client(1)
    look(office)
    assert "Er wachten profielen" in shown(officer, "file-list")
    assert "niet vrijgegeven" not in shown(officer, "file-list")
    assert "Apart bestand maken" in shown(officer, "apart-list")
    page = text(officer.get(address))
    assert reverse("apart-page", args=[the_separate(office).public_id]) in page
    assert "meld het bij de beheerder" not in page


SAID = {
    "checker": "0414",
    "amount": "meer dan profielregels",
    "writer": "passen niet in een apart bestand",
    "number": "Niet elke profielregel",
}


def spoil(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Let the writer of separate files do something wrong."""
    real, verified = aw319.write_separate, aw319.verify_separate

    def wrong(*arguments: Any) -> Iterator[bytes]:
        if way == "writer":
            raise aw319.InsertionRefusedError("Field 0116 of a separate file does not fit")
        draft = fictional.Draft(b"".join(real(*arguments)))
        if way == "checker":
            draft.put(3, "0414", "20240230")
        if way == "amount":
            draft.put(3, "0426", "00000100")
        yield draft.bytes()

    def miscounted(*arguments: Any, **words: Any) -> aw319.SeparateVerification:
        return replace(verified(*arguments, **words), records=7)

    monkeypatch.setattr(aw319, "write_separate", wrong)
    if way == "number":
        monkeypatch.setattr(aw319, "verify_separate", miscounted)
