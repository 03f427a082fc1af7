/* Through the questions of a screen by digit and Enter, and on by itself where that is no surprise: as on the tablet. */
/** @import { StepOptions } from "shapes/screens.d.ts" */
const STEP_AFTER = 350;
const CONTROLS = "a, button, summary, input";

/** @type {(part: Element) => NodeListOf<HTMLInputElement>} */
const inputsOf = (part) => part.querySelectorAll(".option-input");

/** @type {(how: StepOptions) => void} */
export function followSteps({ form, questions, isAnswered, whenSaved }) {
  const shown = () => questions.filter((question) => !question.hidden);
  const open = () => shown().filter((question) => !isAnswered(question));
  /** @type {() => boolean} */
  const isTicking = () => shown().some((question) => question.querySelector("[type=checkbox]"));
  /* The choice that she made on the tablet ("Dit toestel"); never off a screen that was complete when it opened. */
  const mayFollow = window.localStorage.getItem("draagvlak-follow") !== "no" && open().length > 0;
  const note = /** @type {HTMLElement} */ (document.querySelector("[data-follows]"));
  let isByArrow = false;
  let timer = 0;

  function stepOn() {
    window.clearTimeout(timer);
    note.hidden = !mayFollow || isTicking();
    if (isByArrow) return undefined;
    const [next] = open();
    if (next) return next.scrollIntoView({ block: "nearest" });
    if (note.hidden) return undefined;
    timer = window.setTimeout(async () => (await whenSaved()) && form.requestSubmit(), STEP_AFTER);
    return undefined;
  }

  /** @type {(input: HTMLInputElement) => void} */
  function choose(input) {
    isByArrow = false;
    input.focus();
    input.click();
    const [next] = open();
    if (next && input.type === "radio") inputsOf(next)[0].focus();
  }

  note.hidden = !mayFollow || isTicking();
  form.addEventListener("change", stepOn);
  form.addEventListener("keydown", ({ key }) => (isByArrow = key.startsWith("Arrow")));
  form.addEventListener("pointerdown", () => (isByArrow = false));
  document.addEventListener("keydown", ({ key, target: part, ctrlKey, altKey, metaKey }) => {
    const target = /** @type {Element} */ (part);
    if (ctrlKey || altKey || metaKey) return;
    if (key === "Enter" && !target.closest(CONTROLS)) form.requestSubmit();
    if (!/^[1-9]$/.test(key)) return;
    const question = target.closest("[data-question]") ?? open()[0];
    const input = question && inputsOf(question)[Number(key) - 1];
    if (input) choose(input);
  });
}
