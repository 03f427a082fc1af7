/* What a user keeps on this tablet is locked by a master key of the user's own. The master key lies here twice, wrapped
   by the PIN together with a device key, and by a recovery secret that is not on the tablet; see docs/tablet.md.
   A vault that is sealed opens by neither until the server gives what gives the PIN's wrapping back. After unlocking,
   no key can be read by a script any more, and nothing outlives the page. */
import { answerOf, transact } from "./database.js";
import { digest, fromBase64, randomBytes, toBytes, toHex, toText } from "./bytes.js";
/** @import { Connection } from "./database.js" */
/** @typedef {string | null | undefined} Secret */
/** @import { About, Keys, ListedVault, RecordRow, Sealed, VaultRow } from "shapes/tablet.d.ts" */

export const ITERATIONS = 600_000;
export const TRIES = 5;
const LEAST_DIGITS = 6;
const MOST_DIGITS = 32;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const { subtle } = crypto;

/* `reason`: absent, exists, weak-pin, wrong-pin (with `triesLeft`), barred (only online), wrong-secret, locked, unsent. */
export class VaultError extends Error {
  /** @param {string} reason @param {number | null} triesLeft */
  constructor(reason, triesLeft = null) {
    super(`vault: ${reason}`);
    this.reason = reason;
    this.triesLeft = triesLeft;
  }
}

/* The keys of an open vault. `about` names what is sealed: it opens under the same name only. */
export class OpenVault {
  /** @type {CryptoKey | null} */
  #records;
  /** @type {CryptoKey | null} */
  #names;

  /** @param {string} id @param {CryptoKey} records @param {CryptoKey} names */
  constructor(id, records, names) {
    this.id = id;
    this.#records = records;
    this.#names = names;
  }

  get isLocked() {
    return this.#records === null;
  }

  lock() {
    this.#records = this.#names = null;
  }

