"""What `make check` asks of the front end: scripts that are linted and typed, templates that can be read.

Deno comes as a wheel and brings linter, formatter and TypeScript with it: no Node, and nothing is fetched.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config import environment

ROOT = environment.ROOT
SETTINGS = ROOT / "config" / "deno.json"
#: A worker knows other names than a page.
WORKER_SETTINGS = ROOT / "config" / "deno.worker.json"
WORKER_SHAPES = ROOT / "config" / "shapes" / "worker.d.ts"
PROGRAMS = Path(sys.prefix) / "bin"
SCRIPTS = ROOT / "config" / "static" / "js"
TEMPLATES = ROOT / "templates"
LONGEST = 160  # signs on a line


def scripts() -> list[Path]:
    """Return every script of ours: what pages load, and what tests run in a page."""
    return sorted([*SCRIPTS.rglob("*.js"), *TEMPLATES.rglob("*.js"), *(ROOT / "tests").rglob("*.js")])


def shapes() -> list[Path]:
    """Return the types that scripts speak of."""
    return sorted((ROOT / "config" / "shapes").glob("*.ts"))


def templates() -> list[Path]:
    """Return every template of a page or of a part of one."""
    return sorted(TEMPLATES.rglob("*.html"))


def long_lines() -> Iterator[str]:
    """Yield the lines of scripts and templates that nobody can read without scrolling."""
    for file in [*scripts(), *templates()]:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if len(line) > LONGEST:
                yield f"{file.relative_to(ROOT)}:{number}: {len(line)} signs, at most {LONGEST}"


def scripts_are_formatted() -> bool:
    """Say whether `deno fmt` would leave all scripts as they are."""
    return _deno("fmt", "--check", files=[*scripts(), *shapes()])


def scripts_are_sound() -> bool:
    """Say whether the linter finds nothing in any script."""
    return _deno("lint", files=[*scripts(), *shapes()])


def scripts_are_typed() -> bool:
    """Say whether TypeScript finds nothing in any script, by the types in its comments."""
    workers = [file for file in scripts() if file.is_relative_to(TEMPLATES)]
    pages = [file for file in scripts() if file not in workers]
    found = (
        _deno("check", files=pages),
        _deno("check", files=[WORKER_SHAPES, *workers], settings=WORKER_SETTINGS),
    )
    return all(found)


def templates_are_formatted() -> bool:
    """Say whether djangofmt would leave all templates as they are, and finds nothing in them."""
    return _passes("djangofmt", "--check", str(TEMPLATES)) and _passes("djangofmt", "check", str(TEMPLATES))


def lines_are_short() -> bool:
    """Say whether every line of scripts and templates fits."""
    found = list(long_lines())
    sys.stdout.write("".join(f"{problem}\n" for problem in found))
    return not found


def _deno(*arguments: str, files: list[Path], settings: Path = SETTINGS) -> bool:
    return _passes("deno", *arguments, "--quiet", "--config", str(settings), *(str(file) for file in files))


def _passes(program: str, *arguments: str) -> bool:
    command = [str(PROGRAMS / program), *arguments]
    quiet = os.environ | {"DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1", "DENO_DIR": str(_cache())}
    done = subprocess.run(
        command, cwd=ROOT, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.stdout.write(done.stdout)
    return done.returncode == 0


def _cache() -> Path:
    return environment.var_folder() / "deno"
