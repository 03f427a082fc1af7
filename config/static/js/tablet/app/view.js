/* Puts templates of the page on the screen. In a template `{name}` stands for a text, `data-slot="name"` for other
   elements, `data-if="name"` (or "!name") for a part that may be absent, `data-do="name"` for a button's work. */
import { now } from "../clock.js";
import { locale } from "./language.js";
/** @import { CodeLook, ModelWords } from "shapes/questions.d.ts" */
/** @import { Client, Day } from "shapes/tablet.d.ts" */
/** @typedef {(event: any) => unknown} Work */
/** @import { Content, Values } from "shapes/pages.d.ts" */

/** @type {(text: string, values: Values) => string} */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => String(values[name] ?? ""));

/** @type {(condition: string, values: Values) => boolean} */
function isWanted(condition, values) {
  return condition.startsWith("!") ? !values[condition.slice(1)] : Boolean(values[condition]);
}

/** @type {(root: ParentNode, mark: string) => NodeListOf<HTMLElement>} */
const all = (root, mark) => root.querySelectorAll(`[data-${mark}]`);

/** @type {(content: Content | Content[] | null | undefined) => Content[]} */
const listOf = (content) => [content ?? []].flat();

/** @template {ParentNode & Node} R @param {R} root @param {Values} values */
function fill(root, values) {
  for (const part of all(root, "if")) if (!isWanted(part.dataset.if ?? "", values)) part.remove();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const part of /** @type {Element} */ (node).attributes ?? [node]) {
      if (part.nodeValue?.includes("{")) part.nodeValue = filled(part.nodeValue, values);
    }
  }
  for (const part of all(root, "do")) {
    const kind = part.tagName === "FORM" ? "submit" : "click";
    part.addEventListener(kind, oneByOne(/** @type {Work} */ (values[part.dataset.do ?? ""])));
  }
  // Last: what comes in here was filled by values of its own.
  for (const slot of all(root, "slot")) {
    slot.replaceChildren(...listOf(/** @type {Content | Content[] | undefined} */ (values[slot.dataset.slot ?? ""])));
  }
  return root;
}

/* A second tap on a button that is still at work does nothing. */
/** @type {(work: Work) => (event: Event) => Promise<void>} */
function oneByOne(work) {
  let isBusy = false;
  return async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    try {
      await work(event);
    } finally {
      isBusy = false;
    }
  };
}

/** @type {(id: string) => DocumentFragment} */
const contentOf = (id) => /** @type {HTMLTemplateElement} */ (byId(id)).content;

/* A copy of a template, filled. */
/** @type {(name: string, values?: Values) => DocumentFragment} */
export function clone(name, values = {}) {
  return fill(/** @type {DocumentFragment} */ (contentOf(`t-${name}`).cloneNode(true)), values);
}

/* A sentence by its name; undefined when there is none. */
/** @type {(name: string | undefined, values?: Values) => string | undefined} */
export function wordIfAny(name, values = {}) {
  const found = contentOf("woorden").querySelector(`[data-word="${name}"]`);
  return found ? filled(found.textContent, values) : undefined;
}

/* A sentence that is there. */
/** @type {(name: string, values?: Values) => string} */
export const word = (name, values) => wordIfAny(name, values) ?? "";

/** An element that is there. */
/** @type {(id: string) => HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The same by a selector, within a part of the page. */
/** @type {(root: ParentNode, selector: string) => HTMLElement} */
export const inside = (root, selector) => /** @type {HTMLElement} */ (root.querySelector(selector));

/* Show a page; `bar` is what stands at the bottom. The focus goes to its heading, or to what is marked to have it. */
/** @type {(name: string, values?: Values, bar?: Content | null) => void} */
export function show(name, values = {}, bar = null) {
  byId("inhoud").replaceChildren(clone(name, values));
  byId("onder").replaceChildren(...listOf(bar));
  const heading = byId("inhoud").querySelector("h1");
  // A browser keeps titles in its history, in the clear: a client's name never stands in one.
  document.title = `${heading?.dataset.title ?? heading?.textContent ?? ""} · Draagvlak`;
  window.scrollTo(0, 0);
  focus(inside(byId("inhoud"), "[data-focus]") ?? heading);
}

