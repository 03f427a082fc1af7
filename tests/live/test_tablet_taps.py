"""Whatever is tapped, in whatever order: what is on the screen is what is stored, here and on the server."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.site import Site
from tests.live.tablet_app import App
from tests.taps import tap_about


def test_screen_tablet_server_and_rules_agree_after_any_taps(browser: Browser, demo_site: Site) -> None:
    tally = tap_about(browser, demo_site, seed=9, sequences=60)
    assert tally.wrong == []
    assert (tally.sequences, tally.on_server > 10, tally.comparisons) == (60, True, 360)


#: Random taps on one of the server's own screens, some before the one before has been saved; then what is
#: on the screen, and what the server draws when it is asked anew.
TAP = """async ({ taps, seed }) => {
    let state = seed;
    const random = () => ((state = (state * 48271) % 2147483647) / 2147483647);
    const shown = (root) => [...root.querySelectorAll('[data-question]:not([hidden])')].map((card) => [
        card.dataset.question,
        [...card.querySelectorAll('.option-input')].filter((each) => each.checked).map(({ value }) => value),
    ]);
    const pause = (time) => new Promise((go) => setTimeout(go, time));
    for (let tap = 0; tap < taps; tap += 1) {
        const labels = document.querySelectorAll('[data-question]:not([hidden]) .option-label');
        labels[Math.floor(random() * labels.length)].click();
        if (random() < 0.5) await pause(random() * 40);
    }
    const place = document.querySelector('[data-save-state]');
    while (place.dataset.state !== 'saved') await pause(5);
    const there = await (await fetch(location.href)).text();
    return [shown(document), shown(new DOMParser().parseFromString(there, 'text/html'))];
}"""


@pytest.fixture
def nurse(page: Page) -> Page:
    """A nurse on the first of the server's own screens, who does not go on by herself."""
    App(page).log_in()
    page.evaluate("localStorage.setItem('draagvlak-follow', 'no')")
    page.goto("/clienten/")
    page.get_by_role("link", name="Start").first.click()
    page.get_by_role("button", name="Begin").click()
    page.locator("#vragen").wait_for()
    return page


def test_the_servers_own_screens_show_what_is_stored_after_any_taps(nurse: Page) -> None:
    address = nurse.url.rsplit("/", 2)[0]
    for slug in ("initieel", "ondersteuningsbehoefte-q12"):
        if slug != "initieel":  # open the way to the other screen
            for option in ("Q2-2", "Q2-1", "Q3-2", "Q3-1"):
                nurse.locator(f"label[for={option}]").click()
            expect(nurse.locator("[data-save-state][data-state=saved]")).to_be_visible()
        nurse.goto(f"{address}/{slug}/")
        for seed in range(1, 9):
            here, there = nurse.evaluate(TAP, {"taps": 12, "seed": seed * 7919})
            assert (slug, seed, here) == (slug, seed, there)
