/* From answers to a profile, by the table of a model version. The same as profiles.engine on the server; a test
   compares them over every state. No question, point, threshold or code is named here. Answers map the id of a
   question to its list of option codes, and hold exactly what applies: `stored` of instrument.js. */
/** @import { Answers, Change, Contribution, Dimension, ExceptionProfile, Neighbour, Profile, Table } from "shapes/questions.d.ts" */

/** @type {(answer: string[] | undefined, option: string) => boolean} */
const isOnly = (answer, option) => answer?.length === 1 && answer[0] === option;
/** @type {(contributions: Contribution[], dimension: Dimension) => number} */
const sumOf = (contributions, dimension) =>
  contributions.reduce((sum, each) => (each.dimension === dimension ? sum + each.points : sum), 0);

/* Unknown, missing or superfluous answers; names questions, never answers. */
export class UnscorableAnswers extends Error {
  /** @param {string[]} questions */
  constructor(questions) {
    super(`cannot be scored, look at: ${questions.join(", ")}`);
    this.questions = questions;
  }
}

/* The profile with its scores, judgements and contributions; an exception has a code alone. */
/** @type {(table: Table, answers: Answers) => Profile} */
export function derive(table, answers) {
  const wrong = offending(table, answers);
  if (wrong.length) throw new UnscorableAnswers(wrong);
  const gate = table.gates.find(({ question, passes }) => !isOnly(answers[question], passes));
  if (gate) return exception(table, gate.exceptions[answers[gate.question][0]]);
  return scored(table, contributionsOf(table, answers));
}

/* Every other profile at one answer's distance: another option of a question, or one action more or less. A change that
   would need a further answer is left out, what it makes superfluous is dropped. */
/** @type {(table: Table, answers: Answers) => Neighbour[]} */
export function neighbours(table, answers) {
  const own = derive(table, answers).code;
  const found = changes(table, answers).map((change) => ({ ...change, ...after(table, answers, change) }));
  return /** @type {Neighbour[]} */ (found.filter(({ code }) => code && code !== own));
}

/** @type {(table: Table, answers: Answers) => string[]} */
function applicable({ gates, questions, technical }, answers) {
  const closed = gates.findIndex(({ question, passes }) => !isOnly(answers[question], passes));
  if (closed >= 0) return gates.slice(0, closed + 1).map((gate) => gate.question);
  const asked = [...gates, ...questions].map((each) => each.question);
  return isOnly(answers[technical.opened_by], technical.opening) ? [...asked, technical.question] : asked;
}

/** @type {(table: Table, answers: Answers) => string[]} */
function offending(table, answers) {
  const expected = applicable(table, answers);
  const wrong = expected.filter((question) => !isLegal(table, question, answers[question] ?? []));
  return [...wrong, ...Object.keys(answers).filter((question) => !expected.includes(question))];
}

/** @type {<R extends { question: string }>(rules: R[], id: string) => R} */
const ruleOf = (rules, id) => /** @type {never} */ (rules.find(({ question }) => question === id));

/** @type {(table: Table, id: string, answer: string[]) => boolean} */
function isLegal({ gates, questions, technical }, id, answer) {
  /** @type {(points: Record<string, unknown>) => boolean} */
  const areKnown = (points) => answer.every((code) => Object.hasOwn(points, code));
  const isOnce = new Set(answer).size === answer.length;
  if (id === technical.question) return answer.length > 0 && isOnce && areKnown(technical.points);
  const { passes, points, exceptions } = ruleOf([...gates, ...questions], id);
  return answer.length === 1 && (answer[0] === passes || areKnown(points ?? exceptions));
}

/** @type {(table: Table, code: string) => ExceptionProfile} */
function exception(table, code) {
  const scores = { capacity: null, burden: null, support_need: null };
  const judgements = { is_strong: null, is_burdened: null, need_level: null };
  return { code, kind: "uitzondering", ...scores, ...judgements, contributions: [], model_version: table.version };
}

/** @type {(table: Table, answers: Answers) => Contribution[]} */
function contributionsOf({ questions, technical }, answers) {
  return [...questions, technical]
    .filter(({ question }) => Object.hasOwn(answers, question))
    .map(({ question, dimension, points }) => {
      const options = Object.keys(points).filter((code) => answers[question].includes(code));
      return { question, dimension, options, points: options.reduce((sum, code) => sum + points[code], 0) };
    });
}

/** @type {(table: Table, contributions: Contribution[]) => Profile} */
function scored(table, contributions) {
  const { thresholds, numbering } = table;
  const capacity = table.full_capacity - sumOf(contributions, "capacity");
  const burden = sumOf(contributions, "burden");
  const support_need = sumOf(contributions, "support_need");
  const is_strong = capacity >= thresholds.strong_capacity_from;
  const is_burdened = burden >= thresholds.raised_burden_from;
  const [need_level, added] = needLevel(thresholds, numbering, support_need);
  const first = is_strong ? numbering.strong_capacity : numbering.reduced_capacity;
  const number = first + (is_burdened ? numbering.raised_burden : 0) + added;
  const { code } = /** @type {Table["profiles"][0]} */ (table.profiles.find((profile) => profile.number === number));
  const scores = { capacity, burden, support_need, is_strong, is_burdened, need_level };
  return { code, kind: "dkdl", ...scores, contributions, model_version: table.version };
}

/** @type {(thresholds: Table["thresholds"], numbering: Table["numbering"], support_need: number) => [string, number]} */
function needLevel(thresholds, numbering, support_need) {
  if (support_need >= thresholds.high_need_from) return ["hoog", numbering.high_need];
  if (support_need >= thresholds.medium_need_from) return ["gemiddeld", numbering.medium_need];
  return ["laag", 0];
}

/** @type {(table: Table, answers: Answers) => Change[]} */
function changes({ gates, questions, technical }, answers) {
  const single = [...gates, ...questions].flatMap(({ question, passes, exceptions, points }) => {
    const options = points ? Object.keys(points) : [passes, ...Object.keys(exceptions)];
    const others = options.filter((option) => Object.hasOwn(answers, question) && !isOnly(answers[question], option));
    return others.map((changed) => ({ question, options: [changed], changed }));
  });
  const actions = Object.keys(technical.points);
  const chosen = answers[technical.question];
  /** @type {(changed: string) => string[]} */
  const toggled = (changed) => actions.filter((code) => chosen.includes(code) !== (code === changed));
  /** @type {(changed: string) => Change} */
  const withOther = (changed) => ({ question: technical.question, options: toggled(changed), changed });
  return chosen ? [...single, ...actions.map(withOther)] : single;
}

/* Where one change leads: nothing where it asks for a further answer. */
/** @type {(table: Table, answers: Answers, change: Change) => { code?: string, kind?: Profile["kind"] }} */
function after(table, answers, { question, options }) {
  const altered = { ...answers, [question]: options };
  const ids = applicable(table, altered).filter((id) => Object.hasOwn(altered, id));
  const remaining = Object.fromEntries(ids.map((id) => [id, altered[id]]));
  if (offending(table, remaining).length) return {};
  const { code, kind } = derive(table, remaining);
  return { code, kind };
}
