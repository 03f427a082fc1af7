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
import { byId, clone, focus, inside, show, wordIfAny } from "./view.js";
/** @import { Session } from "./session.js" */
/** @import { Door } from "./lock.js" */
/** @typedef {App & { session: Session, database: Connection }} OpenApp */
/** @import { OpenVault } from "../vault.js" */
/** @import { Connection } from "../database.js" */
/** @import { Brought, KeptVersions, Status, Who } from "shapes/tablet.d.ts" */

const LOCK_AFTER = 5 * 60_000;
const LOOK_EVERY = 10_000;
/** @type {Record<string, string>} */
const TABS = { toestel: "toestel", uitloggen: "" };
const HEARD_WITHIN = 800;
/* What a tablet that was revoked still shows: every other page is about clients, who are gone. */
const REVOKED = "ingetrokken";
const WITHOUT_CLIENTS = new Set([REVOKED, "toestel", "uitloggen"]);

export class App {
  /** @type {Session | null} */
  session = null;
  activity = new Activity();
  /* Both are there before anything asks for them: see start() and #enter(). */
  database = /** @type {Connection} */ (/** @type {unknown} */ (null));
  rooms = /** @type {typeof import("./rooms.js")} */ (/** @type {unknown} */ (null));
  /* Only whose turn it is stands in the list. */
  onlyDue = false;
  /** @type {{ vault: string, ids: Set<string> } | null} */
  opened = null;

  /** @type {Connection | null} */
  outdated = null;
  /* What is behind the door: it comes while she types her PIN. */
  /** @type {Promise<typeof import("./rooms.js")> | null} */
  #rooms = null;
  /** @type {Promise<unknown>} */
  #drawing = Promise.resolve();
  /** @type {Promise<unknown> | null} */
  #next = null;
  /* The address that is on the screen, or on its way there: a change of which the browser tells late is drawn once. */
  #drawn = "";
  /** @type {(event: KeyboardEvent) => unknown} */
  onKey = () => undefined;
  /** @type {(way: number) => unknown} */
  onSwipe = () => undefined;
  /** @type {() => unknown} */
  onTold = () => undefined;

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
    byId("vergrendel").addEventListener("click", () => this.lock());
    listenForSwipes((way) => this.session && this.onSwipe(way));
    window.setInterval(() => this.#look(), LOOK_EVERY);
    window.addEventListener("offline", () => this.session || this.#door());
    await spoken;
    this.#goBack(takePlace());
    await this.#door();
  }

  /** @type {(place: ReturnType<typeof takePlace>) => void} */
  #goBack(place) {
    if (!place) return;
    this.opened = { vault: place.vault, ids: new Set(place.ids) };
    if (!location.hash) history.replaceState(null, "", place.hash);
  }

