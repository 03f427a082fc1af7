"""How long somebody is busy with one draft, over its screens, and not with what is between them."""

import pytest

from tests.tablet.pages import Tab

OPEN = """
    const { Activity } = await import('/tablet/app/activity.js');
    t.at = 1_000_000;
    Date.now = () => t.at;
    t.sign = (after) => { t.at += after * 1000; document.dispatchEvent(new Event('keydown')); };
    t.activity = new Activity();"""


@pytest.fixture
def busy(tab: Tab) -> Tab:
    """Return a tab in which somebody's time is kept, by a clock in the test's hands."""
    tab.run(OPEN)
    return tab


def test_a_screen_that_was_only_read_counts_and_so_does_the_time_after_the_last_tap(busy: Tab) -> None:
    script = """
        t.sign(0); t.activity.begin('a'); t.sign(5);
        const first = t.activity.take();
        t.sign(4); t.activity.begin('a'); t.sign(6); t.activity.begin('a'); t.sign(1);
        return [first, t.activity.take(), t.activity.take()];"""
    assert busy.run(script) == [5, 11, 0]


def test_a_pause_does_not_count(busy: Tab) -> None:
    assert busy.run("t.sign(0); t.activity.begin('a'); t.sign(31); t.sign(3); return t.activity.take();") == 3


def test_the_list_between_and_another_draft_are_kept_apart(busy: Tab) -> None:
    script = """
        t.sign(0); t.activity.begin('a'); t.sign(7);
        t.activity.begin(); t.sign(20);
        t.activity.begin('b'); t.sign(3);
        const other = t.activity.take();
        t.activity.begin(); t.sign(9);
        t.activity.begin('a'); t.sign(2);
        return [other, t.activity.take()];"""
    assert busy.run(script) == [3, 9]
