/* Which questions stand together, and how far a set of answers is: as questionnaires.anamneses.screens on the server. */
import { given, reach } from "../instrument.js";
/** @import { AnswerProblem, Answers, Instrument, Question, Screen } from "shapes/questions.d.ts" */

/* One screen for each group, and one for a question with its follow-up: { slug, title, questions }. */
/** @type {(instrument: Instrument) => Screen[]} */
export function screensOf({ groups, questions }) {
  const openers = new Set(questions.map((each) => each.follows_up).filter(Boolean));
  /** @type {Screen[]} */
  const screens = [];
  for (const question of questions) {
    const opener = openers.has(question.id) ? question.id : question.follows_up;
    const slug = opener ? `${question.group}-${opener.toLowerCase()}` : question.group;
    const last = screens.at(-1);
    if (last?.slug === slug) last.questions.push(question);
    else screens.push({ slug, title: titleOf(question, opener, groups, questions), questions: [question] });
  }
  return screens;
}

/** @type {(question: Question, opener: string | undefined, groups: Instrument["groups"], questions: Question[]) => string} */
function titleOf({ group }, opener, groups, questions) {
  const found = opener
    ? questions.find(({ id }) => id === opener)?.subject
    : groups.find(({ id }) => id === group)?.label;
  return found ?? "";
}

/* With a question that applies, or may apply once the gates have been answered. */
/** @type {(instrument: Instrument, answers: Answers) => Screen[]} */
export function openScreens(instrument, answers) {
  /** @type {(question: Question) => boolean} */
  const isThere = (question) => reach(instrument, question, answers) !== "hidden";
  return screensOf(instrument).filter((screen) => screen.questions.some(isThere));
}

/** @type {(instrument: Instrument, screen: Screen, answers: Answers) => Question[]} */
export function missing(instrument, { questions }, answers) {
  return questions.filter((each) => reach(instrument, each, answers) === "asked" && !given(answers, each.id).length);
}

/* The screen to go on with; undefined when everything has an answer. */
/** @type {(instrument: Instrument, answers: Answers) => Screen | undefined} */
export function firstUnanswered(instrument, answers) {
  return openScreens(instrument, answers).find((screen) => missing(instrument, screen, answers).length);
}

/* The subjects of questions, in words. */
/** @type {(instrument: Instrument, ids: string[]) => string} */
export function subjectsOf({ questions }, ids) {
  return questions.filter(({ id }) => ids.includes(id)).map(({ subject }) => subject).join(", ");
}

/** @type {(question: Question, codes: string[]) => string} */
export function labels(question, codes) {
  return question.options.filter(({ code }) => codes.includes(code)).map(({ label }) => label).join(", ");
}

/* A problem of instrument.js as a sentence. */
/** @type {(instrument: Instrument, texts: Record<string, string>, problem: AnswerProblem) => string} */
export function sentence(instrument, texts, { question: id, code }) {
  /** @type {(wanted: string) => Question | undefined} */
  const find = (wanted) => instrument.questions.find((each) => each.id === wanted);
  const question = find(id);
  const followed = question?.follows_up ? find(question.follows_up)?.subject ?? "" : "";
  return texts[code].replace("%(subject)s", question?.subject ?? id).replace("%(followed)s", followed);
}
