/* Brings what is in the store to the server, by itself: when something changes, on reconnection, on opening and coming
   back, by a button, and again after a pause that grows. One tab at a time; thrown away drafts first, a correction
   after what it corrects. What is on its way is written down before it goes. */
import { accept, clash, fail, isOver, isUnsent, keyOf, payloadOf, refuse, send, told } from "./draft.js";
import { now as clockNow, setContact } from "./clock.js";
import { pauseAfter } from "./pauses.js";
import { alone } from "./tabs.js";
import { VaultError } from "./vault.js";
/** @import { Store } from "./store.js" */
/** @typedef {Draft & { sending: NonNullable<Draft["sending"]> }} Sending */
/** @import { Server } from "./server.js" */
/** @import { Accepted, Contact, Draft, Outcome } from "shapes/tablet.d.ts" */

export class Sync {
  /** @type {Store} */
  #store;
  /** @type {Server} */
  #server;
  /** @type {string} */
  #name;
  /** @type {() => void} */
  #tell;
  /** @type {(() => Promise<string>) | null} */
  #reach;
  /** @type {() => void} */
  #onContact;
  /** @type {Promise<void> | null} */
  #running = null;
  #isWanted = false;
  #isForced = false;
  #isOwed = false;
  #failures = 0;
  #timer = 0;
  /** @type {AbortController | null} */
  #listening = null;

  /* `tell()` is called whenever the status may have changed; `reach()` asks the server for something, and returns what
     kind of outcome that had: so the connection is found again when nothing waits to be sent, and a locked log-in opened.
     `onContact()` hears of every answer to her. */
  /** @param {{ store: Store, server: Server, name: string, tell?: () => void, reach?: (() => Promise<string>) | null, onContact?: () => void }} how */
  constructor({ store, server, name, tell = () => {}, reach = null, onContact = () => {} }) {
    this.#store = store;
    this.#server = server;
    this.#name = name;
    this.#tell = tell;
    this.#reach = reach;
    this.#onContact = onContact;
    this.isReached = navigator.onLine;
    this.isBusy = false;
    /* The server is busy and told how long to wait: until then only she herself sends sooner, by the button. */
    this.isPutOff = false;
    this.needsLogin = false;
    /* Why nothing of hers goes on here any more: "" or what the server called it. */
    this.ended = "";
  }

  start() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    window.addEventListener("online", () => this.#hope(), { signal });
    window.addEventListener("offline", () => this.#lost(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#hope(), { signal });
    return this.run({ isForced: true });
  }

  /* A connection that just came back often fails once more: then the pauses begin small again. */
  #hope() {
    this.#failures = 0;
    this.isPutOff = false;
    this.run();
  }

  stop() {
    this.#listening?.abort();
    window.clearTimeout(this.#timer);
  }

  /* Send all that waits; resolves when a round has ended, whatever came of it. With `isForced` also what was refused. */
  /** @type {(how?: { isForced?: boolean }) => Promise<void>} */
  run({ isForced = false } = {}) {
    if (this.isPutOff && !isForced) return Promise.resolve();
    this.isPutOff = false;
    window.clearTimeout(this.#timer);
    this.#isWanted = true;
    this.#isForced ||= isForced;
    this.#running ??= this.#rounds().finally(() => this.#ended());
    return this.#running;
  }

  /* Something may have been wanted between the end of the last round and this moment. */
  #ended() {
    this.#running = null;
    if (this.#isWanted) this.run();
  }

  /** @type {() => Promise<void>} */
  async #rounds() {
    this.isBusy = true;
    let isDone = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        isDone = await alone(`sync-${this.#name}`, () => this.#round());
      }
    } catch (error) {
      if (error instanceof VaultError) return;
      isDone = false;
      // The turn was taken over by another tab, as this one was asleep: it looks again later.
      if (/** @type {Error} */ (error).name !== "AbortError") throw error;
    } finally {
      this.isBusy = false;
      if (!isDone || this.#isOwed) this.#later();
      this.#tell();
    }
    if (isDone && !this.#isOwed) this.#failures = 0;
  }

  #later() {
    if (this.isPutOff) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.run(), pauseAfter(this.#failures));
    this.#failures += 1;
  }

  #lost() {
    this.isReached = false;
    this.#tell();
  }

  /* Somebody else found the server out of reach: it is looked for from now on. */
  missed() {
    this.#lost();
    this.#isWanted ||= this.isBusy;
    if (!this.isBusy) this.#later();
  }

  /* Somebody else was not answered, by a server that is there: it is asked again later. */
  missedAnswer() {
    this.#isOwed = true;
    if (!this.isBusy) this.#later();
  }

  /** @type {(pause: number) => void} */
  #putOff(pause) {
    this.isPutOff = true;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#hope(), pause);
  }

  /* True when nothing is left that may go better later. */
  /** @type {() => Promise<boolean>} */
  async #round() {
    const isForced = this.#isForced;
    this.#isForced = false;
    await this.#store.writeHeld();
    const drafts = await this.#store.all("draft");
    await this.#clean(drafts);
    let isDone = true;
    for (const draft of inOrder(drafts, isForced)) {
      const kind = await this.#bring(draft, drafts);
      if (kind === "locked") await this.#reach?.();
      if (["offline", "login", "locked", "ended"].includes(kind)) return kind !== "offline";
      isDone &&= kind !== "retry";
      if (this.isPutOff) return false;
    }
    if (this.#reach && (this.#isOwed || !this.isReached)) {
      this.#isOwed = false;
      isDone &&= (await this.#reach()) !== "offline";
    }
    return isDone;
  }

