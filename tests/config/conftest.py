"""Installations that a test may break."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import environment
from tests.config.installation import Installation

Maker = Callable[[str], Installation]


@pytest.fixture
def make_installation() -> Iterator[Maker]:
    """Return a maker of installations without anything yet, in a folder of a given name."""
    made: list[Installation] = []
    base = Path(tempfile.mkdtemp(prefix="own-", dir=environment.var_folder()))
    base.chmod(0o711)  # as root the database runs under another account

    def make(name: str) -> Installation:
        made.append(Installation(base / name))
        return made[-1]

    yield make
    for installation in made:
        installation.remove()
    base.rmdir()


@pytest.fixture
def installation(make_installation: Maker) -> Installation:
    """Return an installation without anything yet."""
    return make_installation("var")
