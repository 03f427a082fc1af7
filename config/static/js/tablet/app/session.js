/* What one nurse has open on this tablet: the store, the sending, and what was brought along for the day. */
import { ageOn, answeredByAge, draft as kept, readAnswers, writeAnswers } from "../instrument.js";
import { adopt, change, DAY, keyOf, payloadOf, refuse } from "../draft.js";
import { now, setContact } from "../clock.js";
import * as lease from "../lease.js";
import { newest } from "../newest.js";
import { Store } from "../store.js";
import { Sync } from "../sync.js";
import { Tabs } from "../tabs.js";
import { describe, listVaults } from "../vault.js";
import { bringVersions, inForce, readVersion, scoring } from "../versions.js";
import { speak } from "./language.js";
import { learnCodes, today, word } from "./view.js";
/** @import { OpenVault } from "../vault.js" */
/** @import { Server } from "../server.js" */
/** @import { Connection } from "../database.js" */
/** @import { Place } from "./clients.js" */
/** @import { Answers, Drafted, Instrument, Table } from "shapes/questions.d.ts" */
/** @import { Brought, Client, Contact, Day, Draft, Kind, KeptVersions, Lease, ListedVersion, Listing } from "shapes/tablet.d.ts" */
/** @import { Package, PackageBody, Parsed, Reading, Who } from "shapes/tablet.d.ts" */

const LEASE_EVERY = 60_000;
const HOURS = 72;
/** @type {Listing} */
const NOTHING = { instruments: [], models: [], problems: {}, dates: {} };
/** @type {(listing: Listing) => ListedVersion[]} */
const listed = ({ instruments, models }) => [...instruments, ...models];

export class Session {
  /** @type {Promise<unknown>} */
  #saving = Promise.resolve();
  #seenFrom = performance.now();
  /** @type {Package} */
  package = { clients: [], at: null };
  listing = NOTHING;
  /** @type {Record<string, string>} */
  texts = {};
  /** @type {Record<string, string>} */
  pages = {};
  /** @type {Parsed} */
  parsed = {};
  #read = newest(() => this.#look());
  #tabs;
  /** @type {Lease | null} */
  lease = null;
  isStranger = false;
  /* Drafts that she said to go on with; the others are asked about first. */
  /** @type {Set<string>} */
  opened = new Set();
  /* Where she was in the list. */
  /** @type {Place | null} */
  place = null;
  /** @type {Promise<void> | null} */
  #dropping = null;

  /* `who` is what stands on the vault: { organisation, user, initials }. */
  /** @param {{ database: Connection, vault: OpenVault, who: Who, server: Server, tell: () => void }} how */
  constructor({ database, vault, who, server, tell }) {
    const { organisation, user: nurse } = who;
    this.database = database;
    this.vault = vault;
    this.server = server;
    this.who = { organisation, nurse };
    this.store = new Store(database, vault, {
      organisation,
      user: nurse,
      onChange: (changed) => this.#changed(changed),
    });
    this.sync = new Sync({
      store: this.store,
      server,
      name: vault.id,
      tell,
      reach: () => this.#reach(),
      onContact: () => this.#renew(),
    });
    this.tell = tell;
    this.#tabs = new Tabs(vault.id, ({ kind }) => this.#heard(kind));
  }

  /** @type {(brought?: Brought) => Promise<void>} */
  async start(brought) {
    this.ready = this.#read().then(() => this.#speak());
    await this.ready;
    this.lease = (await listVaults(this.database)).find(({ id }) => id === this.vault.id)?.lease ?? null;
    if (brought?.kind === "ok") this.#renew(brought.body.offline_hours);
    this.sync.start();
    await this.refresh(brought);
  }

  lock() {
    this.sync.stop();
    this.#tabs.close();
    this.vault.lock();
  }

