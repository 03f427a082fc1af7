/* What is stored differs from what the tablet has: both are kept until the nurse chooses. */
import { equal, OK, test } from "/harness.js";
import { atWork } from "/work.js";
/** @import { Work } from "/work.js" */

const OTHER = "66666666-6666-4666-8666-666666666666";

/** @type {(id: string, changed?: object) => object} */
function stored(id, changed = {}) {
  const kept = { id, status: "draft", date: "2026-03-02", version: "2.0", revision: 7, answers: { Q2: "2" } };
  return { ...kept, corrects: null, saved_at: "2026-03-02T10:00:00Z", ...changed };
}

/** @type {(work: Work, changed?: object) => Promise<void>} */
async function clash(work, changed = {}) {
  const body = { error: "clash", clash: "changed", stored: stored(work.draft.id), ...changed };
  work.server.say([409, body], OK);
  await work.sync.run();
}

/** @type {(work: Work, choice: "keepMine" | "takeStored", reason?: string) => Promise<void>} */
async function choose(work, choice, reason = "") {
  const how = { id: crypto.randomUUID(), reason };
  const draft = /** @type {any} */ (await work.now());
  for (const each of work.m.choices[choice](draft, how, Date.now())) await work.put(each);
  await work.sync.run();
}

test("both versions are kept until the nurse chooses", async () => {
  const work = await atWork();
  await clash(work);
  await work.sync.run({ isForced: true });
  equal(work.server.payloads().length, 1);
  const { state, answers, stored: there } = await work.now();
  equal([state, answers, there?.answers, (await work.status()).choices], ["conflict", { Q2: "1" }, { Q2: "2" }, 1]);
});

test("her own goes on top of what is stored", async () => {
  const work = await atWork();
  await clash(work);
  await choose(work, "keepMine");
  const { revision, answers } = work.server.payloads()[1];
  equal([revision, answers], [7, { Q2: "1" }]);
  equal(await work.brief(), ["sent", 8, true]);
});

test("the stored one takes its place and hers stays for a day", async () => {
  const work = await atWork();
  await clash(work);
  await choose(work, "takeStored");
  equal(work.server.payloads().length, 1);
  const kept = (await work.store.all("draft")).map(({ state, answers }) => [state, answers.Q2]).sort();
  equal(kept, [["discarded", "1"], ["sent", "2"]]);
  equal((await work.status()).key, "sent");
});

test("against a finished one her own becomes a correction", async () => {
  const work = await atWork();
  await clash(work, { clash: "taken", stored: stored(OTHER, { status: "finished" }) });
  equal(work.m.choices.needsReason(/** @type {any} */ (await work.now())), true);
  await choose(work, "keepMine", "verkeerd getikt");
  const { corrects, reason, answers } = work.server.payloads()[1];
  equal([corrects, reason, answers], [OTHER, "verkeerd getikt", { Q2: "1" }]);
});

test("another draft makes way on the server first", async () => {
  const work = await atWork();
  await clash(work, { clash: "other_draft", stored: stored(OTHER) });
  await choose(work, "keepMine");
  const asked = work.server.got.slice(1).map(({ method, id }) => [method, id]);
  equal(asked, [["DELETE", OTHER], ["PUT", work.draft.id]]);
  equal((await work.status()).key, "sent");
});

for (const [choice, kind] of /** @type {const} */ ([["keepMine", "taken"], ["takeStored", "corrected"]])) {
  test(`a draft that loses is thrown away where the server has it: ${choice}`, async () => {
    const work = await atWork();
    await work.sync.run();
    await work.change({ Q2: "2" });
    await clash(work, { clash: kind, stored: stored(OTHER, { status: "finished" }) });
    await choose(work, choice, "verkeerd getikt");
    const told = work.server.got.filter(({ method }) => method === "DELETE").map(({ id }) => id);
    equal(told, [work.draft.id]);
    equal((await work.status()).key, "sent");
  });
}

test("what was thrown away or finished elsewhere is not thrown away again", async () => {
  const work = await atWork();
  await work.sync.run();
  await work.change({ Q2: "2" });
  await clash(work, { clash: "discarded", stored: stored(work.draft.id, { status: "discarded" }) });
  await choose(work, "keepMine");
  equal(work.server.got.map(({ method }) => method), ["PUT", "PUT", "PUT"]);
});
