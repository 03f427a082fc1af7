"""Every state of every page: nothing for axe to find, light and dark, both ways up, and enlarged to 400 %."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import accessibility_problems, tablet
from tests.live.site import Site
from tests.live.tablet_app import RESULT, App
from tests.live.walks import Walk, clashes, door, filling, offices, pages, taken
from tests.live.walks.checks import check_state

WALKS = (*door.WALKS, *filling.WALKS, *clashes.WALKS, *pages.WALKS, *offices.WALKS)
#: Half of 768, enlarged: what has the focus may not lie under the bar.
LOW = {"width": 256, "height": 192}
#: How a chosen card differs from another, in the colours that the system gives.
FORCED = """() => {
    const styles = [...document.querySelectorAll('#Q4 .option-label')].map((each) => getComputedStyle(each));
    return styles.map((each) => [each.fontWeight, each.borderTopColor, each.outlineStyle].join(' '));
}"""
MOVING = """() => [...document.querySelectorAll('*')].filter((each) => {
    const { animationName, transitionDuration } = getComputedStyle(each);
    return animationName !== 'none' || transitionDuration.split(', ').some((one) => parseFloat(one) > 0.01);
}).length"""


@pytest.mark.parametrize(
    "walk", WALKS, ids=lambda walk: f"{walk.__module__.rpartition('.')[2]}-{walk.__name__}"
)
def test_every_state_is_accessible(browser: Browser, demo_site: Site, walk: Walk) -> None:
    names = []
    for state in walk(browser, demo_site):
        check_state(state.page)
        names.append(state.name)
    assert len(names) == len(set(names)) > 0


def test_in_forced_colours_a_chosen_card_still_differs(browser: Browser, demo_site: Site) -> None:
    with taken(browser, demo_site) as (_context, app):
        app.page.emulate_media(forced_colors="active")
        app.begin()
        app.choose("Q2-1", "Q3-1")
        app.choose("Q4-2")
        first, chosen, last = app.page.evaluate(FORCED)
        assert first == last != chosen
        assert accessibility_problems(app.page) == []


def test_who_wants_no_motion_gets_none(browser: Browser, demo_site: Site) -> None:
    with taken(browser, demo_site) as (_context, app):
        app.page.emulate_media(reduced_motion="reduce")
        assert app.page.evaluate(MOVING) == 0
        app.begin()
        assert app.page.evaluate(MOVING) == 0


def test_enlarged_to_400_percent_what_has_the_focus_is_in_sight(browser: Browser, demo_site: Site) -> None:
    with tablet(browser, demo_site.url) as context:
        app = App(context.new_page())
        app.enter()
        app.page.set_viewport_size(LOW)  # type: ignore[arg-type]
        app.begin()
        app.fill_in()
        app.page.set_viewport_size(LOW)  # type: ignore[arg-type]
        _tab_through(app.page, 12)
        app.finish()
        app.expect_heading(RESULT)


def _tab_through(page: Page, times: int) -> None:
    for _time in range(times):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_be_in_viewport()
        assert focused.evaluate(
            """(each) => {
                const { left, top, width, height } = each.getBoundingClientRect();
                const down = Math.max(top, 0) + Math.min(height, 20) / 2;
                const found = document.elementFromPoint(left + width / 2, down);
                return !found || each.contains(found) || found.contains(each);
            }"""
        )
