"""Whatever is tapped, in whatever order: what is on the screen is what is stored, here and on the server."""

from playwright.sync_api import Browser

from tests.live.site import Site
from tests.taps import tap_about


def test_screen_tablet_server_and_rules_agree_after_any_taps(browser: Browser, demo_site: Site) -> None:
    tally = tap_about(browser, demo_site, seed=9, sequences=60)
    assert tally.wrong == []
    assert (tally.sequences, tally.on_server > 20, tally.comparisons) == (60, True, 480)
