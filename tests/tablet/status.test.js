/* What the tablet tells of itself: the line over every page, and whether its storage may stay. */
import { equal, ok, openTab, test } from "/harness.js";
import { atWork } from "/work.js";

test("the line tells the last contact and the clock", async () => {
  const work = await atWork();
  await work.sync.run();
  const { lastContact, key, unsent, warning, problem } = await work.status();
  ok(lastContact, "a last contact");
  equal([key, unsent, warning, problem], ["sent", 0, 0, ""]);
});

test("it warns by how long something waits, from the first change that waits", async () => {
  const work = await atWork();
  await work.sync.run();
  await work.change({ Q2: "2" });
  const since = (await work.now()).waitsSince ?? 0;
  for (const [hours, warning] of [[23, 0], [24, 24], [71, 24], [72, 72]]) {
    const status = await work.m.statusOf(work.store, work.sync, since + hours * 3_600_000);
    equal(status.warning, warning, `after ${hours} hours`);
  }
});

test("it tells what the browser says to staying", async () => {
  const { m, window } = await openTab();
  const aborted = () => Promise.reject(new window.DOMException("", "AbortError"));
  const said = /** @type {const} */ ([
    [{ persist: () => Promise.resolve(true) }, "persistent"],
    [{ persist: () => Promise.resolve(false) }, "best_effort"],
    [{ persist: aborted }, "best_effort"],
    [undefined, "unknown"],
  ]);
  for (const [storage, expected] of said) {
    Object.defineProperty(window.navigator, "storage", { value: storage, configurable: true });
    equal(await m.askToStay(), expected);
  }
});
