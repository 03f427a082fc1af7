"""Declaration files through the API: in, followed, made, out."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import Client as Browser
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from care.tenancy import scope
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import ChunkKind, DeliveryMode
from declarations.schema.disclosure_models import Download
from declarations.schema.models import DeclarationFile, ProfileRecord
from exchange.rest import file_calls, intake
from exchange.rest.schemas_items import ItemOut
from tests.actors import Actor
from tests.declarations.fictional import BSNS, Draft, care, insured
from tests.declarations.office import Office
from tests.exchange.caller import ROOT, Caller, problem

pytestmark = pytest.mark.django_db


def sent(program: Caller, content: bytes) -> DeclarationFile:
    answer = program.send(content)
    assert answer.status_code == 201, answer.json()
    return DeclarationFile(public_id=answer.json()["id"])


def attached(office: Office, program: Caller) -> str:
    """Send a file of two persons, one of them a client with a profile, and work it off; return its id."""
    office.client(0)
    answer = program.send(office.content(insured(0), insured(1)))
    with office.facts():
        file = DeclarationFile.objects.get(public_id=answer.json()["id"])
    office.attach(file)
    return str(file.public_id)


def made(office: Office, program: Caller, file: str) -> dict[str, Any]:
    """Let the file be made, do what a worker does, and return what is said of it then."""
    assert program.post(f"/declarations/{file}/export").status_code in {200, 202}
    office.make_what_was_asked()
    said: dict[str, Any] = program.get(f"/declarations/{file}").json()
    return said


def test_it_reads_a_file_in_and_says_how_it_stands(office: Office, program: Caller) -> None:
    content = office.content(insured(0), insured(1))
    answer = program.send(content)
    said = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{ROOT}/declarations/{said['id']}"
    assert (said["state"], said["ready"], said["person_count"]) == ("imported", False, 2)
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said["reasons"] == [
        {"kind": "regular", "state": "queued", "reason": "", "label": "in de wachtrij", "count": 2}
    ]
    assert said["export"] is None
    with office.facts():
        file = DeclarationFile.objects.get()
    assert (str(file.public_id), file.uploaded_by) == (said["id"], None)
    assert office.written(file, ChunkKind.ORIGINAL) == content
    assert program.get(f"/declarations/{said['id']}").json() == said


def test_a_slow_line_holds_no_transaction(
    office: Office, program: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gigabyte may take an hour to come in."""
    seen, real = [], intake.received_file

    @contextmanager
    def watched(request: HttpRequest) -> Iterator[IO[bytes]]:
        with real(request) as source:
            seen.append((scope.current(), len(connection.savepoint_ids)))
            yield source

    monkeypatch.setattr(file_calls, "received_file", watched)
    outside = len(connection.savepoint_ids)
    assert program.send(office.content(insured(0))).status_code == 201
    assert seen == [(scope.NOBODY, outside)]


def test_it_counts_the_warnings_of_a_file_that_came_in(office: Office, program: Caller) -> None:
    """A missing last line end is no error."""
    assert program.send(office.content(insured(0))).json()["warning_count"] == 0
    without = office.content(insured(0), number="F2").removesuffix(b"\r\n")
    assert program.send(without).json()["warning_count"] == 1


def test_it_takes_the_part_of_a_form(office: Office, program: Caller) -> None:
    content = office.content()
    answer = program.send_form(file=SimpleUploadedFile("declaratie.txt", content))
    assert answer.status_code == 201
    assert answer.json()["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_same_bytes_again_are_refused_with_the_id(office: Office, program: Caller) -> None:
    content = office.content()
    first = program.send(content).json()["id"]
    said = problem(program.send(content), 409, "already_imported")
    assert said["id"] == first


def test_a_known_invoice_number_is_refused_with_the_id(office: Office, program: Caller) -> None:
    first = program.send(office.content()).json()["id"]
    said = problem(program.send(office.content(insured(3))), 409, "invoice_number_taken")
    assert said["id"] == first


def test_errors_are_told_by_line_and_field_and_nothing_is_kept(office: Office, program: Caller) -> None:
    draft = Draft(office.content())
    draft.put(2, "0203", "123456789")
    answer = program.send(b"\r\n".join(draft.records) + b"\r\n")
    said = problem(answer, 422, "file_refused")
    assert (2, "0203", "bsn.check") in {(one["line"], one["field"], one["rule"]) for one in said["problems"]}
    assert all(one["message"] for one in said["problems"])
    assert "123456789" not in answer.content.decode()
    with office.facts():
        assert not DeclarationFile.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 1000, b"01" * 155])
