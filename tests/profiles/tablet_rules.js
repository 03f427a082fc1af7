/* What test_tablet_rules.py runs in the browser: the tablet's own modules, on the texts that the server delivers. */
import * as engine from "/tablet/engine.js";
import * as screens from "/tablet/app/screens.js";
import * as instrument from "/tablet/instrument.js";
import { inForce, readVersion } from "/tablet/versions.js";
/** @import { Answers, Instrument, Table, WrittenAnswers } from "shapes/questions.d.ts" */

/** @type {(path: string) => Promise<string>} */
const text = async (path) => (await fetch(path)).text();
const { hashes, open, blocks, tails } = JSON.parse(await text("/given.json"));
/** @type {Instrument} */
const definition = await readVersion(await text("/instrument.json"), hashes.instrument);
/** @type {Table} */
const table = await readVersion(await text("/model.json"), hashes.model);

/** @type {(parts: Answers[][]) => Answers[]} */
const product = (parts) =>
  parts.reduce((before, part) => before.flatMap((one) => part.map((other) => ({ ...one, ...other }))), [{}]);
const every = { blocks: product(blocks), tails: product(tails) };

/** @type {(answers: Answers) => string} */
function line(answers) {
  const found = engine.derive(table, answers);
  return [found.code, ...found.scores, ...found.levels].join(" ");
}

/** @type {(block: Answers) => string[]} */
const linesOf = (block) => every.tails.map((tail) => line({ ...open, ...block, ...tail }));

/** @type {(lines: string[]) => Promise<number[]>} */
async function digest(lines) {
  const bytes = new TextEncoder().encode(lines.join("\n"));
  return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** @type {<T>(work: () => T) => T | { refused: string[] } | "unreadable"} */
function refused(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof engine.UnscorableAnswers) return { refused: error.questions };
    if (error instanceof TypeError) return "unreadable";
    throw error;
  }
}

/** @type {(given: { raw: WrittenAnswers, age: number }) => unknown} */
function judge({ raw, age }) {
  return refused(() => {
    const answers = instrument.readAnswers(raw);
    const kept = instrument.stored(definition, answers);
    const drafted = instrument.draft(definition, answers, age);
    return {
      read: answers,
      written: instrument.writeAnswers(definition, answers),
      asked: instrument.asked(definition, answers).map((question) => question.id),
      stored: kept,
      complete: instrument.check(definition, answers, { isComplete: true, age }),
      ageless: instrument.check(definition, answers, { isComplete: true }),
      gaps: instrument.check(definition, answers, { isComplete: false, age }),
      by_age: instrument.answeredByAge(definition, age),
      draft: drafted,
      progress: instrument.progress(definition, answers),
      as_given: refused(() => engine.derive(table, answers)),
      as_stored: refused(() => engine.derive(table, kept)),
      neighbours: refused(() => engine.neighbours(table, kept)),
    };
  });
}

/* How a set of answers stands on the screens. */
/** @type {(raw: WrittenAnswers) => unknown} */
function screened(raw) {
  const answers = instrument.readAnswers(raw);
  const all = screens.screensOf(definition);
  const { questions } = definition;
  return {
    screens: all.map(({ slug, title, questions: here }) => [slug, title, here.map(({ id }) => id)]),
    open: screens.openScreens(definition, answers).map(({ slug }) => slug),
    missing: all.map((screen) => screens.missing(definition, screen, answers).map(({ id }) => id)),
    first: screens.firstUnanswered(definition, answers)?.slug ?? null,
    shown: questions.filter((each) => instrument.isShown(definition, each, answers)).map(({ id }) => id),
    labels: questions.map((each) => screens.labels(each, instrument.given(answers, each.id))),
    subjects: screens.subjectsOf(definition, Object.keys(answers)),
  };
}

const rules = {
  screened: (/** @type {string} */ samples) => JSON.stringify(JSON.parse(samples).map(screened)),
  lines: (/** @type {number} */ number) => linesOf(every.blocks[number]),
  /* The same by other rules: [rules, samples]. */
  shownBy: (/** @type {[string, string]} */ [rules, samples]) => {
    /** @type {Instrument} */
    const own = JSON.parse(rules);
    /** @type {WrittenAnswers[]} */
    const given = JSON.parse(samples);
    const shown = (/** @type {WrittenAnswers} */ raw) =>
      own.questions.filter((each) => instrument.isShown(own, each, instrument.readAnswers(raw))).map(({ id }) => id);
    return JSON.stringify(given.map(shown));
  },
  drafted: (/** @type {string} */ text) => {
    /** @type {[Answers, Answers, number][]} */
    const states = JSON.parse(text);
    return JSON.stringify(states.map(([answers, aside, age]) => instrument.draft(definition, answers, age, aside)));
  },
  judged: (/** @type {string} */ samples) => JSON.stringify(JSON.parse(samples).map(judge)),
  ages: (/** @type {[string, string][]} */ pairs) => pairs.map(([born, day]) => instrument.ageOn(born, day)),
  inForce,
  isRefused: (/** @type {string} */ changed, /** @type {string} */ hash) =>
    readVersion(changed, hash).then(() => false, () => true),
  digests: async () => {
    const found = [];
    for (const block of every.blocks) found.push(await digest(linesOf(block)));
    return found;
  },
  /* Milliseconds for one profile; the clock of a browser is too coarse for less than many. */
  time: (/** @type {number} */ count) => {
    const states = every.tails.slice(-count).map((tail) => ({ ...open, ...every.blocks.at(-1), ...tail }));
    const start = performance.now();
    for (const answers of states) engine.derive(table, answers);
    return (performance.now() - start) / count;
  },
};
Object.assign(window, { rules });
document.documentElement.dataset.ready = "";
