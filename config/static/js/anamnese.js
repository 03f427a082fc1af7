/* One screen of an anamnese: shows what an answer calls up, and saves each answer as it is given. Without this file
   the screen is a form like any other, saved by its button. */
import { Saver } from "./anamnese-saver.js";
import { Activity } from "./tablet/app/activity.js";
import { missing } from "./tablet/app/screens.js";
import { isShown, readAnswers } from "./tablet/instrument.js";
import { inputsOf, Steps } from "./tablet/steps.js";
/** @import { Instrument, Question, Screen, WrittenAnswers } from "shapes/questions.d.ts" */
/** @import { ConflictBody, Tell } from "shapes/screens.d.ts" */

/** @type {<E extends HTMLElement = HTMLElement>(selector: string) => E} */
const the = (selector) => /** @type {never} */ (document.querySelector(selector));
/** @type {(selector: string, part?: ParentNode) => NodeListOf<HTMLElement>} */
const all = (selector, part = document) => part.querySelectorAll(selector);

/** @type {HTMLFormElement} */
const form = the("form[data-anamnese]");
/** @type {(name: string) => HTMLInputElement} */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
/** @type {Record<string, string>} */
const words = Object.fromEntries(
  [...all("[data-word]", /** @type {HTMLTemplateElement} */ (the("[data-words]")).content)].map((word) => [
    word.dataset.word,
    word.textContent,
  ]),
);
/* The rules of all questions, as the tablet has them too. */
/** @type {Instrument} */
const instrument = JSON.parse(form.dataset.instrument ?? "");
const questions = /** @type {HTMLFieldSetElement[]} */ ([...all("[data-question]", form)]);
/** @type {(question: HTMLFieldSetElement) => string} */
const idOf = (question) => question.dataset.question ?? "";

/** @type {(question: HTMLFieldSetElement) => string | string[]} */
function chosen(question) {
  const codes = [...inputsOf(question)].filter((input) => input.checked).map((input) => input.value);
  return question.querySelector("[type=checkbox]") ? codes : (codes[0] ?? []);
}

/* What is shown without an answer is named as well, so that nothing of before comes back in its place. */
/** @type {(answers: WrittenAnswers, question: HTMLFieldSetElement) => WrittenAnswers} */
function withAnswer(answers, question) {
  const { [idOf(question)]: _before, ...others } = answers;
  return question.disabled ? others : { ...others, [idOf(question)]: chosen(question) };
}

/** @type {(question: HTMLFieldSetElement) => Question} */
const ruleOf = (
  question,
) => /** @type {Question} */ (instrument.questions.find(({ id }) => id === question.dataset.question));

/* What is stored is what stands on the screen; a question that does not apply keeps its ticks, out of sight. */
/** @type {(answers: WrittenAnswers) => void} */
function draw(answers) {
  for (const question of questions) {
    const codes = [answers[idOf(question)] ?? []].flat();
    if (question.hidden) continue;
    for (const input of inputsOf(question)) input.checked = codes.includes(input.value);
  }
}

/* In the order of the questions, as one can call up the next. The facts of the page (age) are settled already. */
/** @type {(answers: WrittenAnswers) => WrittenAnswers} */
function read(answers) {
  for (const question of questions) {
    question.hidden = question.disabled = !isShown(instrument, ruleOf(question), readAnswers({ ...facts, ...answers }));
    answers = withAnswer(answers, question);
  }
  return answers;
}

/** @type {(name: string) => void} */
function showNotice(name) {
  for (const notice of all("[data-notice]")) notice.hidden = notice.dataset.notice !== name;
}

/* The notices stand on top, and she may be far down: what only she can solve is brought to her. */
function bringNotice() {
  document.querySelector("[data-notice]:not([hidden])")?.scrollIntoView({ block: "center" });
}

/** @type {(state: string, text: string) => void} */
function showState(state, text) {
  const place = the("[data-save-state]");
  place.dataset.state = state;
  place.textContent = text;
}

