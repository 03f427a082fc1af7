"""What the tablet tells of itself: the line over every page, and whether its storage may stay."""

import pytest

from tests.tablet.pages import Answers, Tab


def test_the_line_tells_the_last_contact_and_the_clock(at_work: Tab, server: Answers) -> None:
    at_work.run("await t.sync.run();")
    status = at_work.run("return t.status();")
    assert status["lastContact"] is not None
    assert (status["key"], status["unsent"], status["warning"], status["problem"]) == ("sent", 0, 0, "")


@pytest.mark.parametrize(("hours", "warning"), [(23, 0), (24, 24), (71, 24), (72, 72)])
def test_it_warns_by_how_long_something_waits(
    at_work: Tab, server: Answers, hours: int, warning: int
) -> None:
    """Counted from the first change that waits, not from the beginning of the anamnese."""
    at_work.run("await t.sync.run(); await t.change({ Q2: '2' });")
    later = (
        "const { waitsSince } = await t.now();return m.statusOf(t.store, t.sync, waitsSince + a * 3_600_000);"
    )
    assert at_work.run(later, hours)["warning"] == warning


def test_the_answer_on_staying_is_kept_for_the_device_page(at_work: Tab) -> None:
    kept = at_work.run("await m.askToStay(t.store); return t.store.get('meta', { id: 'storage' });")
    assert isinstance(kept["isPersistent"], bool)
    assert kept["quota"] > 0


def test_a_browser_that_cannot_say_promises_nothing(at_work: Tab) -> None:
    kept = at_work.run("""
        const refuse = () => Promise.reject(new DOMException('', 'AbortError'));
        navigator.storage.persist = navigator.storage.estimate = refuse;
        return m.askToStay(t.store);""")
    assert (kept["isPersistent"], kept["usage"], kept["quota"]) == (False, None, None)