def test_it_refuses_what_is_no_declaration(office: Office, program: Caller, content: bytes) -> None:
    assert program.send(content).status_code in {400, 411, 422}


def test_it_refuses_a_form_without_the_part(office: Office, program: Caller) -> None:
    problem(program.send_form(bestand="x"), 400, "unreadable")
    problem(program.send(b"onzin", "multipart/form-data"), 400, "unreadable")
    problem(program.send(b"onzin", "multipart/form-data; boundary=x"), 400, "unreadable")


def test_it_refuses_a_file_that_is_too_large_or_of_no_length(
    program: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST_FILE", 999)
    problem(program.send(b"x" * 1000), 413, "too_large")
    headers = {"Authorization": f"Bearer {program.text}"}
    streamed = Browser().generic("POST", f"{ROOT}/declarations", b"x", headers=headers, CONTENT_LENGTH="")
    problem(streamed, 411, "length_required")


def test_a_body_is_received_in_blocks(
    program: Caller, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What arrives is never asked for as a whole."""
    asked: list[int] = []
    content = BytesIO(office.content(*(insured(number) for number in range(12))))

    class Request:
        META = {"CONTENT_LENGTH": str(len(content.getvalue()))}
        content_type = "text/plain"

        def read(self, size: int) -> bytes:
            asked.append(size)
            return content.read(size)

    monkeypatch.setattr(intake, "BLOCK", 1000)
    with intake.received_file(Request()) as source:  # type: ignore[arg-type]
        assert source.read() == content.getvalue()
    assert set(asked) == {1000}
    assert len(asked) > 5


def test_it_lists_persons_without_names_page_by_page(office: Office, program: Caller) -> None:
    file = attached(office, program)
    first = program.get(f"/declarations/{file}/items", limit=1).json()
    second = program.get(f"/declarations/{file}/items", limit=1, after=first["next"]).json()
    (one,), (two,) = first["items"], second["items"]
    assert (one["state"], one["number"], two["state"], second["next"]) == ("attached", 1, "held", None)
    assert (two["reason"], two["label"], two["client"]) == ("client_unknown", "cliënt onbekend", None)
    with office.facts():
        client = office.items(DeclarationFile.objects.get())[0].client
        look = AccessLog.objects.get(action=AccessAction.VIEWED_DECLARATION)
    assert client is not None
    assert one["client"] == str(client.public_id)
    assert (look.clients, look.role, look.membership) == ([client.pk], "api", None)
    assert set(one) == set(ItemOut.model_fields)
    with office.facts():
        (record,) = ProfileRecord.objects.select_related("profile")
    assert two["records"] == []
    assert one["records"] == [
        {
            "reference": record.reference,
            "profile": str(record.profile.public_id),
            "first_day": record.first_day.isoformat(),
            "last_day": record.last_day.isoformat(),
            "separate_file": None,
            "answer": "",
            "answer_reason": "",
        }
    ]


def test_it_narrows_persons_to_a_state_or_reason(office: Office, program: Caller) -> None:
    path = f"/declarations/{attached(office, program)}/items"
    assert [one["number"] for one in program.get(path, state="held").json()["items"]] == [2]
    assert [one["number"] for one in program.get(path, reason="client_unknown").json()["items"]] == [2]
    assert program.get(path, state="held", reason="objection").json()["items"] == []
    assert program.get(path, kind="correction").json()["items"] == []
    for wrong in (
        {"state": "x"},
        {"reason": "x"},
        {"limit": 0},
        {"limit": 501},
        {"after": -1},
        {"after": "x"},
    ):
        problem(program.get(path, **wrong), 422, "invalid_request")


def test_it_makes_the_file_and_streams_the_same_bytes_every_time(office: Office, program: Caller) -> None:
    file = attached(office, program)
    problem(program.get(f"/declarations/{file}/result"), 409, "not_exported")
    said = made(office, program, file)
    assert (said["state"], said["export"]["inserted_count"]) == ("exported", 1)
    again = program.post(f"/declarations/{file}/export")
    assert (again.status_code, again.json()["export"]) == (200, said["export"])
    first, second = (program.get(f"/declarations/{file}/result") for _ in range(2))
    content = b"".join(first.streaming_content)
    assert content == b"".join(second.streaming_content)
    assert hashlib.sha256(content).hexdigest() == said["export"]["sha256"]
    assert int(first["Content-Length"]) == len(content)
    name = first["Content-Disposition"].split('"')[1]
    assert name == name.lower()
    assert name.endswith(".txt")
    with office.facts():
        look = AccessLog.objects.get(action=AccessAction.EXPORTED)
    assert (look.role, look.membership, look.user, len(look.clients)) == ("api", None, None, 1)
    assert (look.program, look.program_id) == (program.token.name, program.token.public_id)


def test_a_separate_file_is_named_beside_its_declaration_and_fetched_by_its_own_id(
    office: Office, program: Caller
) -> None:
    with office.facts():
        Agreement.objects.update(delivery_form=DeliveryMode.SEPARATE)
    office.client(0)
    file = office.attached()
    office.export(file)
    about = program.get(f"/declarations/{file.public_id}").json()
    (beside,) = about["separate_files"]
    assert about["kind"] == "received"
    assert program.get(f"/declarations/{beside}").json()["kind"] == "separate"
    result = b"".join(program.get(f"/declarations/{beside}/result").streaming_content)
    assert result.count(b"\r\n04") == 1


def test_what_is_fetched_is_written_down_and_shown(
    office: Office, program: Caller, privacy_officer: Actor, declaration_officer: Actor
) -> None:
    file = attached(office, program)
    made(office, program, file)
    assert b"".join(program.get(f"/declarations/{file}/result").streaming_content)
    with office.facts():
        row = Download.objects.get()
    assert (row.token_id, row.user_id) == (program.token.pk, None)
    for who, name, parts in (
        (privacy_officer, "download-log", []),
        (declaration_officer, "file-page", [file]),
    ):
        assert program.token.name in who.browser.get(reverse(name, args=parts)).content.decode()
    log = privacy_officer.browser.get(reverse("access-log"), {"role": "api"}).content.decode()
    assert "koppeling met een ander programma" in log
    assert program.token.name in log


def test_it_waits_until_nobody_is_queued(office: Office, program: Caller) -> None:
    file = program.send(office.content()).json()["id"]
    answer = program.post(f"/declarations/{file}/export")
    problem(answer, 409, "still_queued")
    assert answer["Retry-After"] == "5"


def test_a_withdrawn_file_is_not_made(office: Office, program: Caller, declaration_officer: Actor) -> None:
    file = attached(office, program)
    declaration_officer.browser.post(reverse("file-withdraw", args=[file]))
    problem(program.post(f"/declarations/{file}/export"), 409, "wrong_state")
    assert program.get(f"/declarations/{file}").json()["state"] == "withdrawn"


def test_files_of_another_organisation_are_not_there(
    office: Office, program: Caller, program_elsewhere: Caller
) -> None:
    file = attached(office, program)
    program.post(f"/declarations/{file}/export")
    calls: list[Any] = [
        program_elsewhere.get(f"/declarations/{file}"),
        program_elsewhere.get(f"/declarations/{file}/items"),
        program_elsewhere.post(f"/declarations/{file}/export"),
        program_elsewhere.get(f"/declarations/{file}/result"),
    ]
    for answer in calls:
        problem(answer, 404, "not_found")
    with office.facts():
        assert not Download.objects.exists()


def test_a_file_of_another_organisation_cannot_be_sent(office: Office, program_elsewhere: Caller) -> None:
    said = problem(program_elsewhere.send(office.content()), 422, "file_refused")
    assert "0112" in {one["field"] for one in said["problems"]}


def test_nothing_that_goes_out_holds_a_number_of_a_person(office: Office, program: Caller) -> None:
    file = attached(office, program)
    program.post(f"/declarations/{file}/export")
    answers = [program.get(f"/declarations/{file}{part}").content.decode() for part in ("", "/items")]
    for number in BSNS[:2]:
        assert all(number not in answer for answer in answers)


def test_warnings_come_with_their_line_and_return_code(program: Caller, office: Office) -> None:
    file = office.imported(insured(0, care(), care()))
    told = program.get(f"/declarations/{file.public_id}/warnings").json()
    assert (told["total"], told["counts"]) == (1, {"performance.twice": 1})
    (found,) = told["warnings"]
    assert (found["line"], found["rule"], found["return_code"]) == (4, "performance.twice", "0587")
    none = office.imported(insured(1, care()), number="F2")
    assert program.get(f"/declarations/{none.public_id}/warnings").json()["warnings"] == []
