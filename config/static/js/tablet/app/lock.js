/* Getting in: which vault, its PIN, a new one, or a forgotten one. */
import { isOver, see } from "../lease.js";
import { Server } from "../server.js";
import {
  createVault,
  describe,
  forget,
  listVaults,
  recover,
  seal,
  unlock,
  unseal,
  VaultError,
  vaultId,
} from "../vault.js";
import { speak } from "./language.js";
import { byId, clone, complain, show, word } from "./view.js";
/** @import { Session } from "./session.js" */
/** @typedef {{ who: Who, token: string }} Told */
/** @typedef {ListedVault & { who: Who }} Known */
/**
 * @typedef {object} Door
 * @property {Connection} database
 * @property {Brought} [brought]
 * @property {() => Promise<KeptVersions | null>} ahead
 * @property {(vault: OpenVault, who: Who, brought?: Brought) => Promise<void>} enter
 */
/** @import { OpenVault } from "../vault.js" */
/** @import { Connection } from "../database.js" */
/** @import { FormEvent, GivenPin } from "shapes/pages.d.ts" */
/** @import { Brought, KeptVersions, ListedVault, PackageBody, Who } from "shapes/tablet.d.ts" */

export const server = new Server();
const LOGIN = "/inloggen/?next=/tablet/";
const OWED = "draagvlak-owed";
const LOCKED = "draagvlak-locked";
const BACK = "draagvlak-back";
const WIPED = "draagvlak-wiped";

/* End what the server still thinks: who is logged in there has to be who works here. Where it is out of reach this is
   owed, by the vault of the one who left, until it is there again. Returns whether it is done. */
/** @type {(vault?: string) => Promise<boolean>} */
export function endLogin(vault = "") {
  localStorage.setItem(OWED, vault);
  return settle();
}

/* The server locks her log-in too, now or at the next contact. `isQuiet`: she was away, and may be at work elsewhere.
   What a colleague before her still owes stays: the log-in of this browser may be his. */
/** @type {(isQuiet: boolean, vault: string) => void} */
export function owesLock(isQuiet, vault) {
  const owed = localStorage.getItem(LOCKED);
  if (owed === null || owed.endsWith(vault)) localStorage.setItem(LOCKED, `${isQuiet ? "quiet" : "now"} ${vault}`);
}

/* Do what is owed; true when nothing is, any more. */
/** @type {() => Promise<boolean>} */
export async function settle() {
  const how = localStorage.getItem(LOCKED);
  if (how !== null && (await server.lock(how.startsWith("quiet"))).kind !== "ok") return false;
  localStorage.removeItem(LOCKED);
  const isDone = localStorage.getItem(OWED) === null || (await server.logOut());
  if (isDone) localStorage.removeItem(OWED);
  return isDone;
}

/* She is back before it was done: then her log-in is her own again. */
/** @type {(vault: string) => void} */
export function stayIn(vault) {
  if (localStorage.getItem(LOCKED)?.endsWith(vault)) localStorage.removeItem(LOCKED);
  if (localStorage.getItem(OWED) === vault) localStorage.removeItem(OWED);
}

/* Where she is, for when she comes back from logging in: ids only, for this tab. */
/** @type {(session: Session) => void} */
export function keepPlace({ vault, opened }) {
  sessionStorage.setItem(BACK, JSON.stringify({ vault: vault.id, ids: [...opened], hash: location.hash }));
}

/** @type {() => { vault: string, ids: string[], hash: string } | null} */
export function takePlace() {
  const place = JSON.parse(sessionStorage.getItem(BACK) ?? "null");
  sessionStorage.removeItem(BACK);
  return place;
}

/* Seal what has had its time, by this tablet's own clock. */
/** @type {(database: Connection) => Promise<void>} */
export async function sealOverdue(database) {
  for (const { id, lease } of await listVaults(database)) {
    if (!lease) continue;
    const now = see(lease);
    await describe(database, id, { lease: now });
    if (isOver(now)) await seal(database, id);
  }
}

/* Ask how each vault stands, without a log-in, and do what was decided. */
/** @type {(database: Connection) => Promise<void>} */
export async function obey(database) {
  await tellWiped();
  for (const { id, who, token, unsent } of await listVaults(database)) {
    if (!who || !token) continue;
    const { kind, body } = await server.standing(who, token);
    if (kind !== "ok" || (body.state === "in_use" && body.access)) continue;
    if (body.state === "wiping" || (body.state === "revoked" && !unsent)) await wipe(database, id, { who, token });
    else await seal(database, id);
  }
}

