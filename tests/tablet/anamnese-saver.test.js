/* The server's own screens: an answer counts as saved when the server says so, and nobody else. */
import { Answers, equal, openTab, test } from "/harness.js";
/** @import { Answer } from "/harness.js" */

/** @type {Answer} */
const GUEST_NETWORK = [200, "<h1>Welkom</h1>", { "Content-Type": "text/html" }];

/* A saver, the states that it told, and what it sent; `answer` is what the server says to the first, the second … */
/** @type {(answer: (sent: any, count: number) => Answer, how?: object) => Promise<{ saver: any, told: string[], sent: any[] }>} */
async function saving(answer, how = {}) {
  const tab = await openTab();
  const server = new Answers();
  /** @type {any[]} */
  const sent = [];
  /** @type {string[]} */
  const told = [];
  server.on("/opslaan/", (body) => answer(body, sent.push(body)));
  server.attach(tab);
  const { Saver } = await tab.load("/anamnese-saver.js");
  const tell = (/** @type {string} */ state) => told.push(state);
  return { saver: new Saver({ url: "/opslaan/", token: "x", revision: 3, answers: {}, tell, ...how }), told, sent };
}

test("a guest network that says 200 saves nothing", async () => {
  const { saver, told } = await saving(() => GUEST_NETWORK);
  equal([await saver.set({ Q2: "1" }), saver.isUnsaved, saver.revision, told], [false, true, 3, ["saving", "offline"]]);
  clearTimeout(saver.timer);
});

test("the server that says it does", async () => {
  const { saver, told } = await saving(() => [200, { revision: 4, answers: {} }]);
  equal([await saver.set({ Q2: "1" }), saver.isUnsaved, saver.revision, told], [true, false, 4, ["saving", "saved"]]);
});

test("saved is said only when the last tap has arrived, and what came back of other screens stays", async () => {
  const { saver, told, sent } = await saving((_body, count) => {
    const answers = { Q2: "1", Q4: "2", ...(count > 1 && { Q3: "2" }) };
    return [200, { revision: 3 + count, answers, returned: { Q4: "2" } }];
  });
  const first = saver.set({ Q2: "1", Q3: [] });
  equal(await saver.set({ Q2: "1", Q3: ["2"] }), true);
  await first;
  equal([told, saver.answers], [["saving", "saving", "saved"], { Q2: "1", Q3: "2", Q4: "2" }]);
  equal(sent.map(({ answers }) => answers), [{ Q2: "1", Q3: [] }, { Q2: "1", Q3: ["2"], Q4: "2" }]);
});

test("the seconds go along until they arrive and then no more", async () => {
  const busy = [10.6, 2, 7];
  const take = () => busy.shift() ?? 0;
  const { saver, sent } = await saving((_body, count) => (count === 1 ? [0] : [200, { revision: 4, answers: {} }]), {
    take,
  });
  await saver.set({ Q2: "1" });
  await saver.again();
  equal([saver.seconds(), saver.seconds()], [7, 7]);
  equal(sent.map(({ seconds }) => seconds), [11, 13]);
});

test("it waits as long as a busy server says, and keeps what is tapped meanwhile", async () => {
  const { saver, told, sent } = await saving((_body, count) =>
    count === 1 ? [503, { error: "busy" }, { "Retry-After": "5" }] : [200, { revision: 4, answers: { Q2: "2" } }]
  );
  equal([await saver.set({ Q2: "1" }), await saver.set({ Q2: "2" })], [false, false]);
  equal(told.splice(0), ["saving", "busy"]);
  equal([await saver.again(), told, saver.isUnsaved], [true, ["saving", "saved"], false]);
  equal(sent.map(({ answers }) => answers), [{ Q2: "1" }, { Q2: "2" }]);
});
