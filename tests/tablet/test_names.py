"""The tablet seeks names as the server does, whatever language the device speaks."""

import pytest
from playwright.sync_api import Browser

from care.names import folded
from tests.browser import tablet
from tests.care.test_names import VECTORS
from tests.tablet.pages import Tab, open_tab

FOLDED = "const { folded } = await import('/tablet/names.js'); return a.map(folded);"
FOUND = """
    const { folded, searchKey } = await import('/tablet/names.js');
    const isFound = (text, key) => folded(text).split(/\\s+/).every((word) => key.includes(word));
    return a.map(([text, name, born]) => isFound(text, searchKey(name, born)));"""
#: Letters of the languages that people in the Netherlands write their names in.
RANGES = ((0x21, 0x250), (0x370, 0x3E2), (0x400, 0x530), (0x1E00, 0x2000), (0x2010, 0x2040))
LETTERS = [chr(number) for first, last in RANGES for number in range(first, last)]


def test_tablet_and_server_make_the_same_of_every_letter(tab: Tab) -> None:
    texts = [*(text for text, _folded in VECTORS["folded"]), *LETTERS]
    assert tab.run(FOLDED, texts) == [folded(text) for text in texts]


@pytest.mark.parametrize("language", ["tr-TR", "lt-LT"])
def test_the_language_of_the_device_changes_nothing(
    language: str, browser: Browser, script_address: str
) -> None:
    with tablet(browser, locale=language) as device:
        tab = open_tab(device, script_address)
        assert tab.run("return 'I\u0300'.toLocaleLowerCase() !== 'i\u0300'"), "no rule of its own"
        found = tab.run(FOUND, VECTORS["found"])
    assert found == [is_found for *_asked, is_found in VECTORS["found"]]