  /* A newer version of the database waits for this tab to close its own: not while something is filled in. */
  /** @type {(database: Connection | null) => void} */
  #makeRoom(database) {
    this.outdated = database;
    if (document.documentElement.dataset.page !== "anamnese") database?.close();
  }

  /* Whose vault to show is heard from the server, if that does not take long. */
  async #door() {
    document.documentElement.dataset.state = "locked";
    const { database } = this;
    /** @type {Door} */
    const door = {
      database,
      ahead: () => this.#versionsAhead(),
      enter: (vault, who, brought) => this.#enter(vault, who, brought),
    };
    await sealOverdue(database);
    /** @type {Promise<Brought>} */
    const asked = navigator.onLine ? this.#hear() : Promise.resolve({ kind: "offline", body: {} });
    const isHeard = await Promise.race([asked, new Promise((resolve) => window.setTimeout(resolve, HEARD_WITHIN))]);
    this.#rooms ??= import("./rooms.js");
    if (!isHeard) await showDoor(door);
    door.brought = await asked;
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = document.querySelectorAll(".pin, [type=password]");
    const isTyped = [...fields].some(({ value }) => value);
    if (!this.session && !isTyped) await showDoor(door);
  }

  /** @type {() => Promise<Brought>} */
  async #hear() {
    const brought = await fetchPackage();
    if (brought.kind !== "offline") await obey(this.database);
    return brought;
  }

  /* The versions come while she chooses a PIN: her list would wait for them. */
  /** @type {() => Promise<KeptVersions | null>} */
  #versionsAhead() {
    return /** @type {Promise<typeof import("./rooms.js")>} */ (this.#rooms).then(({ bringVersions }) =>
      bringVersions()
    ).catch(() => null);
  }

  /** @type {(vault: OpenVault, who: Who, brought?: Brought) => Promise<void>} */
  async #enter(vault, who, brought) {
    const { session } = this;
    const before = session?.vault.id ?? this.opened?.vault;
    if (before && before !== vault.id) goHome();
    stayIn(vault.id);
    session?.lock();
    const tell = () => this.#told();
    this.rooms ??= /** @type {typeof import("./rooms.js")} */ (await this.#rooms);
    this.session = new this.rooms.Session({ database: this.database, vault, who, server, tell });
    if (session?.vault.id === vault.id) this.session.opened = session.opened;
    else if (this.opened?.vault === vault.id) this.session.opened = this.opened.ids;
    document.documentElement.dataset.state = "open";
    byId("wie").textContent = who.initials;
    const started = this.session.start(brought);
    if (brought) await started;
    else await this.session.ready;
    await this.render();
    await started;
    if (!brought && /** @type {HTMLInputElement | null} */ (byId("zoek"))?.value === "") await this.render();
  }

  /** @type {(...parts: (string | undefined)[]) => void} */
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
    const [wanted, id, slug] = this.#drawn.slice(2).split("/");
    const known = Object.hasOwn(this.rooms.PAGES, wanted) && wanted !== REVOKED ? wanted : "clienten";
    const session = /** @type {Session} */ (this.session);
    const name = session.sync.ended === "revoked" && !WITHOUT_CLIENTS.has(known) ? REVOKED : known;
    document.documentElement.dataset.page = name;
    this.onKey = this.onSwipe = this.onTold = () => {};
    if (name !== "anamnese") this.#pause();
    this.#makeRoom(this.outdated);
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const tabs = document.querySelectorAll(".tabs a");
    for (const link of tabs) mark(link, link.hash === `#/${TABS[name] ?? "clienten"}`);
    return this.rooms.PAGES[name](/** @type {OpenApp} */ (this), id, slug);
  }

  /* Something that should not happen: nothing is lost, and the error is there for who looks for it. */
  /** @type {(error: unknown) => void} */
  fail(error) {
    if (isOfLocking(error)) return;
    this.#sayBroken(error instanceof OutdatedError ? "outdated" : "");
    reportError(error);
  }

  /** @type {(why: string) => void} */
  #sayBroken(why) {
    show("broken", { again: () => location.reload(), why: wordIfAny(`problem-${why}`) });
  }

  async #told() {
    try {
      const status = await this.rooms?.showLine(this.session, this.database);
      if (!this.session) return;
      if (await this.#hasEnded(status)) return;
      await this.onTold();
      if (status) await this.rooms.tellServer(this.session, status);
    } catch (error) {
      if (!isOfLocking(error)) throw error;
    }
  }

  /* Her access ended, or the time without the server is over: the clients go at once, the work that waits is sealed.
     On a tablet that was revoked she may send it first. */
  /** @type {(status: Status | void) => Promise<boolean>} */
  async #hasEnded(status) {
    const session = /** @type {Session} */ (this.session);
    const { ended } = session.sync;
    if (!ended && !session.isOver()) return false;
    await session.dropClients();
    if (ended === "revoked" && status?.unsent) {
      if (this.session === session && !WITHOUT_CLIENTS.has(document.documentElement.dataset.page ?? "")) this.render();
      return false;
    }
    await this.#end(session);
    return true;
  }

  /* Also what only this page holds: without the clients there may be room for it. */
  /** @type {(session: Session) => Promise<void>} */
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

  /** @type {(isQuiet: boolean) => Promise<void>} */
  async #lock(isQuiet) {
    const session = /** @type {Session} */ (this.session);
    await session.settled();
    await session.store.writeHeld().catch(() => {});
    if (this.session !== session) return;
    this.opened = { vault: session.vault.id, ids: session.opened };
    owesLock(isQuiet, session.vault.id);
    this.#close();
    await this.#door();
  }

  async leave() {
    await this.session?.settled();
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
    this.session?.lock();
    this.session = null;
    byId("inhoud").replaceChildren();
    byId("onder").replaceChildren();
    this.#told();
  }
}

/* What the address named was somebody else's. */
const goHome = () => history.replaceState(null, "", "#/clienten");

/** @type {(link: Element, isHere: boolean) => void} */
function mark(link, isHere) {
  if (isHere) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/* Work that was cut off as the door closed. */
/** @type {(error: any) => boolean} */
const isOfLocking = (error) => error?.reason === "locked";

/* What was under way when the door closed ends without a word: nobody was told that it was done. */
window.addEventListener("unhandledrejection", (event) => isOfLocking(event.reason) && event.preventDefault());

/** @type {(event: Event) => Element} */
const elementOf = (event) => /** @type {Element} */ (event.target);

/* Links within the page lead to their element; the address is the app's. */
document.addEventListener("click", (event) => {
  /** @type {HTMLAnchorElement | null | undefined} */
  const link = elementOf(event).closest?.('a[href^="#"]:not([href^="#/"])');
  if (!link) return;
  event.preventDefault();
  const target = document.getElementById(link.hash.slice(1));
  target?.scrollIntoView({ block: "center" });
  focus(target && (inside(target, ".option-input") ?? target));
});

/* Without connection another page is an error of the browser, from which an installed app has no way back. */
document.addEventListener("click", (event) => {
  if (navigator.onLine || !elementOf(event).closest?.('a[href^="/"]')) return;
  event.preventDefault();
  const news = byId("nieuw");
  news.replaceChildren(clone("away", { close: () => news.replaceChildren() }));
});

if (window.isSecureContext && navigator.serviceWorker && navigator.locks) {
  const app = new App();
  app.start().catch((error) => app.fail(error));
  offerUpdates((update) => byId("nieuw").replaceChildren(clone("update", { update })));
} else show("insecure");
