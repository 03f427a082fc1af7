/* Getting in: which vault, its PIN, a new one, or a forgotten one. */
import { Server } from "../server.js";
import { VaultError, createVault, describe, listVaults, recover, unlock, vaultId } from "../vault.js";
import { speak } from "./language.js";
import { clone, complain, show, word } from "./view.js";

export const server = new Server();
const LOGIN = "/inloggen/?next=/tablet/";
const OWED = "draagvlak-owed";

/* End what the server still thinks: who is logged in there has to be who works here. Where it is out of reach this is
   owed, by the vault of the one who left, until it is there again. Returns whether it is done. */
export function endLogin(vault = "") {
  localStorage.setItem(OWED, vault);
  return settle();
}

/* Do what is owed; true when nothing is, any more. */
export async function settle() {
  const isDone = localStorage.getItem(OWED) === null || (await server.logOut());
  if (isDone) localStorage.removeItem(OWED);
  return isDone;
}

/* She is back before it was done: then her log-in is her own again. */
export function stayIn(vault) {
  if (localStorage.getItem(OWED) === vault) localStorage.removeItem(OWED);
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
  if (brought?.kind === "ok") await nameVault(database, brought);
  const known = (await listVaults(database)).filter(({ who }) => who);
  const logged = brought?.kind === "ok" ? brought.id : null;
  if (logged && !known.some(({ id }) => id === logged)) return showNewPin(door);
  const id = chosen ?? logged ?? known[0]?.id;
  if (id) return showUnlock(door, known, id);
  if (brought?.kind === "refused") return show("no-role", { logInAnew });
  return show("login", { logInAnew, offline: !navigator.onLine || brought?.kind === "offline" });
}

function whoOf({ organisation, nurse }) {
  return { organisation: organisation.id, user: nurse.id, initials: initialsOf(nurse.name) };
}

/* The tablet may have stopped between making a vault and writing on it. */
async function nameVault(database, { id, body }) {
  const isNameless = ({ who, ...vault }) => vault.id === id && !who;
  if ((await listVaults(database)).some(isNameless)) await describe(database, id, whoOf(body));
}

/* Who is logged in, and the vault of that person. */
export async function fetchPackage() {
  if (!(await settle())) return { kind: "offline", body: {} };
  const brought = await server.package();
  if (brought.kind !== "ok") return brought;
  const { organisation, nurse } = brought.body;
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

function wantSame({ pin, again }) {
  if (pin !== again) throw new VaultError("not-same");
}

function showNewPin(door) {
  const { body, id } = door.brought;
  door.brought.versions ??= door.ahead();
  const make = async (given) => {
    wantSame(given);
    const { kind, body: keys } = await server.newKeys();
    if (kind !== "ok") throw new VaultError("no-keys");
    const who = whoOf(body);
    const vault = await createVault(door.database, { ...who, pin: given.pin, keys });
    await describe(door.database, id, who);
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
      if (error.triesLeft !== 0) throw error;
      showDoor(door, id); // says what is left to do
    }
  };
  const others = known.filter((each) => each.id !== id).map((each) => otherOf(door, each));
  const values = { initials: vault.who.initials, unsent: vault.unsent, others, hasOthers: others.length, logInAnew, barred: vault.isBarred };
  const forgot = () => showRecover(door, vault);
  show("unlock", { ...values, open: (event) => busy(event, open), forgot });
}

const otherOf = (door, { id, who }) => clone("other", { initials: who.initials, choose: () => showDoor(door, id) });

/* Her password opens what the PIN does not any more; the server has to be there, and to know her. */
function showRecover(door, { id, nonce, who }) {
  const { brought } = door;
  if (brought?.id !== id) return show("login", { logInAnew, offline: brought?.kind !== "login" && brought?.kind !== "ok", forgot: true });
  const renew = async (given) => {
    wantSame(given);
    const { kind, body, status } = await server.recovery(nonce, given.password);
    if (kind !== "ok") throw new VaultError({ 403: "wrong-password", 429: "held-up" }[status] ?? "no-keys");
    const { kind: made, body: keys } = await server.newKeys();
    if (made !== "ok") throw new VaultError("no-keys");
    const vault = await recover(door.database, id, { recovery: body.recovery, pin: given.pin, keys });
    door.enter(vault, who, brought);
  };
  return show("recover", { renew: (event) => busy(event, renew), back: () => showDoor(door, id) });
}
