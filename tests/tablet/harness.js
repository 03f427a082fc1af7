/* Tests of scripts in the browser that they are for. `run.js` loads one file of tests, and the test beside it
   (test_modules.py) runs each of them on a tablet of its own: another origin, with nothing on it. */

/** @import { Accepted, Payload } from "shapes/tablet.d.ts" */
/** @typedef {typeof import("./support.js")} Modules */
/** @typedef {[status: number, body?: unknown, headers?: Record<string, string>]} Answer */
/** @typedef {(sent: any, address: string) => Answer} Route */
/** @typedef {{ method: string, id: string, body: any }} Got */

/** @type {{ name: string, work: () => unknown }[]} */
const tests = [];
const PATIENCE = 15_000;

export const names = () => tests.map(({ name }) => name);

/** @type {(name: string, work: () => unknown) => void} */
export function test(name, work) {
  tests.push({ name, work });
}

/* Runs one; returns what was wrong with it, or null. */
/** @type {(index: number) => Promise<string | null>} */
export async function run(index) {
  try {
    await tests[index].work();
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
  }
}

/** @type {(value: unknown) => unknown} */
function sorted(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/* Values of another tab have other prototypes: what they say is compared. What is undefined says nothing. */
/** @type {(value: unknown) => string} */
const said = (value) => JSON.stringify(value, (_key, each) => sorted(each)) ?? "null";

/** @type {(found: unknown, expected: unknown, what?: string) => void} */
export function equal(found, expected, what = "found") {
  if (said(found) !== said(expected)) throw new Error(`${what} ${said(found)}, expected ${said(expected)}`);
}

/** @type {(condition: unknown, what: string) => void} */
export function ok(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

/* The reason of the error that work has to throw, or its name; "none" where it throws none. */
/** @type {(work: () => unknown) => Promise<string>} */
export async function refusal(work) {
  try {
    await work();
    return "none";
  } catch (error) {
    const { reason, name } = /** @type {{ reason?: string, name: string }} */ (error);
    return reason ?? name;
  }
}

/** @type {(condition: () => unknown, what?: string) => Promise<void>} */
export async function until(condition, what = String(condition)) {
  const end = performance.now() + PATIENCE;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited for: ${what}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}

/* A tab of the tablet: a page of its own with the modules in it, that shares what lies on the tablet with the others. */
export class Tab {
  /** @param {HTMLIFrameElement} frame */
  constructor(frame) {
    this.frame = frame;
  }

  get window() {
    return /** @type {Window & typeof globalThis & { m: Modules }} */ (this.frame.contentWindow);
  }

  /* The modules as this tab has them. */
  get m() {
    return this.window.m;
  }

  /* A module by its path, as this tab has it. */
  /** @type {(path: string) => Promise<any>} */
  load(path) {
    return this.m.load(path);
  }

  /* Load the page again: nothing in memory is left. */
  async reload() {
    const loaded = new Promise((resolve) => (this.frame.onload = resolve));
    this.window.location.reload();
    await loaded;
  }

  /* Gone at once, as when the browser kills it. */
  close() {
    this.frame.remove();
  }
}

/** @type {() => Promise<Tab>} */
export async function openTab() {
  const frame = document.createElement("iframe");
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  frame.src = "/tab.html";
  document.body.append(frame);
  await loaded;
  return new Tab(frame);
}

/** @type {(body: Payload, id: string) => object} */
function accepted(body, id) {
  if (!("hash" in body)) return { id, status: "discarded" };
  const result = { profile: "p", code: "DKDL-01", ruleset_hash: "0".repeat(64), differs: false };
  /** @type {Accepted} */
  const answer = {
    id,
    hash: body.hash,
    status: body.finish ? "finished" : "draft",
    revision: body.revision + 1,
    others: [],
    result: body.finish ? result : null,
  };
  return answer;
}

/* The server in a test's hands. It takes every anamnese in unless told otherwise; at other addresses it is as `on` says. */
export class Answers {
  /** @type {Answer[]} */
  queue = [[200]];
  /** @type {Got[]} */
  got = [];
  /** @type {[string, Route][]} */
  #routes = [];

  /* Answer like this from now on, the last one for ever. Status 0: the connection breaks after the request arrived. */
  /** @type {(...answers: Answer[]) => void} */
  say(...answers) {
    this.queue = answers;
  }

  /** @type {(part: string, route: Route) => void} */
  on(part, route) {
    this.#routes.unshift([part, route]);
  }

  /* What was PUT, in order. */
  payloads() {
    return this.got.filter(({ method }) => method === "PUT").map(({ body }) => body);
  }

  /* Answer what this tab asks. */
  /** @type {(tab: Tab) => void} */
  attach(tab) {
    const { window } = tab;
    const real = window.fetch.bind(window);
    window.fetch = async (address, options) => {
      const path = String(address);
      const { method = "GET", body } = options ?? {};
      const sent = typeof body === "string" ? JSON.parse(body) : null;
      const route = this.#routes.find(([part]) => path.includes(part))?.[1];
      if (!route && !path.includes("/tablet/anamneses/")) return real(address, options);
      const answer = route ? route(sent, path) : this.#next(method, path, sent);
      return answered(window, answer);
    };
  }

  /** @type {(method: string, path: string, body: any) => Answer} */
  #next(method, path, body) {
    const id = path.split("/").filter(Boolean).at(-1) ?? "";
    this.got.push({ method, id, body });
    const [status, said, headers] = this.queue.length > 1 ? /** @type {Answer} */ (this.queue.shift()) : this.queue[0];
    return [status, said ?? (status === 200 ? accepted(body, id) : said), headers];
  }
}

/** @type {(window: Window & typeof globalThis, answer: Answer) => Response} */
function answered(window, [status, body, headers = {}]) {
  if (status === 0) throw new window.TypeError("Failed to fetch");
  const text = typeof body === "string" ? body : JSON.stringify(body ?? {});
  return new window.Response(text, { status, headers: { "Content-Type": "application/json", ...headers } });
}

/** @type {Answer} */
export const BROKEN = [0];
/** @type {Answer} */
export const OK = [200];
