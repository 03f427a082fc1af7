/* One anamnese on the tablet, as a value: every function returns a new one. States:
     local     something here has not been taken in by the server yet
     sent      the server has all of it
     conflict  it clashes with what is stored (`clash`, `stored`): the nurse chooses, see choices.js
     refused   it can never be taken in like this (`problem`)
     discarded thrown away; kept for a day
   `sending` is what is on its way, kept until it is answered: a repeat is the very same bytes. `edits` counts changes
   made here, `revision` is the server's. `aside` are answers that do not apply now: never sent, and gone on finishing.
   `waitsSince` is when the first change that waits was made. Moments are milliseconds. */
import { payloadHash, toBytes, toText } from "./bytes.js";
/** @import { Accepted, Clash, Draft, Key, Owner, Payload, Refusal, StoredAnamnese } from "shapes/tablet.d.ts" */

/** @typedef {Pick<Draft, "id" | "client" | "version" | "date"> & { who: Owner } & Partial<Draft>} Beginning */

export const DAY = 24 * 3600 * 1000;

const MOST_SECONDS = 24 * 3600;

/** @type {(draft: Pick<Draft, "client" | "version" | "id">) => Required<Key>} */
export const keyOf = ({ client, version, id }) => ({ client, version, id });

/* `who` is { organisation, nurse }; `date` YYYY-MM-DD; `version` that of the instrument, for ever. */
/** @type {(about: Beginning, now: number) => Draft} */
export function begin({ id, who, client, version, date, answers = {}, aside = {}, corrects = null, reason = "" }, now) {
  const made = { id, ...who, client, version, date, answers, aside, corrects, reason: toText(toBytes(reason)) };
  /** @type {Pick<Draft, "revision" | "edits" | "sending" | "isKnown" | "isFinished" | "state">} */
  const fresh = { revision: 0, edits: 0, sending: null, isKnown: false, isFinished: false, state: "local" };
  return {
    ...made,
    ...fresh,
    derived: null,
    result: null,
    seconds: 0,
    begunAt: now,
    changedAt: now,
    waitsSince: now,
    failures: 0,
  };
}

/* Take up a draft that the server has and this tablet has not: as the package or a conflict gives it. */
/** @type {(stored: StoredAnamnese, whose: { who: Owner, client: string }, now: number) => Draft} */
export function adopt(stored, { who, client }, now) {
  const { id, version, date, answers, set_aside: aside, revision, corrects } = stored;
  return {
    ...begin({ id, who, client, version, date, answers, aside, corrects }, now),
    revision,
    isKnown: true,
    state: "sent",
  };
}

/** @type {(draft: Draft, changed: Partial<Draft>, now: number) => Draft} */
export function change(draft, changed, now) {
  if (draft.isFinished || draft.state === "discarded") throw new Error("it does not change any more");
  const state = draft.state === "conflict" ? "conflict" : "local";
  const waitsSince = draft.state === "sent" ? now : draft.waitsSince;
  return { ...draft, ...changed, edits: draft.edits + 1, changedAt: now, waitsSince, state, problem: null };
}

/* `derived` is { code, ruleset_hash }; `complete` the answers that count. */
/** @type {(draft: Draft, outcome: Pick<Draft, "answers" | "derived">, now: number) => Draft} */
export function finish(draft, { answers, derived }, now) {
  return { ...change(draft, { answers, aside: {}, derived }, now), isFinished: true };
}

/* Back to filling in, after the server could not take in the finished anamnese as it was. */
/** @type {(draft: Draft, now: number) => Draft} */
export function reopen(draft, now) {
  if (draft.sending || !["refused", "conflict"].includes(draft.state)) throw new Error("it is on its way");
  return change({ ...draft, isFinished: false, derived: null, state: "local" }, {}, now);
}

/** @type {(draft: Draft, now: number) => Draft} */
export function discard(draft, now) {
  if (draft.isFinished) throw new Error("it is finished");
  const mustTell = draft.isKnown || draft.sending !== null;
  return { ...draft, state: "discarded", discardedAt: now, waitsSince: now, mustTell, sending: null };
}

