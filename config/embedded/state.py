"""What the keeper says about itself, for the processes that wait for it."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Phase(StrEnum):
    """How far the servers are."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    FAILED = "failed"


@dataclass(frozen=True)
class State:
    """A phase, the keeper's process id, and with FAILED the reason."""

    phase: Phase
    pid: int
    message: str = ""


def write(path: Path, state: State) -> None:
    """Replace the state in one step."""
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(asdict(state)), "utf-8")
    scratch.replace(path)


def read(path: Path) -> State | None:
    """Return the last state, or None before the first."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return State(Phase(found["phase"]), int(found["pid"]), str(found["message"]))
    except (FileNotFoundError, ValueError, KeyError):
        return None
