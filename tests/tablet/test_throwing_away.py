"""Throwing a draft away: told where it has to be, undone within a day, never done by itself."""

from tests.tablet.pages import BROKEN, OK, Answers, Tab

DISCARD = "await t.store.update('draft', t.key, (d) => m.draft.discard(d, Date.now()));"
RESTORE = "t.back = m.draft.restore(await t.now(), crypto.randomUUID(), Date.now()); await t.put(t.back);"


def test_what_was_never_sent_is_not_told(at_work: Tab, server: Answers) -> None:
    at_work.run(DISCARD + "await t.sync.run();")
    assert server.got == []
    assert at_work.run("return (await t.status()).key;") == "sent"


def test_what_was_sent_is_thrown_away_there_too(at_work: Tab, server: Answers) -> None:
    at_work.run("await t.sync.run();" + DISCARD + "await t.sync.run();")
    assert [method for method, _id, _body in server.got] == ["PUT", "DELETE"]
    assert server.got[1][2] == at_work.run("return { nurse: m.USER, organisation: m.ORGANISATION };")


def test_it_is_told_later_when_somebody_else_is_logged_in(at_work: Tab, server: Answers) -> None:
    server.say(OK, (401, {"error": "other_user"}), OK)
    at_work.run("await t.sync.run();" + DISCARD + "await t.sync.run();")
    status = at_work.run("return t.status();")
    assert (status["unsent"], status["needsLogin"]) == (1, True)
    assert at_work.run("await t.sync.run(); return (await t.status()).unsent;") == 0


def test_it_comes_back_within_a_day_under_another_id(at_work: Tab, server: Answers) -> None:
    at_work.run("await t.sync.run();" + DISCARD + RESTORE + "await t.sync.run();")
    assert [method for method, _id, _body in server.got] == ["PUT", "DELETE", "PUT"]
    again = server.payloads()[1]
    assert (again["answers"], again["revision"]) == ({"Q2": "1"}, 0)
    assert again["id"] != server.payloads()[0]["id"]


def test_after_a_day_it_is_gone(at_work: Tab, server: Answers) -> None:
    at_work.run(DISCARD)
    old = "{ ...await t.now(), discardedAt: Date.now() - m.draft.DAY }"
    assert at_work.refusal(f"m.draft.restore({old}, 'x', Date.now());") == "Error"
    at_work.run(f"await t.put({old}); await t.sync.run();")
    assert at_work.run("return (await t.store.all('draft')).length;") == 0


def test_nothing_unsent_is_ever_cleaned_away(at_work: Tab, server: Answers) -> None:
    server.say(BROKEN)
    at_work.run("await t.put({ ...await t.now(), changedAt: 1, waitsSince: 1, isFinished: true });")
    at_work.run("await t.sync.run(); t.sync.stop();")
    status = at_work.run("return t.status();")
    assert (status["unsent"], status["warning"]) == (1, 72)
