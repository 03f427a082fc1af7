"""`python -m tests.bench [NAME…]`: measure everything, or what is named; exit 1 when a limit is passed."""

import importlib
import sys
from collections.abc import Iterator
from pkgutil import iter_modules
from types import ModuleType

from tests import bench
from tests.bench.figures import report


def measured(names: list[str]) -> Iterator[ModuleType]:
    """Yield the modules of this package that measure something, all of them or those that are named."""
    for found in iter_modules(bench.__path__):
        if found.name == "__main__" or (names and found.name not in names):
            continue
        module = importlib.import_module(f"tests.bench.{found.name}")
        if hasattr(module, "measure"):
            yield module


def main() -> int:
    """Measure and return the exit code."""
    good = [report(module.measure()) for module in measured(sys.argv[1:])]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
