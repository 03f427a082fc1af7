/* What Python asks of the modules, to hold it beside what the server makes of the same; and what only the browser's own
   tools can do to a tablet. Called by name, from pages.py. */
import { Answers, openTab, until } from "/harness.js";
import { openWork } from "/work.js";
/** @import { Spell } from "shapes/tablet.d.ts" */
/** @import { Work } from "/work.js" */

/** @type {Work} */
let work;

export const calls = {
  /** @type {(given: { spells: Spell[], days: string[], today: string }) => Promise<unknown>} */
  async dateProblems({ spells, days, today }) {
    const { dateProblem } = await (await openTab()).load("/tablet/dates.js");
    return days.map((day) => dateProblem(spells, day, today));
  },

  /** @type {(texts: string[]) => Promise<unknown>} */
  async folded(texts) {
    const { folded } = await (await openTab()).load("/tablet/names.js");
    return texts.map(folded);
  },

  /* Whether a search finds a name and a day of birth: of each [text, name, born]. */
  /** @type {(searches: [string, string, string][]) => Promise<boolean[]>} */
  async found(searches) {
    const { folded, searchKey } = await (await openTab()).load("/tablet/names.js");
    const isFound = (/** @type {string} */ text, /** @type {string} */ key) =>
      folded(text).split(/\s+/).every((/** @type {string} */ word) => key.includes(word));
    return searches.map(([text, name, born]) => isFound(text, searchKey(name, born)));
  },

  /* Durations in words. */
  /** @type {(seconds: number[]) => Promise<string[]>} */
  async durations(seconds) {
    const { sayDuration } = await (await openTab()).load("/tablet/app/view.js");
    return seconds.map(sayDuration);
  },

  /* Whether the device has a rule of its own for letters. */
  ownLetters: () => "I\u0300".toLocaleLowerCase() !== "i\u0300",

  /* What the server is sent of drafts with these reasons. */
  /** @type {(reasons: string[]) => Promise<unknown[]>} */
  async payloads(reasons) {
    const { m } = await openTab();
    return Promise.all(
      reasons.map((reason) => m.draft.payloadOf(m.newDraft({ reason, answers: { Q2: "1", Q13: ["injecties"] } }))),
    );
  },

  /* Half a letter, as a keyboard may leave it. */
  async payloadOfHalfALetter() {
    const { m } = await openTab();
    return m.draft.payloadOf(m.newDraft({ reason: "x\ud83d" }));
  },

  origin: () => location.origin,

  /* Begin a draft that stays in this page; then answer it, and say what became of that. */
  async begin() {
    work = await (await openWork(await openTab(), new Answers())).begin();
    work.db.onWiped = () => (document.documentElement.dataset.wiped = "");
  },

  /** @type {(answers: Record<string, string>) => Promise<unknown>} */
  async answer(answers) {
    await work.change(answers);
    return [work.store.problem, work.store.heldCount, (await work.now()).answers.Q2];
  },

  /* The answers that reach the server, once the page was told that all was wiped. */
  async sentAfterTheWipe() {
    await until(() => "wiped" in document.documentElement.dataset, "told of the wipe");
    await work.sync.run();
    return work.server.payloads().at(-1).answers;
  },
};
