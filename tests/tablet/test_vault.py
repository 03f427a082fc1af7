"""Locking and unlocking: the PIN, five tries, recovery, and what lies on disk."""

from collections.abc import Callable

import pytest

from tests.tablet.pages import Tab

MAKE = "t.db = await m.database.openDatabase(); t.id = (await m.makeVault(t.db)).id;"
REOPEN = "t.db = await m.database.openDatabase(); t.id = (await m.vault.listVaults(t.db))[0].id;"
WRONG = "await m.vault.unlock(t.db, t.id, '271828');"
RIGHT = "return (await m.vault.unlock(t.db, t.id, m.PIN)).id === t.id;"


def test_the_pin_opens_it_after_a_reload(tab: Tab) -> None:
    tab.run(
        MAKE + "const v = await m.vault.unlock(t.db, t.id, m.PIN); t.sealed = await v.seal({a: 1}, 'x');"
        "await m.database.transact(t.db, ['records'], 'readwrite',"
        " (r) => m.database.answerOf(r.put({name: 'n', vault: t.id, ...t.sealed})));"
    )
    tab.reload()
    read = "(r) => m.database.answerOf(r.get('n'))"
    assert tab.run(
        REOPEN + f"const v = await m.vault.unlock(t.db, t.id, m.PIN);"
        f"return v.open(await m.database.transact(t.db, ['records'], 'readonly', {read}), 'x');"
    ) == {"a": 1}


def test_what_was_sealed_opens_under_its_own_name_only(tab: Tab) -> None:
    script = (
        MAKE + "const v = await m.vault.unlock(t.db, t.id, m.PIN); await v.open(await v.seal(1, 'x'), 'y');"
    )
    assert tab.refusal(script) == "OperationError"


def test_five_wrong_tries_leave_only_the_way_online(tab: Tab) -> None:
    tab.run(MAKE)
    left = "try {" + WRONG + "} catch (error) { return [error.reason, error.triesLeft]; }"
    assert [tab.run(left) for _try in range(5)] == [["wrong-pin", number] for number in (4, 3, 2, 1, 0)]
    assert 'byPin":null' in tab.run("return m.onDisk(t.db);")
    assert tab.refusal(RIGHT) == "barred"
    assert tab.run("return (await m.vault.listVaults(t.db))[0].isBarred;") is True


def test_a_reload_gives_no_new_tries(tab: Tab) -> None:
    tab.run(MAKE)
    for _try in range(4):
        assert tab.refusal(WRONG) == "wrong-pin"
        tab.reload()
        tab.run(REOPEN)
    assert tab.refusal(WRONG) == "wrong-pin"
    tab.reload()
    assert tab.refusal(REOPEN + RIGHT) == "barred"


def test_a_try_counts_before_it_is_made(tab: Tab, new_tab: Callable[[], Tab]) -> None:
    tab.run(MAKE)
    # The slow derivation never ends: as if the tablet were switched off in the middle.
    tab.run(
        "crypto.subtle.deriveBits = () => new Promise(() => {});"
        "m.vault.unlock(t.db, t.id, m.PIN).catch(() => {});"
    )
    tab.until(
        "(await m.database.transact(t.db, ['vaults'], 'readonly',"
        " (v) => m.database.answerOf(v.get(t.id)))).triesLeft === 4"
    )
    tab.page.close()
    other = new_tab()
    other.run(REOPEN)
    assert other.run("try {" + WRONG + "} catch (error) { return error.triesLeft; }") == 3


def test_the_right_pin_gives_all_tries_back(tab: Tab) -> None:
    tab.run(MAKE)
    assert tab.refusal(WRONG) == "wrong-pin"
    assert tab.run(RIGHT) is True
    assert tab.run("try {" + WRONG + "} catch (error) { return error.triesLeft; }") == 4


def test_the_password_opens_it_again_with_another_pin(tab: Tab) -> None:
    tab.run(MAKE + "const v = await m.vault.unlock(t.db, t.id, m.PIN); t.sealed = await v.seal('werk', 'x');")
    for _try in range(5):
        tab.refusal(WRONG)
    recover = "const how = { recovery: m.KEYS.recovery, pin: '161803', keys: m.keysOf(2) };"
    assert tab.run(recover + "return (await m.vault.recover(t.db, t.id, how)).open(t.sealed, 'x');") == "werk"
    assert tab.refusal(RIGHT) == "wrong-pin"
    assert tab.run("return (await m.vault.unlock(t.db, t.id, '161803')).open(t.sealed, 'x');") == "werk"


