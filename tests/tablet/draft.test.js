/* Throwing a draft away: told where it has to be, undone within a day, never done by itself. */
import { BROKEN, equal, OK, refusal, test } from "/harness.js";
import { atWork } from "/work.js";

test("what was never sent is not told", async () => {
  const work = await atWork();
  await work.discard();
  await work.sync.run();
  equal(work.server.got, []);
  equal((await work.status()).key, "sent");
});

test("what was sent is thrown away there too", async () => {
  const work = await atWork();
  await work.sync.run();
  await work.discard();
  await work.sync.run();
  equal(work.server.got.map(({ method }) => method), ["PUT", "DELETE"]);
  equal(work.server.got[1].body, { nurse: work.m.USER, organisation: work.m.ORGANISATION });
});

test("it is told later when somebody else is logged in", async () => {
  const work = await atWork();
  work.server.say(OK, [401, { error: "other_user" }], OK);
  await work.sync.run();
  await work.discard();
  await work.sync.run();
  const { unsent, needsLogin } = await work.status();
  equal([unsent, needsLogin], [1, true]);
  await work.sync.run();
  equal((await work.status()).unsent, 0);
});

test("it comes back within a day under another id", async () => {
  const work = await atWork();
  await work.sync.run();
  await work.discard();
  await work.put(work.m.draft.restore(await work.now(), crypto.randomUUID(), Date.now()));
  await work.sync.run();
  equal(work.server.got.map(({ method }) => method), ["PUT", "DELETE", "PUT"]);
  const [first, again] = work.server.payloads();
  equal([again.answers, again.revision, again.id === first.id], [{ Q2: "1" }, 0, false]);
});

test("after a day it is gone", async () => {
  const work = await atWork();
  await work.discard();
  const old = { ...(await work.now()), discardedAt: Date.now() - work.m.draft.DAY };
  equal(await refusal(() => work.m.draft.restore(old, "x", Date.now())), "Error");
  await work.put(old);
  await work.sync.run();
  equal((await work.store.all("draft")).length, 0);
});

test("nothing unsent is ever cleaned away", async () => {
  const work = await atWork();
  work.server.say(BROKEN);
  await work.put({ ...(await work.now()), changedAt: 1, waitsSince: 1, isFinished: true });
  await work.sync.run();
  work.sync.stop();
  const { unsent, warning } = await work.status();
  equal([unsent, warning], [1, 72]);
});
