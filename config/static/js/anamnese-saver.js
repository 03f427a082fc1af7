/* Sends the whole answer set of a draft, one request at a time, and keeps it until the server has it.
   `tell(state, detail)` hears: saving, saved, logged-out, offline, busy, refused, finished, conflict, invalid. */
import { pauseOf } from "./tablet/pauses.js";
/** @import { WrittenAnswers } from "shapes/questions.d.ts" */
/** @import { SavedBody, SaverOptions } from "shapes/screens.d.ts" */

const PAUSES = [2_000, 5_000, 15_000, 30_000];

/** @type {(name: string) => string} */
function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/* What it is given is taken over as a whole: the base class only says its types. */
export class Saver extends /** @type {new () => Required<SaverOptions>} */ (/** @type {unknown} */ (Object)) {
  /** @param {SaverOptions} how */
  constructor(how) {
    super();
    Object.assign(this, { take: () => 0, ...how });
    this.timer = 0;
    this.untold = 0;
    this.isUnsaved = false;
    /** @type {Promise<boolean> | null} */
    this.sending = null;
    this.failures = 0;
    this.isPutOff = false; // by a server that is busy and told how long to wait
    window.addEventListener("online", () => this.again());
  }

  /* Logging in (on another tab) gives a new token; the cookie always holds the one that counts. */
  currentToken() {
    return cookie("csrftoken") || this.token;
  }

  /** @type {(answers: WrittenAnswers) => Promise<boolean>} */
  set(answers) {
    this.answers = answers;
    this.isUnsaved = true;
    return this.isPutOff ? Promise.resolve(false) : this.again();
  }

  /** @type {(revision: number) => Promise<boolean>} */
  keepMine(revision) {
    this.revision = revision;
    return this.set(this.answers);
  }

  /* Whole seconds that the server was not told of. */
  seconds() {
    this.untold += this.take();
    return Math.round(this.untold);
  }

  letGo() {
    this.isUnsaved = false;
  }

  /* True once everything has been saved; false when that did not work now. */
  /** @type {() => Promise<boolean>} */
  async again() {
    window.clearTimeout(this.timer);
    this.isPutOff = false;
    while (this.isUnsaved) {
      if (!this.sending) this.sending = this.send().finally(() => (this.sending = null));
      if (!(await this.sending)) return false;
    }
    return true;
  }

  /** @type {() => Promise<boolean>} */
  async send() {
    const sent = this.answers;
    const seconds = this.seconds();
    this.tell("saving");
    let answer;
    try {
      answer = await fetch(this.url, {
        method: "PUT",
        body: JSON.stringify({ answers: sent, revision: this.revision, seconds }),
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": this.currentToken(),
          "X-Requested-With": "fetch",
        },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return this.later();
    }
    return this.read(answer, sent, seconds);
  }

  /** @type {(answer: Response, sent: WrittenAnswers, seconds: number) => Promise<boolean>} */
  async read(answer, sent, seconds) {
    if (answer.status === 429 || answer.status >= 500) return this.later(pauseOf(answer));
    const body = await answer.json().catch(() => ({}));
    // Anything on the way may say 200: a guest network, too.
    if (answer.ok && !Number.isInteger(body?.revision)) return this.later();
    this.failures = 0;
    if (answer.ok) return this.saved(body, sent, seconds);
    this.tell(this.nameOf(answer, body), body);
    return false;
  }

  /** @type {(answer: Response, body: { error?: string }) => string} */
  nameOf(answer, body) {
    if (answer.type === "opaqueredirect" || answer.status === 401) return "logged-out";
    if (answer.status === 409) return body.error ?? "conflict";
    return answer.status === 422 ? "invalid" : "refused";
  }

  /** @type {(body: SavedBody, sent: WrittenAnswers, seconds: number) => boolean} */
  saved(body, sent, seconds) {
    this.revision = body.revision;
    this.untold -= seconds;
    if (this.answers === sent) {
      this.isUnsaved = false;
      this.answers = body.answers;
      this.tell("saved", body);
    } else this.answers = { ...body.returned, ...this.answers }; // came back meanwhile, on other screens
    return true;
  }

  /** @type {(told?: number) => boolean} */
  later(told = 0) {
    this.isPutOff = told > 0;
    const pause = told || PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += told ? 0 : 1;
    this.timer = window.setTimeout(() => this.again(), pause);
    this.tell(told ? "busy" : "offline");
    return false;
  }
}
