/* Puts templates of the page on the screen. In a template `{name}` stands for a text, `data-slot="name"` for other
   elements, `data-if="name"` (or "!name") for a part that may be absent, `data-do="name"` for a button's work. */
import { now } from "../clock.js";
import { locale } from "./language.js";

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");

function isWanted(condition, values) {
  return condition.startsWith("!") ? !values[condition.slice(1)] : Boolean(values[condition]);
}

function fill(root, values) {
  for (const part of root.querySelectorAll("[data-if]")) if (!isWanted(part.dataset.if, values)) part.remove();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const part of node.attributes ?? [node]) {
      if (part.nodeValue.includes("{")) part.nodeValue = filled(part.nodeValue, values);
    }
  }
  for (const part of root.querySelectorAll("[data-do]")) {
    const kind = part.tagName === "FORM" ? "submit" : "click";
    part.addEventListener(kind, oneByOne(values[part.dataset.do]));
  }
  // Last: what comes in here was filled by values of its own.
  for (const slot of root.querySelectorAll("[data-slot]")) {
    slot.replaceChildren(...[values[slot.dataset.slot] ?? []].flat());
  }
  return root;
}

/* A second tap on a button that is still at work does nothing. */
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

/* A copy of a template, filled. */
export function clone(name, values = {}) {
  return fill(document.getElementById(`t-${name}`).content.cloneNode(true), values);
}

/* A sentence by its name; undefined when there is none. */
export function word(name, values = {}) {
  const found = document.getElementById("woorden").content.querySelector(`[data-word="${name}"]`);
  return found ? filled(found.textContent, values) : undefined;
}

const place = (id) => document.getElementById(id);

/* Show a page; `bar` is what stands at the bottom. The focus goes to its heading, or to what is marked to have it. */
export function show(name, values = {}, bar = null) {
  place("inhoud").replaceChildren(clone(name, values));
  place("onder").replaceChildren(...[bar ?? []].flat());
  const heading = place("inhoud").querySelector("h1");
  // A browser keeps titles in its history, in the clear: a client's name never stands in one.
  document.title = `${heading?.dataset.title ?? heading?.textContent ?? ""} · Draagvlak`;
  window.scrollTo(0, 0);
  focus(place("inhoud").querySelector("[data-focus]") ?? heading);
}

export function focus(element) {
  if (!element) return;
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/* Say something where it belongs: in the form of a page, or in the part that is given. Heard at once. */
export function complain(text, part = place("inhoud")) {
  const box = part.querySelector("[data-error]");
  box.hidden = !text;
  box.textContent = text;
  if (!text) return;
  focus(box);
  box.scrollIntoView({ block: "nearest" });
}

/* What is wrong with a field, said at the field. */
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
export const whose = ({ id, name, date_of_birth: day }) => ({ client: id, name, born: sayDay(day) });

/* A code as people say it, in its own colour. */
export function chip(code, isLarge = false) {
  const made = document.createElement("span");
  made.className = `profile profile-${code.toLowerCase()}${isLarge ? " profile-large" : ""}`;
  made.textContent = sayCode(code);
  return made;
}

export function sayCode(code) {
  return word(`code-${code}`) ?? code.replace(/-0*(\d+)$/, " $1");
}

/* The zone of the server: a tablet that stands in another one is not on another day. */
const timeZone = "Europe/Amsterdam";
const days = new Intl.DateTimeFormat("sv", { timeZone });
const said = (moment, options) => new Intl.DateTimeFormat(locale(), { timeZone, ...options }).format(moment);

/* A day (YYYY-MM-DD) is no moment: noon keeps it on its day. */
export const sayDay = (day) => said(new Date(`${day}T12:00Z`), { day: "numeric", month: "long", year: "numeric" });
export const today = (moment = now()) => days.format(moment);

/* `as` names a word for a moment of today; without it that is the hour alone. */
export function sayMoment(moment, as) {
  if (!moment) return word("never");
  const day = today(new Date(moment));
  const time = said(moment, { hour: "2-digit", minute: "2-digit" });
  return day === today() ? (word(as, { time }) ?? time) : `${sayDay(day)}, ${time}`;
}

export function saySeconds(seconds) {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes >= 60) return word("hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  return word(minutes ? "minutes" : "seconds", { minutes, seconds: whole % 60 });
}

/* As care/templatetags/durations.py: in one unit that is easily imagined. */
const UNITS = [["second", 1, 90], ["minute", 60, 5400], ["hour", 3600, 172_800], ["day", 86_400, Infinity]];

export function sayDuration(seconds) {
  const [unit, size] = UNITS.find(([, , until]) => seconds < until);
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(
    Math.round(seconds / size),
  );
}
