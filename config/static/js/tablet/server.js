/* The server, as a tablet sees it. Every outcome has a kind:
     ok        ours, and about what was sent
     login     somebody has to log in, as the nurse whose work it is
     locked    the log-in is hers, and locked: what she keeps behind her PIN opens it
     ended     nobody is logged in any more, or she may not work here any more (`body.error` says which)
     conflict  it clashes with what is stored, which comes along
     refused   it can never be taken in like this
     retry     something is wrong that may pass: the server, or something between that answers in its place;
               `pause`: how long a busy one asks to wait, in milliseconds, else 0
     offline   no answer at all */
import { pauseOf } from "./pauses.js";
/** @import { Accepted, Keys, No, Outcome, Owner, PackageBody, Payload, Report, Who } from "shapes/tablet.d.ts" */

const PATIENCE = 20_000;
const PASSING = new Set([408, 425, 429]);
const ENDED = new Set(["not_logged_in", "no_access", "revoked"]);
const DEVICE = "draagvlak-device";

let own = "";

/* What this tablet calls itself: the same for the life of the page, also when the browser wiped what it kept. */
/** @type {() => string} */
export function deviceId() {
  own = localStorage.getItem(DEVICE) || own || crypto.randomUUID();
  localStorage.setItem(DEVICE, own);
  return own;
}

/** @type {(name: string) => string} */
function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export class Server {
  #base;

  constructor(base = "/tablet/") {
    this.#base = base;
  }

  /* Outcome with `body`. Only an answer that repeats id and hash counts: anything on the way may say 200. */
  /** @type {(payload: Payload) => Promise<Outcome<Accepted>>} */
  put(payload) {
    return this.#ask(
      "PUT",
      `anamneses/${payload.id}/`,
      payload,
      (body) => body.id === payload.id && body.hash === payload.hash,
    );
  }

  /* As a draft for the team of the client. */
  /** @type {(payload: Payload) => Promise<Outcome<Accepted>>} */
  handOver(payload) {
    return this.#ask("PUT", `anamneses/${payload.id}/doorgeven/`, payload, (body) => body.hash === payload.hash);
  }

  /** @type {(draft: Owner & { id: string }) => Promise<Outcome<{ id: string, status: string }>>} */
  remove({ id, nurse, organisation }) {
    return this.#ask(
      "DELETE",
      `anamneses/${id}/`,
      { nurse, organisation },
      (body) => body.id === id && body.status === "discarded",
    );
  }

  /** @type {() => Promise<Outcome<PackageBody>>} */
  package() {
    return this.#ask("GET", "pakket/", null, (body) => Array.isArray(body.clients));
  }

  /** @type {() => Promise<Outcome<Keys>>} */
  newKeys() {
    return this.#ask("POST", "sleutels/", {}, (body) => Boolean(body.nonce && body.device && body.recovery));
  }

  /** @type {(nonce: string, password: string) => Promise<Outcome<{ recovery: string }>>} */
  recovery(nonce, password) {
    return this.#ask("POST", `sleutels/${nonce}/`, { password }, (body) => Boolean(body.recovery));
  }

  /* What lets the PIN open a sealed vault again. */
  /** @type {(nonce: string) => Promise<Outcome<{ seal: string }>>} */
  unsealing(nonce) {
    return this.#ask("POST", `sleutels/${nonce}/zegel/`, {}, (body) => Boolean(body.seal));
  }

  /* How this tablet is. */
  /** @type {(state: Report) => Promise<Outcome<{ name: string, token: string, state: string }>>} */
  report(state) {
    return this.#ask("PUT", `toestellen/${deviceId()}/`, state, (body) => Boolean(body.token));
  }

  /* What was decided about this tablet in the hands of `who`; needs no log-in. `isWiped` tells that it was done. */
  /** @type {(who: Who, token: string, isWiped?: boolean) => Promise<Outcome<{ state: string, access: boolean }>>} */
  standing({ organisation, user: nurse }, token, isWiped = false) {
    return this.#ask(
      "POST",
      `toestellen/${deviceId()}/stand/`,
      { organisation, nurse, token, wiped: isWiped },
      (body) => Boolean(body.state),
    );
  }

  /* `quiet`: unless other pages of ours are in use in this browser. */
  /** @type {(quiet: boolean) => Promise<Outcome<{ locked: boolean }>>} */
  lock(quiet) {
    return this.#ask("POST", "vergrendelen/", { quiet }, (body) => "locked" in body);
  }

  /** @type {(token: string) => Promise<Outcome<{ open: boolean }>>} */
  reopen(token) {
    return this.#ask("POST", "ontgrendelen/", { token }, (body) => "open" in body);
  }

  /* Whether nobody is logged in any more: anything on the way may say so, so the server is asked. */
  async logOut() {
    const { kind } = await this.#ask("POST", "../uitloggen/", null, Boolean);
    return kind !== "offline" && (await this.package()).kind === "ended";
  }

  /** @template B @param {string} method @param {string} path @param {unknown} sent @param {(body: B) => boolean} isOurs @returns {Promise<Outcome<B>>} */
  async #ask(method, path, sent, isOurs) {
    const asked = Date.now();
    let answer;
    try {
      answer = await fetch(this.#base + path, {
        method,
        body: sent ? JSON.stringify(sent) : null,
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": cookie("csrftoken"),
          "X-Requested-With": "fetch",
          "X-Device": deviceId(),
        },
        credentials: "same-origin",
        cache: "no-store",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      return { kind: "offline", body: {} };
    }
    const body = (await answer.json().catch(() => null)) ?? {};
    const clock = Date.parse(answer.headers.get("Date") ?? "") - (asked + Date.now()) / 2;
    return {
      kind: kindOf(answer, body, isOurs),
      body,
      status: answer.status,
      pause: pauseOf(answer),
      clock: Number.isNaN(clock) ? null : clock,
    };
  }
}

/** @type {<B>(answer: Response, body: B & No & { stored?: unknown }, isOurs: (body: B) => boolean) => Outcome<B>["kind"]} */
function kindOf(answer, body, isOurs) {
  const { status } = answer;
  if (answer.ok) return isOurs(body) ? "ok" : "retry";
  if (!body.error || PASSING.has(status) || status >= 500 || body.error === "damaged") return "retry";
  if (ENDED.has(body.error)) return "ended";
  if (body.error === "locked") return "locked";
  if (status === 401 || body.error === "csrf") return "login";
  if (status === 409) return body.stored ? "conflict" : "retry";
  return "refused";
}
