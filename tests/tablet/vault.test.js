/* Locking and unlocking: the PIN, five tries, recovery, sealing, and what lies on disk. */
import { equal, ok, openTab, refusal, test, until } from "/harness.js";
import { atWork } from "/work.js";
/** @import { Tab } from "/harness.js" */
/** @import { VaultRow } from "shapes/tablet.d.ts" */

const WRONG = "271828";
const OTHER = "161803";

/* A tablet with one vault, in a tab; what it can do with it. */
class Kept {
  /** @param {Tab} tab @param {Awaited<ReturnType<typeof opened>>} opened */
  constructor(tab, { db, id }) {
    this.tab = tab;
    this.m = tab.m;
    this.db = db;
    this.id = id;
  }

  unlock(pin = this.m.PIN) {
    return this.m.vault.unlock(this.db, this.id, pin);
  }

  /** @type {(pin?: string) => Promise<string>} */
  wrong(pin = WRONG) {
    return refusal(() => this.unlock(pin));
  }

  async opens(pin = this.m.PIN) {
    return (await this.unlock(pin)).id === this.id;
  }

  async seal() {
    return (await this.unlock()).seal("werk", "x");
  }

  /* How many tries a wrong one leaves. */
  async left() {
    const error = await this.unlock(WRONG).catch((reason) => reason);
    return [error.reason, error.triesLeft];
  }

  async listed() {
    return (await this.m.vault.listVaults(this.db))[0];
  }

  /** @type {(id?: string) => Promise<VaultRow>} */
  row(id = this.id) {
    return this.m.database.transact(
      this.db,
      ["vaults"],
      "readonly",
      (vaults) => this.m.database.answerOf(vaults.get(id)),
    );
  }

  /** @type {(row: VaultRow) => Promise<unknown>} */
  write(row) {
    return this.m.database.transact(
      this.db,
      ["vaults"],
      "readwrite",
      (vaults) => this.m.database.answerOf(vaults.put(row)),
    );
  }

  /* With another PIN, by the recovery secret of these keys. */
  recover(recovery = this.m.KEYS.recovery) {
    return this.m.vault.recover(this.db, this.id, { recovery, pin: OTHER, keys: this.m.keysOf(2) });
  }
}

/** @type {(tab: Tab) => Promise<{ db: import("/tablet/database.js").Connection, id: string }>} */
async function opened({ m }) {
  const db = await m.database.openDatabase();
  const [known] = await m.vault.listVaults(db);
  return { db, id: known?.id ?? (await m.makeVault(db)).id };
}

const kept = async (tab = /** @type {Tab | null} */ (null)) => {
  const there = tab ?? (await openTab());
  return new Kept(there, await opened(there));
};

/** @type {(vault: Kept) => Promise<Kept>} */
async function afterReload({ tab }) {
  await tab.reload();
  return kept(tab);
}

test("the PIN opens it after a reload", async () => {
  const before = await kept();
  const sealed = await before.seal();
  equal(await (await (await afterReload(before)).unlock()).open(sealed, "x"), "werk");
});

test("what was sealed opens under its own name only", async () => {
  const vault = await (await kept()).unlock();
  const sealed = await vault.seal(1, "x");
  equal(await refusal(() => vault.open(sealed, "y")), "OperationError");
});

test("five wrong tries leave only the way online", async () => {
  const vault = await kept();
  for (const left of [4, 3, 2, 1, 0]) equal(await vault.left(), ["wrong-pin", left]);
  ok((await vault.m.onDisk(vault.db)).includes('byPin":null'), "the PIN's wrapping is gone");
  equal([await vault.wrong(vault.m.PIN), (await vault.listed()).isBarred], ["barred", true]);
});

test("a reload gives no new tries", async () => {
  let vault = await kept();
  for (let time = 0; time < 5; time += 1) {
    equal(await vault.wrong(), "wrong-pin");
    vault = await afterReload(vault);
  }
  equal(await vault.wrong(vault.m.PIN), "barred");
});

test("a try counts before it is made", async () => {
  const vault = await kept();
  // The slow derivation never ends: as if the tablet were switched off in the middle.
  vault.tab.window.crypto.subtle.deriveBits = () => new Promise(() => {});
  vault.unlock().catch(() => {});
  await until(async () => (await vault.row()).triesLeft === 4, "a try is counted");
  vault.tab.close();
  equal(await (await kept()).left(), ["wrong-pin", 3]);
});

test("the right PIN gives all tries back", async () => {
  const vault = await kept();
  equal([await vault.wrong(), await vault.opens()], ["wrong-pin", true]);
  equal(await vault.left(), ["wrong-pin", 4]);
});

test("the password opens it again with another PIN", async () => {
  const vault = await kept();
  const sealed = await vault.seal();
  for (let time = 0; time < 5; time += 1) await vault.wrong();
  equal(await (await vault.recover()).open(sealed, "x"), "werk");
  equal(await vault.wrong(vault.m.PIN), "wrong-pin");
  equal(await (await vault.unlock(OTHER)).open(sealed, "x"), "werk");
});

test("another recovery secret does not open it", async () => {
  const vault = await kept();
  equal(await refusal(() => vault.recover(vault.m.keysOf(2).recovery)), "wrong-secret");
  equal(await vault.opens(), true);
});

