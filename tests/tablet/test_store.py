"""What lies on the tablet: sealed, bound to its place, apart for every user and client, never erased."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.tablet.pages import Tab

OPEN = """
    t.db = await m.database.openDatabase();
    Object.assign(t, await m.openStore(t.db, a ?? m.USER));"""
PUT = "t.draft = m.newDraft(); t.key = m.draft.keyOf(t.draft); await t.store.put('draft', t.key, t.draft);"
SHAPE = "(d) => [d.client, d.answers]"
ALL = f"return (await t.store.all('draft')).map({SHAPE});"
ROWS = "(await m.database.transact(t.db, ['records'], 'readonly', (r) => m.database.answerOf(r.getAll())))"


def test_what_is_kept_is_there_after_the_browser_comes_back(tab: Tab) -> None:
    key = tab.run(OPEN + PUT + "return t.key;")
    tab.reload()
    tab.run(OPEN)
    assert tab.run("return (await t.store.get('draft', a)).answers;", key) == {"Q2": "1"}


def test_nothing_readable_lies_on_disk(tab: Tab) -> None:
    tab.run(OPEN + PUT)
    tab.run("await t.store.put('clients', {}, { clients: [{ name: 'A. Wilgenboom', id: m.CLIENT }] });")
    disk = tab.run("return m.onDisk(t.db);")
    ids = tab.run("return [m.ORGANISATION, m.USER, m.CLIENT, t.draft.id, t.draft.version];")
    # An answer with its quotation marks: sealed bytes may hold two given letters by chance.
    for word in ["Wilgenboom", '"Q2"', '\\"Q2', "answers", "draft", "clients", *ids]:
        assert word not in disk
    assert '"unsent":1' in disk


def test_the_next_user_sees_nothing_of_the_last(tab: Tab) -> None:
    tab.run(OPEN + PUT + "t.open.lock();")
    key = tab.run("return t.key;")
    other = tab.run("return m.OTHER_USER;")
    tab.run(OPEN, other)
    assert tab.run(ALL) == []
    assert tab.run("return await t.store.get('draft', a) ?? null;", key) is None


def test_the_next_user_cannot_open_a_record_that_was_given_her_name(tab: Tab) -> None:
    tab.run(OPEN + PUT)
    tab.run(OPEN, tab.run("return m.OTHER_USER;"))
    tab.run(PUT)
    steal = f"""
        const [mine, other] = {ROWS}.sort((x) => (x.vault === t.open.id ? -1 : 1));
        await m.database.transact(t.db, ['records'], 'readwrite',
          (r) => m.database.answerOf(r.put({{ ...mine, iv: other.iv, data: other.data }})));
        return [await t.store.all('draft'), t.store.damaged];"""
    assert tab.run(steal) == [[], 1]


def test_a_record_moved_to_another_client_does_not_open(tab: Tab) -> None:
    tab.run(OPEN + PUT)
    tab.run("t.other = m.newDraft({ client: m.OTHER_CLIENT }); t.otherKey = m.draft.keyOf(t.other);")
    tab.run("await t.store.put('draft', t.otherKey, t.other);")
    swap = f"""
        const [one, other] = {ROWS};
        await m.database.transact(t.db, ['records'], 'readwrite', async (r) => {{
          r.put({{ ...one, name: other.name }});
          r.put({{ ...other, name: one.name }});
        }});"""
    tab.run(swap)
    assert tab.refusal("await t.store.get('draft', t.key);") == "OperationError"
    assert tab.run("return [await t.store.all('draft'), t.store.damaged];") == [[], 2]


def test_what_is_marked_as_sent_by_hand_does_not_open(tab: Tab) -> None:
    tab.run(OPEN + PUT)
    tab.run(f"""
        const [row] = {ROWS};
        await m.database.transact(t.db, ['records'], 'readwrite',
          (r) => m.database.answerOf(r.put({{ ...row, unsent: 0 }})));""")
    assert tab.refusal("await t.store.get('draft', t.key);") == "OperationError"


def test_answers_stay_with_their_client(tab: Tab) -> None:
    """Many drafts written at once, of the same version, each with its own answers."""
    script = """
        const clients = Array.from({ length: 30 }, () => crypto.randomUUID());
        const drafts = clients.map((client) => m.newDraft({ client, answers: { Q2: client } }));
        await Promise.all(drafts.map((each) => t.store.put('draft', m.draft.keyOf(each), each)));
        await Promise.all(drafts.map((each) => t.store.update('draft', m.draft.keyOf(each),
          (now) => m.draft.change(now, { answers: { ...now.answers, Q3: each.client } }, 1))));
        const all = await t.store.all('draft');
        const right = all.filter((d) => d.answers.Q2 === d.client && d.answers.Q3 === d.client);
        return [all.length, right.length];"""
    assert tab.run(OPEN + script) == [30, 30]


def test_changes_at_once_are_all_kept(tab: Tab) -> None:
    script = """
        const add = (question) => t.store.update('draft', t.key,
          (now) => m.draft.change(now, { answers: { ...now.answers, [question]: '1' } }, 1));
        await Promise.all(['Q4', 'Q5', 'Q6', 'Q7', 'Q8'].map(add));
        const kept = await t.store.get('draft', t.key);
        return [Object.keys(kept.answers).sort(), kept.edits];"""
    assert tab.run(OPEN + PUT + script) == [["Q2", "Q4", "Q5", "Q6", "Q7", "Q8"], 5]


def test_changes_in_two_tabs_are_all_kept(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    key = tab.run(OPEN + PUT + "return t.key;")
    other = new_tab()
    other.run(OPEN)
    change = """
        t.done = Promise.all(a[1].map((question) => t.store.update('draft', a[0],
          (now) => m.draft.change(now, { answers: { ...now.answers, [question]: '1' } }, 1))));"""
    tab.run(change, [key, ["Q4", "Q5", "Q6"]])
    other.run(change, [key, ["Q7", "Q8", "Q9"]])
    tab.run("await t.done;")
    other.run("await t.done;")
    assert len(tab.run("return (await t.store.get('draft', a)).answers;", key)) == 7


def test_a_locked_store_gives_nothing_and_keeps_everything(tab: Tab) -> None:
    tab.run(OPEN + PUT + "t.open.lock();")
    assert tab.refusal("await t.store.all('draft');") == "locked"
    assert tab.refusal("await t.store.put('draft', t.key, t.draft);") == "locked"
    assert tab.run("return Object.values(await m.unsentByVault(t.db));") == [1]
    tab.run(OPEN)
    assert tab.run(ALL.replace(SHAPE, "(d) => d.answers")) == [{"Q2": "1"}]


def test_forgetting_is_refused_while_something_is_unsent(tab: Tab) -> None:
    tab.run(OPEN + PUT)
    assert tab.refusal("await m.vault.forget(t.db, t.open.id);") == "unsent"
    tab.run("await t.store.put('draft', t.key, { ...t.draft, state: 'sent' });")
    tab.run("await m.vault.forget(t.db, t.open.id);")
    assert tab.run(f"return [await m.vault.listVaults(t.db), {ROWS}];") == [[], []]


class TestNewVersions:
    NEXT = (
        "[...m.database.STEPS, (db, upgrade) => upgrade.objectStore('records').createIndex('age', 'stamp')]"
    )

    def test_an_upgrade_keeps_the_queue(self, tab: Tab) -> None:
        key = tab.run(OPEN + PUT + "t.db.close(); return t.key;")
        tab.run(f"""
            t.db = await m.database.openDatabase({{ steps: {self.NEXT} }});
            Object.assign(t, await m.openStore(t.db));""")
        assert tab.run("return [t.db.version, (await t.store.get('draft', a)).answers];", key) == [
            2,
            {"Q2": "1"},
        ]
        assert tab.run("return Object.values(await m.unsentByVault(t.db));") == [1]

    def test_an_upgrade_that_fails_changes_nothing(self, tab: Tab) -> None:
        tab.run(OPEN + PUT + "t.db.close();")
        broken = (
            "[...m.database.STEPS, (db) => { db.deleteObjectStore('records'); throw new Error('stuk'); }]"
        )
        errors = f"await m.database.openDatabase({{ steps: {broken} }});"
        assert tab.refusal(errors) == "Error"
        tab.run(OPEN)
        assert len(tab.run(ALL)) == 1

    def test_an_upgrade_waits_for_another_tab_and_says_so(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        say = "{ onOutdated: () => t.said.push('outdated') }"
        tab.run(f"t.said = []; t.db = await m.database.openDatabase({say});")
        tab.run("Object.assign(t, await m.openStore(t.db));" + PUT)
        newer = new_tab()
        newer.run(f"""
            t.said = [];
            const onBlocked = () => t.said.push('blocked');
            t.opening = m.database.openDatabase({{ steps: {self.NEXT}, onBlocked }});""")
        newer.until("t.said.includes('blocked')")
        assert tab.run("return t.said;") == ["outdated"]
        tab.run(
            "await t.store.update('draft', t.key, (now) => m.draft.change(now, { answers: { Q2: '2' } }, 1));"
        )
        tab.run("t.db.close();")
        newer.run("t.db = await t.opening; Object.assign(t, await m.openStore(t.db));")
        assert newer.run(ALL.replace(SHAPE, "(d) => d.answers")) == [{"Q2": "2"}]

    def test_what_is_tapped_after_a_newer_version_took_over_is_said_and_can_be_sent(
        self, tab: Tab, new_tab: Callable[[], Tab]
    ) -> None:
        tab.run(OPEN + PUT + "await t.store.all('draft');")
        newer = new_tab()
        newer.run(f"t.db = await m.database.openDatabase({{ steps: {self.NEXT} }});")
        tab.run(CHANGE, {"Q2": "2"})
        assert tab.run(TOLD) == ["outdated", 1, "2"]
        assert tab.run(ALL.replace(SHAPE, "(d) => d.answers")) == [{"Q2": "2"}]
        newer.run("Object.assign(t, await m.openStore(t.db));")
        assert newer.run(ALL.replace(SHAPE, "(d) => d.answers")) == [{"Q2": "1"}]

    def test_a_draft_of_a_version_that_set_nothing_aside_goes_on(self, tab: Tab) -> None:
        tab.run(OPEN + PUT)
        tab.run("const { aside: _none, ...old } = t.draft; await t.store.put('draft', t.key, old);")
        back = "const d = await t.store.get('draft', t.key); return m.draft.change(d, { answers: {} }, 1)"
        assert tab.run(back + ".answers;") == {}
        restored = "m.draft.restore(m.draft.discard(d, 1), 'x', 2).aside"
        assert tab.run(f"const d = await t.store.get('draft', t.key); return {restored};") == {}

    def test_a_page_that_is_too_old_says_so(self, tab: Tab) -> None:
        tab.run(f"(await m.database.openDatabase({{ steps: {self.NEXT} }})).close();")
        catch = "catch (error) { return error instanceof m.database.OutdatedError; }"
        assert tab.run(f"try {{ await m.database.openDatabase(); }} {catch}") is True


CHANGE = "await t.store.update('draft', t.key, (now) => m.draft.change(now, { answers: a }, 1));"
TOLD = "return [t.store.problem, t.store.heldCount, (await t.store.get('draft', t.key)).answers.Q2];"


def test_a_full_tablet_says_so_and_still_has_the_answer(tab: Tab, device: BrowserContext) -> None:
    room = {"origin": tab.run("return location.origin;"), "quotaSize": 3_000_000}
    device.new_cdp_session(tab.page).send("Storage.overrideQuotaForOrigin", room)
    tab.run(OPEN + PUT)
    tab.run(CHANGE, {"Q2": "2", "filling": "x" * 6_000_000})
    assert tab.run(TOLD) == ["full", 1, "2"]
    assert len(tab.run(ALL)) == 1


def test_once_there_is_room_again_it_is_written(tab: Tab) -> None:
    # When the browser finds room again depends on its clock, so here it is told to refuse.
    refuse = """
        t.put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = () => { throw new DOMException('vol', 'QuotaExceededError'); };"""
    tab.run(OPEN + PUT + refuse)
    tab.run(CHANGE, {"Q2": "2"})
    tab.run(CHANGE, {"Q2": "3"})
    assert tab.run(TOLD) == ["full", 1, "3"]
    tab.run("IDBObjectStore.prototype.put = t.put; await t.store.writeHeld();")
    assert tab.run(TOLD) == ["", 0, "3"]
    key = tab.run("return t.key;")
    tab.reload()
    tab.run(OPEN)
    assert tab.run("return (await t.store.get('draft', a)).answers;", key) == {"Q2": "3"}


FULL = """
    t.put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException('vol', 'QuotaExceededError'); };"""
ROOM = "IDBObjectStore.prototype.put = t.put; await t.store.writeHeld(); await t.store.writeHeld();"
CHANGE_AT = """
    await t.store.update('draft', a[0], (now) =>
      m.draft.change(now, { answers: { ...now.answers, ...a[1] } }, now.changedAt + a[2]));"""
ANSWERS = "return (await t.store.get('draft', a)).answers;"
STAMP = f"return {ROWS}[0].stamp;"


class TestTwoTabsOnAFullTablet:
    """Each of them changed the same draft, and one of them could only hold it."""

    @pytest.fixture
    def other(self, new_tab: Callable[[], Tab]) -> Tab:
        return new_tab()

    @pytest.fixture
    def key(self, tab: Tab, other: Tab) -> Any:
        key = tab.run(OPEN + PUT + "return t.key;")
        other.run(OPEN)
        return key

    @pytest.mark.parametrize(("held_at", "last"), [(1, "stored"), (9, "held")])
    def test_what_was_changed_last_stays_and_nothing_else_is_lost(
        self, tab: Tab, other: Tab, key: Any, held_at: int, last: str
    ) -> None:
        tab.run(FULL + CHANGE_AT, [key, {"Q2": "held", "Q4": "held"}, held_at])
        other.run(CHANGE_AT, [key, {"Q2": "stored", "Q5": "stored"}, 5])
        written = other.run(STAMP)
        tab.run(ROOM)
        expected = {"Q2": last, "Q4": "held", "Q5": "stored"}
        assert tab.run(ANSWERS, key) == other.run(ANSWERS, key) == expected
        assert tab.run("return t.store.heldCount;") == 0
        # The other would take what has the stamp of its own for what it wrote.
        assert tab.run(STAMP) > written

    def test_what_is_known_already_stays_as_it_was_written(self, tab: Tab, other: Tab, key: Any) -> None:
        tab.run(FULL + CHANGE_AT, [key, {"Q2": "held"}, 1])
        other.run(CHANGE_AT, [key, {"Q2": "stored"}, 5])
        written = other.run(STAMP)
        tab.run(ROOM)
        assert [tab.run(STAMP), tab.run(ANSWERS, key)] == [written, {"Q2": "stored"}]