/* A thrown away draft comes back under another id: the server never takes one back. Within a day. */
/** @type {(draft: Draft, id: string, now: number) => Draft} */
export function restore(draft, id, now) {
  if (draft.state !== "discarded" || now - (draft.discardedAt ?? 0) >= DAY) {
    throw new Error("nothing to bring back");
  }
  const { edits, seconds, isFinished, derived } = draft;
  return { ...begin({ ...draft, id, who: whoOf(draft) }, now), edits: edits + 1, seconds, isFinished, derived };
}

/** @type {(draft: Owner) => Owner} */
export const whoOf = ({ organisation, nurse }) => ({ organisation, nurse });

/** @type {(draft: Draft) => boolean} */
export const isUnsent = (draft) => (draft.state === "discarded" ? Boolean(draft.mustTell) : draft.state !== "sent");

/* What can go from the tablet: sent and finished, or thrown away, more than a day ago. */
/** @type {(draft: Draft, now: number) => boolean} */
export function isOver(draft, now) {
  if (isUnsent(draft)) return false;
  if (draft.state === "discarded") return now - (draft.discardedAt ?? 0) >= DAY;
  return draft.isFinished && now - draft.changedAt >= DAY;
}

/* How it stands, as the server wants it. */
/** @type {(draft: Draft) => Promise<Payload>} */
export async function payloadOf(draft) {
  const { id, nurse, organisation, client, date, version, revision, answers, corrects, reason } = draft;
  const whose = { id, nurse, organisation, client, date, version, revision, answers, corrects, reason };
  const seconds = Math.min(Math.round(draft.seconds), MOST_SECONDS);
  const fields = { ...whose, finish: draft.isFinished, derived: draft.derived, active_seconds: seconds };
  return { ...fields, hash: await payloadHash(fields) };
}

/* With what goes to the server: what was on its way already, or else this payload, made of so many edits. Undefined when
   there is nothing to send any more. */
/** @type {(draft: Draft, payload: Payload, edits: number) => Draft | undefined} */
export function send(draft, payload, edits) {
  if (!isUnsent(draft) || draft.state === "discarded") return undefined;
  return { ...draft, sending: draft.sending ?? { payload, edits } };
}

/** @type {(draft: Draft, body: Accepted, now: number) => Draft | undefined} */
export function accept(draft, body, now) {
  if (draft.sending?.payload.hash !== body.hash) return undefined;
  const isAll = draft.edits === draft.sending.edits;
  const told = { revision: body.revision, result: body.result, others: body.others };
  const settled = { sending: null, isKnown: true, failures: 0, problem: null };
  return { ...draft, ...told, ...settled, waitsSince: isAll ? null : now, state: isAll ? "sent" : "local" };
}

/** @type {(draft: Draft, body: Clash) => Draft} */
export function clash(draft, { clash: kind, stored }) {
  const isKnown = draft.isKnown || stored.id === draft.id;
  return { ...draft, sending: null, isKnown, state: "conflict", clash: kind, stored, failures: 0 };
}

/* `step` is what can be done: see questionnaires/tablet/refusals.py. */
/** @type {(draft: Draft, no: Partial<Refusal>) => Draft} */
export function refuse(draft, { message = "", problems = [], step = "" }) {
  return { ...draft, sending: null, state: "refused", problem: { message, problems, step }, failures: 0 };
}

/** @type {(draft: Draft) => Draft} */
export function fail(draft) {
  return { ...draft, failures: draft.failures + 1 };
}

/* Two versions of one draft, changed beside each other: the one that was changed last, and what only the other answers. */
/** @type {(one: Draft, other: Draft) => Draft} */
export function united(one, other) {
  const [older, newer] = one.changedAt < other.changedAt ? [one, other] : [other, one];
  if (newer.isFinished || newer.state === "discarded") return newer;
  const missing = Object.entries(older.answers).filter(([question]) =>
    !(question in newer.answers) && !(question in newer.aside)
  );
  if (!missing.length) return newer;
  return change(newer, { answers: { ...Object.fromEntries(missing), ...newer.answers } }, newer.changedAt);
}

/** @type {(draft: Draft) => Draft | undefined} */
export function told(draft) {
  return draft.state === "discarded" ? { ...draft, mustTell: false } : undefined;
}
