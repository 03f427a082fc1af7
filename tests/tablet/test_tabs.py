"""More than one tab on one tablet: a draft is held by one of them, and each hears of the others."""

from collections.abc import Callable

from tests.tablet.pages import Tab

HOLD = "t.letGo = await m.tabs.hold('een'); return t.letGo !== null;"


def test_a_draft_is_held_by_one_tab(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    other = new_tab()
    assert (tab.run(HOLD), other.run(HOLD)) == (True, False)
    tab.run("t.letGo();")
    other.until("await m.tabs.hold('een')")


def test_a_killed_tab_holds_nothing(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    tab.run(HOLD)
    tab.page.close()
    other = new_tab()
    other.until("await m.tabs.hold('een')")


def test_tabs_of_one_vault_hear_each_other(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    other, stranger = new_tab(), new_tab()
    for each, vault in ((other, "v"), (stranger, "w")):
        each.run("t.heard = []; t.tabs = new m.tabs.Tabs(a, (message) => t.heard.push(message.name));", vault)
    tab.run("t.tabs = new m.tabs.Tabs('v', () => {}); t.tabs.tell({ name: 'n' });")
    other.until("t.heard.length === 1")
    assert (other.run("return t.heard;"), stranger.run("return t.heard;")) == (["n"], [])


def test_a_closed_one_can_be_told_something_and_nobody_hears_it(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    """Of two tellers in one tab the last is heard last, so what it says proves that nothing came before."""
    other = new_tab()
    other.run("t.heard = []; t.tabs = new m.tabs.Tabs('v', (message) => t.heard.push(message.name));")
    tab.run("t.tabs = new m.tabs.Tabs('v', () => {}); t.tabs.close(); t.tabs.tell({ name: 'closed' });")
    tab.run("t.tabs = new m.tabs.Tabs('v', () => {}); t.tabs.tell({ name: 'open' });")
    other.until("t.heard.length > 0")
    assert other.run("return t.heard;") == ["open"]
