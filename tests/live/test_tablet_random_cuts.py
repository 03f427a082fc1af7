"""Everything around the tablet is cut at random: what was kept arrives, once, where it belongs."""

from collections.abc import Callable

from playwright.sync_api import Browser

from tests import cuts
from tests.live.site import Site

RUNS = 25


def test_random_cuts_lose_double_and_mix_nothing(browser: Browser, make_site: Callable[[bool], Site]) -> None:
    tally = cuts.run_all(make_site(True), browser.browser_type, range(RUNS))
    assert tally.findings == []
    assert (tally.runs, tally.lost, tally.doubled, tally.mixed) == (RUNS, 0, 0, 0)
    assert tally.cuts.total() > RUNS