  /** @type {(drafts: Draft[]) => Promise<void>} */
  async #clean(drafts) {
    for (const draft of drafts.filter((each) => isOver(each, clockNow()))) {
      await this.#store.remove("draft", keyOf(draft));
    }
  }

  /* Send one draft until the server has all of it; returns the kind of the last outcome. */
  /** @type {(draft: Draft, drafts: Draft[]) => Promise<string>} */
  async #bring(draft, drafts) {
    if (draft.state === "discarded") return this.#discard(draft);
    if (await this.#mustWait(draft, drafts)) return "retry";
    let taken = await this.#take(draft);
    /** @type {string} */
    let kind = "ok";
    while (taken) {
      const outcome = await this.heard(await this.#server.put(taken.sending.payload));
      kind = outcome.kind;
      const now = await this.#settle(taken, outcome);
      this.#tell();
      taken = now?.state === "local" && kind === "ok" ? await this.#take(now) : undefined;
    }
    return kind;
  }

  /** @type {(draft: Draft) => Promise<Sending | undefined>} */
  async #take(draft) {
    const payload = await payloadOf(draft);
    return /** @type {Promise<Sending | undefined>} */ (this.#change(draft, (now) => send(now, payload, draft.edits)));
  }

  /** @type {(draft: Sending, outcome: Outcome<Accepted>) => Promise<Draft | undefined>} */
  #settle(draft, { kind, body }) {
    const { hash } = draft.sending.payload;
    return this.#change(draft, (now) => {
      if (now.sending?.payload.hash !== hash) return undefined;
      if (kind === "ok") return accept(now, body, clockNow());
      if (kind === "conflict") return clash(now, body);
      return kind === "refused" ? refuse(now, body) : fail(now);
    });
  }

  /** @type {(draft: Draft) => Promise<string>} */
  async #discard(draft) {
    const { kind } = await this.heard(await this.#server.remove(draft));
    // Never arrived, finished elsewhere, or not hers any more: there is nothing left to throw away.
    if (["ok", "conflict", "refused"].includes(kind)) await this.#change(draft, told);
    return kind;
  }

  /* Behind what it corrects, and behind the throwing away of another draft of the same client. */
  /** @type {(draft: Draft, drafts: Draft[]) => Promise<boolean>} */
  async #mustWait(draft, drafts) {
    const first = drafts.filter((each) =>
      each.id === draft.corrects || (each.client === draft.client && each.state === "discarded")
    );
    const now = await Promise.all(first.map((each) => this.#store.get("draft", keyOf(each))));
    return now.some((each) => each && isUnsent(each));
  }

  /** @type {(draft: Draft, change: (now: Draft) => Draft | undefined) => Promise<Draft | undefined>} */
  #change(draft, change) {
    return this.#store.update("draft", keyOf(draft), (now) => now && change(now));
  }

  /* Take note of an answer, or of none: whether the server is reached, and by whom. Returns the outcome. */
  /** @template {{ kind: string, body: unknown, pause?: number, clock?: number | null }} O @param {O} outcome @returns {Promise<O>} */
  async heard(outcome) {
    const { kind, body } = outcome;
    this.isReached = kind !== "offline";
    if (outcome.pause) this.#putOff(outcome.pause);
    this.needsLogin = ["login", "locked", "ended"].includes(kind);
    if (kind === "ended") this.ended = /** @type {{ error?: string }} */ (body).error ?? "";
    if (["ok", "conflict", "refused"].includes(kind)) await this.#contact(outcome.clock).catch(() => {}); // what was answered counts without it
    return outcome;
  }

  /* `clock` is how far the server's clock is ahead of this one, in milliseconds. */
  /** @type {(clock: number | null | undefined) => Promise<unknown>} */
  #contact(clock) {
    const at = { lastContact: Date.now(), clock };
    this.#onContact();
    return this.#store.update("meta", { id: "contact" }, (before) => {
      const known = /** @type {Contact | undefined} */ (before);
      const contact = { ...known, ...at, clock: clock ?? known?.clock ?? null };
      setContact(contact, true);
      return contact;
    });
  }
}

/** @type {(drafts: Draft[], isForced: boolean) => Draft[]} */
function inOrder(drafts, isForced) {
  /** @type {(draft: Draft) => boolean} */
  const waits = ({ state }) => state !== "conflict" && (isForced || state !== "refused");
  /** @type {(draft: Draft) => number[]} */
  const rank = ({ state, corrects, begunAt }) => [state === "discarded" ? 0 : 1, corrects ? 1 : 0, begunAt];
  /** @type {(one: Draft, other: Draft) => number} */
  const byRank = (one, other) => rank(one).map((part, index) => part - rank(other)[index]).find(Boolean) ?? 0;
  return drafts.filter((draft) => isUnsent(draft) && waits(draft)).sort(byRank);
}
