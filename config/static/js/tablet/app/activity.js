/* How long somebody is really busy: from one sign of life to the next, where they are close together and the page is in
   sight. The clock on the wall goes on while she talks with the client; this does not. */
const PAUSE = 30_000;
const SIGNS = ["pointerdown", "keydown", "input", "scroll"];

export class Activity {
  #last = 0;
  #draft = "";
  /* Milliseconds by draft, as far as nobody took them yet. */
  /** @type {Record<string, number>} */
  #busy = {};

  constructor() {
    this.lastSign = Date.now();
    for (const sign of SIGNS) document.addEventListener(sign, () => this.#sign(), { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#live() : (this.#last = Date.now())));
  }

  /* From here on it is about this draft, or about none. What was not taken of another waits until she goes on with it. */
  begin(draft = "") {
    this.#live();
    this.#draft = draft;
  }

  /* The seconds with this draft that nobody took yet. */
  take() {
    this.#live();
    const seconds = (this.#busy[this.#draft] ?? 0) / 1000;
    this.#busy[this.#draft] = 0;
    return seconds;
  }

  #sign() {
    this.lastSign = Date.now();
    this.#live();
  }

  #live() {
    const since = Date.now() - this.#last;
    if (since < PAUSE) this.#busy[this.#draft] = (this.#busy[this.#draft] ?? 0) + Math.max(0, since);
    this.#last += since;
  }
}