/* What was wiped is told until the server has heard it. */
/** @type {(database: Connection, id: string, told: Told) => Promise<void>} */
async function wipe(database, id, told) {
  localStorage.setItem(WIPED, JSON.stringify([...wiped(), told]));
  await forget(database, id, true);
  await tellWiped();
}

/** @type {() => Told[]} */
const wiped = () => JSON.parse(localStorage.getItem(WIPED) ?? "[]");

async function tellWiped() {
  for (const told of wiped()) {
    if ((await server.standing(told.who, told.token, true)).kind !== "ok") return;
    localStorage.setItem(WIPED, JSON.stringify(wiped().slice(1)));
  }
}

export async function logInAnew() {
  await endLogin();
  location.assign(LOGIN);
}

const pinField = () => /** @type {HTMLInputElement} */ (byId("pin"));

/** @type {(name: string) => string} */
const initialsOf = (name) => name.split(/\s+/).map((part) => part[0]).join("").slice(0, 4);

/* `door` is { database, brought, ahead, enter }: `brought` is what the server said, if it did; `ahead` fetches the
   versions of questionnaire and model, for who has none here yet. */
/** @type {(door: Door, chosen?: string | null) => Promise<void>} */
export async function showDoor(door, chosen = null) {
  const { database, brought } = door;
  if (brought?.id) await nameVault(database, brought.id, brought);
  const known = /** @type {Known[]} */ ((await listVaults(database)).filter(({ who }) => who));
  const logged = brought?.id;
  if (brought?.kind === "ok" && !known.some(({ id }) => id === logged)) return showNewPin(door, brought);
  const mine = known.find(({ id }) => id === logged);
  if (mine?.isSealed) await breakSeal(door, mine);
  const id = chosen ?? mine?.id ?? known[0]?.id;
  if (id) return showUnlock(door, known, id);
  const error = brought?.body.error;
  if (error === "revoked") return show("revoked", { logInAnew });
  if (["other_role", "no_access"].includes(error ?? "")) return show("no-role", { logInAnew });
  return show("login", { logInAnew, offline: !navigator.onLine || brought?.kind === "offline", busy: brought?.pause });
}

/* The server knows her: her PIN may open what was sealed. */
/** @type {(door: Door, vault: ListedVault) => Promise<void>} */
async function breakSeal({ database }, vault) {
  const { kind, body } = await server.unsealing(vault.nonce);
  if (kind !== "ok") return;
  await unseal(database, vault.id, body.seal);
  vault.isSealed = false;
}

/** @type {(body: Pick<PackageBody, "organisation" | "nurse">) => Who} */
function whoOf({ organisation, nurse }) {
  return { organisation: organisation.id, user: nurse.id, initials: initialsOf(nurse.name) };
}

/* The tablet may have stopped between making a vault and writing on it. */
/** @type {(database: Connection, id: string, brought: Brought) => Promise<void>} */
async function nameVault(database, id, { kind, body }) {
  if (kind !== "ok") return;
  /** @type {(vault: ListedVault) => boolean} */
  const isNameless = ({ who, ...vault }) => vault.id === id && !who;
  if ((await listVaults(database)).some(isNameless)) await describe(database, id, { who: whoOf(body) });
}

/* Who is logged in, and the vault of that person. */
/** @type {() => Promise<Brought>} */
export async function fetchPackage() {
  if (!(await settle())) return { kind: "offline", body: {} };
  const brought = await server.package();
  const { organisation, nurse } = brought.body;
  if (!nurse) return brought;
  await speak(nurse.language);
  return { ...brought, id: await vaultId(organisation.id, nurse.id) };
}

/** @type {(error: unknown) => void} */
function say(error) {
  if (!(error instanceof VaultError || error instanceof DOMException)) throw error;
  const { reason = error.name === "QuotaExceededError" ? "full" : "failed", triesLeft } =
    /** @type {VaultError} */ (error);
  complain(word(`vault-${reason}`, { left: triesLeft ?? "" }));
}

/* The slow work on a PIN: the button waits, mistakes are said. */
/** @type {(event: FormEvent, work: (given: GivenPin) => Promise<void>) => Promise<void>} */
async function busy(event, work) {
  const { submitter } = event;
  submitter.disabled = true;
  complain("");
  try {
    await work(/** @type {GivenPin} */ (/** @type {unknown} */ (Object.fromEntries(new FormData(event.target)))));
  } catch (error) {
    say(error);
  } finally {
    submitter.disabled = false;
  }
}

