#!/usr/bin/env python3
"""The command line. Commands that need the database start the embedded servers themselves."""

import os
import sys

# Run as the owner of the tables; all others are bound by row-level security.
OWNER_COMMANDS = ("migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "flush")
WITHOUT_SERVERS = (
    "check",
    "check_declarations",
    "collectstatic",
    "compilemessages",
    "derive_profiles",
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
    if command in WITHOUT_SERVERS or {"-h", "--help", "--version"} & set(arguments):
        return
    from config import prepare as upkeep
    from config import servers

    servers.start()
    if command in OWNER_COMMANDS:
        os.environ["DRAAGVLAK_DATABASE_ROLE"] = "owner"
    else:
        upkeep.tables()


def main() -> int:
    """Run one command and return its exit code; a start that fails is 1 with a sentence on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
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
