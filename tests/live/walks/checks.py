"""What every state has to pass: axe in both schemes and orientations, and its layout at every width."""

from typing import Literal

from playwright.sync_api import Page

from tests.browser import accessibility_problems
from tests.live.tablet_app import LYING, UPRIGHT
from tests.live.walks.layout import check_layout

Scheme = Literal["light", "dark"]
#: All rules once per orientation and scheme; colours, the only thing that a scheme changes, in all four.
LOOKS: tuple[tuple[object, Scheme, tuple[str, ...]], ...] = (
    (UPRIGHT, "light", ()),
    (LYING, "dark", ()),
    (UPRIGHT, "dark", ("color-contrast",)),
    (LYING, "light", ("color-contrast",)),
)
#: A screen of 1024 pixels, enlarged four times; that of 1280 (WCAG 1.4.10) is one of the layouts.
NARROWEST = 256
OVERFLOWS = """() => {
    const most = window.innerWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    const isOut = (each) => each.getBoundingClientRect().right > most + 1;
    const wide = [...document.querySelectorAll('body *')].filter(isOut).slice(0, 6);
    return wide.map((each) => `${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 40)}`);
}"""


def check_state(page: Page) -> None:
    """Assert that a page is accessible as it is now, whichever way it is looked at; then put it back."""
    for size, scheme, rules in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        # Colours that are on their way from light to dark are neither.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _nothing(page, size, "wide", page.evaluate(OVERFLOWS))
        _nothing(page, size, scheme, accessibility_problems(page, *rules))
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    _nothing(page, NARROWEST, "wide", page.evaluate(OVERFLOWS))
    check_layout(page)
    page.set_viewport_size(LYING)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")


def _nothing(page: Page, size: object, look: str, found: list[str]) -> None:
    assert not found, (page.url, size, look, found)
