/* How long somebody is really busy: from one sign of life to the next, where they are close together and the page is in
   sight. The clock on the wall goes on while she talks with the client; this does not. */
const PAUSE = 30_000;
const SIGNS = ["pointerdown", "keydown", "input", "scroll"];

export class Activity {
  #last = 0;
  #busy = 0;

  constructor() {
    this.lastSign = Date.now();
    for (const sign of SIGNS) document.addEventListener(sign, () => this.#sign(), { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#live() : (this.#last = Date.now())));
  }

  begin() {
    this.#last = Date.now();
    this.#busy = 0;
  }

  /* The seconds since `begin`, or since they were last taken. */
  take() {
    this.#live();
    const seconds = this.#busy / 1000;
    this.#busy = 0;
    return seconds;
  }

  #sign() {
    this.lastSign = Date.now();
    this.#live();
  }

  #live() {
    const now = Date.now();
    if (now - this.#last < PAUSE) this.#busy += Math.max(0, now - this.#last);
    this.#last = now;
  }
}
