/* What lies on the tablet: sealed, bound to its place, apart for every user and client, never erased. */
import { equal, ok, openTab, refusal, test, until } from "/harness.js";
import { afterReload, atWork, fill, openWork, rowsOf } from "/work.js";
/** @import { Tab } from "/harness.js" */
/** @import { Draft, RecordRow } from "shapes/tablet.d.ts" */
/** @import { WrittenAnswers } from "shapes/questions.d.ts" */
/** @import { Work } from "/work.js" */

/* The answers of all drafts. */
/** @type {(work: Work) => Promise<unknown[]>} */
const allAnswers = async ({ store }) => (await store.all("draft")).map(({ answers }) => answers);

/** @type {(work: Work, ...rows: RecordRow[]) => Promise<unknown>} */
const forge = ({ m, db }, ...rows) =>
  m.database.transact(
    db,
    ["records"],
    "readwrite",
    (records) => Promise.all(rows.map((row) => m.database.answerOf(records.put(row)))),
  );

/* Answer one more question of the draft. */
/** @type {(work: Work, question: string) => Promise<unknown>} */
const add = (work, question) =>
  work.update((now) => work.m.draft.change(now, { answers: { ...now.answers, [question]: "1" } }, 1));

test("what is kept is there after the browser comes back", async () => {
  const again = await afterReload(await atWork());
  equal((await again.now()).answers, { Q2: "1" });
});

test("nothing readable lies on disk", async () => {
  const work = await atWork();
  const { m } = work;
  const client = /** @type {any} */ ({ name: "A. Wilgenboom", id: m.CLIENT });
  await work.store.put("clients", {}, { clients: [client], at: 1 });
  const disk = await m.onDisk(work.db);
  const ids = [m.ORGANISATION, m.USER, m.CLIENT, work.draft.id, work.draft.version];
  // An answer with its quotation marks: sealed bytes may hold two given letters by chance.
  for (const word of ["Wilgenboom", '"Q2"', '\\"Q2', "answers", "draft", "clients", ...ids]) {
    ok(!disk.includes(word), `no ${word} on disk`);
  }
  ok(disk.includes('"unsent":1'), "that something waits can be seen");
});

test("the next user sees nothing of the last", async () => {
  const work = await atWork();
  work.vault.lock();
  const { store } = await work.m.openStore(work.db, work.m.OTHER_USER);
  equal([await store.all("draft"), await store.get("draft", work.key)], [[], null]);
});

test("the next user cannot open a record that was given her name", async () => {
  const work = await atWork();
  const next = await (await openWork(work.tab, work.server, work.m.OTHER_USER)).begin();
  const [mine, other] = (await rowsOf(next)).sort((row) => (row.vault === next.vault.id ? -1 : 1));
  await forge(next, { ...mine, iv: other.iv, data: other.data });
  equal([await next.store.all("draft"), next.store.damaged], [[], 1]);
});

test("a record moved to another client does not open", async () => {
  const work = await atWork();
  await work.put(work.m.newDraft({ client: work.m.OTHER_CLIENT }));
  const [one, other] = await rowsOf(work);
  await forge(work, { ...one, name: other.name }, { ...other, name: one.name });
  equal(await refusal(() => work.now()), "OperationError");
  equal([await work.store.all("draft"), work.store.damaged], [[], 2]);
});

test("what is marked as sent by hand does not open", async () => {
  const work = await atWork();
  const [row] = await rowsOf(work);
  await forge(work, { ...row, unsent: 0 });
  equal(await refusal(() => work.now()), "OperationError");
});

test("answers stay with their client, of many drafts written at once", async () => {
  const { m, store } = await openWork(await openTab());
  const clients = Array.from({ length: 30 }, () => crypto.randomUUID());
  const drafts = clients.map((client) => m.newDraft({ client, answers: { Q2: client } }));
  const also = (/** @type {Draft | undefined} */ now) =>
    now && m.draft.change(now, { answers: { ...now.answers, Q3: now.client } }, 1);
  await Promise.all(drafts.map((each) => store.put("draft", m.draft.keyOf(each), each)));
  await Promise.all(drafts.map((each) => store.update("draft", m.draft.keyOf(each), also)));
  const all = await store.all("draft");
  const right = all.filter(({ client, answers }) => answers.Q2 === client && answers.Q3 === client);
  equal([all.length, right.length], [30, 30]);
});

