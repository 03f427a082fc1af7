"""The plain lines of a start."""

import re

import pytest

from config.steps import Steps


def test_it_counts_the_steps_and_their_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps(2)
    with steps.step("tabellen", "tables"):
        assert capsys.readouterr().out == "[1/2] tabellen / tables … "
    assert re.fullmatch(r"\d+\.\d s\n", capsys.readouterr().out)
    with steps.step("website", "site"):
        pass
    assert capsys.readouterr().out.startswith("[2/2] website")


def test_a_step_that_fails_claims_no_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="gone"), Steps(1).step("tabellen", "tables"):
        raise OSError("gone")
    assert capsys.readouterr().out == "[1/1] tabellen / tables … \n"
