"""Makes the virtual environment: `python config/setup_environment.py [runtime] [dev] [browser]`.

Run by the machine's own Python before anything is installed, so it uses the standard library only.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK_FILES = {
    "runtime": ROOT / "config" / "requirements.txt",
    "dev": ROOT / "config" / "requirements-dev.txt",
}
VERSIONS = ((3, 11), (3, 12), (3, 13), (3, 14))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_PACKAGES = ("chromium", "fonts-dejavu-core")
# How pip's lines about one package begin (one that is for other machines is told of before all others), and
# how many of its last lines are shown where it fails.
PACKAGE_BEGINS = ("Collecting ", "Requirement already satisfied")
PACKAGE_ELSEWHERE = "Ignoring "
SHOWN_LINES = 40
OWN_PIP = (str(PYTHON), "-m", "pip")
OUTSIDE_PIP = (sys.executable, "-m", "pip", "--python", str(PYTHON))


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Make what is asked, one caller at a time; return the exit code."""
    turn = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(turn, fcntl.LOCK_EX)
    try:
        for wanted in arguments:
            if wanted == "browser":
                require_browser()
            else:
                install(wanted)
    except SetupError as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        os.close(turn)
    return 0


def install(kind: str) -> None:
    """Install the locked packages, each checked against its hash, unless these very ones are there.

    Raises SetupError.
    """
    stamp = VENV / f".installed-{kind}"
    wanted = _fingerprint(kind)
    if works() and stamp.exists() and stamp.read_text("ascii") == wanted:
        return
    _say(f"De omgeving {VENV} wordt gemaakt … / making the environment …")
    pip = make_environment()
    if not _install_locked(pip, LOCK_FILES[kind]):
        message = "Installeren is niet gelukt, zie hierboven. / Installing failed, see above."
        raise SetupError(message)
    stamp.write_text(wanted, "ascii")


def _install_locked(pip: tuple[str, ...], lock_file: Path) -> bool:
    """Install what a lock file names, tell how far it is, and return whether it worked.

    What pip says is shown only where it failed.
    """
    options = ("--require-hashes", "--no-deps", "--disable-pip-version-check", "--progress-bar", "off")
    total, collected, said = _count_packages(lock_file), 0, []
    with subprocess.Popen(  # noqa: S603 - our own command
        (*pip, "install", *options, "-r", str(lock_file)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PIP_USER": "0"},
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            total -= line.startswith(PACKAGE_ELSEWHERE)
            collected += line.startswith(PACKAGE_BEGINS)
            _tell_how_far(collected, total, line)
    if process.returncode:
        sys.stderr.write("".join(said[-SHOWN_LINES:]))
    return process.returncode == 0


def _count_packages(lock_file: Path) -> int:
    """Return how many packages a lock file names: each begins a line, its hashes are indented."""
    return sum(line[:1].isalnum() for line in lock_file.read_text("utf-8").splitlines())


def _tell_how_far(collected: int, total: int, line: str) -> None:
    """Tell at every tenth package that has been fetched, and when the installing itself begins."""
    if line.startswith(PACKAGE_BEGINS) and collected % 10 == 0:
        _say(f"  {collected} van {total} pakketten opgehaald / {collected} of {total} packages fetched")
    if line.startswith("Installing collected packages"):
        _say(f"  {collected} pakketten installeren … / installing {collected} packages …")


def works() -> bool:
    """Say whether the environment is whole, of a fitting Python, and made at this very place."""
    test = f"import sys; sys.exit(sys.version_info[:2] not in {VERSIONS} or sys.prefix != {str(VENV)!r})"
    return PYTHON.exists() and not _was_moved() and _run(str(PYTHON), "-c", test, quiet=True)


def _was_moved() -> bool:
    """Say whether it was made for another folder: its programs would still look there."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text("utf-8").splitlines()
    except OSError:
        return True
    return any(line.startswith("command = ") and not line.endswith(f" {VENV}") for line in lines)


def make_environment() -> tuple[str, ...]:
    """Make the environment where it is missing or broken, and return the command that is its pip.

    Raises SetupError.
    """
    if works():
        for pip in (OWN_PIP, OUTSIDE_PIP):
            if _run(*pip, "--version", quiet=True):
                return pip
    if VENV.is_symlink():
        VENV.unlink()  # an environment of another checkout: that one stays as it is
    elif VENV.exists():
        shutil.rmtree(VENV)
    if _run(sys.executable, "-m", "venv", str(VENV), quiet=True):
        return OWN_PIP
    return _make_without_pip()


def require_browser() -> None:
    """Have a real browser for the tests, or stop and name the package. Raises SetupError."""
    if _has_browser() or (_install_packages(*BROWSER_PACKAGES) and _has_browser()):
        return
    message = (
        "De browsertests hebben Chromium nodig: installeer het pakket chromium. / "
        "The browser tests need Chromium: install the package chromium."
    )
    raise SetupError(message)


def _make_without_pip() -> tuple[str, ...]:
    """Make an environment on a machine whose Python came without ensurepip, as Debian's does."""
    bare = (sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV))
    if _run(*bare, quiet=True) and _run(*OUTSIDE_PIP, "--version", quiet=True):
        return OUTSIDE_PIP
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    whole = (sys.executable, "-m", "venv", "--clear", str(VENV))
    if _install_packages(package) and _run(*whole, quiet=True):
        return OWN_PIP
    message = (
        f"Python kan geen omgeving maken: installeer het pakket {package}. / "
        f"Python cannot make an environment: install the package {package}."
    )
    raise SetupError(message)


def _install_packages(*packages: str) -> bool:
    """Install packages of the system where that is possible: as root, with apt-get."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    _say(f"Installeren / installing: {' '.join(packages)}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    return _run("apt-get", "update", "-q", quiet=True) and _run(
        "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages, quiet=True
    )


def _has_browser() -> bool:
    return any(shutil.which(name) for name in BROWSERS)


def _fingerprint(kind: str) -> str:
    """Return what an environment must match: its packages and its place, which its programs have in them."""
    return hashlib.sha256(LOCK_FILES[kind].read_bytes() + os.fsencode(VENV)).hexdigest()


def _run(*command: str, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else sys.stderr
    done = subprocess.run(  # noqa: S603 - our own commands
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=os.environ | {"PIP_USER": "0"},
        check=False,
    )
    return done.returncode == 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
