"""`python -m tests.bench [NAME…] [OPTIONS]`: measure all, or what is named; exit 1 when a limit is passed."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pkgutil import iter_modules

from config import environment
from tests import bench
from tests.bench.figures import report


def known() -> Iterator[str]:
    """Yield the modules of this package that measure something."""
    for found in iter_modules(bench.__path__):
        if found.name != "__main__" and hasattr(
            importlib.import_module(f"tests.bench.{found.name}"), "measure"
        ):
            yield found.name


def main(arguments: list[str]) -> int:
    """Measure and return the exit code; what follows the first option is for the modules themselves."""
    first = next((at for at, text in enumerate(arguments) if text.startswith("-")), len(arguments))
    names, options = arguments[:first], arguments[first:]
    modules = list(known())
    if not set(names) <= set(modules):
        sys.stderr.write(f"known are: {', '.join(modules)}\n")
        return 2
    if len(names) == 1:
        return 0 if report(importlib.import_module(f"tests.bench.{names[0]}").measure()) else 1
    good = [_apart(name, options) for name in names or modules]
    return 0 if all(good) else 1


def _apart(name: str, options: list[str]) -> bool:
    """Measure in a process of its own: settings name one installation, and are read once."""
    command = [sys.executable, "-m", "tests.bench", name, *options]
    return subprocess.run(command, cwd=environment.ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
