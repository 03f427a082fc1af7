"""`confirm_keys`: are the keys of this start those of this database?"""

from typing import Any

from care.tenancy.commands import ShellCommand


class Command(ShellCommand):
    """Says nothing when they are; every command asks the same before it begins."""

    help = "Gaat na of de sleutels van deze start bij deze database horen. Exit 1 als dat niet zo is."

    def carry_out(self, **options: Any) -> None:
        """Nothing more than what every command does first."""
