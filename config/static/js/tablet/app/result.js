/* "Waarom dit profiel" on the tablet: derived here, by the rules that came along, and explained by the same words. */
import { derive, neighbours, rulesOf } from "../engine.js";
import { stored } from "../instrument.js";
import { sourceOf } from "./clients.js";
import { sayRefusal } from "./review.js";
import { labels } from "./screens.js";
import { drawBalance, drawRuler, wordAt } from "./pictures.js";
import { chip, clone, inside, sayCode, sayDay, saySeconds, show, whose, word } from "./view.js";
/** @import { OpenApp } from "./main.js" */
/** @import { FindQuestion } from "shapes/pages.d.ts" */
/** @import { BalanceWords, Change, Instrument, ModelWords, Neighbour, Option, Profile } from "shapes/questions.d.ts" */
/** @import { Question, Scale, ScaledScore, Table } from "shapes/questions.d.ts" */

/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function result(app, id) {
  const { session, go } = app;
  const source = await sourceOf(session, id);
  if (!source) return go("clienten");
  if (source.state === "conflict") return go("keuze", id);
  const { instrument, client, complete } = session.reading(source);
  const counted = stored(instrument, complete);
  const { hash, table, version, words } = session.modelFor(source.version, source.date);
  const derived = derive(table, counted);
  const isScored = derived.scores.length > 0;
  const scales = scalesOf(derived, table, words.scores);
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
    heading: words.heading,
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
      balance: balanceOf(scales, words.balance),
      scores: scales.map(scoreOf),
      parts: partsOf(derived, table, words.scores, find),
    };
  const time = source.seconds ? saySeconds(source.seconds) : "";
  const plain = plainOf(derived, scales, words);
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
/** @type {(derived: Profile, scales: ScaledScore[], words: ModelWords) => Node[]} */
function plainOf({ code, levels }, scales, { plain }) {
  const said = scales.length ? scales.map((scale, position) => scale.plain?.[levels[position]]) : [plain?.[code]];
  return said.filter(Boolean).map((text) => clone("plain", { text }));
}

/* The scales of the model with what was scored on them, in its order. */
/** @type {(derived: Profile, table: Table, scales: Record<string, Scale>) => ScaledScore[]} */
function scalesOf({ scores }, table, scales) {
  return scores.map((score, position) => {
    const { id } = rulesOf(table).dimensions[position];
    return { id, score, ...scales[id] };
  });
}

/* Nothing for a model that has no such picture. */
/** @type {(scales: ScaledScore[], balance?: BalanceWords | null) => Node | Node[]} */
function balanceOf(scales, balance) {
  if (!balance) return [];
  /** @type {(wanted: string) => ScaledScore} */
  const on = (wanted) => /** @type {ScaledScore} */ (scales.find(({ id }) => id === wanted));
  /** @type {Record<string, ScaledScore>} */
  const pans = { left: on(balance.left), right: on(balance.right), below: on(balance.below) };
  /** @type {(whole: string, most: string | undefined, side: string) => string} */
  const figure = (_whole, most, side) => `${pans[side][most ? "maximum" : "score"]}`;
  const title = balance.title.replace(/%\((most_)?(\w+)\)d/g, figure);
  const made = clone("balance", { title });
  drawBalance(inside(made, "svg"), pans, word);
  return made;
}

/** @type {(scale: ScaledScore) => Node} */
function scoreOf(scale) {
  const { score, name, hue, maximum, rule } = scale;
  const made = clone("score", { css: hue, name, score, maximum, judged: wordAt(scale, score), rule });
  drawRuler(inside(made, "svg"), scale, score);
  return made;
}

/** @type {(derived: Profile, table: Table, scales: Record<string, Scale>, find: FindQuestion) => Node[]} */
function partsOf({ contributions }, table, scales, find) {
  const said = contributions.filter(({ question }) => !rulesOf(table).openers.has(question));
  return said.map(({ question, options, dimension, points }) => {
    const asked = find(question);
    const effect = { effect: scales[dimension].effects[points], counts: points > 0, isNone: !points };
    return clone("contribution", {
      subject: asked.subject,
      answer: labels(asked, options),
      score: scales[dimension].name,
      short: scales[dimension].short,
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
  const rank = (each) => [each.kind === "uitzondering" ? 1 : 0, ...place(each)];
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
