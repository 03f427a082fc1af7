"""Running a command as from a shell."""

from dataclasses import dataclass
from io import StringIO

from django.core.management import CommandError, call_command


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: list[str]
    err: list[str]


def run(name: str, *arguments: object) -> Answer:
    """Run a command as from a shell."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err, no_color=True)
    except SystemExit as stop:
        code = int(stop.code or 0)
    except CommandError as wrong_use:
        code, err = wrong_use.returncode, StringIO(str(wrong_use))
    return Answer(code, out.getvalue().splitlines(), err.getvalue().splitlines())
