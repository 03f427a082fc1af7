/* The honest line on every page, as data; the words are the page's. */
import { isUnsent } from "./draft.js";

const HOUR = 3600 * 1000;
const WARNINGS = [72, 24];

/* `key`: "sent", "unsent" or "offline". `warning` is 24 or 72 (hours that something waits), else 0. `choices` clash with
   what is stored, `refused` cannot be taken in as they are (`refusal` says why), `held` are in this page's memory only. */
export async function statusOf(store, sync, now = Date.now()) {
  const drafts = (await store.all("draft")).filter(isUnsent);
  const { lastContact = null, clock = null } = (await store.get("meta", { id: "contact" })) ?? {};
  const since = Math.min(...drafts.map(({ waitsSince }) => waitsSince));
  const count = (state) => drafts.filter((draft) => draft.state === state).length;
  const refusal = drafts.find(({ state }) => state === "refused")?.problem.message ?? "";
  return {
    key: drafts.length ? "unsent" : sync.isReached ? "sent" : "offline",
    unsent: drafts.length,
    choices: count("conflict"),
    refused: count("refused"),
    refusal,
    since: drafts.length ? since : null,
    warning: WARNINGS.find((hours) => now - since >= hours * HOUR) ?? 0,
    lastContact,
    clock,
    isReached: sync.isReached,
    isBusy: sync.isBusy,
    needsLogin: sync.needsLogin,
    problem: store.problem,
    held: store.heldCount,
    damaged: store.damaged,
  };
}

/* Ask the browser not to clear what lies here; keeps and returns its answer for the device page. A browser that cannot
   say, or is closing, promises nothing. */
export async function askToStay(store) {
  const isPersistent = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  const { usage = null, quota = null } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return store.put("meta", { id: "storage" }, { isPersistent, usage, quota, askedAt: Date.now() });
}
