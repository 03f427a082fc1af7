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
import { clone, complain, show, word } from "./view.js";

export const server = new Server();
const LOGIN = "/inloggen/?next=/tablet/";
const OWED = "draagvlak-owed";
const LOCKED = "draagvlak-locked";
const BACK = "draagvlak-back";
const WIPED = "draagvlak-wiped";

/* End what the server still thinks: who is logged in there has to be who works here. Where it is out of reach this is
   owed, by the vault of the one who left, until it is there again. Returns whether it is done. */
export function endLogin(vault = "") {
  localStorage.setItem(OWED, vault);
  return settle();
}

/* The server locks her log-in too, now or at the next contact. `isQuiet`: she was away, and may be at work elsewhere.
   What a colleague before her still owes stays: the log-in of this browser may be his. */
export function owesLock(isQuiet, vault) {
  const owed = localStorage.getItem(LOCKED);
  if (owed === null || owed.endsWith(vault)) localStorage.setItem(LOCKED, `${isQuiet ? "quiet" : "now"} ${vault}`);
}

/* Do what is owed; true when nothing is, any more. */
export async function settle() {
  const how = localStorage.getItem(LOCKED);
  if (how !== null && (await server.lock(how.startsWith("quiet"))).kind !== "ok") return false;
  localStorage.removeItem(LOCKED);
  const isDone = localStorage.getItem(OWED) === null || (await server.logOut());
  if (isDone) localStorage.removeItem(OWED);
  return isDone;
}

/* She is back before it was done: then her log-in is her own again. */
export function stayIn(vault) {
  if (localStorage.getItem(LOCKED)?.endsWith(vault)) localStorage.removeItem(LOCKED);
  if (localStorage.getItem(OWED) === vault) localStorage.removeItem(OWED);
}

/* Where she is, for when she comes back from logging in: ids only, for this tab. */
export function keepPlace({ vault, opened }) {
  sessionStorage.setItem(BACK, JSON.stringify({ vault: vault.id, ids: [...opened], hash: location.hash }));
}

export function takePlace() {
  const place = JSON.parse(sessionStorage.getItem(BACK));
  sessionStorage.removeItem(BACK);
  return place;
}

/* Seal what has had its time, by this tablet's own clock. */
export async function sealOverdue(database) {
  for (const { id, lease } of await listVaults(database)) {
    if (!lease) continue;
    const now = see(lease);
    await describe(database, id, { lease: now });
    if (isOver(now)) await seal(database, id);
  }
}

/* Ask how each vault stands, without a log-in, and do what was decided. */
export async function obey(database) {
  await tellWiped();
  for (const { id, who, token, unsent } of await listVaults(database)) {
    const { kind, body } = token ? await server.standing(who, token) : {};
    if (kind !== "ok" || (body.state === "in_use" && body.access)) continue;
    if (body.state === "wiping" || (body.state === "revoked" && !unsent)) await wipe(database, id, { who, token });
    else await seal(database, id);
  }
}

/* What was wiped is told until the server has heard it. */
async function wipe(database, id, told) {
  localStorage.setItem(WIPED, JSON.stringify([...wiped(), told]));
  await forget(database, id, true);
  await tellWiped();
}

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

const initialsOf = (name) => name.split(/\s+/).map((part) => part[0]).join("").slice(0, 4);

/* `door` is { database, brought, ahead, enter }: `brought` is what the server said, if it did; `ahead` fetches the
   versions of questionnaire and model, for who has none here yet. */
export async function showDoor(door, chosen = null) {
  const { database, brought } = door;
  if (brought?.id) await nameVault(database, brought);
  const known = (await listVaults(database)).filter(({ who }) => who);
  const logged = brought?.id;
  if (brought?.kind === "ok" && !known.some(({ id }) => id === logged)) return showNewPin(door);
  const mine = known.find(({ id }) => id === logged);
  if (mine?.isSealed) await breakSeal(door, mine);
  const id = chosen ?? mine?.id ?? known[0]?.id;
  if (id) return showUnlock(door, known, id);
  const { error } = brought?.body ?? {};
  if (error === "revoked") return show("revoked", { logInAnew });
  if (["other_role", "no_access"].includes(error)) return show("no-role", { logInAnew });
  return show("login", { logInAnew, offline: !navigator.onLine || brought?.kind === "offline", busy: brought?.pause });
}

/* The server knows her: her PIN may open what was sealed. */
async function breakSeal({ database }, vault) {
  const { kind, body } = await server.unsealing(vault.nonce);
  if (kind !== "ok") return;
  await unseal(database, vault.id, body.seal);
  vault.isSealed = false;
}

