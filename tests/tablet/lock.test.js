/* Logging out and locking: done when the server says so, and owed until then. */
import { Answers, equal, openTab, test } from "/harness.js";
/** @import { Answer, Tab } from "/harness.js" */

/** @type {Answer} */
const GONE = [0];
/** @type {Answer} */
const GUEST_NETWORK = [200, "<h1>Welkom</h1>", { "Content-Type": "text/html" }];
/** @type {Answer} */
const NOBODY = [401, { error: "not_logged_in" }];

/** @type {(tab: Tab, loggingOut: Answer, brought: Answer) => Promise<any>} */
async function lockOf(tab, loggingOut, brought) {
  const server = new Answers();
  server.on("/uitloggen/", () => loggingOut);
  server.on("/tablet/pakket/", () => brought);
  server.attach(tab);
  return tab.load("/tablet/app/lock.js");
}

const owed = () => localStorage.getItem("draagvlak-owed");
const locked = () => localStorage.getItem("draagvlak-locked");

test("it is done when the server knows nobody", async () => {
  const lock = await lockOf(await openTab(), GUEST_NETWORK, NOBODY);
  equal([await lock.endLogin("kluis"), owed()], [true, null]);
});

for (const [name, answer] of /** @type {const} */ ([["nothing", GONE], ["a guest network", GUEST_NETWORK]])) {
  test(`what did not reach the server is done later: ${name} answers`, async () => {
    const tab = await openTab();
    const lock = await lockOf(tab, answer, answer);
    equal([await lock.endLogin("kluis"), owed()], [false, "kluis"]);
    equal((await lock.fetchPackage()).kind, "offline");
    await tab.reload();
    const again = await lockOf(tab, NOBODY, NOBODY);
    equal([(await again.fetchPackage()).kind, owed()], ["ended", null]);
  });
}

test("who comes back herself stays logged in", async () => {
  const lock = await lockOf(await openTab(), GONE, GONE);
  await lock.endLogin("kluis");
  lock.stayIn("andere");
  equal(owed(), "kluis");
  lock.stayIn("kluis");
  equal([await lock.settle(), owed()], [true, null]);
});

/** @type {(answer: (sent: any) => Answer) => Promise<any>} */
async function lockThat(answer) {
  const tab = await openTab();
  const server = new Answers();
  server.on("/tablet/vergrendelen/", answer);
  server.attach(tab);
  return tab.load("/tablet/app/lock.js");
}

test("a colleague who opens hers leaves the log-in of before to be locked", async () => {
  const lock = await lockThat(() => GONE);
  lock.owesLock(true, "kluis");
  lock.stayIn("andere");
  lock.owesLock(false, "andere");
  lock.stayIn("andere");
  equal([await lock.settle(), locked()], [false, "quiet kluis"]);
  lock.stayIn("kluis");
  equal(locked(), null);
});

test("what is owed is done at the first contact", async () => {
  /** @type {unknown[]} */
  const sent = [];
  const lock = await lockThat((body) => (sent.push(body), [200, { locked: true }]));
  lock.owesLock(false, "kluis");
  equal([await lock.settle(), locked()], [true, null]);
  equal(sent, [{ quiet: false }]);
});