/** @type {(element: HTMLElement | null | undefined) => void} */
export function focus(element) {
  if (!element) return;
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/* Say something where it belongs: in the form of a page, or in the part that is given. Heard at once. */
/** @type {(text: string, part?: ParentNode) => void} */
export function complain(text, part = byId("inhoud")) {
  const box = inside(part, "[data-error]");
  box.hidden = !text;
  box.textContent = text;
  if (!text) return;
  focus(box);
  box.scrollIntoView({ block: "nearest" });
}

/* What is wrong with a field, said at the field. */
/** @type {(field: HTMLElement, text: string) => void} */
export function mark(field, text) {
  const { id } = field;
  const known = field.getAttribute("aria-describedby") ?? "";
  if (!known.includes(`fout-${id}`)) {
    field.before(clone("wrong", { id, text }));
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `fout-${id} ${known}`.trim());
  }
  field.focus();
}

/* Whose page it is: for the line that stands on each page of a client. */
/** @type {(client: Client) => { client: string, name: string, born: string }} */
export const whose = ({ id, name, date_of_birth: day }) => ({ client: id, name, born: sayDay(day) });

/* How the models that came along say their codes, and in which colours. */
/** @type {Record<string, CodeLook>} */
let looks = {};

/** @type {(models: { words?: ModelWords }[]) => void} */
export function learnCodes(models) {
  looks = Object.assign({}, ...models.map(({ words }) => words?.codes ?? {}));
}

/* A code as people say it, in its own colour. */
/** @type {(code: string, isLarge?: boolean) => HTMLElement} */
export function chip(code, isLarge = false) {
  const made = document.createElement("span");
  made.className = `profile ${looks[code]?.tone ?? ""}${isLarge ? " profile-large" : ""}`;
  made.textContent = sayCode(code);
  return made;
}

/** @type {(code: string) => string} */
export function sayCode(code) {
  return looks[code]?.word ?? code.replace(/-0*(\d+)$/, " $1");
}

/* The zone of the server: a tablet that stands in another one is not on another day. */
const timeZone = "Europe/Amsterdam";
const days = new Intl.DateTimeFormat("sv", { timeZone });
/** @type {(moment: number | Date, options: Intl.DateTimeFormatOptions) => string} */
const said = (moment, options) => new Intl.DateTimeFormat(locale(), { timeZone, ...options }).format(moment);

/* A day (YYYY-MM-DD) is no moment: noon keeps it on its day. */
/** @type {(day: Day) => string} */
export const sayDay = (day) => said(new Date(`${day}T12:00Z`), { day: "numeric", month: "long", year: "numeric" });
/** @type {(moment?: number | Date) => Day} */
export const today = (moment = now()) => days.format(moment);

/* `as` names a word for a moment of today; without it that is the hour alone. */
/** @type {(moment: number | null | undefined, as?: string) => string} */
export function sayMoment(moment, as) {
  if (!moment) return word("never");
  const day = today(new Date(moment));
  const time = said(moment, { hour: "2-digit", minute: "2-digit" });
  return day === today() ? (wordIfAny(as, { time }) ?? time) : `${sayDay(day)}, ${time}`;
}

/** @type {(seconds: number) => string} */
export function saySeconds(seconds) {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes >= 60) return word("hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  return word(minutes ? "minutes" : "seconds", { minutes, seconds: whole % 60 });
}

/* As care/templatetags/durations.py: in one unit that is easily imagined. */
/** @type {[string, number, number][]} */
const UNITS = [["second", 1, 90], ["minute", 60, 5400], ["hour", 3600, 172_800], ["day", 86_400, Infinity]];

/** @type {(seconds: number) => string} */
export function sayDuration(seconds) {
  const [unit, size] = UNITS.find(([, , until]) => seconds < until) ?? UNITS[0];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(
    Math.round(seconds / size),
  );
}