test("a changed PIN opens the same work", async () => {
  const vault = await kept();
  const sealed = await vault.seal();
  const { changePin } = vault.m.vault;
  equal(await refusal(() => changePin(vault.db, vault.id, WRONG, OTHER)), "wrong-pin");
  await changePin(vault.db, vault.id, vault.m.PIN, OTHER);
  equal(await vault.wrong(vault.m.PIN), "wrong-pin");
  equal(await (await vault.unlock(OTHER)).open(sealed, "x"), "werk");
});

test("a weak PIN is refused", async () => {
  const { m } = await openTab();
  const db = await m.database.openDatabase();
  for (const pin of ["12345", "111111", "123456", "987654", "31415a", "3141 59", "", "1".repeat(40)]) {
    const given = { organisation: "o", user: "u", pin, keys: m.KEYS };
    equal(await refusal(() => m.vault.createVault(db, given)), "weak-pin", pin);
  }
});

test("a vault is made once", async () => {
  const vault = await kept();
  equal(await refusal(() => vault.m.makeVault(vault.db)), "exists");
  equal(await vault.opens(), true);
});

test("the device key is needed beside the PIN", async () => {
  const vault = await kept();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const deviceKey = await crypto.subtle.importKey("raw", new Uint8Array(32), hmac, false, ["sign"]);
  await vault.write({ ...(await vault.row()), deviceKey });
  equal(await vault.wrong(vault.m.PIN), "wrong-pin");
});

test("a wrapping cannot be used for another user", async () => {
  const vault = await kept();
  const other = await vault.m.makeVault(vault.db, vault.m.OTHER_USER);
  await vault.write({ ...(await vault.row(other.id)), id: vault.id });
  equal(await vault.wrong(vault.m.PIN), "wrong-pin");
});

test("no script can read a key", async () => {
  const vault = await kept();
  const subtle = /** @type {any} */ (vault.tab.window.crypto.subtle);
  /** @type {CryptoKey[]} */
  const made = [];
  for (const name of ["importKey", "deriveKey"]) {
    const real = subtle[name].bind(subtle);
    subtle[name] = async (/** @type {unknown[]} */ ...given) => {
      const key = await real(...given);
      made.push(key);
      return key;
    };
  }
  await vault.unlock();
  ok(made.length > 3, "keys were made");
  equal([...made, (await vault.row()).deviceKey].some((key) => key.extractable), false);
});

test("a locked vault opens nothing", async () => {
  const vault = await (await kept()).unlock();
  const sealed = await vault.seal(1, "x");
  vault.lock();
  equal(vault.isLocked, true);
  for (const work of [() => vault.open(sealed, "x"), () => vault.seal(1, "x"), () => vault.nameOf("x")]) {
    equal(await refusal(work), "locked");
  }
});

test("the slow derivation is as slow as promised", async () => {
  const vault = await kept();
  ok(vault.m.vault.ITERATIONS >= 600_000, "promised");
  ok((await vault.row()).iterations >= 600_000, "done");
});

test("a sealed vault opens when the server gives the secret", async () => {
  const vault = await kept();
  const sealed = await vault.seal();
  const { seal, unseal } = vault.m.vault;
  await seal(vault.db, vault.id);
  equal([await vault.wrong(vault.m.PIN), (await vault.listed()).isSealed], ["barred", true]);
  equal(await refusal(() => unseal(vault.db, vault.id, vault.m.keysOf(2).seal)), "OperationError");
  await unseal(vault.db, vault.id, vault.m.KEYS.seal);
  equal(await (await vault.unlock()).open(sealed, "x"), "werk");
});

test("of the records of a sealed vault only those that wait stay", async () => {
  const work = await atWork();
  await work.store.put("clients", {}, { clients: [], at: 1 });
  await work.put({ ...work.m.newDraft(), state: "sent" });
  await work.m.vault.seal(work.db, work.vault.id);
  equal((await work.store.all("draft")).map(({ id }) => id), [work.draft.id]);
  equal(await work.store.get("clients"), undefined);
});

test("wrong tries are not given back by a seal", async () => {
  const vault = await kept();
  for (let time = 0; time < 5; time += 1) equal(await vault.wrong(), "wrong-pin");
  await vault.m.vault.seal(vault.db, vault.id);
  const before = await vault.listed();
  equal([before.isBarred, before.isSealed], [true, false]);
  await vault.recover();
  const after = await vault.listed();
  equal([after.isBarred, after.isSealed], [false, false]);
});

test("a PIN that was changed is sealed where the server was there", async () => {
  const vault = await kept();
  const { changePin, seal, unseal } = vault.m.vault;
  await changePin(vault.db, vault.id, vault.m.PIN, OTHER, () => vault.m.KEYS.seal);
  await seal(vault.db, vault.id);
  equal((await vault.listed()).isSealed, true);
  await unseal(vault.db, vault.id, vault.m.KEYS.seal);
  await vault.unlock(OTHER);
});

test("a PIN that was changed without the server opens by the password only", async () => {
  const vault = await kept();
  await vault.m.vault.changePin(vault.db, vault.id, vault.m.PIN, OTHER, () => null);
  await vault.m.vault.seal(vault.db, vault.id);
  equal((await vault.listed()).isSealed, false);
});

test("a wipe that was ordered takes what waits too", async () => {
  const work = await atWork();
  const { forget } = work.m.vault;
  equal(await refusal(() => forget(work.db, work.vault.id)), "unsent");
  await forget(work.db, work.vault.id, true);
  equal(await work.m.onDisk(work.db), "[[],[]]");
});
