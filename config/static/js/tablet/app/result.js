/* "Waarom dit profiel" on the tablet: derived here, by the rules that came along, and explained by the same words. */
import { derive, neighbours } from "../engine.js";
import { stored } from "../instrument.js";
import { sourceOf } from "./clients.js";
import { sayRefusal } from "./review.js";
import { labels } from "./screens.js";
import { drawBalance, drawRuler, wordAt } from "./pictures.js";
import { chip, clone, inside, sayCode, sayDay, saySeconds, show, whose, word } from "./view.js";
/** @import { OpenApp } from "./main.js" */
/** @import { FindQuestion } from "shapes/pages.d.ts" */
/** @import { Change, Dimension, Instrument, ModelWords, Neighbour, Option, Profile, Question, Scale, ScoredProfile, Table } from "shapes/questions.d.ts" */

/** @type {Record<Dimension, string>} */
const DIMENSIONS = { capacity: "capacity", burden: "burden", support_need: "need" };
const dimensions = /** @type {Dimension[]} */ (Object.keys(DIMENSIONS));

/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function result(app, id) {
  const { session, go } = app;
  const source = await sourceOf(session, id);
  if (!source) return go("clienten");
  if (source.state === "conflict") return go("keuze", id);
  const { instrument, client, complete } = session.reading(source);
  const counted = stored(instrument, complete);
  const { hash, table, version, words } = session.modelOn(source.date);
  const derived = derive(table, counted);
  const isScored = derived.capacity !== null;
  /** @type {FindQuestion} */
  const find = (question) => /** @type {Question} */ (instrument.questions.find((each) => each.id === question));
  const named = [...table.profiles, ...table.exceptions].find(({ code }) => code === derived.code);
  const about = {
    ...whose(client),
    id,
    day: sayDay(source.date),
    code: chip(derived.code, true),
    label: words.labels?.[derived.code] ?? named?.label,
  };
  const one = oneAway(neighbours(table, counted), instrument, find);
  const rest = {
    meaning: words.meanings[derived.code],
    reason: source.corrects && source.reason,
    list: source.version,
    model: version,
    rules: hash.slice(0, 12),
  };
  const sent = {
    isSent: source.state === "sent",
    isUnsent: source.state === "local",
    isRefused: source.state === "refused",
    refusal: sayRefusal(source.problem).join(" "),
    differs: source.result?.differs,
    server: sayCode(source.result?.code ?? ""),
    own: sayCode(derived.code),
  };
  const scored = isScored &&
    {
      balance: balanceOf(derived, words.scores),
      scores: scoresOf(derived, words.scores),
      parts: partsOf(derived, table, words.scores, find),
    };
  const time = source.seconds ? saySeconds(source.seconds) : "";
  const plain = plainOf(derived, words);
  const mend = () => {
    session.opened.add(id);
    go("anamnese", id, "nakijken");
  };
  /* That it arrived is said in passing; trouble is a page of its own. */
  app.onTold = async () => {
    const now = await sourceOf(session, id);
    if (!now || now.state === source.state) return undefined;
    if (now.state !== "sent" || now.result?.differs) return app.render();
    return document.getElementById("wacht")?.remove();
  };
  return show("result", {
    ...about,
    ...rest,
    ...sent,
    isScored,
    ...scored,
    plain: plain.length && plain,
    one,
    hasOne: one.length,
    time,
    mend,
  });
}

/* What came out in words for the client; rules that came along before there were any have none. */
/** @type {(derived: Profile, words: ModelWords) => Node[]} */
function plainOf(derived, { scores, plain }) {
  /** @type {(scale: Scale, score: number) => string | undefined} */
  const of = (scale, score) => scale.plain?.[scale.stretches.findIndex(({ last }) => score <= last)];
  const said = derived.capacity === null
    ? [plain?.[derived.code]]
    : dimensions.map((each) => of(scores[each], derived[each]));
  return said.filter(Boolean).map((text) => clone("plain", { text }));
}

/** @type {(derived: ScoredProfile, scales: Record<Dimension, Scale>) => Node} */
function balanceOf(derived, scales) {
  const figures = {
    c: derived.capacity,
    cm: scales.capacity.maximum,
    b: derived.burden,
    bm: scales.burden.maximum,
    n: derived.support_need,
    nm: scales.support_need.maximum,
  };
  const made = clone("balance", figures);
  drawBalance(inside(made, "svg"), derived, scales, word);
  return made;
}

/** @type {(derived: ScoredProfile, scales: Record<Dimension, Scale>) => Node[]} */
function scoresOf(derived, scales) {
  return dimensions.map((dimension) => {
    const [scale, score] = [scales[dimension], derived[dimension]];
    const made = clone("score", {
      css: DIMENSIONS[dimension],
      name: scale.name,
      score,
      maximum: scale.maximum,
      judged: wordAt(scale, score),
      rule: scale.rule,
    });
    drawRuler(inside(made, "svg"), scale, score);
    return made;
  });
}

/** @type {(derived: Profile, table: Table, scales: Record<Dimension, Scale>, find: FindQuestion) => Node[]} */
function partsOf({ contributions }, table, scales, find) {
  const said = contributions.filter(({ question, points }) => question !== table.technical.opened_by || points);
  return said.map(({ question, options, dimension, points }) => {
    const asked = find(question);
    const effect = { effect: scales[dimension].effects[points], counts: points > 0, isNone: !points };
    return clone("contribution", {
      subject: asked.subject,
      answer: labels(asked, options),
      score: scales[dimension].name,
      short: word(`short-${dimension}`),
      ...effect,
    });
  });
}

/* What follows from the date of birth could not have been answered otherwise. Exceptions come last; the options of one
   question in its own order. */
/** @type {(found: Neighbour[], instrument: Instrument, find: FindQuestion) => Node[]} */
function oneAway(found, instrument, find) {
  /** @type {(change: Neighbour) => number[]} */
  const place = (
    { question, changed },
  ) => [instrument.questions.indexOf(find(question)), find(question).options.findIndex(({ code }) => code === changed)];
  const possible = found.filter(({ question }) => !find(question).answered_by);
  /** @type {(change: Neighbour) => number[]} */
  const rank = (each) => [each.kind === "dkdl" ? 0 : 1, ...place(each)];
  const inOrder = possible.sort((one, other) =>
    rank(one).map((part, index) => part - rank(other)[index]).find(Boolean) ?? 0
  );
  /** @type {Map<string, Neighbour & { answers: string[] }>} */
  const rows = new Map();
  for (const each of inOrder) {
    const key = `${each.question} ${each.code}`;
    rows.set(key, { ...each, answers: [...(rows.get(key)?.answers ?? []), saidOf(each, find(each.question))] });
  }
  return [...rows.values()].map(({ question, code, answers }) =>
    clone("neighbour", { subject: find(question).subject, answers: answers.join(` ${word("or")} `), code: chip(code) })
  );
}

/** @type {(change: Change, question: Question) => string} */
function saidOf({ changed, options }, question) {
  const { label } = /** @type {Option} */ (question.options.find(({ code }) => code === changed));
  if (question.kind !== "multiple") return label;
  return options.includes(changed) ? word("more", { label }) : word("without", { label: label.toLowerCase() });
}
