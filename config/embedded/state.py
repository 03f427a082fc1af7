"""What the keeper says about itself, for the processes that wait for it."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class ServerPhase(StrEnum):
    """How far the servers are."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    FAILED = "failed"


@dataclass(frozen=True)
class ServerState:
    """A phase, the keeper's process id, and with FAILED the reason."""

    phase: ServerPhase
    pid: int
    message: str = ""


def write(path: Path, state: ServerState) -> None:
    """Replace the state in one step."""
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(asdict(state)), "utf-8")
    scratch.replace(path)


def read(path: Path) -> ServerState | None:
    """Return the last state, or None before the first."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return ServerState(ServerPhase(found["phase"]), int(found["pid"]), str(found["message"]))
    except (FileNotFoundError, ValueError, KeyError):
        return None
