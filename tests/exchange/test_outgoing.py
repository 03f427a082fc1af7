"""Through the API after the file came in: made as a job, proven, handed over, answered."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from declarations import aw319
from declarations.delivery import job_requests
from declarations.delivery.job_requests import _standing
from declarations.schema.constants import AttachmentState, ChunkKind, DownloadKind
from declarations.schema.delivery_constants import JobPhase, JobState
from declarations.schema.delivery_models import Delivery, ExportJob, Progress, Reply
from declarations.schema.disclosure_models import Download
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.declarations.delivery.separating import agree_apart, the_separate
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.exchange.caller import ROOT, Caller, problem

pytestmark = pytest.mark.django_db


def attached(office: Office) -> DeclarationFile:
    office.client(0)
    return office.attached(insured(0), insured(1))


def exported(office: Office) -> DeclarationFile:
    file = attached(office)
    office.export(file)
    return file


def delivered(office: Office, program: Caller) -> DeclarationFile:
    file = exported(office)
    now = timezone.now().isoformat()
    answer = program.post(
        f"/declarations/{file.public_id}/delivery", {"delivered_at": now, "receipt": "VZ-1"}
    )
    assert answer.status_code == 200, answer.json()
    return file


def reference(office: Office, file: DeclarationFile) -> str:
    with office.facts():
        return ProfileRecord.objects.get(attachment__file=file).reference


def test_making_is_asked_for_and_followed(office: Office, program: Caller) -> None:
    path = f"/declarations/{attached(office).public_id}/export"
    problem(program.get(path), 409, "not_exported")
    asked = program.post(path)
    assert (asked.status_code, asked["Location"]) == (202, ROOT + path)
    assert asked.json()["state"] == "waiting"
    assert program.post(path).status_code == 202
    with office.facts():
        assert ExportJob.objects.get().token_id == program.token.pk
    office.make_what_was_asked()
    said = program.get(path).json()
    assert (said["state"], said["done"], said["total"]) == ("done", 7, 7)
    assert said["export"]["inserted_count"] == 1
    again = program.post(path)
    assert (again.status_code, again.json()) == (200, said)


def test_two_that_ask_at_once_get_the_same_job(
    office: Office, program: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one looked before the first one had written its wish down."""
    path = f"/declarations/{attached(office).public_id}/export"
    first = program.post(path).json()
    seen, standing = [], _standing

    def too_early(file: DeclarationFile) -> Any:
        seen.append(file)
        return standing(file) if len(seen) > 1 else ExportJob.objects.none()

    monkeypatch.setattr(job_requests, "_standing", too_early)
    second = program.post(path)
    assert (second.status_code, second.json()) == (202, first)


def test_it_says_how_far_and_how_fast(office: Office, program: Caller) -> None:
    file = attached(office)
    path = f"/declarations/{file.public_id}/export"
    program.post(path)
    now = timezone.now()
    with office.facts():
        job = ExportJob.objects.get()
        ExportJob.objects.update(state=JobState.WORKING)
        Progress.objects.create(
            key=job.public_id,
            organisation_id=office.organisation_id,
            phase=JobPhase.PROVING,
            done=40_000,
            total=100_000,
            phase_began_at=now - timedelta(seconds=1),
            told_at=now,
        )
    said = program.get(path).json()
    assert (said["phase"], said["done"], said["per_second"], said["seconds_left"]) == (
        "proving",
        40_000,
        40_000,
        2,
    )


