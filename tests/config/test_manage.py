"""The command line starts what a command needs, and nothing else; its output is the command's alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import environment, servers
from config.embedded import folders
from tests.config.installation import Installation

WHO = (
    "from django.db import connection; cursor = connection.cursor();"
    "cursor.execute('select current_user, count(*) from care_organisation'); print(cursor.fetchone())"
)


def manage(installation: Installation, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DRAAGVLAK_DATABASE_ROLE"}
    return subprocess.run(
        [sys.executable, str(environment.ROOT / "manage.py"), *arguments],
        env=kept | {"DRAAGVLAK_VAR": str(installation.var), **settings},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_makes_servers_and_tables_for_the_first_command(installation: Installation) -> None:
    done = manage(installation, "shell", "--no-imports", "-c", WHO)
    assert (done.stdout, done.returncode) == ("('draagvlak_app', 0)\n", 0), done.stderr

    stamp = folders.known_home(installation.layout) / "tables.stamp"
    made = stamp.stat().st_mtime_ns
    again = manage(installation, "shell", "--no-imports", "-c", WHO)
    assert (again.stdout, again.stderr, again.returncode) == ("('draagvlak_app', 0)\n", "", 0)
    assert stamp.stat().st_mtime_ns == made


def test_it_passes_the_exit_code_of_a_command(installation: Installation) -> None:
    done = manage(installation, "shell", "--no-imports", "-c", "raise SystemExit(7)")
    assert done.returncode == 7


def test_it_speaks_where_the_encoding_lacks_letters(installation: Installation) -> None:
    done = manage(
        installation, "shell", "--no-imports", "-c", "print('cliënt')", PYTHONIOENCODING="ascii", LC_ALL="C"
    )
    assert (done.stdout, done.returncode) == ("cli\\xebnt\n", 0), done.stderr


def test_it_starts_no_servers_for_what_needs_none(installation: Installation) -> None:
    for arguments in (["version"], ["derive_profiles", "--help"], ["migrate", "--help"]):
        assert manage(installation, *arguments).returncode == 0
    assert not installation.layout.control.exists()


def test_it_refuses_half_a_choice_of_servers(installation: Installation) -> None:
    done = manage(installation, "showmigrations", REDIS_URL="redis://elsewhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "DATABASE_URL, DATABASE_OWNER_URL" in done.stderr
    assert not installation.layout.control.exists()


def test_it_never_touches_servers_of_ones_own(installation: Installation) -> None:
    own = dict.fromkeys(servers.NAMES, "postgresql://nobody@/none?host=/nowhere")
    done = manage(installation, "showmigrations", **own)
    assert done.returncode == 1
    assert not installation.layout.control.exists()


@pytest.mark.parametrize("var", ["/proc/no-folder-can-be-made-here", ""])
def test_what_only_reads_files_asks_for_no_server_and_no_secret(tmp_path: Path, var: str) -> None:
    columns = ";".join(f"Q{number}" for number in range(1, 14))
    (tmp_path / "in.csv").write_text(f"id;{columns}\na;2{';' * 12}\n", encoding="utf-8")
    wrong = dict.fromkeys(servers.NAMES, "no address at all")
    done = subprocess.run(
        [sys.executable, environment.ROOT / "manage.py", "derive_profiles", "in.csv", "out.csv"],
        env=os.environ | wrong | {"DRAAGVLAK_VAR": var, "DRAAGVLAK_SECRET_KEY": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "a;uitzondering;MKT" in (tmp_path / "out.csv").read_text(encoding="utf-8")
