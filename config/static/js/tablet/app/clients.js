/* The list of clients, and one client: whose turn is it, what was begun, what was thrown away. */
import { isBehind, now } from "../clock.js";
import { begin, discard, restore } from "../draft.js";
import { progress } from "../instrument.js";
import { folded, searchKey } from "../names.js";
import { byId, chip, clone, complain, mark, sayCode, sayDay, sayMoment, show, whose, word } from "./view.js";
/** @import { Session } from "./session.js" */
/** @typedef {{ text: string, at: number, top: number }} Place */
/** @import { OpenApp } from "./main.js" */
/** @import { Finished, FormEvent, Open, State, TapEvent } from "shapes/pages.d.ts" */
/** @import { Client, Draft } from "shapes/tablet.d.ts" */

/** @type {(id: string) => HTMLInputElement} */
const fieldOf = (id) => /** @type {HTMLInputElement} */ (byId(id));

const NO_TURN = 1e6;
const OVERDUE = new Set(["none", "temporary", "due"]);
/** @type {(draft: Draft) => boolean} */
const isOpen = (draft) => draft.state !== "discarded" && !draft.isFinished;
/** @type {(draft: Draft) => boolean} */
const isDone = (draft) => draft.state !== "discarded" && draft.isFinished;

/* How it stands with a client, with what this tablet knows on top of what the server said. */
/** @type {(client: Client, drafts: Draft[]) => { done: Draft | undefined, draft: Open | undefined }} */
export function standingOf(client, drafts) {
  const own = drafts.filter((draft) => draft.client === client.id);
  const begun = own.filter(isOpen);
  const done =
    own.filter(isDone).sort((one, other) => (one.date + one.changedAt < other.date + other.changedAt ? 1 : -1))[0];
  const isNews = done && ![client.last?.id, client.last?.corrects].includes(done.id) &&
    done.date >= (client.last?.date ?? "");
  const isGone = own.some((draft) => draft.id === client.draft?.id);
  return { done: isNews ? done : undefined, draft: begun[0] ?? (isGone ? undefined : client.draft) ?? undefined };
}

/** @type {(app: OpenApp) => Promise<void>} */
export async function clientList(app) {
  const { session } = app;
  const drafts = await session.drafts();
  if (!session.isReady) return show("empty", { refresh: () => bring(app) });
  const today = session.today();
  /** @type {(client: Client, done: Draft | undefined) => boolean} */
  const isDue = (client, done) =>
    !done && client.turn !== null && client.last?.date !== today && OVERDUE.has(client.state.state);
  const cases = session.package.clients.map((client) => {
    const { done, draft } = standingOf(client, drafts);
    const due = isDue(client, done);
    const begun = draft && begunOf(session, client, draft);
    const turn = due ? (client.turn ?? 0) : NO_TURN - (begun ? 1 : 0);
    return { due, turn, key: searchKey(client.name, client.date_of_birth), row: rowOf(client, begun, done, due) };
  });
  cases.sort((one, other) => one.turn - other.turn);
  const { text, at, top } = placeOf(session);
  const isTyping = document.activeElement?.id === "zoek";
  const due = cases.filter((each) => each.due).length;
  const search = () => {
    const words = folded(field.value).split(/\s+/);
    let next = list.firstChild;
    for (const { row, key, due } of cases) {
      if (row === next) next = row.nextSibling;
      if ((app.onlyDue && !due) || !words.every((word) => key.includes(word))) row.remove();
      else if (!row.isConnected) list.insertBefore(row, next);
    }
    byId("geen").hidden = list.children.length > 0;
  };
  /** @type {(event: TapEvent) => void} */
  const toggle = ({ currentTarget }) => {
    app.onlyDue = !app.onlyDue;
    currentTarget.setAttribute("aria-pressed", String(app.onlyDue));
    search();
  };
  show("clients", {
    total: cases.length,
    due,
    brought: sayMoment(session.package.at),
    pressed: Boolean(app.onlyDue),
    toggle,
    search,
  });
  const [field, list] = [fieldOf("zoek"), byId("rijen")];
  field.value = text;
  field.addEventListener("input", search);
  list.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const isLook = target.closest("a")?.hash.startsWith("#/client/");
    session.place = isLook || !field.value ? seen(field, target.closest("li")) : null;
  });
  search();
  const row = list.children[Math.min(at ?? 0, list.children.length - 1)];
  if (row) window.scrollBy(0, row.getBoundingClientRect().top - (top ?? 0));
  if (isTyping) field.focus();
}

