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
from dataclasses import dataclass, field
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


@dataclass
class Outcome:
    """What went wrong, and what could not be done in time."""

    wrong: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)


def main() -> int:
    """Run the checks beside the tests; return 0 if all that ran is well."""
    end = time.monotonic() + SECONDS
    files, outcome = changed(), Outcome()
    chosen = tests_of(files)
    sys.stdout.write(f"quick: {len(files)} changed files, {len(chosen)} modules of tests\n")
    sys.stdout.flush()
    python = [str(ROOT / file) for file in files if file.suffix == ".py" and (ROOT / file).is_file()]
    with ThreadPoolExecutor(1) as beside:
        checks = beside.submit(_run_checks, python, end, outcome)
        _run_tests(chosen, end, outcome)
        checks.result()
    said = [f"{name} failed" for name in outcome.wrong]
    said += [f"no time for (all of) {name}: `make check` and `make test` do" for name in outcome.undone]
    sys.stdout.write("".join(f"quick: {words}\n" for words in said or ["all is well, as far as it looks"]))
    return 1 if outcome.wrong else 0


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
        if (ROOT / file).is_file():
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


def _run_checks(python: list[str], end: float, outcome: Outcome) -> None:
    """Run the checks one after the other; each that fails tells why."""
    checks: dict[str, tuple[str, ...]] = {"the check of imports": ("-c", IMPORTS)}
    if python:
        checks |= {"ruff": ("-m", "ruff", "check", *python), "mypy": ("-m", "mypy", *_typed(python))}
    for name, command in checks.items():
        _run(name, command, end, outcome, is_told=False)


def _typed(python: list[str]) -> list[str]:
    return [file for file in python if Path(file).parent.name != "migrations"] or ["manage.py"]


def _run_tests(chosen: list[str], end: float, outcome: Outcome) -> None:
    """Run the tests, nearest first, until one fails or the time is up."""
    if chosen:
        options = ("-q", "-x", "-p", "no:randomly", "-n", "auto")
        _run("the tests", ("-m", "pytest", *options, *chosen), end, outcome, is_told=True)


def _run(name: str, command: tuple[str, ...], end: float, outcome: Outcome, *, is_told: bool) -> None:
    output = None if is_told else subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=output, stderr=output, text=True
    ) as process:
        try:
            words, errors = process.communicate(timeout=max(1.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.terminate()
            outcome.undone.append(name)
            return
    if process.returncode not in {0, NOTHING_COLLECTED}:
        sys.stdout.write(f"{words or ''}{errors or ''}")
        outcome.wrong.append(name)


if __name__ == "__main__":
    sys.exit(main())
