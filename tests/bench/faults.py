"""A file on its way, something killed at each step: `python -m tests.bench faults [--every N] [--only NAME]`.

Each thing that is done with a file is done in a process of its own, and again and again: killed at its first
step, at its second, until it comes to its end. The same with the database, and with the broker. After each
what the schedule does is done; then each insured person must have one attachment and the file must be as it
has to be, without a hand. What somebody asked for and got no answer to (an upload, a click) is asked again.
"""

import argparse
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NoReturn

from config import environment
from tests.bench import steps
from tests.bench.actions import ACTIONS, BEFORE, LOOKING, do, new_number
from tests.bench.figures import Figure
from tests.bench.installation import AGB, UZOVI, fill, installation, until
from tests.bench.judging import PATIENCE, problem_after
from tests.bench.officer import OFFICER
from tests.bench.people import APART_UZOVI, PERSONS, agree_apart
from tests.bench.processes import manage

BATCH, BATCHES, LINES, LINE = 3, 2, 8, 312
RIGHT = "right"
NEEDED = (
    "config.urls",
    "config.celery",
    "django.test",
    "declarations.matching.tasks",
    "declarations.delivery.tasks",
)
_numbers = count(1)


@dataclass
class Outcome:
    """How many steps were interrupted, and after which of them something was not as it has to be."""

    steps: int = 0
    wrong: list[str] = field(default_factory=list)


def measure() -> Iterator[Figure]:
    """Yield for each thing that is done and each victim the steps, and how often it did not come right."""
    wanted = _arguments()
    with installation() as folder:
        _prepare(folder)
        for name in wanted.only or ACTIONS:
            for victim in wanted.victims or steps.STRIKES:
                outcome = _all_steps(name, victim, every=wanted.every)
                yield Figure(f"{name}, {victim} killed: steps", outcome.steps, "", least=1)
                yield Figure(f"{name}, {victim} killed: not right", len(outcome.wrong), "", most=0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="only each so many-th step")
    parser.add_argument("--only", action="append", choices=tuple(ACTIONS))
    parser.add_argument("--victims", action="append", choices=tuple(steps.STRIKES))
    return parser.parse_known_args()[0]


def _prepare(folder: Path) -> None:
    """Make clients and an officer; in processes forked from here batches and chunks are small, so several."""
    fill(folder, PERSONS, insurers=(UZOVI, APART_UZOVI))
    manage("add_user", OFFICER, "--role", "declaration_officer", "--organisation", AGB)
    import django

    django.setup()
    from django.conf import settings

    for module in NEEDED:  # once here, and not in each child
        import_module(module)
    from declarations.delivery import separate_writing
    from declarations.matching import after_export, queue, reevaluation, tasks
    from declarations.storage import chunks

    logging.disable()  # what is broken on purpose has nothing to tell
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    for place in (queue, reevaluation, after_export):  # the last two took it over from the first
        vars(place)["BATCH"] = BATCH
    separate_writing.ROWS_AT_ONCE, tasks.BATCHES_PER_TURN = BATCH, BATCHES
    chunks.LINES_PER_CHUNK, chunks.CHUNK_BYTES = LINES, LINES * LINE
    _in_child(agree_apart)  # a connection of this process would be that of every child


def _all_steps(name: str, victim: str, *, every: int) -> Outcome:
    outcome, number = Outcome(), ""
    for at in count(1, every):
        if not number or name not in LOOKING:
            number = _new_file(name)
        until(steps.broker_answers, within=PATIENCE)
        label = _interrupted(name, number, steps.Interruption(at, victim))
        if not label:
            return outcome
        outcome.steps += 1
        problem = _in_child(partial(_looked_at, name, number)) or "no answer"
        if problem != RIGHT:
            outcome.wrong.append(problem)
            sys.stderr.write(f"{name}, {victim} killed at step {at} ({label}): {problem}\n")
    raise AssertionError


def _new_file(name: str) -> str:
    """Do what comes before something with a file of its own, and return its number."""
    number = new_number(name, next(_numbers))
    for before in BEFORE[name]:
        _in_child(partial(do, before, number))
    return number


def _interrupted(name: str, number: str, plan: steps.Interruption) -> str:
    """Do something until the step at which the victim dies; return its name, or nothing at its end."""
    with TemporaryFile("w+", encoding="utf-8") as told:

        def note(label: str) -> None:
            told.write(label)
            told.flush()

        def work() -> str:
            act = ACTIONS[name](number)
            plan.found = note
            steps.interrupt(plan)
            act()
            plan.step("the answer")
            return RIGHT

        ended = _in_child(work)
        told.seek(0)
        label = told.read()
        if not label and ended != RIGHT:
            raise RuntimeError(f"{name} fails with nothing killed: {_log().read_text()}")
        return label


def _looked_at(name: str, number: str) -> str:
    return problem_after(name, number) or RIGHT


def _in_child(work: Callable[[], object]) -> str:
    """Do something in a process of its own and return what it says; nothing when it was killed or failed."""
    with TemporaryFile("w+", encoding="utf-8") as answer:
        pid = os.fork()
        if not pid:
            _be_child(work, answer)
        os.waitpid(pid, 0)
        answer.seek(0)
        return answer.read()


def _be_child(work: Callable[[], object], answer: IO[str]) -> NoReturn:
    try:
        said = work()
        answer.write(said if isinstance(said, str) else "")
        answer.flush()
    except BaseException:  # noqa: BLE001 - whatever it was, the parent goes on; the log has it
        with _log().open("a") as log:
            traceback.print_exc(file=log)
    finally:
        os._exit(0)


def _log() -> Path:
    return environment.var_folder() / "faults.log"
