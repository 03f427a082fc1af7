"""`check_declarations` as it is called: exit codes, stderr, JSON, no servers, nothing of a person."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from config import servers
from tests.declarations.fictional import BSNS, Draft, content, insured, random_content

ROOT = Path(__file__).parents[3]


def exit_code(*arguments: Path | str) -> int:
    try:
        call_command("check_declarations", *map(str, arguments))
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "goed.txt"
    path.write_bytes(random_content(3))
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "fout.txt"
    spoiled = Draft(content(insured(0))).put(2, "0208", "9").put(3, "0403", BSNS[1])
    path.write_bytes(spoiled.bytes().removesuffix(b"\r\n"))
    return path


def test_it_exits_0_without_errors(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(good) == 0
    shown = capsys.readouterr()
    assert shown.out == "18 regels gelezen, 0 fouten, 0 waarschuwingen.\n"
    assert shown.err == ""


def test_a_warning_alone_is_no_error(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good.write_bytes(good.read_bytes()[:-2])
    assert exit_code(good) == 0
    shown = capsys.readouterr()
    assert shown.out == "18 regels gelezen, 0 fouten, 1 waarschuwing.\n"
    assert shown.err == (
        "regel 18: waarschuwing: Na het laatste record ontbreekt CR LF. "
        "[line.last_end_missing, retourcode 8095]\n"
    )


def test_it_exits_1_with_a_line_per_finding(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(wrong) == 1
    assert capsys.readouterr().err.splitlines() == [
        "regel 2, veld 0208 Code geslacht verzekerde: fout: Deze code is hier niet toegestaan. "
        "[field.code, retourcode 0351]",
        "regel 3, veld 0403 Burgerservicenummer (BSN) verzekerde: fout: "
        "De waarde is anders dan in het verzekerdenrecord erboven. [parent.differs]",
        "regel 4: waarschuwing: Na het laatste record ontbreekt CR LF. "
        "[line.last_end_missing, retourcode 8095]",
    ]


def test_it_tells_how_many_findings_are_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fout.txt"
    path.write_bytes(Draft(random_content(300)).put_all("0407", "2").bytes())
    assert exit_code(path) == 1
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 1_001
    assert shown[-1] == "en nog 200 bevindingen"


def test_json_is_one_document_on_stdout(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(wrong, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["accepted"], document["errors"], document["warnings"]) == (False, 2, 1)
    assert document["file"] is None
    assert document["findings"][0] == {
        "rule": "field.code",
        "return_code": "0351",
        "severity": "error",
        "line": 2,
        "field": "0208",
        "name": "Code geslacht verzekerde",
        "sentence": "Deze code is hier niet toegestaan.",
    }


def test_json_tells_what_a_correct_file_is(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(good, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"]["invoice_number"] == "F2024-01"
    assert (document["file"]["persons"], document["file"]["performance_records"]) == (3, 12)
    assert (document["lines"], document["findings"]) == (18, [])


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_nothing_of_a_person_is_shown(
    arguments: tuple[str, ...], wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code(wrong, *arguments)
    shown = capsys.readouterr()
    for secret in (BSNS[0], BSNS[1], "Günthér", "19400517", "0000000000"):
        assert secret not in shown.out + shown.err


def test_values_are_shown_when_asked_for(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(wrong, "--values") == 1
    assert capsys.readouterr().err.splitlines()[0] == (
        "regel 2, veld 0208 Code geslacht verzekerde: fout: Deze code is hier niet toegestaan. "
        "Er staat: ‘9’. [field.code, retourcode 0351]"
    )
    assert exit_code(wrong, "--json", "--values") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["value"] for finding in found] == ["9", BSNS[1], ""]


def test_a_value_does_nothing_to_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fout.txt"
    path.write_bytes(Draft(content(insured(0))).put(2, "0211", "\x1b[2J".ljust(10)).bytes())
    assert exit_code(path, "--values") == 1
    assert "Er staat: ‘\\x1b[2J      ’." in capsys.readouterr().err


def test_it_exits_2_when_the_file_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(tmp_path / "weg.txt") == 2
    assert capsys.readouterr().err == f"{tmp_path / 'weg.txt'} is niet te lezen.\n"
    assert exit_code(tmp_path) == 2


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own, as on a machine where nothing runs."""
    environment = {name: value for name, value in os.environ.items() if name not in servers.NAMES}
    environment["DRAAGVLAK_VAR"] = str(folder / "var")
    command = [sys.executable, str(ROOT / "manage.py"), "check_declarations", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_it_runs_without_servers(good: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, good.name)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert not [path for path in (tmp_path / "var").glob("*") if path.is_dir()]


@pytest.mark.parametrize("arguments", [(), ("goed.txt", "--nee"), ("goed.txt", "goed.txt")])
def test_wrong_use_exits_2(good: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run(tmp_path, *arguments)
    assert ran.returncode == 2
    assert ran.stderr
