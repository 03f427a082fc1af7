"""The environment of `make setup`, and what it says where it cannot be made."""

import os
import sys
from pathlib import Path

import pytest

from config import environment, setup_environment
from tests import check


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the environment would be, with nothing there."""
    venv = tmp_path / "a checkout" / ".venv"
    python = venv / "bin" / "python"
    monkeypatch.setattr(setup_environment, "VENV", venv)
    monkeypatch.setattr(setup_environment, "PYTHON", python)
    monkeypatch.setattr(setup_environment, "OWN_PIP", (str(python), "-m", "pip"))
    outside = (sys.executable, "-m", "pip", "--python", str(python))
    monkeypatch.setattr(setup_environment, "OUTSIDE_PIP", outside)
    return venv


def test_it_repairs_half_an_environment(place: Path) -> None:
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").symlink_to("/nowhere/python")
    assert not setup_environment.works()

    setup_environment.make_environment()
    assert setup_environment.works()


def test_it_rebuilds_an_environment_that_was_made_elsewhere(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup_environment.make_environment()
    moved = place.parent / "moved"
    place.rename(moved)
    monkeypatch.setattr(setup_environment, "VENV", moved)
    monkeypatch.setattr(setup_environment, "PYTHON", moved / "bin" / "python")
    assert not setup_environment.works()


def test_it_leaves_the_environment_of_another_checkout_alone(place: Path) -> None:
    another = place.parent.parent / "another"
    another.mkdir()
    (another / "kept").touch()
    place.parent.mkdir()
    place.symlink_to(another)

    setup_environment.make_environment()
    assert setup_environment.works()
    assert (another / "kept").exists()


def test_it_names_the_package_where_no_browser_can_be_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert setup_environment.main(["browser"]) == 1
    assert "install the package chromium" in capsys.readouterr().err


def test_it_names_the_package_where_no_environment_can_be_made(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr(setup_environment, "_run", lambda *_command, **_options: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert setup_environment.main(["runtime"]) == 1
    assert "-venv" in capsys.readouterr().err


def test_it_sees_an_address_in_a_lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock_file = tmp_path / "requirements.txt"
    monkeypatch.setattr(check, "LOCK_FILES", (lock_file,))
    lock_file.write_text("django==5.2 --hash=sha256:00\n")
    assert check.lock_files_without_addresses()
    lock_file.write_text("--index-url https://packages.example/simple\ndjango==5.2\n")
    assert not check.lock_files_without_addresses()


def test_it_finds_no_broken_template() -> None:
    assert list(check.template_problems()) == []


def test_every_place_names_the_same_pythons() -> None:
    first, last = setup_environment.VERSIONS[0], setup_environment.VERSIONS[-1]
    makefile = (environment.ROOT / "Makefile").read_text()
    assert f"not {first} <= sys.version_info[:2] <= {last}" in makefile
    packaging = (environment.ROOT / "pyproject.toml").read_text()
    assert f'requires-python = ">={first[0]}.{first[1]},<{last[0]}.{last[1] + 1}"' in packaging
    assert f"(3.{first[1]} to 3.{last[1]})" in (environment.ROOT / "README.md").read_text()


def pip_that_says(*lines: str, code: int = 0) -> tuple[str, ...]:
    said = "\n".join(lines)
    return (sys.executable, "-c", f"import sys; print({said!r}); sys.exit({code})")


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("".join(f"package-{n}==1.0 \\\n    --hash=sha256:00\n" for n in range(12)))
    return file


def test_it_tells_how_far_the_packages_are(locked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["Ignoring package-0: markers do not match", *["Collecting package"] * 11]
    pip = pip_that_says(*lines, "Installing collected packages: package")
    assert setup_environment._install_locked(pip, locked)
    told = capsys.readouterr().err
    assert "10 van 11 pakketten" in told
    assert "11 pakketten installeren" in told
    assert "Ignoring" not in told


def test_it_shows_what_pip_said_where_it_failed(locked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not setup_environment._install_locked(pip_that_says("ERROR: no such hash", code=1), locked)
    assert "ERROR: no such hash" in capsys.readouterr().err