test("changes at once are all kept", async () => {
  const work = await atWork();
  await Promise.all(["Q4", "Q5", "Q6", "Q7", "Q8"].map((question) => add(work, question)));
  const { answers, edits } = await work.now();
  equal([Object.keys(answers).sort(), edits], [["Q2", "Q4", "Q5", "Q6", "Q7", "Q8"], 5]);
});

test("changes in two tabs are all kept", async () => {
  const work = await atWork();
  const other = Object.assign(await openWork(await openTab(), work.server), { key: work.key });
  const both = [[work, ["Q4", "Q5", "Q6"]], [other, ["Q7", "Q8", "Q9"]]];
  await Promise.all(
    /** @type {[Work, string[]][]} */ (both).flatMap(([each, questions]) => questions.map((one) => add(each, one))),
  );
  equal(Object.keys((await work.now()).answers).length, 7);
});

test("a locked store gives nothing and keeps everything", async () => {
  const work = await atWork();
  work.vault.lock();
  equal(await refusal(() => work.store.all("draft")), "locked");
  equal(await refusal(() => work.put(work.draft)), "locked");
  equal(Object.values(await work.m.unsentByVault(work.db)), [1]);
  equal(await allAnswers(await openWork(work.tab, work.server)), [{ Q2: "1" }]);
});

test("forgetting is refused while something is unsent", async () => {
  const work = await atWork();
  const { forget, listVaults } = work.m.vault;
  equal(await refusal(() => forget(work.db, work.vault.id)), "unsent");
  await work.put({ ...work.draft, state: "sent" });
  await forget(work.db, work.vault.id);
  equal([await listVaults(work.db), await rowsOf(work)], [[], []]);
});

/* The schema of a version that is to come. */
/** @type {(tab: Tab) => any[]} */
const next = ({ m }) => [
  ...m.database.STEPS,
  (/** @type {IDBDatabase} */ _database, /** @type {IDBTransaction} */ upgrade) =>
    upgrade.objectStore("records").createIndex("age", "stamp"),
];

test("an upgrade keeps the queue", async () => {
  const { tab, m, db, key } = await atWork();
  db.close();
  const newer = await m.database.openDatabase({ steps: next(tab) });
  const { store } = await m.openStore(newer);
  equal([newer.version, (await store.get("draft", key))?.answers], [2, { Q2: "1" }]);
  equal(Object.values(await m.unsentByVault(newer)), [1]);
});

test("an upgrade that fails changes nothing", async () => {
  const work = await atWork();
  work.db.close();
  const broken = (/** @type {IDBDatabase} */ database) => {
    database.deleteObjectStore("records");
    throw new Error("stuk");
  };
  const steps = [...work.m.database.STEPS, broken];
  equal(await refusal(() => work.m.database.openDatabase({ steps })), "Error");
  equal((await allAnswers(await openWork(work.tab, work.server))).length, 1);
});

test("an upgrade waits for another tab and says so", async () => {
  const [tab, newer] = [await openTab(), await openTab()];
  /** @type {string[]} */
  const said = [];
  const db = await tab.m.database.openDatabase({ onOutdated: () => said.push("outdated") });
  const { store } = await tab.m.openStore(db);
  const draft = tab.m.newDraft();
  const key = tab.m.draft.keyOf(draft);
  await store.put("draft", key, draft);
  const onBlocked = () => said.push("blocked");
  const opening = newer.m.database.openDatabase({ steps: next(newer), onBlocked });
  await until(() => said.includes("blocked"), "blocked");
  equal(said, ["outdated", "blocked"]);
  await store.update("draft", key, (now) => now && tab.m.draft.change(now, { answers: { Q2: "2" } }, 1));
  db.close();
  const { store: there } = await newer.m.openStore(await opening);
  equal((await there.all("draft")).map(({ answers }) => answers), [{ Q2: "2" }]);
});

