#!/usr/bin/env python3
"""The command line. Commands that need the database start the embedded servers themselves."""

import atexit
import io
import os
import sys
import tempfile

# Run as the owner of the tables; all others are bound by row-level security.
OWNER_COMMANDS = ("migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "flush")
# Only read and write files, so that neither a setting of a server nor a read-only var/ may stop them.
FILES_ONLY = ("check_declarations", "derive_profiles")
WITHOUT_SERVERS = (
    *FILES_ONLY,
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "validate_templates",
    "version",
)


def prepare(arguments: list[str]) -> None:
    """Start what the command needs: servers, and up-to-date tables unless it is about the tables itself."""
    command = arguments[0] if arguments else "help"
    if command in FILES_ONLY:
        _stand_apart()
    if command in WITHOUT_SERVERS or {"-h", "--help", "--version"} & set(arguments):
        return
    from config import prepare as upkeep
    from config import servers

    servers.start()
    if command in OWNER_COMMANDS:
        os.environ["DRAAGVLAK_DATABASE_ROLE"] = "owner"
    else:
        upkeep.tables()


def _stand_apart() -> None:
    """Leave out servers and secrets of this machine: what needs neither also runs where both are wrong."""
    from config.servers import NAMES

    for name in NAMES:
        os.environ.pop(name, None)
    folder = tempfile.TemporaryDirectory(prefix="draagvlak-")
    atexit.register(folder.cleanup)
    os.environ["DRAAGVLAK_VAR"] = folder.name


def _speak_anywhere() -> None:
    """Escape what a terminal's encoding lacks: work that is done must not end in a failure to say so."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def main() -> int:
    """Run one command and return its exit code; a start that fails is 1 with a sentence on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    _speak_anywhere()
    from config.embedded.errors import EmbeddedError
    from config.environment import WrongSettingError
    from config.prepare import PreparationError

    try:
        prepare(sys.argv[1:])
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except (EmbeddedError, WrongSettingError, PreparationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
