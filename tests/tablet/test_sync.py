"""On the way to the server: every cut, every answer, and what is left to do after it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from questionnaires.schema.payload import payload_hash
from tests.tablet.pages import BROKEN, OK, Answers, Tab
from tests.tablet.sending import FINISH, NOW, OPEN, PUT


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
    first, second = at_work.run("return t.timers.filter((pause) => pause < 10_000).slice(0, 2);")
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
    told = "const d = await t.now(); return [d.state, d.problem.message, (await t.status()).refused.length];"
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
