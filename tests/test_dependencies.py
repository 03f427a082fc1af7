"""docs/dependencies.md has a reason for each package that pyproject.toml asks for, and for nothing else."""

import re
import tomllib
from typing import Final

from config import environment

NAME: Final = re.compile(r"[A-Za-z0-9-]+")
ROW: Final = re.compile(r"^\| ([a-z][a-z0-9-]*) \| (.+) \|$", re.MULTILINE)


def test_every_package_has_its_reason() -> None:
    project = tomllib.loads((environment.ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["embedded"],
        *project["dependency-groups"]["dev"],
    ]
    names = [found[0] for one in wanted if (found := NAME.match(one))]
    told = dict(ROW.findall((environment.ROOT / "docs" / "dependencies.md").read_text("utf-8")))
    told.pop("package", None)
    assert sorted(told) == sorted(names)
    assert all(len(reason) > 10 for reason in told.values())
