"""What is stored differs from what the tablet has: both are kept until the nurse chooses."""

from typing import Any

import pytest

from tests.tablet.pages import OK, Answers, Tab, stored
from tests.tablet.sending import NOW

CLASH = {"error": "clash", "clash": "changed"}


def clash(tab: Tab, server: Answers, **changed: Any) -> None:
    body = CLASH | {"stored": stored(tab.run("return t.draft.id;"))} | changed
    server.say((409, body), OK)
    tab.run("await t.sync.run();")


def choose(tab: Tab, choice: str, reason: str = "") -> None:
    tab.run(
        f"const how = {{ id: crypto.randomUUID(), reason: a }};"
        f"for (const each of m.choices.{choice}(await t.now(), how, Date.now())) await t.put(each);"
        "await t.sync.run();",
        reason,
    )


def test_both_versions_are_kept_until_the_nurse_chooses(at_work: Tab, server: Answers) -> None:
    clash(at_work, server)
    at_work.run("await t.sync.run({ isForced: true });")
    assert len(server.payloads()) == 1
    both = (
        "const d = await t.now(); return [d.state, d.answers, d.stored.answers, (await t.status()).choices];"
    )
    assert at_work.run(both) == ["conflict", {"Q2": "1"}, {"Q2": "2"}, 1]


def test_her_own_goes_on_top_of_what_is_stored(at_work: Tab, server: Answers) -> None:
    clash(at_work, server)
    choose(at_work, "keepMine")
    assert (server.payloads()[1]["revision"], server.payloads()[1]["answers"]) == (7, {"Q2": "1"})
    assert at_work.run(NOW) == ["sent", 8, True]


def test_the_stored_one_takes_its_place_and_hers_stays_for_a_day(at_work: Tab, server: Answers) -> None:
    clash(at_work, server)
    choose(at_work, "takeStored")
    assert len(server.payloads()) == 1
    kept = "return (await t.store.all('draft')).map((d) => [d.state, d.answers.Q2]).sort();"
    assert at_work.run(kept) == [["discarded", "1"], ["sent", "2"]]
    assert at_work.run("return (await t.status()).key;") == "sent"


def test_against_a_finished_one_her_own_becomes_a_correction(at_work: Tab, server: Answers) -> None:
    other = "66666666-6666-4666-8666-666666666666"
    clash(at_work, server, clash="taken", stored=stored(other, status="finished"))
    assert at_work.run("return m.choices.needsReason(await t.now());") is True
    choose(at_work, "keepMine", reason="verkeerd getikt")
    sent = server.payloads()[1]
    assert (sent["corrects"], sent["reason"], sent["answers"]) == (other, "verkeerd getikt", {"Q2": "1"})


def test_another_draft_makes_way_on_the_server_first(at_work: Tab, server: Answers) -> None:
    other = "66666666-6666-4666-8666-666666666666"
    clash(at_work, server, clash="other_draft", stored=stored(other))
    choose(at_work, "keepMine")
    assert [(method, public_id) for method, public_id, _body in server.got[1:]] == [
        ("DELETE", other),
        ("PUT", at_work.run("return t.draft.id;")),
    ]
    assert at_work.run("return (await t.status()).key;") == "sent"


@pytest.mark.parametrize(("choice", "kind"), [("keepMine", "taken"), ("takeStored", "corrected")])
def test_a_draft_that_loses_is_thrown_away_where_the_server_has_it(
    at_work: Tab, server: Answers, choice: str, kind: str
) -> None:
    other = "66666666-6666-4666-8666-666666666666"
    at_work.run("await t.sync.run(); await t.change({ Q2: '2' });")
    clash(at_work, server, clash=kind, stored=stored(other, status="finished"))
    choose(at_work, choice, reason="verkeerd getikt")
    told = [public_id for method, public_id, _body in server.got if method == "DELETE"]
    assert told == [at_work.run("return t.draft.id;")]
    assert at_work.run("return (await t.status()).key;") == "sent"


def test_what_was_thrown_away_or_finished_elsewhere_is_not_thrown_away_again(
    at_work: Tab, server: Answers
) -> None:
    at_work.run("await t.sync.run(); await t.change({ Q2: '2' });")
    gone = stored(at_work.run("return t.draft.id;"), status="discarded")
    clash(at_work, server, clash="discarded", stored=gone)
    choose(at_work, "keepMine")
    assert [method for method, _id, _body in server.got] == ["PUT", "PUT", "PUT"]
