"""Handing over and making anew by command."""

from pathlib import Path

import pytest

from declarations.delivery.job_requests import ask
from declarations.schema.constants import Handover
from tests.declarations.delivery.handing_over import made, object_to_it, state
from tests.declarations.delivery.separating import agree_apart, the_separate
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.shell import run

pytestmark = pytest.mark.django_db


def test_the_command_refuses_a_blocked_file_until_it_is_made_anew(office: Office, tmp_path: Path) -> None:
    client = office.client(0)
    office.client(1)
    file = office.attached(insured(0), insured(1))
    out = tmp_path / "out.txt"
    assert run("export_declarations", file.public_id, out).code == 0
    first = out.read_bytes()
    object_to_it(office, client)
    refused = run("export_declarations", file.public_id, out)
    assert refused.code == 1
    assert "1 verzekerde mag niet meer mee" in refused.err[0]
    assert refused.err[1:] == ["  1 bezwaar"]
    assert out.read_bytes() == first
    assert state(office, file) == Handover.BLOCKED
    assert run("export_declarations", file.public_id, out, "--again").code == 0
    second = out.read_bytes()
    assert len(second) == len(first) - 312
    assert run("export_declarations", file.public_id, out).code == 0
    assert run("export_declarations", file.public_id, out, "--again").code == 0
    assert out.read_bytes() == second


def test_the_command_says_that_a_worker_is_about_to_make_the_file(office: Office, tmp_path: Path) -> None:
    office.client(0)
    file = office.attached(insured(0))
    with office.facts():
        ask(file=file)
    answer = run("export_declarations", file.public_id, tmp_path / "out.txt")
    assert answer.code == 1
    assert "wordt nu gemaakt" in answer.err[0]
    assert not (tmp_path / "out.txt").exists()


def test_the_command_says_when_nobody_is_left(office: Office, tmp_path: Path) -> None:
    client = office.client(0)
    agree_apart(office)
    made(office)
    object_to_it(office, client)
    answer = run("export_declarations", the_separate(office).public_id, tmp_path / "out.txt", "--again")
    assert answer.code == 1
    assert not (tmp_path / "out.txt").exists()
