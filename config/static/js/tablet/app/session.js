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
import { bringVersions, inForce, readVersion } from "../versions.js";
import { speak } from "./language.js";
import { today, word } from "./view.js";

const LEASE_EVERY = 60_000;
const HOURS = 72;
const NOTHING = { instruments: [], models: [], problems: {} };
const listed = ({ instruments, models }) => [...instruments, ...models];

export class Session {
  #saving = Promise.resolve();
  #seenFrom = performance.now();
  #read = newest(() => this.#look());
  #tabs;
  #dropping = null;

  /* `who` is what stands on the vault: { organisation, user, initials }. */
  constructor({ database, vault, who, server, tell }) {
    const { organisation, user: nurse } = who;
    this.database = database;
    this.vault = vault;
    this.lease = null;
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
    /* Drafts that she said to go on with; the others are asked about first. */
    this.opened = new Set();
    this.#tabs = new Tabs(vault.id, ({ kind }) => this.#heard(kind));
    this.isStranger = false;
  }

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
    setContact(await this.store.get("meta", { id: "contact" }));
    const parsed = {};
    for (const { hash } of listed(listing)) if (texts[hash]) parsed[hash] = await readVersion(texts[hash], hash);
    return () => Object.assign(this, { package: brought, listing, texts, pages, parsed });
  }

  #speak() {
    return speak(this.package.nurse?.language);
  }

  /* Bring along anew, where that can be done now; `brought` is what was just fetched. Returns what kind of outcome it
     had: "login" also where somebody else is logged in. */
  async refresh(brought) {
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

  async #reach() {
    const brought = await this.server.package();
    return brought.kind === "offline" ? "offline" : this.refresh(brought);
  }

  /* Her PIN opened what opens a log-in that was locked; where that does not fit, it is a colleague's, or newer than what
     lies here: she has to log in, and it says nothing about her access. */
  async #reopen() {
    const outcome = await this.server.reopen((await this.store.get("meta", { id: "reopen" })) ?? "");
    if (outcome.kind !== "ok") return outcome;
    if (!outcome.body.open) return { kind: "login", body: {} };
    this.sync.run();
    return this.server.package();
  }

  /* The server answered her: from now on the tablet opens so long without it. */
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
  async #gone(clients) {
    const left = (await this.store.all("draft")).filter(({ state }) => state !== "discarded").map(({ client }) =>
      client
    );
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

  #isHers({ nurse, organisation }) {
    return nurse.id === this.who.nurse && organisation.id === this.who.organisation;
  }

  /* What she changed or finished elsewhere, of drafts that wait for nothing here. */
  async #adoptChanges() {
    for (const draft of await this.store.all("draft")) {
      const { id: client, draft: stored, last } = this.client(draft.client) ?? {};
      await this.store.update("draft", keyOf(draft), (here) => {
        if (here?.state !== "sent" || here.isFinished) return undefined;
        if (here.id === last?.id) {
          return { ...here, answers: last.answers, derived: { code: last.code }, isFinished: true, changedAt: now() };
        }
        const isBehind = here.id === stored?.id && here.revision < stored.revision;
        return isBehind ? { ...adopt(stored, { who: this.who, client }, now()), seconds: here.seconds } : undefined;
      });
    }
  }

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

  client(id) {
    return this.package.clients.find((each) => each.id === id);
  }

  instrument(version) {
    return this.#parsedOf(this.listing.instruments.find((each) => each.version === version));
  }

  /* The questions of an instrument as the server draws them. */
  page(version) {
    const { hash } = this.listing.instruments.find((each) => each.version === version);
    return new DOMParser().parseFromString(this.pages[hash], "text/html");
  }

  versionOn(day) {
    return inForce(this.listing.instruments, day).version;
  }

  /* The model of a day: { hash, words, table }. */
  modelOn(day) {
    const model = inForce(this.listing.models, day);
    return { ...model, table: this.#parsedOf(model) };
  }

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
  async draft(id) {
    const found = (await this.drafts()).find((each) => each.id === id);
    if (found) return found;
    const client = this.package.clients.find(({ draft }) => draft?.id === id);
    const adopted = client && adopt(client.draft, { who: this.who, client: client.id }, now());
    // Another tab may have taken it up first, and gone on.
    return adopted && this.store.update("draft", keyOf(adopted), (here) => here ?? adopted);
  }

  put(draft) {
    return this.store.put("draft", keyOf(draft), draft);
  }

  /* Change a draft by a function; one change after the other, in the order of asking. Sends it as well. */
  change(draft, changed) {
    const done = this.#saving.then(() =>
      this.store.update("draft", keyOf(draft), (draftNow) => changed(draftNow, now()))
    );
    this.#saving = done.catch(() => {});
    return done.then((changedDraft) => (this.sync.run(), changedDraft));
  }

  /* Give what she may not finish to the team of the client; true when it is theirs. It goes from here. */
  async handOver(id) {
    const draft = await this.draft(id);
    const { kind, body } = await this.sync.heard(await this.server.handOver(await payloadOf(draft)));
    if (kind === "ok") await this.store.remove("draft", keyOf(draft));
    else if (kind === "refused") await this.change(draft, (now) => refuse(now, body));
    return kind === "ok";
  }

  /* Put drafts that a choice made, and send what follows. */
  async putAll(drafts) {
    for (const each of drafts) await this.put(each);
    this.sync.run();
  }

  /* Of the newest first: what was thrown away and can still be brought back. */
  async discarded(client) {
    const isBack = (each) => each.client === client && each.state === "discarded" && now() - each.discardedAt < DAY;
    return (await this.drafts()).filter(isBack).sort((one, other) => other.discardedAt - one.discardedAt);
  }

  /* The instrument, the client's age, and the answers with what follows from that. */
  reading(draft) {
    const instrument = this.instrument(draft.version);
    const client = this.client(draft.client);
    const age = ageOn(client.date_of_birth, draft.date);
    const facts = answeredByAge(instrument, age);
    const [answers, aside] = [draft.answers, draft.aside ?? {}].map(readAnswers);
    return { instrument, client, age, facts, answers, aside, complete: { ...facts, ...answers } };
  }

  /* Change the whole set of answers; returns what is in force and what is set aside after that, what came back, and when
     it is `done`. */
  answer(draft, answers, before, seconds) {
    const { instrument, age } = this.reading(draft);
    const { problems: _problems, ...left } = kept(instrument, answers, age, before);
    const written = { answers: writeAnswers(instrument, left.answers), aside: writeAnswers(instrument, left.aside) };
    const done = this.change(draft, (here, at) => change(here, { ...written, seconds: here.seconds + seconds }, at));
    return { ...left, done };
  }

  #changed({ kind, name }) {
    this.#tabs.tell({ kind, name });
    this.tell();
  }

  async #heard(kind) {
    if (kind !== "draft" && !this.vault.isLocked) await this.#read();
    this.tell();
  }
}
