/* What becomes of a draft that clashes with what is stored. Each returns all drafts to put: nothing is thrown away, what
   was not chosen stays for a day. `id` is a new one. */
import { adopt, begin, restore, whoOf } from "./draft.js";
/** @import { Draft, StoredAnamnese } from "shapes/tablet.d.ts" */
/** @typedef {Draft & { stored: StoredAnamnese }} Clashing */

/* What the server has of it as a draft of her own is thrown away there too: unless that is the very thing it clashed with. */
/** @type {(draft: Draft, now: number) => Draft} */
const set = (draft, now) => ({
  ...draft,
  state: "discarded",
  discardedAt: now,
  mustTell: draft.isKnown && draft.stored?.id !== draft.id,
  sending: null,
});
/** @type {(draft: Clashing) => boolean} */
const isOpen = ({ stored }) => stored.status === "draft";

/* Whether keeping one's own means a correction of what is stored, which asks for a reason. */
/** @type {(draft: Clashing) => boolean} */
export const needsReason = (draft) => !isOpen(draft) && draft.clash !== "discarded";

/** @type {(draft: Clashing, given: { id: string, reason?: string }, now: number) => Draft[]} */
export function keepMine(draft, { id, reason = "" }, now) {
  if (draft.clash === "changed") return [{ ...draft, state: "local", revision: draft.stored.revision, stored: null }];
  if (draft.clash === "discarded") return [set(draft, now), restore(set(draft, now), id, now)];
  if (isOpen(draft)) return [{ ...draft, state: "local", stored: null }, otherOf(draft, now)];
  const { id: corrects, date, version } = draft.stored;
  const { client, answers, aside, edits, seconds } = draft;
  const correction = begin({ id, who: whoOf(draft), client, version, date, answers, aside, corrects, reason }, now);
  return [set(draft, now), { ...correction, edits, seconds }];
}

/** @type {(draft: Clashing, given: { id: string }, now: number) => Draft[]} */
export function takeStored(draft, { id }, now) {
  if (!isOpen(draft)) return [set(draft, now)];
  const taken = adopt(draft.stored, { who: whoOf(draft), client: draft.client }, now);
  const mine = set(draft.stored.id === draft.id ? { ...draft, id, isKnown: false } : draft, now);
  return [{ ...taken, reason: draft.reason }, mine];
}

/* The stored draft that makes way: thrown away on the server too. */
/** @type {(draft: Clashing, now: number) => Draft} */
function otherOf(draft, now) {
  return set(adopt(draft.stored, { who: whoOf(draft), client: draft.client }, now), now);
}
