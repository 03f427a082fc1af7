/* On the way to the server: every cut, every answer, and what is left to do after it. */
import { BROKEN, equal, OK, ok, openTab, refusal, test, until } from "/harness.js";
import { atWork, openWork } from "/work.js";
/** @import { Answer, Tab } from "/harness.js" */
/** @import { Work } from "/work.js" */

/** @type {Answer} */
const BUSY = [503, { error: "busy", message: "Druk." }, { "Retry-After": "5" }];

/* The clock of a tab's timers in the test's hands: what is asked of it waits until its time is called. */
/** @type {(tab: Tab) => { pauses: () => number[], pass: (time: number) => void }} */
function holdTimers({ window }) {
  /** @type {Map<number, { at: number, pause: number, work: () => void }>} */
  const waiting = new Map();
  let [clock, last] = [0, 0];
  const set = (/** @type {() => void} */ work, pause = 0) => {
    waiting.set(last += 1, { at: clock + pause, pause, work });
    return last;
  };
  Object.assign(window, { setTimeout: set, clearTimeout: (/** @type {number} */ id) => waiting.delete(id) });
  const pass = (/** @type {number} */ time) => {
    clock += time;
    for (const [id, { at, work }] of [...waiting]) if (at <= clock && waiting.delete(id)) work();
  };
  // The database's own time-out is no pause.
  return { pass, pauses: () => [...waiting.values()].map(({ pause }) => pause).filter((pause) => pause !== 10_000) };
}

/** @type {(work: Work) => Promise<void>} */
const sent = (work) => until(async () => (await work.now()).state === "sent", "sent");

test("it sends the whole of it", async () => {
  const work = await atWork();
  await work.change({ Q2: "1", Q13: ["injecties"] });
  await work.sync.run();
  const [{ answers, revision, finish }] = work.server.payloads();
  equal([answers, revision, finish], [{ Q2: "1", Q13: ["injecties"] }, 0, false]);
  equal(await work.brief(), ["sent", 1, true]);
});

test("a lost answer is asked for again with the same bytes", async () => {
  const work = await atWork();
  work.server.say(BROKEN, OK);
  await work.sync.run();
  await work.change({ Q2: "2" });
  await work.sync.run();
  const [first, again, newer] = work.server.payloads();
  equal(again, first);
  equal([newer.answers, newer.revision], [{ Q2: "2" }, 1]);
  equal(await work.brief(), ["sent", 2, true]);
});

test("a killed tab sends the same bytes when it comes back", async () => {
  const work = await atWork();
  work.server.say(BROKEN, OK);
  await work.sync.run();
  await work.change({ Q2: "2" });
  work.tab.close();
  const other = Object.assign(await openWork(await openTab(), work.server), { key: work.key });
  await other.sync.run();
  const [first, again, newer] = work.server.payloads();
  equal([again, newer.answers], [first, { Q2: "2" }]);
  equal(await other.brief(), ["sent", 2, true]);
});

test("an answer given while sending goes after it", async () => {
  const work = await atWork();
  const put = work.ask.put.bind(work.ask);
  work.ask.put = async (payload) => {
    const outcome = await put(payload);
    if (payload.revision === 0) await work.change({ Q2: "2" });
    return outcome;
  };
  await work.sync.run();
  equal(work.server.payloads().map(({ answers }) => answers.Q2), ["1", "2"]);
  equal(await work.brief(), ["sent", 2, true]);
});

test("runs at once send once", async () => {
  const work = await atWork();
  await Promise.all([work.sync.run(), work.sync.run(), work.sync.run()]);
  equal(work.server.payloads().length, 1);
});

test("what is wanted when the last round has ended is done", async () => {
  const { m, store, ask, vault } = await openWork(await openTab());
  let rounds = 0;
  const write = store.writeHeld.bind(store);
  store.writeHeld = () => {
    rounds += 1;
    return write();
  };
  const tell = () => rounds === 1 && sync.run();
  const sync = new m.Sync({ store, server: ask, name: vault.id, tell });
  await sync.run();
  await until(() => rounds === 2, "another round");
});

test("two tabs send once", async () => {
  const work = await atWork();
  const other = await openWork(await openTab(), work.server);
  await Promise.all([work.sync.run(), other.sync.run()]);
  equal(work.server.payloads().length, 1);
});

test("it waits without connection and goes by itself with one", async () => {
  const work = await atWork();
  work.server.say(BROKEN);
  await work.sync.start();
  const { key, unsent, isReached } = await work.status();
  equal([key, unsent, isReached], ["unsent", 1, false]);
  work.server.say(OK);
  work.tab.window.dispatchEvent(new Event("online"));
  await sent(work);
});

