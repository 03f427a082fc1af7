"""`derive_profiles` as it is called: exit codes, stderr, and no servers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from config import servers
from tests.profiles.bulk.test_derivation import HEADER, LIGHT, RULES

ROOT = Path(__file__).parents[3]
GOOD = f"{HEADER}a;{LIGHT}\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def exit_code(*arguments: Path | str) -> int:
    try:
        call_command("derive_profiles", *map(str, arguments))
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def test_it_exits_0_when_all_rows_are_derived(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(source, source.with_name("uit.csv")) == 0
    shown = capsys.readouterr()
    assert shown.out == "1 regel verwerkt, 0 ongeldig.\n"
    assert shown.err == ""


def test_it_exits_1_with_reasons_when_a_row_is_invalid(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(f"{GOOD}b;1;1;1\nc;{LIGHT}\n", encoding="utf-8")
    target = source.with_name("uit.csv")
    assert exit_code(source, target) == 1
    assert capsys.readouterr().err == "regel 3: De regel heeft 4 velden en moet er 14 hebben.\n"
    assert len(target.read_text(encoding="utf-8").splitlines()) == 4


def test_it_exits_2_when_the_file_cannot_be_read(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = source.with_name("uit.csv")
    assert exit_code(source.with_name("weg.csv"), target) == 2
    assert "weg.csv is niet te lezen" in capsys.readouterr().err
    assert not target.exists()


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own, as on a machine where nothing runs."""
    environment = {name: value for name, value in os.environ.items() if name not in servers.NAMES}
    environment["DRAAGVLAK_VAR"] = str(folder / "var")
    command = [sys.executable, str(ROOT / "manage.py"), "derive_profiles", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_it_runs_without_servers(source: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, "in.csv", "uit.csv")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "uit.csv").read_text(encoding="utf-8").startswith(RULES.header_out)
    assert not [path for path in (tmp_path / "var").glob("*") if path.is_dir()]


@pytest.mark.parametrize(
    "arguments",
    [(), ("in.csv",), ("in.csv", "uit.csv", "--nee"), ("weg.csv", "uit.csv"), ("in.csv", "in.csv")],
)
def test_wrong_use_exits_2(source: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run(tmp_path, *arguments)
    assert ran.returncode == 2
    assert ran.stderr
    assert not (tmp_path / "uit.csv").exists()


def test_an_invalid_row_exits_1(source: Path, tmp_path: Path) -> None:
    source.write_text(f"{GOOD}b;1\n", encoding="utf-8")
    assert run(tmp_path, "in.csv", "uit.csv").returncode == 1
