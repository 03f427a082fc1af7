"""What a worker knows when it starts: every task, wherever it stands."""

import json
import os
import re
import subprocess
import sys
from functools import cache

from django.conf import settings

from config import environment

APPS = ("care", "questionnaires", "profiles", "declarations", "exchange")
TASK = re.compile(r"^@app\.task\b", re.MULTILINE)
# In a process of its own: the modules of tests that ran before would have brought their tasks along.
WORKER = """
import json, django
django.setup()
from config.celery import app
app.loader.import_default_modules()
app.finalize()
print(json.dumps({name: type(task).__module__ for name, task in app.tasks.items()}))
"""


def test_a_worker_knows_every_task_of_the_schedule() -> None:
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(_tasks_of_a_worker())


def test_a_worker_knows_the_tasks_of_every_module_that_has_some() -> None:
    modules = {
        ".".join(path.relative_to(environment.ROOT).with_suffix("").parts)
        for folder in APPS
        for path in (environment.ROOT / folder).rglob("*.py")
        if TASK.search(path.read_text("utf-8"))
    }
    assert "profiles.timeline.tasks" in modules
    assert modules <= set(_tasks_of_a_worker().values())


@cache
def _tasks_of_a_worker() -> dict[str, str]:
    """Return the module of every task by its name, as a worker finds them."""
    told = subprocess.run(
        [sys.executable, "-c", WORKER],
        cwd=environment.ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(told.stdout.splitlines()[-1])
    return found