const TROUBLES = /** @type {Answer[]} */ ([
  [500, { error: "x" }],
  [502, "<h1>Bad gateway</h1>"],
  [429, { error: "x" }],
]);

for (const trouble of TROUBLES) {
  test(`after trouble it tries again by itself: ${trouble[0]}`, async () => {
    const work = await atWork();
    work.server.say(trouble, trouble, OK);
    const { pauses, pass } = holdTimers(work.tab);
    await work.sync.run();
    equal(await work.brief(), ["local", 0, false]);
    const first = pauses();
    pass(10_000);
    await until(() => !work.sync.isBusy && work.server.payloads().length === 2, "a second try");
    const second = pauses();
    pass(10_000);
    await until(() => !work.sync.isBusy && work.server.payloads().length === 3, "a third try");
    equal(await work.brief(), ["sent", 1, true]);
    ok(first.length === 1 && first[0] >= 1_000 && first[0] <= 3_000, `a first pause: ${first}`);
    ok(second.length === 1 && second[0] >= 2_000 && second[0] <= 6_000, `a longer one: ${second}`);
  });
}

test("what is no answer of ours counts for nothing", async () => {
  const answers = /** @type {Answer[]} */ ([
    [200, "<h1>Welkom op het gastennetwerk</h1>"],
    [200, { id: "iets anders", hash: "x" }],
    [200, {}],
    [400, { error: "damaged" }],
    [409, { error: "clash" }],
    [404, "<h1>Not found</h1>"],
  ]);
  const work = await atWork();
  for (const answer of answers) {
    work.server.say(answer);
    await work.sync.run();
    work.sync.stop();
    equal(await work.brief(), ["local", 0, false], String(answer));
    equal((await work.status()).lastContact, null);
  }
});

for (const [status, error] of /** @type {const} */ ([[401, "not_logged_in"], [401, "other_user"], [403, "csrf"]])) {
  test(`without a log-in it asks for one and keeps everything: ${error}`, async () => {
    const work = await atWork();
    work.server.say([status, { error }], OK);
    await work.sync.run();
    const before = await work.status();
    equal([before.needsLogin, before.unsent], [true, 1]);
    await work.sync.run();
    const [first, again] = work.server.payloads();
    equal(again, first);
    const after = await work.status();
    equal([after.needsLogin, after.key], [false, "sent"]);
  });
}

test("what is refused waits for the nurse", async () => {
  const work = await atWork();
  work.server.say([422, { error: "refused", message: "De datum ligt in de toekomst.", problems: [] }], OK);
  await work.sync.run();
  await work.sync.run();
  equal(work.server.payloads().length, 1);
  const { state, problem } = await work.now();
  const told = [state, problem?.message, (await work.status()).refused.length];
  equal(told, ["refused", "De datum ligt in de toekomst.", 1]);
  await work.sync.run({ isForced: true });
  equal(await work.brief(), ["sent", 1, true]);
});

test("a finished one that was refused can be mended", async () => {
  const work = await atWork();
  work.server.say([422, { error: "refused", message: "x" }], OK);
  await work.finish();
  await work.sync.run();
  await work.update((now) => work.m.draft.reopen(now, Date.now()));
  await work.change({ Q2: "2" });
  await work.finish();
  await work.sync.run();
  equal(work.server.payloads().map(({ finish }) => finish), [true, true]);
  equal((await work.now()).result?.code, "DKDL-01");
});

test("a finished one is answered with its profile", async () => {
  const work = await atWork();
  await work.finish();
  await work.sync.run();
  const [{ finish, derived }] = work.server.payloads();
  equal([finish, derived.code], [true, "DKDL-01"]);
  const { state, result } = await work.now();
  equal([state, result?.differs], ["sent", false]);
  equal(await refusal(() => work.change({ Q2: "2" })), "Error");
});

test("a correction waits for what it corrects", async () => {
  const work = await atWork();
  work.server.say([422, { error: "refused", message: "x" }], OK);
  await work.finish();
  await work.put(work.m.newDraft({ corrects: work.draft.id, now: 1 }));
  await work.sync.run();
  equal(work.server.payloads().map(({ corrects }) => corrects), [null]);
  await work.sync.run({ isForced: true });
  equal(work.server.payloads().map(({ corrects }) => corrects), [null, null, work.draft.id]);
});

