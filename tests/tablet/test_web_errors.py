"""An error in a page fails the test that opened it, and tells what it was, whatever was thrown."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser import tablet

#: By the name of what `thrown.js` throws.
TOLD = {
    "exception": "unhandledrejection [object DOMException] AbortError",
    "text": "unhandledrejection [object String]",
    "nothing": "unhandledrejection [object Null] undefined null",
    "error": "error [object Error] RangeError te ver",
}


@pytest.mark.parametrize("kind", TOLD)
def test_what_was_thrown_is_told(browser: Browser, script_port: int, kind: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(TOLD[kind])):
        throw(browser, script_port, kind)


def throw(browser: Browser, port: int, kind: str) -> None:
    with tablet(browser) as context:
        page = context.new_page()
        with page.expect_event("pageerror"):
            page.goto(f"http://thrown.localhost:{port}/thrown.html#{kind}")
