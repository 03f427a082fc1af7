"""The way of one answer on every other Python that is promised and found on this machine."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import environment, setup_environment
from tests.live.commands import Commands
from tests.live.site import KEEP, NOT_FOR_SITES
from tests.live.small_office import AGB, ANNA, declaration, fill, run, write
from tests.removal import remove_installation

OTHERS = [f"{major}.{minor}" for major, minor in setup_environment.VERSIONS[1:]]
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "var", "docs", "tests", "__pycache__", ".*_cache")


@dataclass
class Elsewhere:
    """A checkout of its own with an environment of another Python; `var` is its data folder."""

    root: Path
    var: Path
    commands: Commands | None = None

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command with that Python."""
        own = str(self.root / ".venv" / "bin" / "python")
        self.commands = self.commands or Commands(self.environment(), python=own, root=self.root)
        return self.commands.run(*arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run that Python in the checkout."""
        command = [str(self.root / ".venv" / "bin" / "python"), *arguments]
        return subprocess.run(
            command, cwd=self.root, env=self.environment(), capture_output=True, text=True, check=False
        )

    def environment(self) -> dict[str, str]:
        """Return what its processes have as environment."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_SITES}
        return kept | {"DRAAGVLAK_VAR": str(self.var), "DRAAGVLAK_DEMO": "0"}


def interpreter(version: str) -> str | None:
    """Return a Python of this version that really starts: by name, or kept by pyenv."""
    kept = Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")
    candidates = (shutil.which(f"python{version}"), *map(str, kept))
    return next((candidate for candidate in candidates if candidate and _starts(candidate)), None)


def _starts(candidate: str) -> bool:
    return subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0


@pytest.fixture(params=OTHERS)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Elsewhere]:
    """Return a checkout set up with another Python by `make setup`; skipped where there is none."""
    python = interpreter(request.param)
    if python is None:
        pytest.skip(f"this machine has no Python {request.param}")
    made = Elsewhere(tmp_path / "checkout", tmp_path / "var")
    shutil.copytree(environment.ROOT, made.root, ignore=LEFT_BEHIND, symlinks=True)
    done = subprocess.run(
        ["make", "setup"],
        cwd=made.root,
        env=made.environment() | {"PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    yield made
    if made.commands is not None:
        made.commands.end()
    remove_installation(made.var)


def test_a_file_goes_the_whole_way(elsewhere: Elsewhere, request: pytest.FixtureRequest) -> None:
    shown = elsewhere.python("-c", "import sys; print('%d.%d' % sys.version_info[:2])").stdout
    assert shown.strip() == request.node.callspec.params["elsewhere"]
    command = [str(elsewhere.root / ".venv" / "bin" / "python"), "-c", KEEP]
    target = elsewhere.var / "result.txt"
    with subprocess.Popen(
        command, cwd=elsewhere.root, env=elsewhere.environment(), stdin=subprocess.PIPE
    ):  # its end lets the servers go
        elsewhere.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        fill(elsewhere)
        path = write(elsewhere, "declaratie.txt", declaration())
        file_id = run(elsewhere, "import_declarations", path, "--organisation", AGB).splitlines()[-1]
        run(elsewhere, "attach_profiles", file_id)
        done = elsewhere.python("manage.py", "export_declarations", file_id, str(target))
        assert done.returncode == 0, done.stderr

    inserted = target.read_text("latin-1").splitlines()[3]
    assert inserted.startswith(f"04{3:012d}{ANNA}")
    assert "990DK01" in inserted