/** @type {(pause: number | undefined) => VaultError} */
const noKeys = (pause) => new VaultError(pause ? "busy" : "no-keys");

/** @type {(given: GivenPin) => void} */
function wantSame({ pin, again }) {
  if (pin !== again) throw new VaultError("not-same");
}

/** @type {(door: Door, brought: Brought & { kind: "ok" }) => void} */
function showNewPin(door, brought) {
  const { body, id = "" } = brought;
  brought.versions ??= door.ahead();
  /** @type {(given: GivenPin) => Promise<void>} */
  const make = async (given) => {
    wantSame(given);
    const { kind, body: keys, pause } = await server.newKeys();
    if (kind !== "ok") throw noKeys(pause);
    const who = whoOf(body);
    const vault = await createVault(door.database, { ...who, pin: given.pin, keys });
    await describe(door.database, id, { who });
    door.enter(vault, who, brought);
  };
  show("new-pin", { name: body.nurse.name, make: (/** @type {FormEvent} */ event) => busy(event, make) });
}

/** @type {(door: Door, known: Known[], id: string) => void} */
function showUnlock(door, known, id) {
  const { brought } = door;
  const vault = /** @type {Known} */ (known.find((each) => each.id === id));
  /** @type {(given: GivenPin) => Promise<void>} */
  const open = async ({ pin }) => {
    try {
      const opened = await unlock(door.database, id, pin);
      door.enter(opened, vault.who, brought?.id === id ? brought : undefined);
    } catch (error) {
      pinField().value = "";
      if (/** @type {VaultError} */ (error).triesLeft !== 0) throw error;
      showDoor(door, id); // says what is left to do
    }
  };
  const others = known.filter((each) => each.id !== id).map((each) => otherOf(door, each));
  // With connection, and logged out: what the PIN opens would close at once.
  const asked = vault.isSealed || brought?.body.error === "not_logged_in";
  const { isSealed, isBarred, unsent } = vault;
  const about = {
    initials: vault.who.initials,
    unsent,
    isSealed,
    asked,
    barred: isBarred && !asked,
    mayOpen: !isBarred && !asked,
  };
  const values = { ...about, others, hasOthers: others.length, logInAnew };
  const forgot = () => showRecover(door, vault);
  show("unlock", { ...values, open: (/** @type {FormEvent} */ event) => busy(event, open), forgot });
  if (about.mayOpen) listenToKeys(vault.digits);
}

/* Typed or tapped: the last digit of her PIN opens. How many it has is not known of a vault of before: then a button does. */
/** @type {(digits: number) => void} */
function listenToKeys(digits) {
  const pin = pinField();
  const typed = () => {
    byId("getoetst").textContent = word("typed", { number: pin.value.length });
    if (pin.value.length === digits) pin.form?.requestSubmit(pin.form.querySelector("[type=submit]"));
  };
  pin.addEventListener("input", typed);
  document.querySelector(".keypad")?.addEventListener("click", ({ target }) => {
    const { dataset } = /** @type {HTMLElement} */ (target);
    if (dataset.key === undefined) return;
    pin.value = dataset.key ? pin.value + dataset.key : pin.value.slice(0, -1);
    typed();
  });
}

/** @type {(door: Door, vault: Known) => Node} */
const otherOf = (door, { id, who }) => clone("other", { initials: who.initials, choose: () => showDoor(door, id) });

/* Her password opens what the PIN does not any more; the server has to be there, and to know her. */
/** @type {(door: Door, vault: Known) => void} */
function showRecover(door, { id, nonce, who }) {
  const { brought } = door;
  if (brought?.id !== id) {
    return show("login", { logInAnew, offline: brought?.kind !== "login" && brought?.kind !== "ok", forgot: true });
  }
  /** @type {(given: GivenPin) => Promise<void>} */
  const renew = async (given) => {
    wantSame(given);
    const { kind, body, status, pause } = await server.recovery(nonce, given.password);
    const reason = { 403: "wrong-password", 429: "held-up" }[String(status)];
    if (kind !== "ok") throw reason ? new VaultError(reason) : noKeys(pause);
    const { kind: made, body: keys, pause: again } = await server.newKeys();
    if (made !== "ok") throw noKeys(again);
    const vault = await recover(door.database, id, { recovery: body.recovery, pin: given.pin, keys });
    door.enter(vault, who, brought);
  };
  return show("recover", {
    renew: (/** @type {FormEvent} */ event) => busy(event, renew),
    back: () => showDoor(door, id),
  });
}
