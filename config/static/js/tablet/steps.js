/* Through the questions of a screen by digit and Enter, and on by itself where that is no surprise. For the tablet and for
   the server's own screens. */
/** @import { Question } from "shapes/questions.d.ts" */
/** @import { StepsOptions } from "shapes/screens.d.ts" */

const STEP_AFTER = 350;
const FOLLOW = "draagvlak-follow";

/* Whether she goes on by herself: what she chose on this device ("Dit toestel"). */
export const follows = () => localStorage.getItem(FOLLOW) !== "no";
/** @type {(isOn: boolean) => void} */
export const setFollows = (isOn) => localStorage.setItem(FOLLOW, isOn ? "yes" : "no");

/** @type {(part: ParentNode) => HTMLInputElement[]} */
export const inputsOf = (
  part,
) => [.../** @type {NodeListOf<HTMLInputElement>} */ (part.querySelectorAll(".option-input"))];

export class Steps {
  #timer = 0;
  #isByArrow = false;

  /** @param {StepsOptions} how */
  constructor({ form, wasComplete, missing, onward, step = onward }) {
    this.form = form;
    this.missing = missing;
    this.onward = onward;
    this.step = step;
    /* Never off a screen that was complete when it opened. */
    this.mayFollow = follows() && !wasComplete;
    form.addEventListener("keydown", ({ key }) => (this.#isByArrow = key.startsWith("Arrow")));
    form.addEventListener("pointerdown", () => (this.#isByArrow = false));
  }

  /* How many to tick only she knows: from such a screen nobody is taken along. */
  get isTicking() {
    return this.form.querySelector("[data-question]:not([hidden]) [type=checkbox]") !== null;
  }

  stop() {
    window.clearTimeout(this.#timer);
  }

  /* On to what is still open; off this screen only when its last question was just answered, by tap or digit. */
  answered() {
    this.stop();
    if (this.#isByArrow) return;
    const [open] = this.missing();
    if (open) this.#cardOf(open)?.scrollIntoView({ block: "nearest" });
    else if (this.mayFollow && !this.isTicking) {
      this.#timer = window.setTimeout(() => this.form.isConnected && this.step(), STEP_AFTER);
    }
  }

  /* Digits choose for the question that has the focus, or else the first open one; Enter goes on. */
  /** @type {(event: KeyboardEvent) => void} */
  key({ key, ctrlKey, altKey, metaKey }) {
    if (ctrlKey || altKey || metaKey) return;
    const { activeElement } = document;
    if (key === "Enter" && !activeElement?.closest("a, button, summary, input")) return this.onward();
    if (!/^[1-9]$/.test(key)) return;
    const [open] = this.missing();
    const card = activeElement?.closest("[data-question]") ?? (open && this.#cardOf(open));
    const input = card && inputsOf(card)[Number(key) - 1];
    if (input) this.#choose(input);
  }

  /** @type {(input: HTMLInputElement) => void} */
  #choose(input) {
    this.#isByArrow = false;
    input.focus();
    input.click();
    const [next] = this.missing();
    const card = next && input.type === "radio" && this.#cardOf(next);
    if (card) inputsOf(card)[0].focus();
  }

  /** @type {(question: Question) => HTMLElement | null} */
  #cardOf({ id }) {
    return this.form.querySelector(`[data-question="${id}"]`);
  }
}
