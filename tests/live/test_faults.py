"""Some steps of a file, with something killed at them; all of them in `python -m tests.bench faults`."""

import re
import subprocess
import sys

from config import environment

FEW = ("--only", "upload", "--only", "attach", "--only", "make", "--victims", "process", "--every", "23")


def test_a_file_comes_right_after_its_process_was_killed_at_some_step() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "faults", *FEW],
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.findall(r"process killed: steps +([0-9]+)", done.stdout)
    assert len(told) == 3
    assert all(int(steps) >= 2 for steps in told), done.stdout
