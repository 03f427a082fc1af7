"""An error in a page fails the test that opened it, and tells what it was, whatever was thrown."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser import tablet


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "Promise.reject(new DOMException('', 'AbortError'))",
            "unhandledrejection [object DOMException] AbortError",
        ),
        ("Promise.reject('')", "unhandledrejection [object String]"),
        ("Promise.reject(null)", "unhandledrejection [object Null] undefined null"),
        ("setTimeout(() => { throw new RangeError('te ver'); })", "error [object Error] RangeError te ver"),
    ],
)
def test_what_was_thrown_is_told(browser: Browser, script_address: str, script: str, told: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(told)):
        throw(browser, script_address, script)


def throw(browser: Browser, address: str, script: str) -> None:
    with tablet(browser) as context:
        page = context.new_page()
        page.goto(address)
        with page.expect_event("pageerror"):
            page.evaluate(f"() => {{ {script}; }}")
