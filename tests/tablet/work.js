/* A nurse at work in a tab: her vault and store, one draft, and how it goes to the server. */
import { Answers, openTab } from "/harness.js";
/** @import { Tab } from "/harness.js" */
/** @import { Draft } from "shapes/tablet.d.ts" */
/** @import { WrittenAnswers } from "shapes/questions.d.ts" */

export class Work {
  /**
   * @param {Tab} tab
   * @param {Answers} server
   * @param {Awaited<ReturnType<Tab["m"]["openAll"]>>} opened
   */
  constructor(tab, server, { db, open, store, ask, sync }) {
    this.tab = tab;
    this.server = server;
    this.m = tab.m;
    this.db = db;
    this.vault = open;
    this.store = store;
    this.ask = ask;
    this.sync = sync;
    this.draft = this.m.newDraft();
    this.key = this.m.draft.keyOf(this.draft);
  }

  /* The draft that it is about from here on. */
  /** @type {(changed?: Parameters<Tab["m"]["newDraft"]>[0]) => Promise<this>} */
  async begin(changed = {}) {
    this.draft = this.m.newDraft(changed);
    this.key = this.m.draft.keyOf(this.draft);
    await this.put(this.draft);
    return this;
  }

  /** @type {(draft: Draft) => Promise<unknown>} */
  put(draft) {
    return this.store.put("draft", this.m.draft.keyOf(draft), draft);
  }

  async now() {
    return /** @type {Draft} */ (await this.store.get("draft", this.key));
  }

  /** @type {(change: (now: Draft) => Draft | undefined) => Promise<unknown>} */
  update(change) {
    return this.store.update("draft", this.key, (now) => now && change(now));
  }

  /** @type {(answers: WrittenAnswers) => Promise<unknown>} */
  change(answers) {
    return this.update((now) => this.m.draft.change(now, { answers }, Date.now()));
  }

  finish() {
    const derived = { code: "DKDL-01", ruleset_hash: "0".repeat(64) };
    return this.update((now) => this.m.draft.finish(now, { answers: now.answers, derived }, Date.now()));
  }

  discard() {
    return this.update((now) => this.m.draft.discard(now, Date.now()));
  }

  status() {
    return this.m.statusOf(this.store, this.sync);
  }

  /* How it stands: state, revision, and whether nothing is on its way. */
  async brief() {
    const { state, revision, sending } = await this.now();
    return [state, revision, sending === null];
  }

  /* Why something is only held, how much, and what its answers are. */
  async told() {
    return [this.store.problem, this.store.heldCount, (await this.now()).answers];
  }
}

/* Open database, vault and store in a tab; `server` answers what it asks. */
/** @type {(tab: Tab, server?: Answers, user?: string) => Promise<Work>} */
export async function openWork(tab, server = new Answers(), user = tab.m.USER) {
  server.attach(tab);
  return new Work(tab, server, await tab.m.openAll(user));
}

/* The same in a tab of its own, with a draft that was not sent. */
/** @type {(changed?: Parameters<Work["begin"]>[0]) => Promise<Work>} */
export async function atWork(changed) {
  return (await openWork(await openTab())).begin(changed);
}

/* The work in this tab after its page was loaded again. */
/** @type {(work: Work) => Promise<Work>} */
export async function afterReload({ tab, server, key, draft }) {
  await tab.reload();
  return Object.assign(await openWork(tab, server), { key, draft });
}

/* What lies on disk, seen through a connection of its own: how many vaults, how many records. */
/** @type {(tab: Tab) => Promise<number[]>} */
export async function onDisk({ m }) {
  const other = await m.database.openDatabase();
  const counts = await m.database.transact(
    other,
    ["vaults", "records"],
    "readonly",
    (...stores) => Promise.all(stores.map((store) => m.database.answerOf(store.count()))),
  );
  other.close();
  return counts;
}

/* The records as they lie there. */
/** @type {(work: Work) => Promise<any[]>} */
export const rowsOf = ({ m, db }) =>
  m.database.transact(db, ["records"], "readonly", (records) => m.database.answerOf(records.getAll()));

/* Writing finds no room from here on; returns what makes room again. When the browser finds room by itself depends on its
   clock, so it is told to refuse. */
/** @type {(tab: Tab) => () => void} */
export function fill({ window }) {
  const { prototype } = window.IDBObjectStore;
  const { put } = prototype;
  prototype.put = () => {
    throw new window.DOMException("vol", "QuotaExceededError");
  };
  return () => (prototype.put = put);
}