def test_a_file_that_our_checker_refuses_is_not_there(
    office: Office, program: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = attached(office)

    def generous(*_arguments: object) -> object:
        original = office.written(file, ChunkKind.ORIGINAL)
        return iter([original.replace(b"00019500D", b"00029500D")])

    monkeypatch.setattr(aw319, "write_with_profiles", generous)
    program.post(f"/declarations/{file.public_id}/export")
    office.make_what_was_asked()
    said = program.get(f"/declarations/{file.public_id}/export").json()
    assert said["state"] == "unsound"
    assert "niet vrijgegeven" in said["message"]
    assert "0426" in {found["field"] for found in said["problems"]}
    problem(program.get(f"/declarations/{file.public_id}/result"), 409, "not_exported")


def test_the_manifest_and_the_numbers_are_fetched_and_that_is_written_down(
    office: Office, program: Caller
) -> None:
    file = attached(office)
    for part in ("manifest", "numbers"):
        problem(program.get(f"/declarations/{file.public_id}/{part}"), 409, "not_exported")
    office.export(file)
    manifest = program.get(f"/declarations/{file.public_id}/manifest").json()
    assert manifest["result"]["profile_records"] == 1
    assert manifest["original"]["sha256"] == office.fresh(file).sha256
    numbers = program.get(f"/declarations/{file.public_id}/numbers")
    lines = b"".join(numbers.streaming_content).decode().splitlines()
    assert lines[0] == "oud;nieuw;referentie"
    assert f";3;{reference(office, file)}" in lines
    with office.facts():
        kinds = [(row.kind, row.token_id) for row in Download.objects.order_by("id")]
    assert kinds == [
        (DownloadKind.MANIFEST, program.token.pk),
        (DownloadKind.NUMBERS, program.token.pk),
    ]


def test_delivery_is_written_down_once(office: Office, program: Caller) -> None:
    file = exported(office)
    sent = {"delivered_at": timezone.now().isoformat(), "receipt": "VZ-1"}
    for _twice in range(2):
        assert program.post(f"/declarations/{file.public_id}/delivery", sent).json()["receipt"] == "VZ-1"
    with office.facts():
        assert Delivery.objects.get().token_id == program.token.pk


@pytest.mark.parametrize(
    ("moment", "status", "code"),
    [
        ("2024-02-02T10:00:00", 422, "invalid_request"),
        ("gisteren", 422, "invalid_request"),
        ("2019-02-02T10:00:00+01:00", 409, "wrong_state"),
        ("2999-02-02T10:00:00+01:00", 409, "wrong_state"),
    ],
)
def test_an_impossible_delivery_is_refused(
    office: Office, program: Caller, moment: str, status: int, code: str
) -> None:
    file = exported(office)
    problem(program.post(f"/declarations/{file.public_id}/delivery", {"delivered_at": moment}), status, code)


@pytest.mark.parametrize("text", ["x\0y", "\x1b[31m", "\x85"])
def test_what_nobody_can_see_is_refused(office: Office, program: Caller, text: str) -> None:
    file = delivered(office, program)
    answer = {"reference": reference(office, file), "status": "afgekeurd", "reason": "Onbekend"}
    for path, sent, field in (
        (
            f"/declarations/{file.public_id}/delivery",
            {"delivered_at": "2024-02-02", "receipt": text},
            "receipt",
        ),
        (f"/declarations/{file.public_id}/reply", {"status": "afgekeurd", "reason": text}, "reason"),
        ("/replies", {"answers": [answer | {"reason": text}]}, "reason"),
        ("/replies", {"answers": [answer | {"reference": text}]}, "reference"),
    ):
        said = problem(program.post(path, sent), 422, "invalid_request")
        assert {one["field"] for one in said["problems"]} == {field}


def test_answers_are_recorded_and_a_repeat_changes_nothing(office: Office, program: Caller) -> None:
    file = delivered(office, program)
    answers: dict[str, Any] = {
        "answers": [
            {"reference": reference(office, file), "status": "afgekeurd", "reason": 'Onbekend; "code"\nX'},
            {"reference": "F2024-01 0001", "status": "aanvaard"},
        ]
    }
    said = program.post("/replies", answers).json()
    assert said == {"accepted": 0, "rejected": 1, "known": 0, "outdated": 0, "others": 1}
    assert program.post("/replies", answers).json()["known"] == 1
    assert office.states(file)[0][0] == AttachmentState.REJECTED
    items = program.get(f"/declarations/{file.public_id}/items", kind="correction").json()["items"]
    assert [item["reason"] for item in items] == ["returned"]
    (returned,) = program.get(f"/declarations/{file.public_id}/items", state="rejected").json()["items"]
    (record,) = returned["records"]
    assert record["reference"] == reference(office, file)
    assert (record["answer"], record["answer_reason"]) == ("afgekeurd", 'Onbekend; "code" X')


def test_old_answers_sent_again_change_nothing_and_the_caller_is_told(
    office: Office, program: Caller
) -> None:
    file = delivered(office, program)
    old = {"answers": [{"reference": reference(office, file), "status": "afgekeurd", "reason": "Oud"}]}
    whole = f"/declarations/{file.public_id}/reply"
    nothing = {"accepted": 0, "rejected": 0, "known": 0, "outdated": 1, "others": 0}
    program.post("/replies", old)
    assert program.post(whole, {"status": "aanvaard"}).json()["accepted"] == 1
    assert program.post("/replies", old).json() == nothing
    assert office.states(file)[0][0] == AttachmentState.ACCEPTED
    assert program.post(whole, {"status": "afgekeurd", "reason": "Nieuw"}).json()["rejected"] == 1
    assert program.post(whole, {"status": "aanvaard"}).json() == nothing
    assert office.states(file)[0][0] == AttachmentState.REJECTED


def test_one_wrong_answer_stores_nothing(office: Office, program: Caller) -> None:
    file = delivered(office, program)
    answers = {
        "answers": [
            {"reference": reference(office, file), "status": "aanvaard"},
            {"reference": "DV" + "A" * 18, "status": "afgekeurd"},
        ]
    }
    said = problem(program.post("/replies", answers), 422, "rows_refused")
    assert {(one["line"], one["field"]) for one in said["problems"]} == {(2, "reason"), (2, "reference")}
    with office.facts():
        assert not Reply.objects.exists()


def test_a_reference_that_was_sent_twice_is_told_by_the_rows_that_were_sent(
    office: Office, program: Caller
) -> None:
    """A list of an officer has a heading, which the caller never sent."""
    answer = {"reference": reference(office, delivered(office, program)), "status": "aanvaard"}
    said = problem(program.post("/replies", {"answers": [answer, answer]}), 422, "rows_refused")
    (found,) = said["problems"]
    assert (found["line"], found["message"]) == (2, "Dit nummer staat ook al op regel 1.")


def test_a_whole_file_is_answered(office: Office, program: Caller) -> None:
    file = exported(office)
    path = f"/declarations/{file.public_id}/reply"
    problem(program.post(path, {"status": "aanvaard"}), 409, "wrong_state")
    program.post(f"/declarations/{file.public_id}/delivery", {"delivered_at": timezone.now().isoformat()})
    said = problem(program.post(path, {"status": "afgekeurd"}), 422, "invalid_request")
    assert [one["field"] for one in said["problems"]] == ["reason"]
    problem(program.post(path, {"status": "goed"}), 422, "invalid_request")
    assert program.post(path, {"status": "aanvaard"}).json()["accepted"] == 1
    assert office.states(file)[0][0] == AttachmentState.ACCEPTED


def test_another_organisation_s_file_is_not_there(
    office: Office, program: Caller, program_elsewhere: Caller
) -> None:
    file = exported(office)
    for part in ("export", "manifest", "numbers"):
        problem(program_elsewhere.get(f"/declarations/{file.public_id}/{part}"), 404, "not_found")
    now = timezone.now().isoformat()
    for part, body in (("delivery", {"delivered_at": now}), ("reply", {"status": "aanvaard"})):
        problem(program_elsewhere.post(f"/declarations/{file.public_id}/{part}", body), 404, "not_found")
    answers = {"answers": [{"reference": reference(office, file), "status": "aanvaard"}]}
    assert "rows_refused" in json.dumps(program_elsewhere.post("/replies", answers).json())


def test_a_separate_file_has_no_old_numbers(office: Office, officer: Browser, program: Caller) -> None:
    """Nothing is written down of what nobody got."""
    agree_apart(office)
    office.export(attached(office))
    apart = the_separate(office)
    problem(program.get(f"/declarations/{apart.public_id}/numbers"), 409, "wrong_state")
    answer = officer.get(reverse("file-numbers", args=[apart.public_id]), follow=True)
    assert "geen oude nummers" in answer.content.decode()
    with office.facts():
        assert not Download.objects.exists()
