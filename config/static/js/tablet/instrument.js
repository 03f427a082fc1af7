/* The rules on answers, read from an instrument's definition: what is asked, what is wrong, what is kept. The same as
   questionnaires.instruments.definition and .drafting on the server; a test holds them together. No question or option is named
   here. Answers map the id of a question to its list of option codes. */
/** @import { AgeRule, AnswerProblem, Answers, Drafted, Instrument, Question, WrittenAnswers } from "shapes/questions.d.ts" */

/** @type {(instrument: Instrument, id: string) => Question | undefined} */
const find = (instrument, id) => instrument.questions.find((question) => question.id === id);
/** @type {(instrument: Instrument, id: string) => Question} */
const known = (instrument, id) => /** @type {Question} */ (find(instrument, id));
/** @type {(question: Question, code: string) => boolean} */
const has = (question, code) => question.options.some((option) => option.code === code);
/** @type {(question: Question, answer: string[]) => boolean} */
const isSettled = (question, answer) => answer.length === 1 && has(question, answer[0]);
/** @type {(rule: AgeRule, age: number) => string} */
const byAge = (rule, age) => (age < rule.from ? rule.below : rule.option);
/** @type {(pairs: [string, string[]][]) => Answers} */
const withoutEmpty = (pairs) => Object.fromEntries(pairs.filter(([, codes]) => codes.length));

/** @type {(answers: Answers, id: string) => string[]} */
export const given = (answers, id) => (Object.hasOwn(answers, id) ? answers[id] : []);

/* Whole years on a day; both as YYYY-MM-DD. Born on 29 February: a birthday on 1 March in other years. */
/** @type {(born: string, day: string) => number} */
export function ageOn(born, day) {
  const [[birthYear, birthday], [year, today]] = [born, day].map((date) => date.split(/-(.*)/));
  return Number(year) - Number(birthYear) - Number(today < birthday);
}

/* From a draft's JSON. What is no code at all becomes an empty one, which `check` finds. */
/** @type {(raw: unknown) => Answers} */
export function readAnswers(raw) {
  const isObject = typeof raw === "object" && raw !== null && !Array.isArray(raw);
  if (!isObject) throw new TypeError("not answers by question");
  /** @type {(value: unknown) => string} */
  const codeOf = (value) => (typeof value === "string" ? value : "");
  /** @type {(value: unknown) => boolean} */
  const isEmpty = (value) => value === null || value === "";
  /** @type {(value: unknown) => string[]} */
  const codes = (value) => (isEmpty(value) ? [] : [value].flat().map(codeOf));
  return withoutEmpty(Object.entries(raw).map(([id, value]) => [id, codes(value)]));
}

/* To a draft's JSON: one code for one choice, a list for several. */
/** @type {(instrument: Instrument, answers: Answers) => WrittenAnswers} */
export function writeAnswers(instrument, answers) {
  /** @type {(id: string, codes: string[]) => boolean} */
  const isList = (id, codes) => codes.length > 1 || find(instrument, id)?.kind === "multiple";
  return Object.fromEntries(Object.entries(answers).map(([id, codes]) => [id, isList(id, codes) ? codes : codes[0]]));
}

/* Whether a question applies: "asked", "hidden", or "open" while the answers that decide it are not there yet. */
/** @type {(instrument: Instrument, question: Question, answers: Answers) => "asked" | "hidden" | "open"} */
export function reach(instrument, question, answers) {
  /** @type {"asked" | "open"} */
  let outcome = "asked";
  for (const condition of question.asked_when ?? []) {
    const answer = given(answers, condition.question);
    if (answer.length === 1 && answer[0] === condition.option) continue;
    if (isSettled(known(instrument, condition.question), answer)) return "hidden";
    outcome = "open";
  }
  return outcome;
}

/* Whether a question stands on its screen: it applies, or it may apply and nobody minds an answer. */
/** @type {(instrument: Instrument, question: Question, answers: Answers) => boolean} */
export function isShown(instrument, question, answers) {
  const reached = reach(instrument, question, answers);
  return reached === "asked" || (reached === "open" && Boolean(question.tolerated_when_not_asked));
}

/* The questions that apply, in order. */
/** @type {(instrument: Instrument, answers: Answers) => Question[]} */
export function asked(instrument, answers) {
  return instrument.questions.filter((question) => reach(instrument, question, answers) === "asked");
}

/* Only what was asked, in the order of questions and options: hidden is absent. */
/** @type {(instrument: Instrument, answers: Answers) => Answers} */
export function stored(instrument, answers) {
  return withoutEmpty(asked(instrument, answers).map((question) => [question.id, inOrder(question, answers)]));
}

/* Every problem as {question, code}, in the order of the instrument; unknown questions come last. `isComplete`: what is
   asked must be answered, too. `age`: in whole years on the day of the anamnese, where that is known. */
