/* For tests: every module of the tablet under one name, and short ways to a filled store. */
import * as bytes from "/tablet/bytes.js";
import * as clock from "/tablet/clock.js";
import * as choices from "/tablet/choices.js";
import * as database from "/tablet/database.js";
import * as draft from "/tablet/draft.js";
import * as lease from "/tablet/lease.js";
import { pauseAfter, pauseOf } from "/tablet/pauses.js";
import { Server } from "/tablet/server.js";
import { askToStay, statusOf } from "/tablet/status.js";
import { Store } from "/tablet/store.js";
import { Sync } from "/tablet/sync.js";
import * as tabs from "/tablet/tabs.js";
import * as vault from "/tablet/vault.js";
/** @import { Draft, Keys } from "shapes/tablet.d.ts" */

export const ORGANISATION = "11111111-1111-4111-8111-111111111111";
export const USER = "22222222-2222-4222-8222-222222222222";
export const OTHER_USER = "33333333-3333-4333-8333-333333333333";
export const CLIENT = "44444444-4444-4444-8444-444444444444";
export const OTHER_CLIENT = "55555555-5555-4555-8555-555555555555";
export const PIN = "314159";
export const KEYS = keysOf(1);

/** @type {(seed: number) => Keys & { seal: string }} */
export function keysOf(seed) {
  /** @type {(byte: number) => string} */
  const secret = (byte) => btoa(String.fromCharCode(...new Uint8Array(32).fill(byte)));
  return {
    nonce: `${seed}`.padStart(32, "0"),
    device: secret(seed),
    recovery: secret(seed + 100),
    seal: secret(seed + 50),
  };
}

/** @type {(db: database.Connection, user?: string, pin?: string) => Promise<vault.OpenVault>} */
export async function makeVault(db, user = USER, pin = PIN) {
  return vault.createVault(db, { organisation: ORGANISATION, user, pin, keys: KEYS });
}

/* The store of a user, whose vault is made when there is none. */
/** @param {database.Connection} db @param {string} [user] @param {() => void} [onChange] */
export async function openStore(db, user = USER, onChange = () => {}) {
  const id = await vault.vaultId(ORGANISATION, user);
  const known = (await vault.listVaults(db)).some((each) => each.id === id);
  const open = known ? await vault.unlock(db, id, PIN) : await makeVault(db, user);
  return { open, store: new Store(db, open, { organisation: ORGANISATION, user, onChange }) };
}

/** @type {(changed?: Partial<Draft> & { now?: number }) => Draft} */
export function newDraft(changed = {}) {
  const who = { organisation: ORGANISATION, nurse: changed.nurse ?? USER };
  const begun = {
    id: crypto.randomUUID(),
    who,
    client: CLIENT,
    version: "2.0",
    date: "2026-03-02",
    answers: { Q2: "1" },
  };
  return draft.begin({ ...begun, ...changed }, changed.now ?? Date.now());
}

/* How many records of each vault wait to be sent: { vault id: count }. */
/** @type {(db: database.Connection) => Promise<Record<string, number>>} */
export function unsentByVault(db) {
  return database.transact(db, ["vaults", "records"], "readonly", async (vaults, records) => {
    const ids = /** @type {string[]} */ (await database.answerOf(vaults.getAllKeys()));
    const counts = await Promise.all(ids.map((id) => database.answerOf(records.index("unsent").count([id, 1]))));
    return Object.fromEntries(ids.map((id, index) => [id, counts[index]]));
  });
}

/* All of the database as it lies on disk, as text; keys that cannot be read show as their kind. */
/** @type {(db: database.Connection) => Promise<string>} */
export async function onDisk(db) {
  /** @type {(...stores: IDBObjectStore[]) => Promise<unknown[][]>} */
  const read = (...stores) => Promise.all(stores.map((store) => database.answerOf(store.getAll())));
  const rows = await database.transact(db, ["vaults", "records"], "readonly", read);
  /** @type {(value: unknown) => unknown} */
  const asText = (
    value,
  ) => (value instanceof Uint8Array ? bytes.toText(/** @type {Uint8Array<ArrayBuffer>} */ (value)) : value);
  return JSON.stringify(rows, (_name, value) => asText(value));
}

export {
  askToStay,
  bytes,
  choices,
  clock,
  database,
  draft,
  lease,
  pauseAfter,
  pauseOf,
  Server,
  statusOf,
  Store,
  Sync,
  tabs,
  vault,
};

/* All that a nurse needs to work in this tab. */
/** @param {string} [user] */
export async function openAll(user = USER) {
  const db = await database.openDatabase();
  const { open, store } = await openStore(db, user);
  const ask = new Server();
  return { db, open, store, ask, sync: new Sync({ store, server: ask, name: open.id }) };
}

/* A module by its path, as this page has it. */
/** @type {(path: string) => Promise<any>} */
export const load = (path) => import(path);