function whoOf({ organisation, nurse }) {
  return { organisation: organisation.id, user: nurse.id, initials: initialsOf(nurse.name) };
}

/* The tablet may have stopped between making a vault and writing on it. */
async function nameVault(database, { id, body }) {
  const isNameless = ({ who, ...vault }) => vault.id === id && !who;
  if ((await listVaults(database)).some(isNameless)) await describe(database, id, { who: whoOf(body) });
}

/* Who is logged in, and the vault of that person. */
export async function fetchPackage() {
  if (!(await settle())) return { kind: "offline", body: {} };
  const brought = await server.package();
  const { organisation, nurse } = brought.body;
  if (!nurse) return brought;
  await speak(nurse.language);
  return { ...brought, id: await vaultId(organisation.id, nurse.id) };
}

function say(error) {
  if (!(error instanceof VaultError || error instanceof DOMException)) throw error;
  const reason = error.reason ?? (error.name === "QuotaExceededError" ? "full" : "failed");
  complain(word(`vault-${reason}`, { left: error.triesLeft ?? "" }));
}

/* The slow work on a PIN: the button waits, mistakes are said. */
async function busy(event, work) {
  const { submitter } = event;
  submitter.disabled = true;
  complain("");
  try {
    await work(Object.fromEntries(new FormData(event.target)));
  } catch (error) {
    say(error);
  } finally {
    submitter.disabled = false;
  }
}

const noKeys = (pause) => new VaultError(pause ? "busy" : "no-keys");

function wantSame({ pin, again }) {
  if (pin !== again) throw new VaultError("not-same");
}

function showNewPin(door) {
  const { body, id } = door.brought;
  door.brought.versions ??= door.ahead();
  const make = async (given) => {
    wantSame(given);
    const { kind, body: keys, pause } = await server.newKeys();
    if (kind !== "ok") throw noKeys(pause);
    const who = whoOf(body);
    const vault = await createVault(door.database, { ...who, pin: given.pin, keys });
    await describe(door.database, id, { who });
    door.enter(vault, who, door.brought);
  };
  show("new-pin", { name: body.nurse.name, make: (event) => busy(event, make) });
}

function showUnlock(door, known, id) {
  const { brought } = door;
  const vault = known.find((each) => each.id === id);
  const open = async ({ pin }) => {
    try {
      const opened = await unlock(door.database, id, pin);
      door.enter(opened, vault.who, brought?.id === id ? brought : undefined);
    } catch (error) {
      document.getElementById("pin").value = "";
      if (error.triesLeft !== 0) throw error;
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
  show("unlock", { ...values, open: (event) => busy(event, open), forgot });
  if (about.mayOpen) listenToKeys(vault.digits);
}

/* Typed or tapped: the last digit of her PIN opens. How many it has is not known of a vault of before: then a button does. */
function listenToKeys(digits) {
  const pin = document.getElementById("pin");
  const typed = () => {
    document.getElementById("getoetst").textContent = word("typed", { number: pin.value.length });
    if (pin.value.length === digits) pin.form.requestSubmit(pin.form.querySelector("[type=submit]"));
  };
  pin.addEventListener("input", typed);
  document.querySelector(".keypad").addEventListener("click", ({ target: { dataset } }) => {
    if (dataset.key === undefined) return;
    pin.value = dataset.key ? pin.value + dataset.key : pin.value.slice(0, -1);
    typed();
  });
}

const otherOf = (door, { id, who }) => clone("other", { initials: who.initials, choose: () => showDoor(door, id) });

/* Her password opens what the PIN does not any more; the server has to be there, and to know her. */
function showRecover(door, { id, nonce, who }) {
  const { brought } = door;
  if (brought?.id !== id) {
    return show("login", { logInAnew, offline: brought?.kind !== "login" && brought?.kind !== "ok", forgot: true });
  }
  const renew = async (given) => {
    wantSame(given);
    const { kind, body, status, pause } = await server.recovery(nonce, given.password);
    const reason = { 403: "wrong-password", 429: "held-up" }[status];
    if (kind !== "ok") throw reason ? new VaultError(reason) : noKeys(pause);
    const { kind: made, body: keys, pause: again } = await server.newKeys();
    if (made !== "ok") throw noKeys(again);
    const vault = await recover(door.database, id, { recovery: body.recovery, pin: given.pin, keys });
    door.enter(vault, who, brought);
  };
  return show("recover", { renew: (event) => busy(event, renew), back: () => showDoor(door, id) });
}
