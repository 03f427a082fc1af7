/* The honest line on every page, as data; the words are the page's. */
import { isBehind, now as clockNow } from "./clock.js";
import { isUnsent } from "./draft.js";
/** @import { Contact, Draft, Refusal, Status } from "shapes/tablet.d.ts" */
/** @import { Store } from "./store.js" */
/** @import { Sync } from "./sync.js" */

const HOUR = 3600 * 1000;
const WARNINGS = [72, 24];

/* `key`: "sent", "unsent" or "offline". `warning` is 24 or 72 (hours that something waits), else 0. `choices` clash with
   what is stored, `refused` cannot be taken in as they are: { id, client, date, message, step } of each. */
/** @type {(store: Store, sync: Sync, now?: number) => Promise<Status>} */
export async function statusOf(store, sync, now = clockNow()) {
  const drafts = (await store.all("draft")).filter(isUnsent);
  const contact = /** @type {Partial<Contact> | undefined} */ (await store.get("meta", { id: "contact" }));
  const { lastContact = null, clock = null } = contact ?? {};
  const since = Math.min(...drafts.map(({ waitsSince }) => waitsSince ?? 0));
  /** @type {(state: string) => number} */
  const count = (state) => drafts.filter((draft) => draft.state === state).length;
  const refused = /** @type {(Draft & { problem: Refusal })[]} */ (drafts.filter(({ state }) => state === "refused"));
  return {
    key: drafts.length ? "unsent" : sync.isReached ? "sent" : "offline",
    unsent: drafts.length,
    choices: count("conflict"),
    refused: refused.map(({ id, client, date, problem: { message, step } }) => ({ id, client, date, message, step })),
    since: drafts.length ? since : null,
    warning: WARNINGS.find((hours) => now - since >= hours * HOUR) ?? 0,
    lastContact: lastContact && lastContact + (clock ?? 0),
    clock,
    isBehind: isBehind(),
    isReached: sync.isReached,
    isBusy: sync.isBusy,
    isPutOff: sync.isPutOff,
    needsLogin: sync.needsLogin,
    problem: store.problem,
    damaged: store.damaged,
  };
}

/* Ask the browser not to clear what lies here, now and for ever: "persistent", "best_effort" where it refuses or is
   closing, "unknown" where it cannot say. */
/** @type {() => Promise<string>} */
export async function askToStay() {
  const { storage } = navigator;
  if (!storage?.persist) return "unknown";
  return (await storage.persist().catch(() => false)) ? "persistent" : "best_effort";
}
