"""Which PostgreSQL and Redis this process uses, and making the embedded ones answer."""

from config import environment
from config.embedded import client
from config.embedded.errors import OWN_SERVERS

NAMES = tuple(OWN_SERVERS.split(", "))


def are_embedded() -> bool:
    """Say whether the embedded servers are used: when no server is named in the environment.

    Raises WrongSettingError when some are named and others are not: half a choice is a mistake.
    """
    missing = [name for name in NAMES if not environment.text(name)]
    if missing and len(missing) < len(NAMES):
        raise environment.WrongSettingError(
            ", ".join(missing),
            f"stel ook dit in, of geen van drieën / set this too, or none of {OWN_SERVERS}",
        )
    return bool(missing)


def start(*, throwaway: bool = False) -> None:
    """Return once the embedded servers answer; do nothing where own servers are named.

    Raises EmbeddedError or WrongSettingError, each a sentence for whoever started the command.
    """
    if are_embedded():
        client.ensure(environment.var_folder(), throwaway=throwaway)


def keep() -> None:
    """Bring the embedded servers back when their keeper has gone; otherwise leave them in peace."""
    if are_embedded() and not client.is_kept(environment.var_folder()):
        start()
