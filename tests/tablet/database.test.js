/* Storage that the system closes, fills or wipes under an open page: nothing is lost. */
import { equal, openTab, refusal, test, until } from "/harness.js";
import { afterReload, fill, onDisk, openWork } from "/work.js";
/** @import { Tab } from "/harness.js" */
/** @import { Work } from "/work.js" */

/* Every connection that the page opens from here on, so that a test can close one as the system does. */
/** @type {(tab: Tab) => () => void} */
function watch({ window }) {
  /** @type {Set<IDBDatabase>} */
  const handles = new Set();
  const { prototype } = window.IDBDatabase;
  const ask = prototype.transaction;
  prototype.transaction = function (...given) {
    handles.add(this);
    return ask.apply(this, given);
  };
  return () => handles.forEach((each) => each.close());
}

/* A draft that was not sent, and what closes the database under it. */
async function begun() {
  const tab = await openTab();
  const close = watch(tab);
  return { tab, close, work: await (await openWork(tab)).begin() };
}

/* The database fails at everything, as one whose process the system has stopped; returns what mends it. */
/** @type {(tab: Tab) => () => void} */
function lose({ window }) {
  const [factory, database] = [window.IDBFactory.prototype, window.IDBDatabase.prototype];
  const { open } = factory;
  const { transaction } = database;
  const lost = () => {
    throw new window.DOMException("Connection to Indexed Database server lost.", "UnknownError");
  };
  database.transaction = lost;
  factory.open = lost;
  return () => {
    factory.open = open;
    database.transaction = transaction;
  };
}

/** @type {(tab: Tab) => Promise<void>} */
function wipe({ window }) {
  return new Promise((resolve, reject) => {
    const asked = window.indexedDB.deleteDatabase("draagvlak-tablet");
    asked.onsuccess = () => resolve();
    asked.onerror = asked.onblocked = reject;
  });
}

/** @type {(work: Work) => Promise<unknown>} */
const answersAfterReload = async (work) => (await (await afterReload(work)).now()).answers;

test("closed: the next answer is written through another connection", async () => {
  const { work, close } = await begun();
  close();
  await work.change({ Q2: "2" });
  equal(await work.told(), ["", 0, { Q2: "2" }]);
  equal(await answersAfterReload(work), { Q2: "2" });
});

test("closed: locking, opening and reading go on", async () => {
  const { tab, work, close } = await begun();
  close();
  work.vault.lock();
  equal((await tab.m.vault.listVaults(work.db)).length, 1);
  close();
  const { store } = await tab.m.openStore(work.db);
  equal((await store.get("draft", work.key))?.answers, { Q2: "1" });
});

test("closed: what another tab sealed does not come back", async () => {
  const { tab, work, close } = await begun();
  await work.store.put("clients", {}, { clients: [], at: 1 });
  await work.store.get("clients");
  const { m } = await openTab();
  await m.vault.seal(await m.database.openDatabase(), work.vault.id);
  close();
  await work.change({ Q2: "2" });
  equal([(await work.now()).answers, await work.store.get("clients")], [{ Q2: "2" }, null]);
  equal(await onDisk(tab), [1, 1]);
});

test("what is under way while it closes is done again", async () => {
  const { tab, work } = await begun();
  const { prototype } = tab.window.IDBObjectStore;
  const { put } = prototype;
  prototype.put = function (row) {
    prototype.put = put;
    const asked = put.call(this, row);
    this.transaction.abort();
    return asked;
  };
  await work.change({ Q2: "2" });
  equal(await answersAfterReload(work), { Q2: "2" });
});

test("one that stays away is told, and the answer is held and sent", async () => {
  const { tab, work } = await begun();
  await work.store.all("draft");
  const mend = lose(tab);
  await work.change({ Q2: "2" });
  await work.change({ Q2: "1", Q3: "2" });
  equal(await work.told(), ["failed", 1, { Q2: "1", Q3: "2" }]);
  await work.sync.run();
  equal(work.server.payloads().at(-1).answers, { Q2: "1", Q3: "2" });
  mend();
  await work.store.writeHeld();
  equal(await work.told(), ["", 0, { Q2: "1", Q3: "2" }]);
  equal(await answersAfterReload(work), { Q2: "1", Q3: "2" });
});

test("a database that was never read is not called empty", async () => {
  const { tab, work } = await begun();
  lose(tab);
  equal(await refusal(() => work.store.all("draft")), "UnknownError");
});

test("full: locking works, and what was held is there for who opens again", async () => {
  const { tab, work } = await begun();
  const makeRoom = fill(tab);
  await work.change({ Q2: "2" });
  work.vault.lock();
  equal((await tab.m.vault.listVaults(work.db))[0].unsent, 1);
  const { store } = await tab.m.openStore(work.db);
  equal([store.problem, store.heldCount], ["full", 1]);
  equal((await store.get("draft", work.key))?.answers, { Q2: "2" });
  makeRoom();
  await store.writeHeld();
  equal(await answersAfterReload(work), { Q2: "2" });
});

test("full: tries at the PIN are counted without room too", async () => {
  const { tab, work } = await begun();
  fill(tab);
  work.vault.lock();
  const tries = [];
  for (let time = 0; time < 6; time += 1) {
    tries.push(await refusal(() => tab.m.vault.unlock(work.db, work.vault.id, "271828")));
  }
  equal(tries, [...Array(5).fill("wrong-pin"), "barred"]);
});

test("full: a page that was loaded anew opens nothing without room", async () => {
  const { tab, work } = await begun();
  await tab.reload();
  const database = await tab.m.database.openDatabase();
  fill(tab);
  equal(await refusal(() => tab.m.vault.unlock(database, work.vault.id, tab.m.PIN)), "QuotaExceededError");
});

test("full: nothing is taken off the tablet while something is only held", async () => {
  const { tab, work } = await begun();
  await work.update((now) => ({ ...now, state: "sent" }));
  fill(tab);
  await work.change({ Q2: "2" });
  equal(await refusal(() => tab.m.vault.forget(work.db, work.vault.id)), "unsent");
});

test("wiped: a deleted database is told and written anew at once", async () => {
  const { tab, work } = await begun();
  await work.store.all("draft");
  let said = 0;
  work.db.onWiped = () => (said += 1);
  await wipe(tab);
  await until(() => said === 1);
  equal(work.store.problem, "wiped");
  equal(await onDisk(tab), [1, 1]);
  await work.change({ Q2: "2" });
  equal(await answersAfterReload(work), { Q2: "2" });
});

test("wiped: two tabs write anew what each knows", async () => {
  const { tab, work } = await begun();
  const other = await (await openWork(await openTab())).begin();
  await wipe(tab);
  for (const each of [work, other]) await until(() => each.now(), "what each knows");
  const again = await afterReload(work);
  equal((await again.store.all("draft")).length, 2);
});

test("wiped: what she took off the tablet herself does not come back", async () => {
  const { tab, work } = await begun();
  await work.update((now) => ({ ...now, state: "sent" }));
  await tab.m.vault.forget(work.db, work.vault.id);
  await wipe(tab);
  equal(await onDisk(tab), [0, 0]);
});