def test_another_recovery_secret_does_not_open_it(tab: Tab) -> None:
    tab.run(MAKE)
    how = "{ recovery: m.keysOf(2).recovery, pin: '161803', keys: m.keysOf(2) }"
    assert tab.refusal(f"await m.vault.recover(t.db, t.id, {how});") == "wrong-secret"
    assert tab.run(RIGHT) is True


def test_a_changed_pin_opens_the_same_work(tab: Tab) -> None:
    tab.run(MAKE + "const v = await m.vault.unlock(t.db, t.id, m.PIN); t.sealed = await v.seal('werk', 'x');")
    assert tab.refusal("await m.vault.changePin(t.db, t.id, '271828', '161803');") == "wrong-pin"
    tab.run("await m.vault.changePin(t.db, t.id, m.PIN, '161803');")
    assert tab.refusal(RIGHT) == "wrong-pin"
    assert tab.run("return (await m.vault.unlock(t.db, t.id, '161803')).open(t.sealed, 'x');") == "werk"


@pytest.mark.parametrize("pin", ["12345", "111111", "123456", "987654", "31415a", "3141 59", "", "1" * 40])
def test_a_weak_pin_is_refused(tab: Tab, pin: str) -> None:
    make = "await m.vault.createVault(t.db, { organisation: 'o', user: 'u', pin: a, keys: m.KEYS });"
    assert tab.refusal("t.db = await m.database.openDatabase();" + make, pin) == "weak-pin"


def test_a_vault_is_made_once(tab: Tab) -> None:
    assert tab.refusal(MAKE + "await m.makeVault(t.db);") == "exists"
    assert tab.run(RIGHT) is True


def test_the_device_key_is_needed_beside_the_pin(tab: Tab) -> None:
    swap = """
        const hmac = { name: 'HMAC', hash: 'SHA-256' };
        const deviceKey = await crypto.subtle.importKey('raw', new Uint8Array(32), hmac, false, ['sign']);
        await m.database.transact(t.db, ['vaults'], 'readwrite', async (vaults) => {
          vaults.put({ ...await m.database.answerOf(vaults.get(t.id)), deviceKey });
        });"""
    assert tab.refusal(MAKE + swap + RIGHT) == "wrong-pin"


def test_a_wrapping_cannot_be_used_for_another_user(tab: Tab) -> None:
    swap = """
        const other = (await m.makeVault(t.db, m.OTHER_USER)).id;
        await m.database.transact(t.db, ['vaults'], 'readwrite', async (vaults) => {
          vaults.put({ ...await m.database.answerOf(vaults.get(other)), id: t.id });
        });"""
    assert tab.refusal(MAKE + swap + RIGHT) == "wrong-pin"


def test_no_script_can_read_a_key(tab: Tab) -> None:
    readable = """
        const made = [];
        for (const name of ['importKey', 'deriveKey']) {
          const real = crypto.subtle[name].bind(crypto.subtle);
          crypto.subtle[name] = async (...given) => {
            made.push(await real(...given));
            return made.at(-1);
          };
        }
        await m.vault.unlock(t.db, t.id, m.PIN);
        const read = (vaults) => m.database.answerOf(vaults.get(t.id));
        const row = await m.database.transact(t.db, ['vaults'], 'readonly', read);
        return [made.length > 3, [...made, row.deviceKey].some((key) => key.extractable)];"""
    assert tab.run(MAKE + readable) == [True, False]


def test_a_locked_vault_opens_nothing(tab: Tab) -> None:
    tab.run(
        MAKE + "t.v = await m.vault.unlock(t.db, t.id, m.PIN); t.sealed = await t.v.seal(1, 'x'); t.v.lock();"
    )
    assert tab.run("return t.v.isLocked;") is True
    for call in ("t.v.open(t.sealed, 'x')", "t.v.seal(1, 'x')", "t.v.nameOf('x')"):
        assert tab.refusal(f"await {call};") == "locked"


def test_the_slow_derivation_is_as_slow_as_promised(tab: Tab) -> None:
    assert tab.run("return m.vault.ITERATIONS;") >= 600_000
    assert (
        tab.run(
            MAKE + "return (await m.database.transact(t.db, ['vaults'], 'readonly',"
            " (v) => m.database.answerOf(v.get(t.id)))).iterations;"
        )
        >= 600_000
    )