/** @type {(progress: { answered: number, total: number }) => void} */
function showProgress({ answered, total }) {
  const bar = /** @type {HTMLProgressElement | null} */ (document.getElementById("voortgang"));
  if (!bar) return;
  bar.max = total;
  bar.value = answered;
  the("label[for=voortgang]").textContent = `${answered} ${words.of} ${total}`;
}

/** @type {(tag: "td" | "th", text: string, label?: string) => HTMLTableCellElement} */
function cell(tag, text, label) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (label) made.dataset.label = label;
  return made;
}

/** @type {(body: ConflictBody) => void} */
function showConflict({ revision, differences }) {
  const body = the("[data-differences]");
  body.replaceChildren(
    ...differences.map(({ subject, here, stored }) => {
      const row = document.createElement("tr");
      const head = cell("th", subject);
      head.scope = "row";
      const none = body.dataset.none ?? "";
      row.append(
        head,
        cell("td", here || none, body.dataset.labelHere),
        cell("td", stored || none, body.dataset.labelStored),
      );
      return row;
    }),
  );
  the("[data-keep-mine]").onclick = () => saver.keepMine(revision);
  the("[data-take-stored]").onclick = () => saver.letGo();
}

/** @type {Record<string, (body: any) => void>} */
const heard = {
  saving: () => showState("saving", words.saving),
  saved: (body) => {
    field("revision").value = body.revision;
    showState("saved", `${words.saved} ${body.saved_at}`);
    showProgress(body);
    showNotice("");
    the("[data-aside]").hidden = !body.aside;
    the("[data-aside-subjects]").textContent = body.aside;
    draw(body.answers);
  },
  conflict: showConflict,
};

/** @type {Tell} */
function tell(state, body) {
  heard[state]?.(body);
  if (state === "saving" || state === "saved") return;
  const isPassing = state === "offline" || state === "busy";
  showState(isPassing ? "unsent" : "failed", words.unsaved);
  showNotice(state === "invalid" ? "refused" : state);
  if (!isPassing) bringNotice();
}

/** @type {WrittenAnswers} */
const facts = JSON.parse(form.dataset.facts ?? "{}");
const activity = new Activity();
activity.begin();
const saver = new Saver({
  url: form.dataset.saveUrl ?? "",
  token: field("csrfmiddlewaretoken").value,
  revision: Number(field("revision").value),
  answers: JSON.parse(form.dataset.answers ?? "{}"),
  tell,
  take: () => activity.take(),
});

form.reset(); // a browser may tick what stood here before: what the server drew is what counts
read(saver.answers);
form.addEventListener("change", () => saver.set(read(saver.answers)));
const isMissing = () => missing(instrument, here, readAnswers({ ...facts, ...saver.answers }));
const here = /** @type {Screen} */ ({ questions: questions.map(ruleOf) });
const steps = new Steps({
  form,
  wasComplete: !isMissing().length,
  missing: isMissing,
  onward: () => form.requestSubmit(),
  step: async () => (await saver.again()) && form.requestSubmit(),
});
const note = the("[data-follows]");
const sayWhetherItFollows = () => (note.hidden = !steps.mayFollow || steps.isTicking);
sayWhetherItFollows();
form.addEventListener("change", () => {
  sayWhetherItFollows();
  steps.answered();
});
document.addEventListener("keydown", (event) => steps.key(event));

/* On to the next screen only when this one has arrived; else the page, and what is on it, stays. */
form.addEventListener("submit", (event) => {
  field("csrfmiddlewaretoken").value = saver.currentToken();
  if (!saver.isUnsaved) {
    field("seconds").value = String(saver.seconds());
    form.inert = true; // a tap while the next screen comes would change this one unseen
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  saver.again().then((isSaved) => (isSaved ? form.requestSubmit(button) : bringNotice()));
});

for (const button of all("[data-save-again]")) {
  button.addEventListener("click", () => saver.again());
}
document.addEventListener("visibilitychange", () => document.hidden || saver.again());
window.addEventListener("beforeunload", (event) => saver.isUnsaved && event.preventDefault());
/* Back from another page, as it was left: what is stored may be newer, but what is not stored yet stays. */
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (!saver.isUnsaved) return void window.location.reload();
  form.inert = false;
  saver.again();
});