  /* What is in the store is taken over as a whole: until then the pages go on with what was there. */
  async #look() {
    const brought = (await this.store.get("clients")) ?? { clients: [], at: null };
    const { listing = NOTHING, texts = {}, pages = {} } = (await this.store.get("versions")) ?? {};
    setContact(/** @type {Contact | undefined} */ (await this.store.get("meta", { id: "contact" })));
    /** @type {Parsed} */
    const parsed = {};
    for (const { hash } of listed(listing)) if (texts[hash]) parsed[hash] = await readVersion(texts[hash], hash);
    return () => {
      learnCodes(listing.models);
      Object.assign(this, { package: brought, listing, texts, pages, parsed });
    };
  }

  #speak() {
    return speak(this.package.nurse?.language);
  }

  /* Bring along anew, where that can be done now; `brought` is what was just fetched. Returns what kind of outcome it
     had: "login" also where somebody else is logged in. */
  /** @type {(brought?: Brought) => Promise<string>} */
  async refresh(brought) {
    /** @type {Brought} */
    let outcome = brought ?? (await this.server.package());
    if (outcome.kind === "locked") outcome = await this.#reopen();
    const { kind, body, versions } = outcome;
    this.isStranger = kind === "refused" || (kind === "ok" && !this.#isHers(body));
    await this.sync.heard(this.isStranger ? { ...outcome, kind: "login" } : outcome);
    if (kind === "ok" && !this.isStranger) await this.#take(body, versions);
    if (kind === "offline") this.sync.missed();
    if (kind === "retry") this.sync.missedAnswer();
    this.tell();
    return this.isStranger ? "login" : kind;
  }

  /** @type {() => Promise<string>} */
  async #reach() {
    const brought = await this.server.package();
    return brought.kind === "offline" ? "offline" : this.refresh(brought);
  }

  /* Her PIN opened what opens a log-in that was locked; where that does not fit, it is a colleague's, or newer than what
     lies here: she has to log in, and it says nothing about her access. */
  /** @type {() => Promise<Brought>} */
  async #reopen() {
    const outcome = await this.server.reopen(
      /** @type {string} */ (await this.store.get("meta", { id: "reopen" })) ?? "",
    );
    if (outcome.kind !== "ok") return outcome;
    if (!outcome.body.open) return { kind: "login", body: {} };
    this.sync.run();
    return this.server.package();
  }

  /* The server answered her: from now on the tablet opens so long without it. */
  /** @type {(hours?: number) => void} */
  #renew(hours) {
    if (!hours && this.lease && Date.now() - this.lease.contactAt < LEASE_EVERY) return;
    this.lease = lease.begin(hours ?? this.package.offline_hours ?? HOURS);
    this.#keepLease();
  }

  #keepLease() {
    this.#seenFrom = performance.now();
    return describe(this.database, this.vault.id, { lease: this.lease });
  }

  /* Whether time is up; how late it is gets written down once in a while. */
  isOver() {
    if (!this.lease) return false;
    const now = lease.see(this.lease, Date.now(), performance.now() - this.#seenFrom);
    if (now.seenAt - this.lease.seenAt > LEASE_EVERY) {
      this.lease = now;
      this.#keepLease();
    }
    return lease.isOver(now);
  }

  /* She may have them no more: names and dates of birth go at once, her work stays. Once: that they go is told, and heard
     here again before they are gone. */
  dropClients() {
    this.#dropping ??= this.#drop().finally(() => (this.#dropping = null));
    return this.#dropping;
  }

  async #drop() {
    if (!this.package.clients.length) return;
    await this.store.remove("clients", {});
    await this.#read();
  }

  /** @type {(body: PackageBody, versions?: Promise<KeptVersions | null>) => Promise<void>} */
  async #take(body, versions) {
    const clients = [...body.clients, ...(await this.#gone(body.clients))];
    const { reopen, ...rest } = body;
    await this.store.put("meta", { id: "reopen" }, reopen);
    await this.store.put("clients", {}, { ...rest, clients, at: now() });
    this.#renew(rest.offline_hours);
    await this.#read();
    await this.#speak();
    await this.#adoptChanges();
    await this.#bringVersions(versions);
  }

  /* Clients who went to another team while her work is still here: it has to be sent, or else read and passed on. */
  /** @type {(clients: Client[]) => Promise<Client[]>} */
  async #gone(clients) {
    const left = (await this.store.all("draft")).filter(({ state }) => state !== "discarded").map(({ client }) =>
      client
    );
    /** @type {(client: Client) => boolean} */
    const isGone = ({ id }) => left.includes(id) && !clients.some((each) => each.id === id);
    const state = { state: "elsewhere", kind: "ended", label: word("elsewhere"), note: "" };
    return this.package.clients.filter(isGone).map((each) => ({
      ...each,
      state,
      draft: null,
      others: [],
      isElsewhere: true,
    }));
  }

  /** @type {(body: PackageBody) => boolean} */
  #isHers({ nurse, organisation }) {
    return nurse.id === this.who.nurse && organisation.id === this.who.organisation;
  }

  /* What she changed or finished elsewhere, of drafts that wait for nothing here. */
  async #adoptChanges() {
    for (const draft of await this.store.all("draft")) {
      const { draft: stored, last } = this.client(draft.client) ?? {};
      await this.store.update("draft", keyOf(draft), (here) => {
        if (here?.state !== "sent" || here.isFinished) return undefined;
        if (here.id === last?.id) {
          return { ...here, answers: last.answers, derived: { code: last.code }, isFinished: true, changedAt: now() };
        }
        const isBehind = here.id === stored?.id && here.revision < stored.revision;
        return isBehind
          ? { ...adopt(stored, { who: this.who, client: draft.client }, now()), seconds: here.seconds }
          : undefined;
      });
    }
  }

  /** @type {(ahead?: Promise<KeptVersions | null>) => Promise<void>} */
  async #bringVersions(ahead) {
    try {
      await this.store.put("versions", {}, (await ahead) ?? (await bringVersions(this)));
      await this.#read();
    } catch {
      // What is here already goes on to hold; the next time brings the rest.
    }
  }

  /* The day by the server's clock, as far as that is known. */
  today() {
    return today(now());
  }

  get isReady() {
    return this.package.at !== null && listed(this.listing).length > 0;
  }

  /** @type {(id: string) => Client | undefined} */
  client(id) {
    return this.package.clients.find((each) => each.id === id);
  }

  /** @type {(version: string) => Instrument} */
  instrument(version) {
    return this.#parsedOf(this.#listed(version));
  }

  /* The questions of an instrument as the server draws them. */
  /** @type {(version: string) => Document} */
  page(version) {
    const { hash } = this.#listed(version);
    return new DOMParser().parseFromString(this.pages[hash], "text/html");
  }

  /** @type {(day: Day) => string} */
  versionOn(day) {
    return inForce(this.listing.instruments, day).version;
  }

  /* The model that scores an instrument on a day: { hash, words, table }. A list of before has but one kind of model. */
  /** @param {string} version @param {Day} day */
  modelFor(version, day) {
    const { hash } = this.#listed(version);
    const model = scoring(this.listing.models.filter(({ instruments }) => instruments?.includes(hash) ?? true), day);
    return { ...model, table: /** @type {Table} */ (this.#parsedOf(model)) };
  }

  /** @type {(version: string) => ListedVersion} */
  #listed(version) {
    return /** @type {ListedVersion} */ (this.listing.instruments.find((each) => each.version === version));
  }

  /** @type {(version: { hash: string }) => any} */
  #parsedOf({ hash }) {
    return this.parsed[hash];
  }

  /* Resolves when every change that was asked for is in the store. */
  settled() {
    return this.#saving;
  }

  /* With every change that was asked for before. */
  async drafts() {
    await this.settled();
    return this.store.all("draft");
  }

  /* A draft of this tablet, or of the server as the package has it: that one is taken up here. */
  /** @type {(id: string) => Promise<Draft | undefined>} */
  async draft(id) {
    const found = (await this.drafts()).find((each) => each.id === id);
    if (found) return found;
    const client = this.package.clients.find(({ draft }) => draft?.id === id);
    const adopted = client?.draft && adopt(client.draft, { who: this.who, client: client.id }, now());
    // Another tab may have taken it up first, and gone on.
    return adopted ? this.store.update("draft", keyOf(adopted), (here) => here ?? adopted) : undefined;
  }

  /** @type {(draft: Draft) => Promise<Draft | undefined>} */
  put(draft) {
    return this.store.put("draft", keyOf(draft), draft);
  }

  /* Change a draft by a function; one change after the other, in the order of asking. Sends it as well. */
  /** @type {(draft: Draft, changed: (here: Draft, at: number) => Draft | undefined) => Promise<Draft | undefined>} */
  change(draft, changed) {
    const done = this.#saving.then(() =>
      this.store.update("draft", keyOf(draft), (here) => here && changed(here, now()))
    );
    this.#saving = done.catch(() => {});
    return done.then((changedDraft) => (this.sync.run(), changedDraft));
  }

  /* Give what she may not finish to the team of the client; true when it is theirs. It goes from here. */
  /** @type {(id: string) => Promise<boolean>} */
  async handOver(id) {
    const draft = await this.draft(id);
    if (!draft) return false;
    const { kind, body } = await this.sync.heard(await this.server.handOver(await payloadOf(draft)));
    if (kind === "ok") await this.store.remove("draft", keyOf(draft));
    else if (kind === "refused") await this.change(draft, (now) => refuse(now, body));
    return kind === "ok";
  }

  /* Put drafts that a choice made, and send what follows. */
  /** @type {(drafts: Draft[]) => Promise<void>} */
  async putAll(drafts) {
    for (const each of drafts) await this.put(each);
    this.sync.run();
  }

  /* Of the newest first: what was thrown away and can still be brought back. */
  /** @type {(client: string) => Promise<Draft[]>} */
  async discarded(client) {
    /** @type {(draft: Draft) => boolean} */
    const isBack = (each) =>
      each.client === client && each.state === "discarded" && now() - (each.discardedAt ?? 0) < DAY;
    return (await this.drafts()).filter(isBack).sort((one, other) => (other.discardedAt ?? 0) - (one.discardedAt ?? 0));
  }

  /* The instrument, the client's age, and the answers with what follows from that. */
  /** @type {(draft: Pick<Draft, "version" | "client" | "date" | "answers"> & { aside?: Draft["aside"] }) => Reading} */
  reading(draft) {
    const instrument = this.instrument(draft.version);
    const client = /** @type {Client} */ (this.client(draft.client));
    const age = ageOn(client.date_of_birth, draft.date);
    const facts = answeredByAge(instrument, age);
    const [answers, aside] = [draft.answers, draft.aside ?? {}].map(readAnswers);
    return { instrument, client, age, facts, answers, aside, complete: { ...facts, ...answers } };
  }

  /* Change the whole set of answers; returns what is in force and what is set aside after that, what came back, and when
     it is `done`. */
  /**
   * @param {Draft} draft
   * @param {Answers} answers
   * @param {Answers} before
   * @param {number} seconds
   * @returns {Omit<Drafted, "problems"> & { done: Promise<Draft | undefined> }}
   */
  answer(draft, answers, before, seconds) {
    const { instrument, age } = this.reading(draft);
    const { problems: _problems, ...left } = kept(instrument, answers, age, before);
    const written = { answers: writeAnswers(instrument, left.answers), aside: writeAnswers(instrument, left.aside) };
    const done = this.change(draft, (here, at) => change(here, { ...written, seconds: here.seconds + seconds }, at));
    return { ...left, done };
  }

  /** @type {(changed: { kind: Kind, name: string }) => void} */
  #changed({ kind, name }) {
    this.#tabs.tell({ kind, name });
    this.tell();
  }

  /** @type {(kind: string) => Promise<void>} */
  async #heard(kind) {
    if (kind !== "draft" && !this.vault.isLocked) await this.#read();
    this.tell();
  }
}
