"""On the way to the server: every cut, every answer, and what is left to do after it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from questionnaires.payload import payload_hash
from tests.tablet.pages import BROKEN, OK, Answers, Tab, stored

OPEN = """
    t.db = await m.database.openDatabase();
    Object.assign(t, await m.openStore(t.db));
    t.server = new m.Server();
    t.sync = new m.Sync({ store: t.store, server: t.server, name: t.open.id });
    t.put = (draft) => t.store.put('draft', m.draft.keyOf(draft), draft);
    t.now = () => t.store.get('draft', t.key);
    t.update = (change) => t.store.update('draft', t.key, change);
    t.change = (answers) => t.update((d) => m.draft.change(d, { answers }, Date.now()));
    t.status = () => m.statusOf(t.store, t.sync);"""
PUT = "t.draft = m.newDraft(a ?? {}); t.key = m.draft.keyOf(t.draft); await t.put(t.draft);"
NOW = "const d = await t.now(); return [d.state, d.revision, d.sending === null];"
FINISH = """
    const derived = { code: 'DKDL-01', ruleset_hash: '0'.repeat(64) };
    await t.update((d) => m.draft.finish(d, { answers: d.answers, derived }, Date.now()));"""
CLASH = {"error": "clash", "clash": "changed"}


@pytest.fixture
def at_work(tab: Tab, server: Answers) -> Tab:
    """Return a tab with one draft that has not been sent."""
    tab.run(OPEN)
    tab.run(PUT)
    return tab


def test_it_sends_what_the_server_can_check(at_work: Tab, server: Answers) -> None:
    at_work.run("await t.change({ Q2: '1', Q13: ['injecties'] }); await t.sync.run();")
    (sent,) = server.payloads()
    assert sent["hash"] == payload_hash(sent)
    assert (sent["answers"], sent["revision"], sent["finish"]) == (
        {"Q2": "1", "Q13": ["injecties"]},
        0,
        False,
    )
    assert at_work.run(NOW) == ["sent", 1, True]


@pytest.mark.parametrize("reason", ['‘te vroeg’ \\ "x"\n\t', "é\u2028ü", "😀", "\x7f\x01"])
def test_every_text_has_the_same_hash_on_both_sides(at_work: Tab, server: Answers, reason: str) -> None:
    at_work.run("await t.put({ ...t.draft, reason: a }); await t.sync.run();", reason)
    (sent,) = server.payloads()
    assert (sent["reason"], sent["hash"]) == (reason, payload_hash(sent))


def test_half_a_letter_does_not_stop_it(tab: Tab, server: Answers) -> None:
    tab.run(OPEN + "t.draft = m.newDraft({ reason: 'x\\ud83d' }); await t.put(t.draft); await t.sync.run();")
    (sent,) = server.payloads()
    assert sent["hash"] == payload_hash(sent)


def test_a_lost_answer_is_asked_for_again_with_the_same_bytes(at_work: Tab, server: Answers) -> None:
    server.say(BROKEN, OK)
    at_work.run("await t.sync.run(); await t.change({ Q2: '2' }); await t.sync.run();")
    first, again, newer = server.payloads()
    assert first == again
    assert (newer["answers"], newer["revision"]) == ({"Q2": "2"}, 1)
    assert at_work.run(NOW) == ["sent", 2, True]


def test_a_killed_tab_sends_the_same_bytes_when_it_comes_back(
    at_work: Tab, server: Answers, new_tab: Callable[[], Tab]
) -> None:
    server.say(BROKEN, OK)
    key = at_work.run("await t.sync.run(); await t.change({ Q2: '2' }); return t.key;")
    at_work.page.close()
    other = new_tab()
    other.run(OPEN + "t.key = a; await t.sync.run();", key)
    first, again, newer = server.payloads()
    assert (first == again, newer["answers"]) == (True, {"Q2": "2"})
    assert other.run(NOW) == ["sent", 2, True]


def test_an_answer_given_while_sending_goes_after_it(at_work: Tab, server: Answers) -> None:
    at_work.run("""
        const put = t.server.put.bind(t.server);
        t.server.put = async (payload) => {
          const outcome = await put(payload);
          if (payload.revision === 0) await t.change({ Q2: '2' });
          return outcome;
        };
        await t.sync.run();""")
    assert [sent["answers"]["Q2"] for sent in server.payloads()] == ["1", "2"]
    assert at_work.run(NOW) == ["sent", 2, True]


def test_runs_at_once_send_once(at_work: Tab, server: Answers) -> None:
    at_work.run("await Promise.all([t.sync.run(), t.sync.run(), t.sync.run()]);")
    assert len(server.payloads()) == 1


def test_what_is_wanted_when_the_last_round_has_ended_is_done(tab: Tab, server: Answers) -> None:
    tab.run(OPEN)
    tab.run("""
        t.rounds = 0;
        const write = t.store.writeHeld.bind(t.store);
        t.store.writeHeld = () => { t.rounds += 1; return write(); };
        const tell = () => t.rounds === 1 && sync.run();
        const sync = new m.Sync({ store: t.store, server: t.server, name: t.open.id, tell });
        await sync.run();""")
    tab.until("t.rounds === 2")


def test_two_tabs_send_once(at_work: Tab, server: Answers, new_tab: Callable[[], Tab]) -> None:
    other = new_tab()
    other.run(OPEN)
    for tab in (at_work, other):
        tab.run("t.done = t.sync.run();")
    for tab in (at_work, other):
        tab.run("await t.done;")
    assert len(server.payloads()) == 1


def test_it_waits_without_connection_and_goes_by_itself_with_one(
    at_work: Tab, device: BrowserContext, server: Answers
) -> None:
    server.say(BROKEN)
    device.set_offline(True)
    at_work.run("await t.sync.start();")
    assert at_work.run("const s = await t.status(); return [s.key, s.unsent, s.isReached];") == [
        "unsent",
        1,
        False,
    ]
    server.say(OK)
    device.set_offline(False)
    at_work.until("(await t.status()).key === 'sent'")


@pytest.mark.parametrize(
    "trouble", [(500, {"error": "x"}), (502, "<h1>Bad gateway</h1>"), (429, {"error": "x"})]
)
def test_after_trouble_it_tries_again_by_itself(
    at_work: Tab, server: Answers, trouble: tuple[int, Any]
) -> None:
    server.say(trouble, trouble, OK)
    at_work.page.clock.install()
    at_work.run(
        "t.timers = []; t.real = window.setTimeout;"
        "window.setTimeout = (f, pause) => { t.timers.push(pause); return t.real(f, pause); };"
    )
    at_work.run("await t.sync.run();")
    assert at_work.run(NOW) == ["local", 0, False]
    for times in (2, 3):
        at_work.page.clock.run_for(10_000)
        at_work.until("t.sync.isBusy === false")
        assert len(server.payloads()) == times
    assert at_work.run(NOW) == ["sent", 1, True]
    first, second = at_work.run("return t.timers.filter((pause) => pause < 20_000).slice(0, 2);")
    assert 1_000 <= first <= 3_000
    assert 2_000 <= second <= 6_000


def test_the_pause_grows_and_ends_somewhere(tab: Tab) -> None:
    pauses = tab.run("return [0, 1, 2, 3, 30].map((n) => m.pauseAfter(n, () => 0.5));")
    assert pauses == [2_000, 4_000, 8_000, 16_000, 300_000]


@pytest.mark.parametrize(
    "answer",
    [
        (200, "<h1>Welkom op het gastennetwerk</h1>"),
        (200, {"id": "iets anders", "hash": "x"}),
        (200, {}),
        (400, {"error": "damaged"}),
        (409, {"error": "clash"}),
        (404, "<h1>Not found</h1>"),
    ],
)
def test_what_is_no_answer_of_ours_counts_for_nothing(
    at_work: Tab, server: Answers, answer: tuple[int, Any]
) -> None:
    server.say(answer)
    at_work.run("await t.sync.run(); t.sync.stop();")
    assert at_work.run(NOW) == ["local", 0, False]
    assert at_work.run("return (await t.status()).lastContact;") is None


@pytest.mark.parametrize(
    "answer", [(401, {"error": "not_logged_in"}), (401, {"error": "other_user"}), (403, {"error": "csrf"})]
)
def test_without_a_log_in_it_asks_for_one_and_keeps_everything(
    at_work: Tab, server: Answers, answer: tuple[int, Any]
) -> None:
    server.say(answer, OK)
    at_work.run("await t.sync.run();")
    assert at_work.run("const s = await t.status(); return [s.needsLogin, s.unsent];") == [True, 1]
    at_work.run("await t.sync.run();")
    first, again = server.payloads()
    assert first == again
    assert at_work.run("const s = await t.status(); return [s.needsLogin, s.key];") == [False, "sent"]


def test_what_is_refused_waits_for_the_nurse(at_work: Tab, server: Answers) -> None:
    server.say((422, {"error": "refused", "message": "De datum ligt in de toekomst.", "problems": []}), OK)
    at_work.run("await t.sync.run(); await t.sync.run();")
    assert len(server.payloads()) == 1
    told = "const d = await t.now(); return [d.state, d.problem.message, (await t.status()).refused];"
    assert at_work.run(told) == ["refused", "De datum ligt in de toekomst.", 1]
    at_work.run("await t.sync.run({ isForced: true });")
    assert at_work.run(NOW) == ["sent", 1, True]


def test_a_finished_one_that_was_refused_can_be_mended(at_work: Tab, server: Answers) -> None:
    server.say((422, {"error": "refused", "message": "x"}), OK)
    at_work.run(FINISH + "await t.sync.run();")
    at_work.run("await t.store.update('draft', t.key, (d) => m.draft.reopen(d, Date.now()));")
    at_work.run("await t.change({ Q2: '2' });" + FINISH + "await t.sync.run();")
    assert [sent["finish"] for sent in server.payloads()] == [True, True]
    assert at_work.run("return (await t.now()).result.code;") == "DKDL-01"


def test_a_finished_one_is_answered_with_its_profile(at_work: Tab, server: Answers) -> None:
    at_work.run(FINISH + "await t.sync.run();")
    (sent,) = server.payloads()
    assert (sent["finish"], sent["derived"]["code"]) == (True, "DKDL-01")
    assert at_work.run("const d = await t.now(); return [d.state, d.result.differs];") == ["sent", False]
    assert at_work.refusal("await t.change({ Q2: '2' });") == "Error"


def test_a_correction_waits_for_what_it_corrects(tab: Tab, server: Answers) -> None:
    server.say((422, {"error": "refused", "message": "x"}), OK)
    tab.run(OPEN + PUT + FINISH)
    tab.run(
        "t.second = m.newDraft({ corrects: t.draft.id, now: 1 }); await t.put(t.second); await t.sync.run();"
    )
    assert [sent["corrects"] for sent in server.payloads()] == [None]
    tab.run("await t.sync.run({ isForced: true });")
    first = tab.run("return t.draft.id;")
    assert [sent["corrects"] for sent in server.payloads()] == [None, None, first]


class TestClash:
    def test_both_versions_are_kept_until_the_nurse_chooses(self, at_work: Tab, server: Answers) -> None:
        self.clash(at_work, server)
        at_work.run("await t.sync.run({ isForced: true });")
        assert len(server.payloads()) == 1
        both = (
            "const d = await t.now();"
            "return [d.state, d.answers, d.stored.answers, (await t.status()).choices];"
        )
        assert at_work.run(both) == ["conflict", {"Q2": "1"}, {"Q2": "2"}, 1]

    def test_her_own_goes_on_top_of_what_is_stored(self, at_work: Tab, server: Answers) -> None:
        self.clash(at_work, server)
        self.choose(at_work, "keepMine")
        assert (server.payloads()[1]["revision"], server.payloads()[1]["answers"]) == (7, {"Q2": "1"})
        assert at_work.run(NOW) == ["sent", 8, True]

    def test_the_stored_one_takes_its_place_and_hers_stays_for_a_day(
        self, at_work: Tab, server: Answers
    ) -> None:
        self.clash(at_work, server)
        self.choose(at_work, "takeStored")
        assert len(server.payloads()) == 1
        kept = "return (await t.store.all('draft')).map((d) => [d.state, d.answers.Q2]).sort();"
        assert at_work.run(kept) == [["discarded", "1"], ["sent", "2"]]
        assert at_work.run("return (await t.status()).key;") == "sent"

    def test_against_a_finished_one_her_own_becomes_a_correction(self, at_work: Tab, server: Answers) -> None:
        other = "66666666-6666-4666-8666-666666666666"
        self.clash(at_work, server, clash="taken", stored=stored(other, status="finished"))
        assert at_work.run("return m.choices.needsReason(await t.now());") is True
        self.choose(at_work, "keepMine", reason="verkeerd getikt")
        sent = server.payloads()[1]
        assert (sent["corrects"], sent["reason"], sent["answers"]) == (other, "verkeerd getikt", {"Q2": "1"})

    def test_another_draft_makes_way_on_the_server_first(self, at_work: Tab, server: Answers) -> None:
        other = "66666666-6666-4666-8666-666666666666"
        self.clash(at_work, server, clash="other_draft", stored=stored(other))
        self.choose(at_work, "keepMine")
        assert [(method, public_id) for method, public_id, _body in server.got[1:]] == [
            ("DELETE", other),
            ("PUT", at_work.run("return t.draft.id;")),
        ]
        assert at_work.run("return (await t.status()).key;") == "sent"

    def clash(self, tab: Tab, server: Answers, **changed: Any) -> None:
        body = CLASH | {"stored": stored(tab.run("return t.draft.id;"))} | changed
        server.say((409, body), OK)
        tab.run("await t.sync.run();")

    def choose(self, tab: Tab, choice: str, reason: str = "") -> None:
        tab.run(
            f"const how = {{ id: crypto.randomUUID(), reason: a }};"
            f"for (const each of m.choices.{choice}(await t.now(), how, Date.now())) await t.put(each);"
            "await t.sync.run();",
            reason,
        )


class TestThrowingAway:
    DISCARD = "await t.store.update('draft', t.key, (d) => m.draft.discard(d, Date.now()));"
    RESTORE = "t.back = m.draft.restore(await t.now(), crypto.randomUUID(), Date.now()); await t.put(t.back);"

    def test_what_was_never_sent_is_not_told(self, at_work: Tab, server: Answers) -> None:
        at_work.run(self.DISCARD + "await t.sync.run();")
        assert server.got == []
        assert at_work.run("return (await t.status()).key;") == "sent"

    def test_what_was_sent_is_thrown_away_there_too(self, at_work: Tab, server: Answers) -> None:
        at_work.run("await t.sync.run();" + self.DISCARD + "await t.sync.run();")
        assert [method for method, _id, _body in server.got] == ["PUT", "DELETE"]

    def test_it_comes_back_within_a_day_under_another_id(self, at_work: Tab, server: Answers) -> None:
        at_work.run("await t.sync.run();" + self.DISCARD + self.RESTORE + "await t.sync.run();")
        assert [method for method, _id, _body in server.got] == ["PUT", "DELETE", "PUT"]
        again = server.payloads()[1]
        assert (again["answers"], again["revision"]) == ({"Q2": "1"}, 0)
        assert again["id"] != server.payloads()[0]["id"]

    def test_after_a_day_it_is_gone(self, at_work: Tab, server: Answers) -> None:
        at_work.run(self.DISCARD)
        old = "{ ...await t.now(), discardedAt: Date.now() - m.draft.DAY }"
        assert at_work.refusal(f"m.draft.restore({old}, 'x', Date.now());") == "Error"
        at_work.run(f"await t.put({old}); await t.sync.run();")
        assert at_work.run("return (await t.store.all('draft')).length;") == 0

    def test_nothing_unsent_is_ever_cleaned_away(self, at_work: Tab, server: Answers) -> None:
        server.say(BROKEN)
        at_work.run("await t.put({ ...await t.now(), changedAt: 1, waitsSince: 1, isFinished: true });")
        at_work.run("await t.sync.run(); t.sync.stop();")
        status = at_work.run("return t.status();")
        assert (status["unsent"], status["warning"]) == (1, 72)


def test_work_of_two_clients_arrives_under_their_own_names(tab: Tab, server: Answers) -> None:
    tab.run(
        OPEN
        + """
        for (let number = 0; number < 10; number += 1) {
          const client = crypto.randomUUID();
          await t.put(m.newDraft({ client, answers: { Q2: client } }));
        }
        await t.sync.run();"""
    )
    assert len({sent["client"] for sent in server.payloads()}) == 10
    assert all(sent["answers"] == {"Q2": sent["client"]} for sent in server.payloads())


def test_a_locked_vault_stops_it_and_unlocking_goes_on(at_work: Tab, server: Answers) -> None:
    at_work.run("t.open.lock(); await t.sync.run();")
    assert server.got == []
    key = at_work.run("return t.key;")
    at_work.run(OPEN + "t.key = a; await t.sync.run();", key)
    assert at_work.run(NOW) == ["sent", 1, True]


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


class TestTabs:
    HOLD = "t.letGo = await m.tabs.hold('een'); return t.letGo !== null;"

    def test_a_draft_is_held_by_one_tab(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        other = new_tab()
        assert (tab.run(self.HOLD), other.run(self.HOLD)) == (True, False)
        tab.run("t.letGo();")
        other.until("await m.tabs.hold('een')")

    def test_a_killed_tab_holds_nothing(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        tab.run(self.HOLD)
        tab.page.close()
        other = new_tab()
        other.until("await m.tabs.hold('een')")

    def test_tabs_of_one_vault_hear_each_other(self, tab: Tab, new_tab: Callable[[], Tab]) -> None:
        other, stranger = new_tab(), new_tab()
        for each, vault in ((other, "v"), (stranger, "w")):
            each.run(
                "t.heard = []; t.tabs = new m.tabs.Tabs(a, (message) => t.heard.push(message.name));", vault
            )
        tab.run("t.tabs = new m.tabs.Tabs('v', () => {}); t.tabs.tell({ name: 'n' });")
        other.until("t.heard.length === 1")
        assert (other.run("return t.heard;"), stranger.run("return t.heard;")) == (["n"], [])
