"""What day it is on a tablet whose clock is wrong, was set back, or was set right."""

import pytest

from tests.tablet.pages import Tab

HOUR, DAY = 3_600_000, 24 * 3_600_000
#: `a`: how far the tablet's clock is from the last contact, how far the server's was ahead of it then, and
#: whether that contact was on this page.
AT = """
    const [moved, clock, isHeard] = a;
    const at = 1_790_000_000_000;
    const real = Date.now;
    try {
      Date.now = () => at;
      m.clock.setContact({ lastContact: at, clock }, isHeard);
      Date.now = () => at + moved;
      return [Math.round((m.clock.now() - at) / 1000), m.clock.isBehind()];
    } finally {
      Date.now = real;
    }"""


@pytest.mark.parametrize("is_heard", [True, False])
class TestClock:
    def at(self, tab: Tab, moved: int, clock: int, *, is_heard: bool) -> list[object]:
        found: list[object] = tab.run(AT, [moved, clock, is_heard])
        return found

    def test_a_good_clock_counts(self, tab: Tab, is_heard: bool) -> None:
        assert self.at(tab, 2 * DAY, 0, is_heard=is_heard) == [2 * DAY // 1000, False]

    def test_a_clock_that_is_behind_is_corrected(self, tab: Tab, is_heard: bool) -> None:
        assert self.at(tab, 2 * DAY, 90 * DAY, is_heard=is_heard) == [92 * DAY // 1000, False]

    def test_a_clock_set_back_months_never_dates_before_the_last_contact(
        self, tab: Tab, is_heard: bool
    ) -> None:
        assert self.at(tab, -90 * DAY, 0, is_heard=is_heard) == [0, True]

    def test_a_clock_far_ahead_that_was_set_right_counts_as_it_is(self, tab: Tab, is_heard: bool) -> None:
        assert self.at(tab, -90 * DAY + HOUR, -90 * DAY, is_heard=is_heard) == [
            (-90 * DAY + HOUR) // 1000,
            False,
        ]


def test_a_clock_behind_that_is_set_right_on_this_page_is_not_corrected_twice(tab: Tab) -> None:
    assert tab.run(AT, [90 * DAY, 90 * DAY, True]) == [90 * DAY // 1000, False]


def test_before_any_contact_its_own_clock_is_all_there_is(tab: Tab) -> None:
    assert tab.run("return Math.abs(m.clock.now() - Date.now()) < 1000 && !m.clock.isBehind();") is True
