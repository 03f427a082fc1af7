/* More than one tab on one tablet: a draft is held by one of them, and each hears of the others. */
import { equal, openTab, test, until } from "/harness.js";
import { atWork } from "/work.js";

/** @type {(done?: unknown) => void} */
const nothing = () => {};

test("a draft is held by one tab", async () => {
  const [tab, other] = [await openTab(), await openTab()];
  const letGo = await tab.m.tabs.hold("een");
  equal([letGo !== null, await other.m.tabs.hold("een")], [true, null]);
  letGo?.();
  await until(() => other.m.tabs.hold("een"), "held by the other");
});

test("a killed tab holds nothing", async () => {
  const [tab, other] = [await openTab(), await openTab()];
  await tab.m.tabs.hold("een");
  tab.close();
  await until(() => other.m.tabs.hold("een"), "held by the other");
});

test("tabs of one vault hear each other", async () => {
  const [tab, other, stranger] = [await openTab(), await openTab(), await openTab()];
  /** @type {{ v: string[], w: string[] }} */
  const heard = { v: [], w: [] };
  new other.m.tabs.Tabs("v", ({ name }) => heard.v.push(name));
  new stranger.m.tabs.Tabs("w", ({ name }) => heard.w.push(name));
  new tab.m.tabs.Tabs("v", nothing).tell({ kind: "draft", name: "n" });
  await until(() => heard.v.length === 1, "heard");
  equal(heard, { v: ["n"], w: [] });
});

test("a closed one can be told something and nobody hears it", async () => {
  // Of two tellers in one tab the last is heard last, so what it says proves that nothing came before.
  const [tab, other] = [await openTab(), await openTab()];
  /** @type {string[]} */
  const heard = [];
  new other.m.tabs.Tabs("v", ({ name }) => heard.push(name));
  const closed = new tab.m.tabs.Tabs("v", nothing);
  closed.close();
  closed.tell({ kind: "draft", name: "closed" });
  new tab.m.tabs.Tabs("v", nothing).tell({ kind: "draft", name: "open" });
  await until(() => heard.length > 0, "heard");
  equal(heard, ["open"]);
});

test("the turn of a tab that sleeps is taken over", async () => {
  // A tab asleep answers nothing: here the lock is kept by something that never answers.
  const [tab, other] = [await openTab(), await openTab()];
  const kept = tab.window.navigator.locks.request("draagvlak-beurt", () => new Promise(nothing));
  kept.catch(nothing);
  const turn = await other.m.tabs.alone("beurt", () => Promise.resolve("mijn beurt"), { patience: 200 });
  equal(turn, "mijn beurt");
});

test("a tab at work keeps its turn", async () => {
  const [tab, other] = [await openTab(), await openTab()];
  let done = nothing;
  tab.m.tabs.alone("beurt", () => new Promise((resolve) => (done = resolve)));
  let [alive, got] = [0, 0];
  const channel = new other.window.BroadcastChannel("draagvlak-beurt");
  channel.onmessage = ({ data }) => (alive += Number(data === "alive"));
  other.m.tabs.alone("beurt", () => Promise.resolve(1), { patience: 100 }).then((one) => (got += one));
  await until(() => alive > 2, "signs of life");
  equal(got, 0);
  done();
  await until(() => got === 1, "its turn");
});

test("a draft is taken from a tab that hears of it", async () => {
  const [tab, other] = [await openTab(), await openTab()];
  let lost = 0;
  await tab.m.tabs.hold("d", { lost: () => (lost += 1) });
  equal(await other.m.tabs.hold("d"), null);
  equal(typeof (await other.m.tabs.hold("d", { isTaken: true })), "function");
  await until(() => lost === 1, "heard of it");
});

test("work whose turn was taken ends without an error", async () => {
  const work = await atWork();
  const put = work.ask.put.bind(work.ask);
  let go = nothing;
  work.ask.put = (payload) => new Promise((resolve) => (go = () => resolve(put(payload))));
  const done = work.sync.run();
  await until(() => go !== nothing, "under way");
  const { window } = await openTab();
  await window.navigator.locks.request(`draagvlak-sync-${work.vault.id}`, { steal: true }, () => {});
  await done;
  go();
  await until(async () => (await work.now()).state === "sent", "sent");
});