test("what is tapped after a newer version took over is said and can be sent", async () => {
  const work = await atWork();
  await work.store.all("draft");
  const newer = await openTab();
  const db = await newer.m.database.openDatabase({ steps: next(newer) });
  await work.change({ Q2: "2" });
  equal(await work.told(), ["outdated", 1, { Q2: "2" }]);
  equal(await allAnswers(work), [{ Q2: "2" }]);
  const { store } = await newer.m.openStore(db);
  equal((await store.all("draft")).map(({ answers }) => answers), [{ Q2: "1" }]);
});

test("a draft of a version that set nothing aside goes on", async () => {
  const work = await atWork();
  const { aside: _none, ...old } = work.draft;
  await work.put(/** @type {Draft} */ (old));
  const draft = await work.now();
  equal(work.m.draft.change(draft, { answers: {} }, 1).answers, {});
  equal(work.m.draft.restore(work.m.draft.discard(draft, 1), "x", 2).aside, {});
});

test("a page that is too old says so", async () => {
  const tab = await openTab();
  const { database } = tab.m;
  (await database.openDatabase({ steps: next(tab) })).close();
  const error = await database.openDatabase().catch((reason) => reason);
  ok(error instanceof database.OutdatedError, "outdated");
});

test("once there is room again it is written", async () => {
  const work = await atWork();
  const makeRoom = fill(work.tab);
  await work.change({ Q2: "2" });
  await work.change({ Q2: "3" });
  equal(await work.told(), ["full", 1, { Q2: "3" }]);
  makeRoom();
  await work.store.writeHeld();
  equal(await work.told(), ["", 0, { Q2: "3" }]);
  equal((await (await afterReload(work)).now()).answers, { Q2: "3" });
});

/* Two tabs with the same draft, of which the first can only hold what it changes. */
async function onAFullTablet() {
  const work = await atWork();
  const other = Object.assign(await openWork(await openTab(), work.server), { key: work.key });
  return { work, other, makeRoom: fill(work.tab) };
}

/** @type {(work: Work, answers: WrittenAnswers, later: number) => Promise<unknown>} */
const changeAt = (work, answers, later) =>
  work.update((now) => work.m.draft.change(now, { answers: { ...now.answers, ...answers } }, now.changedAt + later));

/** @type {(work: Work) => Promise<number>} */
const stampOf = async (work) => (await rowsOf(work))[0].stamp;

for (const [heldAt, last] of /** @type {const} */ ([[1, "stored"], [9, "held"]])) {
  test(`full, with two tabs: what was changed last stays and nothing else is lost: ${last}`, async () => {
    const { work, other, makeRoom } = await onAFullTablet();
    await changeAt(work, { Q2: "held", Q4: "held" }, heldAt);
    await changeAt(other, { Q2: "stored", Q5: "stored" }, 5);
    const written = await stampOf(other);
    makeRoom();
    for (let time = 0; time < 2; time += 1) await work.store.writeHeld();
    const expected = { Q2: last, Q4: "held", Q5: "stored" };
    equal([(await work.now()).answers, (await other.now()).answers], [expected, expected]);
    equal(work.store.heldCount, 0);
    // The other would take what has the stamp of its own for what it wrote.
    ok((await stampOf(work)) > written, "a stamp of its own");
  });
}

test("full, with two tabs: what is known already stays as it was written", async () => {
  const { work, other, makeRoom } = await onAFullTablet();
  await changeAt(work, { Q2: "held" }, 1);
  await changeAt(other, { Q2: "stored" }, 5);
  const written = await stampOf(other);
  makeRoom();
  for (let time = 0; time < 2; time += 1) await work.store.writeHeld();
  equal([await stampOf(work), (await work.now()).answers], [written, { Q2: "stored" }]);
});
