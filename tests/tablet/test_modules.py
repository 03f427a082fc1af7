"""Every module of the scripts in a real browser, by the tests that are written for it in its own language."""

import pytest
from playwright.sync_api import BrowserContext

from tests.tablet.pages import TESTS, Runner

FILES = sorted(file.name.removesuffix(".test.js") for file in TESTS.glob("*.test.js"))


@pytest.mark.parametrize("file", FILES)
def test_module(file: str, device: BrowserContext, script_port: int) -> None:
    runner = Runner(device.new_page(), script_port, file)
    names = runner.names()
    assert len(set(names)) == len(names) > 0
    wrong = {name: said for number, name in enumerate(names) if (said := runner.wrong(number))}
    assert wrong == {}, "\n\n".join(f"{name}: {said}" for name, said in wrong.items())