/* Where she is in the list, by a row: its place, and how high it stands. */
/** @type {(field: HTMLInputElement, row: HTMLElement | null | undefined) => Place | null} */
const seen = ({ value: text }, row) =>
  row
    ? { text, at: [...(row.parentElement?.children ?? [])].indexOf(row), top: row.getBoundingClientRect().top }
    : null;

/* Where she was: on the screen now, or when she left the list. Whoever began with somebody whom she sought seeks the next. */
/** @type {(session: Session) => Partial<Place> & { text: string }} */
function placeOf(session) {
  const field = fieldOf("zoek");
  if (!field) return session.place ?? { text: "" };
  const rows = /** @type {HTMLElement[]} */ ([...byId("rijen").children]);
  return seen(field, rows.find((row) => row.getBoundingClientRect().bottom > 0)) ?? { text: field.value };
}

/* Bring along anew, and show it; why not, where that did not work. She may have gone on meanwhile: only what shows what
   came in is drawn anew. */
/** @type {(app: OpenApp) => Promise<unknown>} */
export async function bring(app) {
  const { hash } = location;
  const kind = await app.session.refresh();
  if (kind === "ok" && app.session.isReady) {
    return ["", "#/toestel", "#/clienten"].includes(location.hash) && app.render();
  }
  return location.hash === hash && complain(word(kind === "login" ? "log-in-first" : "vault-no-keys"));
}

/** @type {(client: Client, draft: ReturnType<typeof begunOf> | undefined, done: Draft | undefined, isDue: boolean) => HTMLElement} */
function rowOf(client, draft, done, isDue) {
  const { state } = client;
  const code = done?.derived?.code ?? state.code;
  const born = client.date_of_birth.split("-").reverse().join("-");
  const facts = { name: client.name, id: client.id, born, ...stateOf(client, done), chip: code ? chip(code) : [] };
  const action = draft ? "resume" : isDue ? "start" : "look";
  const others = client.others.map(({ nurse }) => nurse).join(", ");
  const row = clone("row", {
    ...facts,
    hasChip: code,
    [action]: true,
    ...(draft && { ...draft, draft: draft.id, id: client.id }),
    others,
  }).firstElementChild;
  return /** @type {HTMLElement} */ (row);
}

/** @type {(client: Client, done: Draft | undefined) => State} */
function stateOf({ state }, done) {
  return done
    ? { kind: "current", label: word("done-here"), note: done.state === "sent" ? "" : word("not-sent") }
    : state;
}

/** @param {Session} session @param {Client} client @param {Open} draft */
function begunOf(session, client, draft) {
  const { answered, total } = progressOf(session, client, draft);
  return {
    id: draft.id,
    name: client.name,
    when: sayMoment("changedAt" in draft ? draft.changedAt : Date.parse(draft.saved_at), "today"),
    answered,
    total,
  };
}

/** @type {(session: Session, client: Client, draft: Open) => { answered: number, total: number }} */
function progressOf(session, client, draft) {
  const { instrument, complete } = session.reading({ ...draft, client: client.id });
  return progress(instrument, complete);
}

