/* The tablet's app: gets in, shows the page that the address names, locks after a while, and brings new versions. */
import { openDatabase, OutdatedError } from "../database.js";
import { Activity } from "./activity.js";
import { seal } from "../vault.js";
import "../way.js";
import { lastSpoken, speak } from "./language.js";
import {
  fetchPackage,
  keepPlace,
  obey,
  owesLock,
  sealOverdue,
  server,
  settle,
  showDoor,
  stayIn,
  takePlace,
} from "./lock.js";
import { listenForSwipes } from "./swipes.js";
import { offerUpdates } from "./update.js";
import { clone, focus, show, word } from "./view.js";

const LOCK_AFTER = 5 * 60_000;
const LOOK_EVERY = 10_000;
const TABS = { toestel: "toestel", uitloggen: "" };
const HEARD_WITHIN = 800;
/* What a tablet that was revoked still shows: every other page is about clients, who are gone. */
const REVOKED = "ingetrokken";
const WITHOUT_CLIENTS = new Set([REVOKED, "toestel", "uitloggen"]);

class App {
  session = null;
  activity = new Activity();
  outdated = null;
  /* What is behind the door: it comes while she types her PIN. */
  #rooms = null;
  #drawing = Promise.resolve();
  #next = null;
  /* The address that is on the screen, or on its way there: a change of which the browser tells late is drawn once. */
  #drawn = "";
  onKey = () => {};
  onSwipe = () => {};
  onTold = () => {};

