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


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        ("{ persist: async () => true }", "persistent"),
        ("{ persist: async () => false }", "best_effort"),
        ("{ persist: () => Promise.reject(new DOMException('', 'AbortError')) }", "best_effort"),
        ("undefined", "unknown"),
    ],
)
def test_it_tells_what_the_browser_says_to_staying(tab: Tab, storage: str, said: str) -> None:
    ask = f"Object.defineProperty(navigator, 'storage', {{ value: {storage} }}); return m.askToStay();"
    assert tab.run(ask) == said