  /* A name that tells nothing to who has not this key, and is the same every time. */
  /** @type {(...parts: string[]) => Promise<string>} */
  async nameOf(...parts) {
    return toHex(await subtle.sign("HMAC", this.#opened(this.#names), toBytes(JSON.stringify(parts))));
  }

  /** @type {(value: unknown, about: string) => Promise<Sealed>} */
  async seal(value, about) {
    return encrypt(this.#opened(this.#records), toBytes(JSON.stringify(value)), about);
  }

  /** @type {(sealed: Sealed, about: string) => Promise<any>} */
  async open(sealed, about) {
    return JSON.parse(toText(await decrypt(this.#opened(this.#records), sealed, about)));
  }

  /** @type {(key: CryptoKey | null) => CryptoKey} */
  #opened(key) {
    if (key === null) throw new VaultError("locked");
    return key;
  }
}

/* Six digits or more, not all the same, not a run up or down. */
/** @type {(pin: string) => boolean} */
export function isWeak(pin) {
  if (!new RegExp(`^[0-9]{${LEAST_DIGITS},${MOST_DIGITS}}$`).test(pin)) return true;
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  return steps.size === 1 && Math.abs([...steps][0]) <= 1;
}

/** @type {(organisation: string, user: string) => Promise<string>} */
export async function vaultId(organisation, user) {
  return digest(`vault\n${organisation}\n${user}`);
}

/* The vaults on this tablet, the one last used first: { id, usedAt, isBarred, isSealed, nonce, who, lease, token, unsent };
   `unsent` is how many records in it wait. */
/** @type {(database: Connection) => Promise<ListedVault[]>} */
export async function listVaults(database) {
  /** @type {(row: VaultRow) => string[]} */
  const held = ({ id }) => unsentHeld(database, id).map(({ row }) => row.name);
  /** @type {(vaults: IDBObjectStore, records: IDBObjectStore) => Promise<(VaultRow & { unsent: number })[]>} */
  const read = async (vaults, records) => {
    /** @type {(row: VaultRow) => Promise<IDBValidKey[]>} */
    const waiting = async (row) => [...(await answerOf(records.index("unsent").getAllKeys([row.id, 1]))), ...held(row)];
    return Promise.all(
      (await answerOf(vaults.getAll())).map(async (row) => ({ ...row, unsent: new Set(await waiting(row)).size })),
    );
  };
  const rows = await transact(database, ["vaults", "records"], "readonly", read).catch((error) => {
    const known = database.copies("vaults").map((row) => ({ ...row, unsent: held(row).length }));
    if (!known.length) throw error; // else the door of who was here stays a door
    return known;
  });
  const shown = rows.map((
    { id, usedAt, digits, byPin, bySeal, isSealed, triesLeft, nonce, who, lease, token, unsent },
  ) => ({
    ...{ id, usedAt, digits, nonce, who, lease, token, unsent, isSealed: Boolean(isSealed && bySeal) },
    isBarred: !triesLeft || (!byPin && !(isSealed && bySeal)),
  }));
  return shown.sort((one, other) => other.usedAt - one.usedAt);
}

/* Write on the outside of a vault what the door needs without connection: whose it is (`who`), until when it opens
   (`lease`, see lease.js), by which `token` the server knows it. A vault that is gone stays gone. */
/** @type {(database: Connection, id: string, about: About) => Promise<unknown>} */
export function describe(database, id, about) {
  return change(database, id, about);
}

/* Close a vault until the server opens it again. Of its records only those that wait stay, in memory too. */
/** @type {(database: Connection, id: string) => Promise<void>} */
export async function seal(database, id) {
  const names = await transact(database, ["records"], "readwrite", async (records) => {
    const sent = await answerOf(records.index("unsent").getAllKeys([id, 0]));
    for (const name of sent) records.delete(name);
    return sent;
  });
  for (const name of names) database.forget("records", String(name));
  for (const { row } of [...database.held.values()]) {
    if (row.vault === id && !row.unsent) database.held.delete(row.name);
  }
  await change(database, id, { byPin: null, isSealed: true });
}

/* Let the PIN open a sealed vault again, by the server's secret for the vault's nonce. */
/** @type {(database: Connection, id: string, secret: string) => Promise<void>} */
export async function unseal(database, id, secret) {
  const row = await rowOf(database, id);
  const bytes = await decrypt(await aesKey(fromBase64(secret)), /** @type {Sealed} */ (row.bySeal), `${id}|seal`);
  await change(database, id, { byPin: { iv: bytes.slice(0, IV_BYTES), data: bytes.slice(IV_BYTES) }, isSealed: false });
}

/* Make and open the vault of a user. `keys` are new ones of the server: { nonce, device, recovery }, in base64. */
/** @type {(database: Connection, given: { organisation: string, user: string, pin: string, keys: Keys }) => Promise<OpenVault>} */
export async function createVault(database, { organisation, user, pin, keys }) {
  if (isWeak(pin)) throw new VaultError("weak-pin");
  const id = await vaultId(organisation, user);
  const master = randomBytes(KEY_BYTES);
  const row = await lockedRow(id, master, pin, keys);
  const isNew = await transact(database, ["vaults"], "readwrite", async (vaults) => {
    if (await answerOf(vaults.getKey(id))) return false;
    return answerOf(vaults.add(row));
  });
  if (!isNew) throw new VaultError("exists");
  database.remember("vaults", row);
  return opened(id, master);
}

/* Open by PIN. A try is counted, on disk, before it is made; the last wrong one takes the PIN's wrapping away. */
/** @type {(database: Connection, id: string, pin: string) => Promise<OpenVault>} */
export async function unlock(database, id, pin) {
  const row = await takeTry(database, id);
  const master = await tryPin(database, row, pin);
  database.remember("vaults", row);
  await change(database, id, { triesLeft: TRIES, usedAt: Date.now(), digits: pin.length });
  return opened(id, master);
}

/* `secretFor(nonce)` asks the server for the unsealing secret: without it a sealed vault opens by the password only. */
/** @type {(database: Connection, id: string, oldPin: string, pin: string, secretFor?: (nonce: string) => Secret | Promise<Secret>) => Promise<void>} */
export async function changePin(database, id, oldPin, pin, secretFor = () => null) {
  if (isWeak(pin)) throw new VaultError("weak-pin");
  const row = await takeTry(database, id);
  const master = await tryPin(database, row, oldPin);
  await change(database, id, { ...(await byPin(row, master, pin, await secretFor(row.nonce))), triesLeft: TRIES });
  master.fill(0);
}

/* Open without the PIN: with the recovery secret that the server gave for the vault's nonce, against the password.
   The vault is locked anew, with another PIN and new keys. */
/** @type {(database: Connection, id: string, given: { recovery: string, pin: string, keys: Keys }) => Promise<OpenVault>} */
export async function recover(database, id, { recovery, pin, keys }) {
  if (isWeak(pin)) throw new VaultError("weak-pin");
  const row = await rowOf(database, id);
  const secret = await aesKey(fromBase64(recovery));
  const master = await decrypt(secret, row.byRecovery, `${id}|recovery`).catch(() => {
    throw new VaultError("wrong-secret");
  });
  database.remember("vaults", row);
  await change(database, id, await lockedRow(id, master, pin, keys));
  return opened(id, master);
}

/* Take a vault and all that it locks off this tablet. Refused while anything in it is unsent, unless `isOrdered`. */
/** @type {(database: Connection, id: string, isOrdered?: boolean) => Promise<void>} */
export async function forget(database, id, isOrdered = false) {
  const held = unsentHeld(database, id);
  if (held.length && !isOrdered) throw new VaultError("unsent");
  const isGone = await transact(database, ["vaults", "records"], "readwrite", async (vaults, records) => {
    if (!isOrdered && await answerOf(records.index("unsent").count([id, 1]))) return false;
    const names = await answerOf(records.index("shelf").getAllKeys(IDBKeyRange.bound([id], [id, []])));
    for (const name of names) records.delete(name);
    await answerOf(vaults.delete(id));
    return true;
  });
  if (!isGone) throw new VaultError("unsent");
  database.forget("vaults", id);
  for (const { vault, name } of database.copies("records")) if (vault === id) database.forget("records", name);
  for (const { row } of [...database.held.values()]) if (row.vault === id) database.held.delete(row.name);
}

/** @type {(database: Connection, id: string) => { row: RecordRow, base: number }[]} */
const unsentHeld = ({ held }, id) => [...held.values()].filter(({ row }) => row.vault === id && row.unsent);

/** @type {(database: Connection, id: string) => Promise<VaultRow>} */
async function rowOf(database, id) {
  const row = await transact(database, ["vaults"], "readonly", (vaults) => answerOf(vaults.get(id)));
  if (!row) throw new VaultError("absent");
  return row;
}

/* Change a vault's row by a function of it, on disk. Where nothing can be written (a full tablet), the copy of a vault
   that was open on this page counts instead: a page that was loaded anew has none. */
/** @type {(database: Connection, id: string, changed: (row: VaultRow | undefined) => VaultRow | undefined) => Promise<VaultRow | undefined>} */
async function rewrite(database, id, changed) {
  /** @type {(vaults: IDBObjectStore) => Promise<VaultRow | undefined>} */
  const write = async (vaults) => {
    const row = changed(await answerOf(vaults.get(id)));
    if (row) await answerOf(vaults.put(row));
    return row;
  };
  const copy = database.copy("vaults", id);
  const row = await transact(database, ["vaults"], "readwrite", write).catch((error) => {
    if (!copy) throw error;
    return changed(copy);
  });
  if (copy && row) database.remember("vaults", row);
  return row;
}

/** @type {(database: Connection, id: string, changed: Partial<VaultRow>) => Promise<unknown>} */
const change = (database, id, changed) => rewrite(database, id, (row) => row && { ...row, ...changed });

/** @type {(database: Connection, id: string) => Promise<VaultRow & { byPin: Sealed }>} */
async function takeTry(database, id) {
  const row = await rewrite(database, id, (found) => {
    if (!found?.byPin) return found;
    const left = found.triesLeft - 1;
    return left < 0 ? { ...found, byPin: null, bySeal: null } : { ...found, triesLeft: left };
  });
  if (!row) throw new VaultError("absent");
  if (!row.byPin) throw new VaultError("barred", 0);
  return { ...row, byPin: row.byPin };
}

/** @type {(database: Connection, row: VaultRow & { byPin: Sealed }, pin: string) => Promise<Uint8Array<ArrayBuffer>>} */
async function tryPin(database, row, pin) {
  try {
    return await decrypt(await pinKey(row, pin), row.byPin, `${row.id}|pin`);
  } catch {
    if (row.triesLeft === 0) await change(database, row.id, { byPin: null, bySeal: null });
    throw new VaultError("wrong-pin", row.triesLeft);
  }
}

/** @type {(id: string, master: Uint8Array<ArrayBuffer>, pin: string, keys: Keys) => Promise<VaultRow>} */
async function lockedRow(id, master, pin, keys) {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const deviceKey = await subtle.importKey("raw", fromBase64(keys.device), hmac, false, ["sign"]);
  const recovery = await aesKey(fromBase64(keys.recovery));
  return {
    id,
    nonce: keys.nonce,
    deviceKey,
    usedAt: Date.now(),
    triesLeft: TRIES,
    byRecovery: await encrypt(recovery, master, `${id}|recovery`),
    isSealed: false,
    ...(await byPin({ id, deviceKey }, master, pin, keys.seal)),
  };
}

/* `bySeal` is the PIN's wrapping once more, locked by a secret that is not on the tablet: what is left of it when the
   vault is sealed. */
/**
 * @param {Pick<VaultRow, "id" | "deviceKey">} lock
 * @param {Uint8Array<ArrayBuffer>} master
 * @param {string} pin
 * @param {Secret} secret
 * @returns {Promise<Pick<VaultRow, "salt" | "iterations" | "byPin" | "bySeal" | "digits">>}
 */
async function byPin({ id, deviceKey }, master, pin, secret) {
  const lock = { id, deviceKey, salt: randomBytes(KEY_BYTES), iterations: ITERATIONS };
  const wrapped = await encrypt(await pinKey(lock, pin), master, `${id}|pin`);
  const bytes = new Uint8Array([...wrapped.iv, ...wrapped.data]);
  const bySeal = secret ? await encrypt(await aesKey(fromBase64(secret)), bytes, `${id}|seal`) : null;
  return { salt: lock.salt, iterations: lock.iterations, byPin: wrapped, bySeal, digits: pin.length };
}

/** @type {(lock: Pick<VaultRow, "deviceKey" | "salt" | "iterations">, pin: string) => Promise<CryptoKey>} */
async function pinKey({ deviceKey, salt, iterations }, pin) {
  const typed = await subtle.importKey("raw", toBytes(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, typed, 8 * KEY_BYTES);
  return aesKey(await subtle.sign("HMAC", deviceKey, slow));
}

/** @type {(bytes: BufferSource) => Promise<CryptoKey>} */
function aesKey(bytes) {
  return subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** @type {(key: CryptoKey, bytes: BufferSource, about: string) => Promise<Sealed>} */
async function encrypt(key, bytes, about) {
  const iv = randomBytes(IV_BYTES);
  const data = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: toBytes(about) }, key, bytes);
  return { iv, data: new Uint8Array(data) };
}

/** @type {(key: CryptoKey, sealed: Sealed, about: string) => Promise<Uint8Array<ArrayBuffer>>} */
async function decrypt(key, { iv, data }, about) {
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: toBytes(about) }, key, data));
}

/* Derives the two keys that are used, unreadable for scripts, and wipes the master key. */
/** @type {(id: string, master: Uint8Array<ArrayBuffer>) => Promise<OpenVault>} */
async function opened(id, master) {
  const base = await subtle.importKey("raw", master, "HKDF", false, ["deriveKey"]);
  master.fill(0);
  /** @type {(purpose: string, kind: AesKeyGenParams | HmacKeyGenParams, uses: KeyUsage[]) => Promise<CryptoKey>} */
  const derive = (purpose, kind, uses) =>
    subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: toBytes(purpose) },
      base,
      kind,
      false,
      uses,
    );
  const records = await derive("records", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]);
  const names = await derive("names", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]);
  return new OpenVault(id, records, names);
}
