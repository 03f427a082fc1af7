/* From answers to a profile, by the table of a model version. The same as profiles.engine on the server; a test
   compares them over every state. No question, score, point, threshold or code is named here. Answers map the id of a
   question to its list of option codes, and hold exactly what applies: `stored` of instrument.js. */
import { inFull } from "./first-format.js";
/** @import { Answers, Change, Contribution, Dimension, FullTable, Gate, Neighbour, Profile, Rules, ScoredQuestion, Table } from "shapes/questions.d.ts" */

/** @type {(answer: string[] | undefined, option: string | undefined) => boolean} */
const isOnly = (answer, option) => answer?.length === 1 && answer[0] === option;

/* Unknown, missing or superfluous answers; names questions, never answers. */
export class UnscorableAnswers extends Error {
  /** @param {string[]} questions */
  constructor(questions) {
    super(`cannot be scored, look at: ${questions.join(", ")}`);
    this.questions = questions;
  }
}

/** @type {WeakMap<Table, Rules>} */
const known = new WeakMap();

/* The rules of a table, made ready once. */
/** @type {(table: Table) => Rules} */
export function rulesOf(table) {
  const found = known.get(table) ?? prepared(inFull(table));
  known.set(table, found);
  return found;
}

/** @type {(table: FullTable) => Rules} */
function prepared({ version, dimensions, gates, questions, profiles }) {
  /** @type {(question: ScoredQuestion) => boolean} */
  const isFurther = ({ several, opened_by }) => Boolean(several || opened_by);
  return {
    version,
    dimensions,
    gates,
    always: questions.filter((each) => !isFurther(each)),
    further: questions.filter(isFurther),
    single: questions.filter(({ several }) => !several),
    openers: openersOf(questions),
    codes: new Map(profiles.map(({ levels, code }) => [levels.join(), code])),
  };
}

/* What only opens another question and can never give a point. */
/** @type {(questions: ScoredQuestion[]) => Set<string>} */
function openersOf(questions) {
  const opened = new Set(questions.map(({ opened_by }) => opened_by));
  const only = questions.filter(({ question, points }) => opened.has(question) && !Object.values(points).some(Boolean));
  return new Set(only.map(({ question }) => question));
}

/* The profile with its scores, levels and contributions; an exception has a code alone. */
/** @type {(table: Table, answers: Answers) => Profile} */
export function derive(table, answers) {
  const rules = rulesOf(table);
  const wrong = offending(rules, answers);
  if (wrong.length) throw new UnscorableAnswers(wrong);
  const gate = rules.gates.find(({ question, passes }) => !isOnly(answers[question], passes));
  if (gate) return exception(rules, gate.exceptions[answers[gate.question][0]]);
  return scored(rules, contributionsOf(rules, answers));
}

/* Every other profile at one answer's distance: another option of a question, or one choice of several more or less. A
   change that would need a further answer is left out, what it makes superfluous is dropped. */
/** @type {(table: Table, answers: Answers) => Neighbour[]} */
export function neighbours(table, answers) {
  const own = derive(table, answers).code;
  const found = changes(rulesOf(table), answers).map((change) => ({ ...change, ...after(table, answers, change) }));
  return /** @type {Neighbour[]} */ (found.filter(({ code }) => code && code !== own));
}

/** @type {(rules: Rules, answers: Answers) => string[]} */
function applicable({ gates, always, further }, answers) {
  const closed = gates.findIndex(({ question, passes }) => !isOnly(answers[question], passes));
  if (closed >= 0) return gates.slice(0, closed + 1).map((gate) => gate.question);
  const opened = further.filter(({ opened_by, opening }) => !opened_by || isOnly(answers[opened_by], opening));
  return [...gates, ...always, ...opened].map((each) => each.question);
}

/** @type {(rules: Rules, answers: Answers) => string[]} */
function offending(rules, answers) {
  const expected = applicable(rules, answers);
  const wrong = expected.filter((question) => !isLegal(rules, question, answers[question] ?? []));
  return [...wrong, ...Object.keys(answers).filter((question) => !expected.includes(question))];
}

