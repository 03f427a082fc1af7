"""Access that ends: sealed vaults, the lease of a tablet without contact, and what the server says."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.tablet.pages import Answers, Tab
from tests.tablet.sending import OPEN, PUT

MAKE = "t.db = await m.database.openDatabase(); t.id = (await m.makeVault(t.db)).id;"
UNLOCK = "await m.vault.unlock(t.db, t.id, m.PIN);"
SEAL = "await m.vault.seal(t.db, t.id);"
UNSEAL = "await m.vault.unseal(t.db, t.id, m.KEYS.seal);"
HOUR = 3_600_000


def test_a_sealed_vault_opens_when_the_server_gives_the_secret(tab: Tab) -> None:
    tab.run(MAKE + "const v = await m.vault.unlock(t.db, t.id, m.PIN); t.sealed = await v.seal('werk', 'x');")
    tab.run(SEAL)
    assert tab.refusal(UNLOCK) == "barred"
    assert tab.run("return (await m.vault.listVaults(t.db))[0].isSealed;") is True
    assert tab.refusal("await m.vault.unseal(t.db, t.id, m.keysOf(2).seal);") == "OperationError"
    tab.run(UNSEAL)
    assert tab.run("return (await m.vault.unlock(t.db, t.id, m.PIN)).open(t.sealed, 'x');") == "werk"


def test_of_its_records_only_those_that_wait_stay(at_work: Tab) -> None:
    at_work.run("await t.store.put('clients', {}, { clients: ['Wilgenboom'] });")
    at_work.run(
        "t.sent = { ...m.newDraft(), state: 'sent' }; await t.put(t.sent);"
        "await m.vault.seal(t.db, t.open.id);"
    )
    assert at_work.run("return (await t.store.all('draft')).map(({ id }) => id);") == [
        at_work.run("return t.draft.id;")
    ]
    assert at_work.run("return await t.store.get('clients') === undefined;") is True


def test_wrong_tries_are_not_given_back_by_a_seal(tab: Tab) -> None:
    tab.run(MAKE)
    for _try in range(5):
        assert tab.refusal("await m.vault.unlock(t.db, t.id, '271828');") == "wrong-pin"
    tab.run(SEAL)
    about = "const [v] = await m.vault.listVaults(t.db); return [v.isBarred, v.isSealed];"
    assert tab.run(about) == [True, False]
    recover = "const how = { recovery: m.KEYS.recovery, pin: '161803', keys: m.keysOf(2) };"
    tab.run(recover + "await m.vault.recover(t.db, t.id, how);")
    assert tab.run(about) == [False, False]


@pytest.mark.parametrize(("secret", "opens"), [("m.KEYS.seal", True), ("null", False)])
def test_a_changed_pin_is_sealed_where_the_server_was_there(tab: Tab, secret: str, opens: bool) -> None:
    tab.run(MAKE + f"await m.vault.changePin(t.db, t.id, m.PIN, '161803', async () => {secret});" + SEAL)
    assert tab.run("return (await m.vault.listVaults(t.db))[0].isSealed;") is opens
    if opens:
        tab.run(UNSEAL + "await m.vault.unlock(t.db, t.id, '161803');")


def test_a_wipe_that_was_ordered_takes_what_waits_too(at_work: Tab) -> None:
    assert at_work.refusal("await m.vault.forget(t.db, t.open.id);") == "unsent"
    at_work.run("await m.vault.forget(t.db, t.open.id, true);")
    assert at_work.run("return m.onDisk(t.db);") == "[[],[]]"


def over(tab: Tab, *steps: tuple[float, float]) -> bool:
    """Tell whether 72 hours are over after looks at (hour of the clock, hours the page ran since)."""
    look = f"""
        let lease = m.lease.begin(72, 1e12);
        for (const [clock, ran] of a) lease = m.lease.see(lease, 1e12 + clock * {HOUR}, ran * {HOUR});
        return m.lease.isOver(lease);"""
    found: bool = tab.run(look, [list(step) for step in steps])
    return found


def test_a_lease_ends_and_a_clock_that_is_set_back_does_not_extend_it(tab: Tab) -> None:
    assert over(tab, (71.9, 0)) is False
    assert over(tab, (72, 0)) is True
    assert over(tab, (72, 0), (1, 0)) is True  # set back afterwards
    assert over(tab, (40, 0), (-1000, 31.9)) is False
    assert over(tab, (40, 0), (-1000, 32)) is True  # the page's own time runs on
    assert tab.run("return m.lease.isOver(undefined);") is False  # of a version without leases


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        ((401, {"error": "not_logged_in"}), "not_logged_in"),
        ((403, {"error": "no_access"}), "no_access"),
        ((403, {"error": "revoked"}), "revoked"),
        ((401, {"error": "other_user"}), ""),
        ((401, {"error": "other_role"}), ""),
        ((403, {"error": "not_permitted", "message": "Nee"}), ""),
        ((401, "<h1>Welkom bij het gastnetwerk</h1>"), ""),
    ],
)
def test_only_our_server_ends_access_and_the_work_is_not_refused_by_it(
    at_work: Tab, server: Answers, answer: tuple[int, Any], ended: str
) -> None:
    server.say(answer)
    at_work.run("await t.sync.run(); t.sync.stop();")
    assert at_work.run("return t.sync.ended;") == ended
    state = at_work.run("return (await t.now()).state;")
    assert state == ("refused" if "message" in answer[1] else "local")


def test_an_answer_to_somebody_else_is_no_contact_of_hers(at_work: Tab, server: Answers) -> None:
    server.say((401, {"error": "other_user"}))
    at_work.run("await t.sync.run(); t.sync.stop();")
    assert at_work.run("return (await t.status()).lastContact;") is None


def test_a_locked_log_in_is_opened_by_who_asks_for_it_and_the_work_goes(
    tab: Tab, server: Answers, device: BrowserContext
) -> None:
    tab.run(OPEN + PUT)
    server.say((401, {"error": "locked"}), (200, None))
    tab.run("""
        t.asked = 0;
        t.sync = new m.Sync({ store: t.store, server: t.server, name: 'x',
          reach: async () => { t.asked += 1; t.sync.run(); return 'ok'; } });
        await t.sync.run();""")
    assert tab.run("return [t.asked, (await t.now()).state];") == [1, "sent"]
