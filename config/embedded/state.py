"""What the keeper says about itself, for the processes that wait for it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from config.atomic import replaced


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


_STATE = TypeAdapter(ServerState)


def write(path: Path, state: ServerState) -> None:
    """Replace the state in one step."""
    with replaced(path, is_private=False) as file:
        file.write(_STATE.dump_json(state))


def read(path: Path) -> ServerState | None:
    """Return the last state, or None before the first."""
    try:
        return _STATE.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