/** @type {(instrument: Instrument, answers: Answers, how: { isComplete: boolean, age?: number | null }) => AnswerProblem[]} */
export function check(instrument, answers, { isComplete, age = null }) {
  const found = instrument.questions.flatMap((question) => {
    const codes = problemsOf(instrument, question, answers, isComplete);
    if (contradictsAge(question, given(answers, question.id), age)) codes.push("age_contradiction");
    return codes.map((code) => ({ question: question.id, code }));
  });
  const unknown = Object.keys(answers).filter((id) => !find(instrument, id));
  return [...found, ...unknown.map((question) => ({ question, code: "unknown_question" }))];
}

/* What follows from the age in whole years, and so is asked of nobody. */
/** @type {(instrument: Instrument, age: number) => Answers} */
export function answeredByAge(instrument, age) {
  const pairs = instrument.questions.map(({ id, answered_by: rule }) => [id, rule ? [byAge(rule, age)] : []]);
  return withoutEmpty(/** @type {[string, string[]][]} */ (pairs));
}

/* Of a whole answer set of a draft, and what was set aside before: what is in force, what is set aside as it does not
   apply now, the questions that lost their answer by this and those that got theirs back, and what is wrong. */
/** @type {(instrument: Instrument, answers: Answers, age: number, aside?: Answers) => Drafted} */
export function draft(instrument, answers, age, aside = {}) {
  const complete = { ...answeredByAge(instrument, age), ...aside, ...answers };
  const own = instrument.questions.filter((question) => !question.answered_by);
  const hidden = own.filter((question) => reach(instrument, question, complete) === "hidden");
  const shown = own.filter((question) => !hidden.includes(question));
  /** @type {(questions: Question[]) => Answers} */
  const taken = (questions) => withoutEmpty(questions.map((each) => [each.id, inOrder(each, complete)]));
  /** @type {(questions: Question[], from: Answers) => string[]} */
  const idsOf = (questions, from) => questions.map(({ id }) => id).filter((id) => given(from, id).length);
  const noLonger = ["not_asked", "technical_contradiction"];
  return {
    answers: taken(shown),
    aside: taken(hidden),
    dropped: idsOf(hidden, answers),
    returned: idsOf(shown, aside).filter((id) => !given(answers, id).length),
    problems: check(instrument, answers, { isComplete: false, age }).filter(({ code }) => !noLonger.includes(code)),
  };
}

/* How many questions have an answer, and how many apply as far as is known; `answers` with those by age. */
/** @type {(instrument: Instrument, answers: Answers) => { answered: number, total: number }} */
export function progress(instrument, answers) {
  const counted = instrument.questions.filter((question) => {
    const reached = reach(instrument, question, answers);
    return reached === "asked" || (reached === "open" && !question.follows_up);
  });
  return { answered: counted.filter((each) => given(answers, each.id).length).length, total: counted.length };
}

/** @type {(question: Question, answers: Answers) => string[]} */
function inOrder(question, answers) {
  const chosen = given(answers, question.id);
  return question.options.map((option) => option.code).filter((code) => chosen.includes(code));
}

/** @type {(question: Question, answer: string[], age: number | null) => boolean} */
function contradictsAge(question, answer, age) {
  if (!question.answered_by || age === null) return false;
  return isSettled(question, answer) && answer[0] !== byAge(question.answered_by, age);
}

/** @type {(instrument: Instrument, question: Question, answers: Answers, isComplete: boolean) => string[]} */
function problemsOf(instrument, question, answers, isComplete) {
  const answer = given(answers, question.id);
  const reached = reach(instrument, question, answers);
  if (!answer.length) return isComplete && reached === "asked" ? [gap(question)] : [];
  const isSuperfluous = reached === "hidden" && !question.tolerated_when_not_asked;
  return isSuperfluous ? [superfluous(instrument, question, answers)] : wrongCodes(question, answer);
}

/** @type {(question: Question) => string} */
function gap(question) {
  return question.follows_up ? "technical_contradiction" : "missing";
}

/* Beside a "no" that it should spell out it is a contradiction; else it just does not apply. */
/** @type {(instrument: Instrument, question: Question, answers: Answers) => string} */
function superfluous(instrument, { follows_up: followed }, answers) {
  const isContradiction = followed && reach(instrument, known(instrument, followed), answers) !== "hidden";
  return isContradiction ? "technical_contradiction" : "not_asked";
}

/** @type {(question: Question, answer: string[]) => string[]} */
function wrongCodes(question, answer) {
  const isTooMany = answer.length > 1 && question.kind !== "multiple";
  const isTwice = !isTooMany && new Set(answer).size !== answer.length;
  return [
    ...(answer.every((code) => has(question, code)) ? [] : ["unknown_option"]),
    ...(isTooMany ? ["too_many_options"] : []),
    ...(isTwice ? ["duplicate_option"] : []),
  ];
}
