"""Storage that the system closes, fills or wipes under an open page: nothing is lost."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from tests.tablet.pages import Answers, Tab
from tests.tablet.sending import OPEN, PUT

#: Every connection that the page opens from here on, so that a test can close one as the system does.
WATCH = """
    t.handles = [];
    const ask = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...given) {
      if (!t.handles.includes(this)) t.handles.push(this);
      return ask.apply(this, given);
    };"""
CLOSE = "for (const each of t.handles) each.close();"
CHANGE = "await t.change(a);"
TOLD = "return [t.store.problem, t.store.heldCount, (await t.now()).answers];"
#: The database fails at everything, as one whose process the system has stopped.
BREAK = """
    t.asked = { open: indexedDB.open, transaction: IDBDatabase.prototype.transaction };
    const lost = () => {
      throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
    };
    IDBDatabase.prototype.transaction = lost;
    IDBFactory.prototype.open = lost;"""
MEND = """
    delete IDBFactory.prototype.open;
    IDBFactory.prototype.open = t.asked.open;
    IDBDatabase.prototype.transaction = t.asked.transaction;"""
FILL = """
    t.put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException('vol', 'QuotaExceededError'); };"""
WIPE = """
    await new Promise((resolve, reject) => {
      const asked = indexedDB.deleteDatabase('draagvlak-tablet');
      asked.onsuccess = resolve;
      asked.onerror = asked.onblocked = reject;
    });"""
ON_DISK = """
    const other = await m.database.openDatabase();
    const all = (store) => m.database.answerOf(store.getAll());
    const rows = (name) => m.database.transact(other, [name], 'readonly', all);
    const found = [(await rows('vaults')).length, (await rows('records')).length];
    other.close();
    return found;"""


def answers_after_a_reload(tab: Tab, key: object) -> object:
    tab.reload()
    tab.run(OPEN)
    return tab.run("return (await t.store.get('draft', a)).answers;", key)


def begin(tab: Tab) -> object:
    tab.run(WATCH + OPEN)
    tab.run(PUT)
    return tab.run("return t.key;")


class TestClosed:
    def test_the_next_answer_is_written_through_another_connection(self, tab: Tab) -> None:
        key = begin(tab)
        tab.run(CLOSE)
        tab.run(CHANGE, {"Q2": "2"})
        assert tab.run(TOLD) == ["", 0, {"Q2": "2"}]
        assert answers_after_a_reload(tab, key) == {"Q2": "2"}

    def test_locking_opening_and_reading_go_on(self, tab: Tab) -> None:
        key = begin(tab)
        tab.run(CLOSE + "t.open.lock();")
        assert len(tab.run("return m.vault.listVaults(t.db);")) == 1
        tab.run(CLOSE + "Object.assign(t, await m.openStore(t.db));")
        assert tab.run("return (await t.store.get('draft', a)).answers;", key) == {"Q2": "1"}

    def test_what_another_tab_sealed_does_not_come_back(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        begin(tab)
        tab.run("await t.store.put('clients', {}, { clients: [1] }); await t.store.get('clients');")
        other = new_tab()
        other.run("t.db = await m.database.openDatabase();")
        other.run("const [{ id }] = await m.vault.listVaults(t.db); await m.vault.seal(t.db, id);")
        tab.run(CLOSE)
        tab.run(CHANGE, {"Q2": "2"})
        assert tab.run("return [(await t.now()).answers, await t.store.get('clients')];") == [
            {"Q2": "2"},
            None,
        ]
        assert tab.run(ON_DISK) == [1, 1]

    def test_what_is_under_way_while_it_closes_is_done_again(self, tab: Tab) -> None:
        key = begin(tab)
        tab.run("""
            const put = IDBObjectStore.prototype.put;
            IDBObjectStore.prototype.put = function (row) {
              IDBObjectStore.prototype.put = put;
              const asked = put.call(this, row);
              this.transaction.abort();
              return asked;
            };""")
        tab.run(CHANGE, {"Q2": "2"})
        assert answers_after_a_reload(tab, key) == {"Q2": "2"}

    def test_one_that_stays_away_is_told_and_the_answer_is_held_and_sent(
        self, tab: Tab, server: Answers
    ) -> None:
        key = begin(tab)
        tab.run("await t.store.all('draft');" + BREAK)
        tab.run(CHANGE, {"Q2": "2"})
        tab.run(CHANGE, {"Q2": "1", "Q3": "2"})
        assert tab.run(TOLD) == ["failed", 1, {"Q2": "1", "Q3": "2"}]
        tab.run("await t.sync.run();")
        assert server.payloads()[-1]["answers"] == {"Q2": "1", "Q3": "2"}
        tab.run(MEND + "await t.store.writeHeld();")
        assert tab.run(TOLD) == ["", 0, {"Q2": "1", "Q3": "2"}]
        assert answers_after_a_reload(tab, key) == {"Q2": "1", "Q3": "2"}

    def test_a_database_that_was_never_read_is_not_called_empty(self, tab: Tab) -> None:
        begin(tab)
        tab.run(BREAK)
        assert tab.refusal("await t.store.all('draft');") == "UnknownError"


class TestFull:
    def test_locking_works_and_what_was_held_is_there_for_who_opens_again(self, tab: Tab) -> None:
        key = begin(tab)
        tab.run(FILL)
        tab.run(CHANGE, {"Q2": "2"})
        assert tab.run("t.open.lock(); return (await m.vault.listVaults(t.db))[0].unsent;") == 1
        tab.run("Object.assign(t, await m.openStore(t.db));")
        assert tab.run("return [t.store.problem, t.store.heldCount];") == ["full", 1]
        assert tab.run("return (await t.store.get('draft', a)).answers;", key) == {"Q2": "2"}
        tab.run("IDBObjectStore.prototype.put = t.put; await t.store.writeHeld();")
        assert answers_after_a_reload(tab, key) == {"Q2": "2"}

    def test_tries_at_the_pin_are_counted_without_room_too(self, tab: Tab) -> None:
        begin(tab)
        tab.run(FILL + "t.open.lock();")
        wrong = "await m.vault.unlock(t.db, t.open.id, '271828');"
        assert [tab.refusal(wrong) for _time in range(6)] == ["wrong-pin"] * 5 + ["barred"]

    def test_a_page_that_was_loaded_anew_opens_nothing_without_room(self, tab: Tab) -> None:
        begin(tab)
        tab.reload()
        tab.run("t.db = await m.database.openDatabase();" + FILL)
        unlock = "await m.vault.unlock(t.db, (await m.vault.listVaults(t.db))[0].id, m.PIN);"
        assert tab.refusal(unlock) == "QuotaExceededError"

    def test_nothing_is_taken_off_the_tablet_while_something_is_only_held(self, tab: Tab) -> None:
        begin(tab)
        tab.run("await t.update((d) => ({ ...d, state: 'sent' }));" + FILL)
        tab.run(CHANGE, {"Q2": "2"})
        assert tab.refusal("await m.vault.forget(t.db, t.open.id);") == "unsent"


class TestWiped:
    def test_a_deleted_database_is_told_and_written_anew_at_once(self, tab: Tab) -> None:
        key = begin(tab)
        tab.run("await t.store.all('draft'); t.said = 0; t.db.onWiped = () => { t.said += 1; };" + WIPE)
        tab.until("t.said === 1")
        assert tab.run("return t.store.problem;") == "wiped"
        assert tab.run(ON_DISK) == [1, 1]
        tab.run(CHANGE, {"Q2": "2"})
        assert answers_after_a_reload(tab, key) == {"Q2": "2"}

    def test_cleared_site_data_is_told_and_what_waits_is_sent(
        self, tab: Tab, device: BrowserContext, server: Answers
    ) -> None:
        key = begin(tab)
        tab.run("t.said = 0; t.db.onWiped = () => { t.said += 1; };")
        cleared = {"origin": tab.run("return location.origin;"), "storageTypes": "indexeddb"}
        device.new_cdp_session(tab.page).send("Storage.clearDataForOrigin", cleared)
        tab.run(CHANGE, {"Q2": "2"})
        tab.until("t.said === 1")
        tab.run("await t.sync.run();")
        assert server.payloads()[-1]["answers"] == {"Q2": "2"}
        assert answers_after_a_reload(tab, key) == {"Q2": "2"}

    def test_two_tabs_write_anew_what_each_knows(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        first = begin(tab)
        other = new_tab()
        other.run(OPEN)
        second = other.run(PUT + "return t.key;")
        tab.run(WIPE)
        for each, key in ((tab, first), (other, second)):
            each.until(f"await t.store.get('draft', {key!r})".replace("'", '"'))
        answers_after_a_reload(tab, first)
        assert len(tab.run("return t.store.all('draft');")) == 2

    def test_what_she_took_off_the_tablet_herself_does_not_come_back(self, tab: Tab) -> None:
        begin(tab)
        tab.run("await t.update((d) => ({ ...d, state: 'sent' })); await m.vault.forget(t.db, t.open.id);")
        tab.run(WIPE)
        assert tab.run(ON_DISK) == [0, 0]


class TestTurns:
    """Another tab keeps the turn to send: asleep it loses it, at work it keeps it."""

    KEEP = "m.tabs.alone('beurt', () => new Promise((done) => { t.done = done; }));"
    ASK = "return await m.tabs.alone('beurt', async () => 'mijn beurt', { patience: 200 });"

    def test_the_turn_of_a_tab_that_sleeps_is_taken_over(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        # A tab asleep answers nothing: here the lock is kept by something that never answers.
        tab.run(
            "t.kept = navigator.locks.request('draagvlak-beurt', () => new Promise(() => {}));"
            "t.kept.catch(() => {});"
        )
        assert new_tab().run(self.ASK) == "mijn beurt"

    def test_a_tab_at_work_keeps_its_turn(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        tab.run(self.KEEP)
        other = new_tab()
        other.run(
            "t.got = []; t.alive = 0;"
            "const heard = ({ data }) => { t.alive += data === 'alive'; };"
            "new BroadcastChannel('draagvlak-beurt').onmessage = heard;"
            "m.tabs.alone('beurt', async () => 1, { patience: 100 }).then((one) => t.got.push(one));"
        )
        other.until("t.alive > 2")
        assert other.run("return t.got;") == []
        tab.run("t.done();")
        other.until("t.got.length === 1")

    def test_a_draft_is_taken_from_a_tab_that_hears_of_it(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        tab.run("t.lost = 0; await m.tabs.hold('d', { lost: () => { t.lost += 1; } });")
        other = new_tab()
        assert other.run("return await m.tabs.hold('d');") is None
        assert (
            other.run("t.letGo = await m.tabs.hold('d', { isTaken: true }); return typeof t.letGo;")
            == "function"
        )
        tab.until("t.lost === 1")

    def test_work_whose_turn_was_taken_ends_without_an_error(
        self, at_work: Tab, server: Answers, new_tab: Callable[[], Tab]
    ) -> None:
        at_work.run("""
            t.put = t.server.put.bind(t.server);
            t.server.put = (payload) => new Promise((go) => { t.go = () => go(t.put(payload)); });
            t.done = t.sync.run();""")
        at_work.until("t.go")
        name = at_work.run("return `draagvlak-sync-${t.open.id}`;")
        new_tab().run("await navigator.locks.request(a, { steal: true }, () => {});", name)
        at_work.run("await t.done;")
        at_work.run("t.go();")
        at_work.until("(await t.now()).state === 'sent'")
