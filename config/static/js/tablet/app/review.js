/* Reading over before finishing; and choosing between two versions that clash. */
import { keepMine, needsReason, takeStored } from "../choices.js";
import { now } from "../clock.js";
import { finish, reopen } from "../draft.js";
import { derive } from "../engine.js";
import { check, given, progress, reach, readAnswers, stored, writeAnswers } from "../instrument.js";
import { openDraft, release } from "./filling.js";
import { labels, openScreens, screensOf, sentence, subjectsOf } from "./screens.js";
import { byId, clone, focus, mark, sayDay, sayMoment, saySeconds, show, whose, word } from "./view.js";
/** @import { Session } from "./session.js" */
/** @import { Clashing } from "../choices.js" */
/** @import { OpenApp } from "./main.js" */
/** @import { Draft, Reading, Refusal } from "shapes/tablet.d.ts" */
/** @import { Screen } from "shapes/questions.d.ts" */

/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function review(app, id) {
  const opened = await openDraft(app, id);
  if (!opened) return;
  const { session } = app;
  const { problem: refusal } = opened;
  const draft = (opened.isFinished && (await session.change(opened, reopen))) || opened;
  const reading = session.reading(draft);
  const { instrument, client, age, aside, complete } = reading;
  const texts = session.listing.problems;
  const problems = check(instrument, complete, { isComplete: true, age });
  const wrong = new Map(problems.map((problem) => [problem.question, sentence(instrument, texts, problem)]));
  const refused = sayRefusal(refusal);
  const parts = screensOf(instrument).flatMap((screen) => partOf(reading, screen, wrong, id));
  const { answered, total } = progress(instrument, complete);
  const back = openScreens(instrument, complete).at(-1);
  /** @type {() => Promise<void>} */
  const done = async () => {
    if (wrong.size) return focus(byId("fouten"));
    if (!(await conclude(session, draft, reading, app.activity.take()))) return review(app, id);
    release();
    return app.go("resultaat", id);
  };
  const about = { ...whose(client), id, day: sayDay(draft.date), reason: draft.reason };
  const lines = [...wrong].map(([question, text]) => clone("wrong-line", { id: question, text }));
  const messages = refused.map((text) => clone("message", { text }));
  show("review", {
    ...about,
    isCorrection: draft.corrects,
    parts,
    aside: subjectsOf(instrument, Object.keys(aside)),
    lines: [...messages, ...lines],
    isWrong: wrong.size + refused.length,
    time: saySeconds(draft.seconds),
  }, clone("bar-review", { id, slug: back?.slug, answered, total, done, text: word("progress", { answered, total }) }));
  app.activity.begin(id);
  app.onKey = ({ key }) => key === "Enter" && !document.activeElement?.closest("a, button, summary") && done();
}

/* What the server said of what it cannot take in, as sentences. */
/** @type {(problem: Refusal | null | undefined) => string[]} */
export const sayRefusal = (
  problem,
) => (problem ? [problem.message, ...problem.problems.map(({ text = "" }) => text)].filter(Boolean) : []);

/** @type {(reading: Reading, screen: Screen, wrong: Map<string, string>, id: string) => Node | []} */
function partOf({ instrument, complete, facts }, screen, wrong, id) {
  const there = screen.questions.filter((each) => reach(instrument, each, complete) !== "hidden" || wrong.has(each.id));
  const lines = there.map((question) => {
    const answer = labels(question, given(complete, question.id));
    const isFact = Object.hasOwn(facts, question.id);
    return clone("line-review", {
      id,
      slug: screen.slug,
      question: question.id,
      subject: question.subject,
      answer,
      isFact,
      canChange: !isFact,
      error: wrong.get(question.id),
    });
  });
  return lines.length ? clone("part", { title: screen.title, lines }) : [];
}

/* Finish what was read over; false where it is no longer that, as she changed it elsewhere meanwhile. */
/** @type {(session: Session, draft: Draft, reading: Reading, seconds: number) => Promise<Draft | undefined>} */
async function conclude(session, draft, { instrument, complete, answers }, seconds) {
  const counted = stored(instrument, complete);
  const { hash, table } = session.modelFor(draft.version, draft.date);
  const own = Object.fromEntries(
    Object.keys(counted).filter((question) => Object.hasOwn(answers, question)).map((
      question,
    ) => [question, counted[question]]),
  );
  const derived = { code: derive(table, counted).code, ruleset_hash: hash };
  const outcome = { answers: writeAnswers(instrument, own), derived };
  const read = JSON.stringify(draft.answers);
  return session.change(
    draft,
    (
      here,
      at,
    ) => (JSON.stringify(here.answers) === read
      ? { ...finish(here, outcome, at), seconds: here.seconds + seconds }
      : undefined),
  );
}

/* Both versions side by side. What is not chosen stays on the tablet for a day. */
/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function choose({ session, go }, id) {
  const draft = /** @type {Clashing} */ (await session.draft(id));
  if (draft?.state !== "conflict") return go("anamnese", id);
  const { instrument, client, facts, answers } = session.reading(draft);
  const there = readAnswers(draft.stored.answers);
  const asksReason = needsReason(draft);
  const sides = instrument.questions.map((question) => {
    const [here, elsewhere] = [answers, there].map((each) =>
      labels(question, given({ ...each, ...facts }, question.id))
    );
    return { subject: question.subject, here, there: elsewhere };
  });
  const rows = sides.filter((each) => each.here !== each.there).map((each) =>
    clone("difference", { ...each, here: each.here || word("no-answer"), there: each.there || word("no-answer") })
  );
  const same = sides.filter((each) => each.here && each.here === each.there).map((each) =>
    clone("same", { ...each, answer: each.here })
  );
  /** @type {(drafts: Draft[]) => Promise<void>} */
  const settle = async (drafts) => {
    release();
    await session.putAll(drafts);
    const next = drafts.find((each) => each.state !== "discarded");
    if (!next) return go("client", client.id);
    session.opened.add(next.id);
    return next.isFinished ? go("resultaat", next.id) : go("anamnese", next.id, "nakijken");
  };
  const mine = () => {
    const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("reden"));
    const reason = field?.value.trim() ?? "";
    if (asksReason && field && !reason) return mark(field, word("no-reason"));
    return settle(keepMine(draft, { id: crypto.randomUUID(), reason }, now()));
  };
  const theirs = () => settle(takeStored(draft, { id: crypto.randomUUID() }, now()));
  const when = sayMoment(Date.parse(draft.stored.saved_at));
  return show("conflict", {
    ...whose(client),
    why: word(`clash-${draft.stored.discard_reason || draft.clash}`),
    rows,
    isSame: !rows.length,
    same: same.length && same,
    number: same.length,
    asksReason,
    when,
    day: sayDay(draft.stored.date),
    mine,
    theirs,
  });
}