  async start() {
    const spoken = speak(lastSpoken());
    const onBlocked = () => this.#sayBroken("blocked");
    this.database = await openDatabase({ onBlocked, onOutdated: (database) => this.#makeRoom(database) });
    this.database.onWiped = () => this.#told();
    window.addEventListener("beforeunload", (event) => this.database.held.size && event.preventDefault());
    window.addEventListener("hashchange", () => location.hash !== this.#drawn && this.render());
    window.addEventListener("online", () => settle());
    document.addEventListener("keydown", (event) => this.session && this.onKey(event));
    document.addEventListener("visibilitychange", () => this.#lockWhenIdle());
    document.getElementById("vergrendel").addEventListener("click", () => this.lock());
    listenForSwipes((way) => this.session && this.onSwipe(way));
    window.setInterval(() => this.#look(), LOOK_EVERY);
    window.addEventListener("offline", () => this.session || this.#door());
    await spoken;
    this.#goBack(takePlace());
    await this.#door();
  }

  #goBack(place) {
    if (!place) return;
    this.opened = { vault: place.vault, ids: new Set(place.ids) };
    if (!location.hash) history.replaceState(null, "", place.hash);
  }

  /* A newer version of the database waits for this tab to close its own: not while something is filled in. */
  #makeRoom(database) {
    this.outdated = database;
    if (document.documentElement.dataset.page !== "anamnese") database?.close();
  }

  /* Whose vault to show is heard from the server, if that does not take long. */
  async #door() {
    document.documentElement.dataset.state = "locked";
    const { database } = this;
    const door = { database, ahead: () => this.#versionsAhead(), enter: (...opened) => this.#enter(...opened) };
    await sealOverdue(database);
    const asked = navigator.onLine ? this.#hear() : Promise.resolve({ kind: "offline", body: {} });
    const isHeard = await Promise.race([asked, new Promise((resolve) => window.setTimeout(resolve, HEARD_WITHIN))]);
    this.#rooms ??= import("./rooms.js");
    if (!isHeard) await showDoor(door);
    door.brought = await asked;
    const isTyped = [...document.querySelectorAll(".pin, [type=password]")].some(({ value }) => value);
    if (!this.session && !isTyped) await showDoor(door);
  }

  async #hear() {
    const brought = await fetchPackage();
    if (brought.kind !== "offline") await obey(this.database);
    return brought;
  }

  /* The versions come while she chooses a PIN: her list would wait for them. */
  #versionsAhead() {
    return this.#rooms.then(({ bringVersions }) => bringVersions()).catch(() => null);
  }

  async #enter(vault, who, brought) {
    const { session } = this;
    const before = session?.vault.id ?? this.opened?.vault;
    if (before && before !== vault.id) goHome();
    stayIn(vault.id);
    session?.lock();
    const tell = () => this.#told();
    this.rooms ??= await this.#rooms;
    this.session = new this.rooms.Session({ database: this.database, vault, who, server, tell });
    if (session?.vault.id === vault.id) this.session.opened = session.opened;
    else if (this.opened?.vault === vault.id) this.session.opened = this.opened.ids;
    document.documentElement.dataset.state = "open";
    document.getElementById("wie").textContent = who.initials;
    const started = this.session.start(brought);
    if (brought) await started;
    else await this.session.ready;
    await this.render();
    await started;
    if (!brought && document.getElementById("zoek")?.value === "") await this.render();
  }

  go = (...parts) => {
    const hash = `#/${parts.filter(Boolean).join("/")}`;
    if (location.hash === hash) this.render();
    else location.hash = hash;
  };

  /* One page after the other; of what is asked for meanwhile only the last, as the address says which. */
  render() {
    this.#next ??= this.#drawing = this.#drawing.then(() => {
      this.#next = null;
      return this.#draw();
    });
    return this.#next;
  }

  /* The line first: a page that follows on a change never stands under a line of before. */
  async #draw() {
    this.#drawn = location.hash;
    if (!this.session) return;
    try {
      await this.rooms.showLine(this.session, this.database);
      await this.#page();
    } catch (error) {
      this.fail(error);
    }
    this.#told();
  }

  #page() {
    const [wanted, ...rest] = this.#drawn.slice(2).split("/");
    const known = Object.hasOwn(this.rooms.PAGES, wanted) && wanted !== REVOKED ? wanted : "clienten";
    const name = this.session.sync.ended === "revoked" && !WITHOUT_CLIENTS.has(known) ? REVOKED : known;
    document.documentElement.dataset.page = name;
    this.onKey = this.onSwipe = this.onTold = () => {};
    if (name !== "anamnese") this.#pause();
    this.#makeRoom(this.outdated);
    for (const link of document.querySelectorAll(".tabs a")) mark(link, link.hash === `#/${TABS[name] ?? "clienten"}`);
    return this.rooms.PAGES[name](this, ...rest);
  }

  /* Something that should not happen: nothing is lost, and the error is there for who looks for it. */
  fail(error) {
    if (error?.reason === "locked") return;
    this.#sayBroken(error instanceof OutdatedError && "outdated");
    reportError(error);
  }

  #sayBroken(why) {
    show("broken", { again: () => location.reload(), why: word(`problem-${why}`) });
  }

  async #told() {
    try {
      const status = await this.rooms?.showLine(this.session, this.database);
      if (!this.session) return;
      if (await this.#hasEnded(status)) return;
      await this.onTold();
      if (status) await this.rooms.tellServer(this.session, status);
    } catch (error) {
      if (error?.reason !== "locked") throw error;
    }
  }

  /* Her access ended, or the time without the server is over: the clients go at once, the work that waits is sealed.
     On a tablet that was revoked she may send it first. */
  async #hasEnded(status) {
    const { session } = this;
    const { ended } = session.sync;
    if (!ended && !session.isOver()) return false;
    await session.dropClients();
    if (ended === "revoked" && status?.unsent) {
      if (this.session === session && !WITHOUT_CLIENTS.has(document.documentElement.dataset.page)) this.render();
      return false;
    }
    await this.#end(session);
    return true;
  }

  /* Also what only this page holds: without the clients there may be room for it. */
  async #end(session) {
    await session.settled();
    await session.store.writeHeld().catch(() => {});
    if (this.session !== session) return;
    keepPlace(session);
    this.#close();
    // Where it cannot be sealed now the next contact ends her access again; the page does not stay empty.
    await seal(this.database, session.vault.id).catch(reportError);
    await this.#door();
  }

  #look() {
    this.#lockWhenIdle();
    this.#told();
  }

  #lockWhenIdle() {
    if (this.session && Date.now() - this.activity.lastSign > LOCK_AFTER) this.lock(true);
  }

  /* What was just tapped is written first. What could only be held in memory waits there, sealed, for who opens again.
     `isQuiet`: nobody asked for it. */
  lock(isQuiet = false) {
    return this.#lock(isQuiet).catch((error) => this.fail(error));
  }

  async #lock(isQuiet) {
    const { session } = this;
    await session.settled();
    await session.store.writeHeld().catch(() => {});
    if (this.session !== session) return;
    this.opened = { vault: session.vault.id, ids: session.opened };
    owesLock(isQuiet, session.vault.id);
    this.#close();
    await this.#door();
  }

  async leave() {
    await this.session.settled();
    this.opened = null;
    this.#close();
    goHome();
    this.#door();
  }

  /* Nobody fills in: other tabs may, and no draft's time runs. */
  #pause() {
    this.rooms.release();
    this.activity.begin();
  }

  #close() {
    this.#pause();
    this.session.lock();
    this.session = null;
    document.getElementById("inhoud").replaceChildren();
    document.getElementById("onder").replaceChildren();
    this.#told();
  }
}

/* What the address named was somebody else's. */
const goHome = () => history.replaceState(null, "", "#/clienten");

function mark(link, isHere) {
  if (isHere) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/* What was under way when the door closed ends without a word: nobody was told that it was done. */
window.addEventListener("unhandledrejection", (event) => event.reason?.reason === "locked" && event.preventDefault());

/* Links within the page lead to their element; the address is the app's. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]:not([href^="#/"])');
  if (!link) return;
  event.preventDefault();
  const target = document.getElementById(link.hash.slice(1));
  target?.scrollIntoView({ block: "center" });
  focus(target?.querySelector(".option-input") ?? target);
});

/* Without connection another page is an error of the browser, from which an installed app has no way back. */
document.addEventListener("click", (event) => {
  if (navigator.onLine || !event.target.closest?.('a[href^="/"]')) return;
  event.preventDefault();
  const news = document.getElementById("nieuw");
  news.replaceChildren(clone("away", { close: () => news.replaceChildren() }));
});

if (window.isSecureContext && navigator.serviceWorker && navigator.locks) {
  const app = new App();
  app.start().catch((error) => app.fail(error));
  offerUpdates((update) => document.getElementById("nieuw").replaceChildren(clone("update", { update })));
} else show("insecure");
