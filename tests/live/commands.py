"""Management commands on a site without starting Python and Django for each: one process that has both forks.

The file, run by any Python beside any checkout, reads a line of JSON with the arguments of each command, and
answers with one: exit code, stdout and stderr. That commands start as processes of their own is proved by
tests/config/test_manage.py and test_other_pythons.py.
"""

import atexit
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO

from config import environment

APPS = ("care", "profiles", "declarations")


class Commands:
    """The process that runs the commands of one installation, each in a fork of its own."""

    def __init__(
        self, environ: Mapping[str, str], *, python: str = sys.executable, root: Path = environment.ROOT
    ) -> None:
        self.process = subprocess.Popen(
            [python, "-P", __file__],
            cwd=root,
            env={**environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command; what it wrote and its exit code are those of a process of its own."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        code, out, err = json.loads(self.process.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, out, err)

    def end(self) -> None:
        """End the process."""
        self.process.communicate()


def _serve() -> None:
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if child == 0:
                _be_a_process(["manage.py", *json.loads(line)], out, err)
            _, status = os.waitpid(child, 0)
            answer = [os.waitstatus_to_exitcode(status), _read(out), _read(err)]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _be_a_process(arguments: list[str], out: IO[str], err: IO[str]) -> None:
    """Run manage.py as if this process had just been started with these arguments, and end."""
    import manage

    for number, file in ((0, None), (1, out), (2, err)):
        os.dup2(file.fileno() if file else os.open(os.devnull, os.O_RDONLY), number)
    sys.argv = arguments
    try:
        code = manage.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - what Python itself would do with it
        sys.excepthook(*sys.exc_info())
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _load() -> None:
    """Import all that commands need, and open nothing that a fork may not share."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    for app in APPS:
        package = import_module(f"{app}.management.commands")
        for module in pkgutil.iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")


if __name__ == "__main__":
    _load()
    _serve()
