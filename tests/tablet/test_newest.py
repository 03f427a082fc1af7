"""Looks that overtake each other: what was asked for last is what stays."""

from tests.tablet.pages import Tab

LOOKS = """
    const { newest } = await import('/tablet/newest.js');
    t.seen = [];
    t.end = {};
    const found = (name) => new Promise((resolve, reject) => (t.end[name] = { resolve, reject }));
    t.look = newest(async (name) => {
      await found(name);
      return () => t.seen.push(name);
    });"""


def test_an_older_look_that_ends_later_does_not_count(tab: Tab) -> None:
    tab.run(LOOKS)
    tab.run("""
        const both = [t.look('old'), t.look('new')];
        t.end.new.resolve();
        await both[1];
        t.end.old.resolve();
        await both[0];""")
    assert tab.run("return t.seen;") == ["new"]


def test_who_asked_first_waits_for_the_newer_look(tab: Tab) -> None:
    tab.run(LOOKS)
    before = tab.run("""
        const old = t.look('old').then(() => t.seen.push('told'));
        t.look('new');
        t.end.old.resolve();
        await new Promise((resolve) => setTimeout(resolve));
        const before = [...t.seen];
        t.end.new.resolve();
        await old;
        return before;""")
    assert (before, tab.run("return t.seen;")) == ([], ["new", "told"])


def test_a_look_that_fails_says_so_and_the_next_one_counts(tab: Tab) -> None:
    tab.run(LOOKS)
    assert (
        tab.refusal("const old = t.look('old'); t.end.old.reject(new RangeError()); await old;")
        == "RangeError"
    )
    tab.run("const next = t.look('next'); t.end.next.resolve(); await next;")
    assert tab.run("return t.seen;") == ["next"]
