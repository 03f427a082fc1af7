"""What `make quick` runs: checks and tests of the files that changed, nearest first, within a minute or so.

Changed is what differs from the branch `main`; on main itself what is not committed, or else the last commit.
It proves that the change is typed, imports only what it may, and passes the tests that lie nearest. It does
not prove that nothing else broke: other rooms, the running product and the tablet are for `make test`.
"""

import ast
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from config import environment
from tests.check import IMPORTS

ROOT = environment.ROOT
APPS = ("care", "questionnaires", "profiles", "declarations", "exchange", "config")
SECONDS = 80.0
NEAR, AROUND = 0, 1
#: What needs a running product is left to `make test`, unless it changed itself.
SLOW = ("live", "bench")
NOTHING_COLLECTED = 5


def main() -> int:
    """Run the checks beside the tests; return 0 if all that ran is well."""
    end = time.monotonic() + SECONDS
    files = [file for file in changed() if (ROOT / file).is_file()]
    chosen = tests_of(files)
    sys.stdout.write(f"quick: {len(files)} changed files, {len(chosen)} modules of tests\n")
    sys.stdout.flush()
    python = [str(ROOT / file) for file in files if file.suffix == ".py"]
    with ThreadPoolExecutor(1) as beside:
        checks = beside.submit(_failed_checks, python)
        tests = _run_tests(chosen, end)
        failed = checks.result()
    for words in (*failed, *tests):
        sys.stdout.write(f"quick: {words}\n")
    return 1 if failed or tests else 0


def changed() -> list[PurePosixPath]:
    """Return the files that differ, relative to the checkout: added, changed and removed ones."""
    since = _base()
    names = {*_git("diff", "--name-only", since), *_git("ls-files", "--others", "--exclude-standard")}
    if not names:
        names = {*_git("diff", "--name-only", f"{since}~1", since)}
    return sorted(map(PurePosixPath, names))


def tests_of(files: Iterable[PurePosixPath]) -> list[str]:
    """Return the modules of tests for changed files: themselves and who imports them, then those around."""
    found: dict[str, int] = {}
    importers = dict(_test_imports())
    for file in files:
        for distance, test in _tests_for(file, importers):
            found[test] = min(distance, found.get(test, AROUND))
    return sorted(found, key=lambda test: (found[test], test))


def _tests_for(file: PurePosixPath, importers: dict[str, set[str]]) -> Iterator[tuple[int, str]]:
    if _is_test(file):
        yield NEAR, str(file)
        return
    module = ".".join(file.with_suffix("").parts)
    for test, imports in importers.items():
        if module in imports and not _is_slow(test):
            yield NEAR, test
    for folder in _rooms(file):
        for around in sorted((ROOT / folder).rglob("test_*.py")):
            name = around.relative_to(ROOT).as_posix()
            if not _is_slow(name):
                yield NEAR if around.stem == f"test_{file.stem}" else AROUND, name


def _rooms(file: PurePosixPath) -> list[PurePosixPath]:
    """Return the folder of tests that mirrors where a file lies: that of its room, or of its app."""
    parts = file.parts
    if "static" in parts and "tablet" in parts:
        return [PurePosixPath("tests/tablet")]
    if parts[0] == "templates" and len(parts) > 2:
        return [PurePosixPath("tests", parts[1])] if parts[1] in APPS else []
    if parts[0] not in APPS:
        return []
    room = PurePosixPath("tests", *parts[:2])
    return [room if (ROOT / room).is_dir() else PurePosixPath("tests", parts[0])]


def _test_imports() -> Iterator[tuple[str, set[str]]]:
    """Yield each module of tests with the names of all that it imports."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        names: set[str] = set()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            if isinstance(node, ast.ImportFrom) and node.module:
                names.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
        yield file.relative_to(ROOT).as_posix(), names


def _is_test(file: PurePosixPath) -> bool:
    return file.parts[0] == "tests" and file.name.startswith("test_") and file.suffix == ".py"


def _is_slow(test: str) -> bool:
    return PurePosixPath(test).parts[1] in SLOW


def _base() -> str:
    for name in ("main", "origin/main"):
        found = _git("merge-base", "HEAD", name)
        if found:
            return found[0]
    return "HEAD"


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def _failed_checks(python: list[str]) -> list[str]:
    """Return the names of the checks that failed, once each has told why."""
    checks: dict[str, tuple[str, ...]] = {"imports": ("-c", IMPORTS)}
    if python:
        checks |= {"ruff": ("-m", "ruff", "check", *python), "mypy": ("-m", "mypy", *_typed(python))}
    return [f"{name} failed" for name, command in checks.items() if not _passes(*command)]


def _typed(python: list[str]) -> list[str]:
    return [file for file in python if Path(file).parent.name != "migrations"] or ["manage.py"]


def _passes(*arguments: str) -> bool:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stdout.write(done.stdout + done.stderr)
    return done.returncode == 0


def _run_tests(chosen: list[str], end: float) -> list[str]:
    """Run the tests until the time is up; return what has to be said about them."""
    if not chosen:
        return []
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-n", "auto", *chosen]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            code = process.wait(max(1.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.terminate()
            return ["the time is up before all of these tests ran: `make test` runs them all"]
    return [] if code in {0, NOTHING_COLLECTED} else ["tests failed"]


if __name__ == "__main__":
    sys.exit(main())