/** @type {<R extends { question: string }>(rules: R[], id: string) => R} */
const ruleOf = (rules, id) => /** @type {never} */ (rules.find(({ question }) => question === id));

/** @type {(rules: Rules, id: string, answer: string[]) => boolean} */
function isLegal({ gates, always, further }, id, answer) {
  /** @type {(points: Record<string, unknown>) => boolean} */
  const areKnown = (points) => answer.every((code) => Object.hasOwn(points, code));
  const rule = ruleOf(/** @type {(Gate | ScoredQuestion)[]} */ ([...gates, ...always, ...further]), id);
  if (rule.points === undefined) return answer.length === 1 && (answer[0] === rule.passes || areKnown(rule.exceptions));
  const isOnce = new Set(answer).size === answer.length;
  return (rule.several ? answer.length > 0 && isOnce : answer.length === 1) && areKnown(rule.points);
}

/** @type {(rules: Rules, code: string) => Profile} */
function exception({ version }, code) {
  return { code, kind: "uitzondering", scores: [], levels: [], contributions: [], model_version: version };
}

/** @type {(rules: Rules, answers: Answers) => Contribution[]} */
function contributionsOf({ always, further }, answers) {
  return [...always, ...further]
    .filter(({ question }) => Object.hasOwn(answers, question))
    .map(({ question, dimension, points }) => {
      const options = Object.keys(points).filter((code) => answers[question].includes(code));
      return { question, dimension, options, points: options.reduce((sum, code) => sum + points[code], 0) };
    });
}

/** @type {(rules: Rules, contributions: Contribution[]) => Profile} */
function scored({ version, dimensions, codes }, contributions) {
  const scores = dimensions.map((each) => scoreOf(each, contributions));
  const levels = dimensions.map((each, position) => levelOf(each, scores[position]));
  const code = /** @type {string} */ (codes.get(levels.join()));
  return { code, kind: "dkdl", scores, levels, contributions, model_version: version };
}

/** @type {(dimension: Dimension, contributions: Contribution[]) => number} */
function scoreOf({ id, counts_down_from: full }, contributions) {
  const own = contributions.filter(({ dimension }) => dimension === id);
  const points = own.reduce((sum, each) => sum + each.points, 0);
  return full === undefined ? points : full - points;
}

/** @type {(dimension: Dimension, score: number) => number} */
const levelOf = ({ levels }, score) => levels.slice(1).filter(({ first }) => score >= first).length;

/** @type {(rules: Rules, answers: Answers) => Change[]} */
function changes({ gates, single, further }, answers) {
  const all = /** @type {(Gate | ScoredQuestion)[]} */ ([...gates, ...single]);
  const others = all.flatMap(({ question, passes, exceptions, points }) => {
    const options = points ? Object.keys(points) : [passes, ...Object.keys(exceptions)];
    const different = options.filter((option) =>
      Object.hasOwn(answers, question) && !isOnly(answers[question], option)
    );
    return different.map((changed) => ({ question, options: [changed], changed }));
  });
  const given = further.filter(({ several, question }) => several && answers[question]);
  return [...others, ...given.flatMap((each) => toggles(each, answers[each.question]))];
}

/** @type {(question: ScoredQuestion, chosen: string[]) => Change[]} */
function toggles({ question, points }, chosen) {
  const options = Object.keys(points);
  /** @type {(changed: string) => string[]} */
  const toggled = (changed) => options.filter((code) => chosen.includes(code) !== (code === changed));
  return options.map((changed) => ({ question, options: toggled(changed), changed }));
}

/* Where one change leads: nothing where it asks for a further answer. */
/** @type {(table: Table, answers: Answers, change: Change) => { code?: string, kind?: Profile["kind"] }} */
function after(table, answers, { question, options }) {
  const rules = rulesOf(table);
  const altered = { ...answers, [question]: options };
  const ids = applicable(rules, altered).filter((id) => Object.hasOwn(altered, id));
  const remaining = Object.fromEntries(ids.map((id) => [id, altered[id]]));
  if (offending(rules, remaining).length) return {};
  const { code, kind } = derive(table, remaining);
  return { code, kind };
}