test("work of two clients arrives under their own names", async () => {
  const work = await openWork(await openTab());
  for (let number = 0; number < 10; number += 1) {
    const client = crypto.randomUUID();
    await work.put(work.m.newDraft({ client, answers: { Q2: client } }));
  }
  await work.sync.run();
  const payloads = work.server.payloads();
  equal(new Set(payloads.map(({ client }) => client)).size, 10);
  for (const { client, answers } of payloads) equal(answers, { Q2: client });
});

test("a locked vault stops it and unlocking goes on", async () => {
  const work = await atWork();
  work.vault.lock();
  await work.sync.run();
  equal(work.server.got, []);
  const again = Object.assign(await openWork(work.tab, work.server), { key: work.key });
  await again.sync.run();
  equal(await again.brief(), ["sent", 1, true]);
});

test("busy: what is tapped meanwhile waits too and goes once", async () => {
  const work = await atWork();
  work.server.say(BUSY, OK);
  const { pauses, pass } = holdTimers(work.tab);
  await work.sync.run();
  equal((await work.status()).isPutOff, true);
  for (const answer of ["2", "1", "2"]) {
    await work.change({ Q2: answer });
    await work.sync.run();
  }
  equal(work.server.payloads().length, 1);
  ok(pauses().length === 1 && pauses()[0] >= 5_000 && pauses()[0] <= 10_000, `one pause: ${pauses()}`);
  pass(10_001);
  await sent(work);
  const [first, again, newer] = work.server.payloads();
  equal(again, first); // the server may have had it after all
  equal(newer.answers, { Q2: "2" });
  equal((await work.status()).isPutOff, false);
});

test("busy: the next in line waits as well", async () => {
  const work = await atWork();
  work.server.say(BUSY);
  await work.put(work.m.newDraft({ client: work.m.OTHER_CLIENT }));
  await work.sync.run();
  work.sync.stop();
  equal(work.server.payloads().length, 1);
});

test("busy: she may try sooner, by her button", async () => {
  const work = await atWork();
  work.server.say(BUSY, OK);
  await work.sync.run();
  await work.sync.run({ isForced: true });
  await sent(work);
  equal(await work.brief(), ["sent", 1, true]);
});

test("busy: a connection that came back tries sooner", async () => {
  const work = await atWork();
  work.server.say(BUSY, BUSY, OK);
  await work.sync.run();
  await work.sync.start();
  equal(work.sync.isPutOff, true);
  work.tab.window.dispatchEvent(new Event("online"));
  await sent(work);
  equal(await work.brief(), ["sent", 1, true]);
});

test("clients that were not brought are asked for again", async () => {
  const { tab, m, store, ask, vault } = await openWork(await openTab());
  const { pass } = holdTimers(tab);
  let asked = 0;
  const reach = () => {
    asked += 1;
    return Promise.resolve("ok");
  };
  const sync = new m.Sync({ store, server: ask, name: vault.id, reach });
  sync.isReached = true;
  await sync.run();
  sync.missedAnswer();
  equal(asked, 0);
  pass(3_001);
  await until(() => asked === 1 && !sync.isBusy, "asked once more");
  pass(600_000);
  await until(() => !sync.isBusy, "at rest");
  equal(asked, 1);
});

const ENDS = /** @type {[number, unknown, string][]} */ ([
  [401, { error: "not_logged_in" }, "not_logged_in"],
  [403, { error: "no_access" }, "no_access"],
  [403, { error: "revoked" }, "revoked"],
  [401, { error: "other_user" }, ""],
  [401, { error: "other_role" }, ""],
  [403, { error: "not_permitted", message: "Nee" }, ""],
  [401, "<h1>Welkom bij het gastnetwerk</h1>", ""],
]);

for (const [status, body, ended] of ENDS) {
  test(`only our server ends access, and the work is not refused by it: ${JSON.stringify(body)}`, async () => {
    const work = await atWork();
    work.server.say([status, body]);
    await work.sync.run();
    work.sync.stop();
    equal(work.sync.ended, ended);
    equal((await work.now()).state, JSON.stringify(body).includes("message") ? "refused" : "local");
  });
}

test("an answer to somebody else is no contact of hers", async () => {
  const work = await atWork();
  work.server.say([401, { error: "other_user" }]);
  await work.sync.run();
  work.sync.stop();
  equal((await work.status()).lastContact, null);
});

test("a locked log-in is opened by who asks for it, and the work goes", async () => {
  const work = await atWork();
  work.server.say([401, { error: "locked" }], OK);
  let asked = 0;
  const reach = () => {
    asked += 1;
    sync.run();
    return Promise.resolve("ok");
  };
  const sync = new work.m.Sync({ store: work.store, server: work.ask, name: "x", reach });
  await sync.run();
  equal([asked, (await work.now()).state], [1, "sent"]);
});