/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function clientPage({ session, go }, id) {
  const client = session.client(id);
  if (!client) return go("clienten");
  const { draft, done } = standingOf(client, await session.drafts());
  const gone = await session.discarded(id);
  /** @type {(old: Draft) => Promise<void>} */
  const bringBack = async (old) => {
    const back = restore(old, crypto.randomUUID(), now());
    await session.putAll([{ ...old, discardedAt: 0 }, back]);
    session.opened.add(back.id);
    go("anamnese", back.id);
  };
  const last = done ?? client.last;
  const thrown = gone.map((old) =>
    clone("thrown", { day: sayDay(old.date), when: sayMoment(old.discardedAt), bringBack: () => bringBack(old) })
  );
  const code = done?.derived?.code ?? client.last?.code;
  const { isElsewhere } = client;
  const others = client.others.map(({ nurse, saved_at: at }) => `${nurse} (${sayMoment(Date.parse(at))})`).join(", ");
  return show("client", {
    ...{ id, name: client.name, born: sayDay(client.date_of_birth), draft: draft?.id, last: last?.id, others, thrown },
    ...{ isElsewhere, mayBegin: !draft && !isElsewhere },
    ...{
      day: last && sayDay(last.date),
      code: code && sayCode(code),
      chip: code ? chip(code, true) : [],
      ...stateOf(client, done),
    },
  });
}

/* Start at once, with the date of today: another date can be chosen on the way. */
/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function start({ session, go }, id) {
  const client = session.client(id);
  if (!client) return go("clienten");
  const { draft, done } = standingOf(client, await session.drafts());
  if (draft) return go("verder", draft.id);
  if (client.isElsewhere) return go("client", id);
  const date = session.today();
  const last = done ?? client.last;
  if (last?.date === date) return show("taken", { ...whose(client), last: last.id });
  const made = begin(
    { id: crypto.randomUUID(), who: session.who, client: id, version: session.versionOn(date), date },
    now(),
  );
  await session.put(made);
  session.opened.add(made.id);
  return isBehind() ? go("datum", made.id) : go("anamnese", made.id);
}

/* Going on is asked, never done by itself. */
/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function resume({ session, go }, id) {
  const draft = await session.draft(id);
  if (!draft) return go("clienten");
  const client = /** @type {Client} */ (session.client(draft.client));
  const goOn = () => {
    session.opened.add(id);
    go("anamnese", id);
  };
  return show("resume", { ...begunOf(session, client, draft), ...whose(client), day: sayDay(draft.date), goOn });
}

/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function throwAway({ session, go }, id) {
  const draft = await session.draft(id);
  if (!draft) return go("clienten");
  const client = /** @type {Client} */ (session.client(draft.client));
  const really = async () => {
    await session.change(draft, discard);
    go("client", client.id);
  };
  return show("discard", { ...whose(client), id, day: sayDay(draft.date), really });
}

/* A correction takes the date and the version of what it replaces, and begins with its answers. */
/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function correct({ session, go }, id) {
  const source = await sourceOf(session, id);
  if (!source) return go("clienten");
  const client = /** @type {Client} */ (session.client(source.client));
  const { facts } = session.reading(source);
  /** @type {(event: FormEvent) => Promise<void>} */
  const make = async ({ target }) => {
    const reason = String(new FormData(target).get("reason")).trim();
    if (!reason) return mark(byId("reden"), word("no-reason"));
    const answers = Object.fromEntries(
      Object.entries(source.answers).filter(([question]) => !Object.hasOwn(facts, question)),
    );
    const about = { client: client.id, version: source.version, date: source.date, answers, corrects: id, reason };
    const made = begin({ id: crypto.randomUUID(), who: session.who, ...about }, now());
    await session.put(made);
    session.opened.add(made.id);
    return go("anamnese", made.id, "nakijken");
  };
  return show("correct", { ...whose(client), id, day: sayDay(source.date), make });
}

/* A finished anamnese: of this tablet, or the last one that the server has. */
/** @type {(session: Session, id: string) => Promise<Finished | undefined>} */
export async function sourceOf(session, id) {
  const own = (await session.drafts()).find((draft) => draft.id === id);
  if (own) return own;
  const client = session.package.clients.find(({ last }) => last?.id === id);
  return client?.last ? { ...client.last, client: client.id, isFinished: true, state: "sent" } : undefined;
}
