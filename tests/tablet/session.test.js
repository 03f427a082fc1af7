/* What one nurse has open: whose package comes, and what becomes of it on the tablet. */
import { Answers, equal, openTab, test } from "/harness.js";
/** @import { Draft } from "shapes/tablet.d.ts" */

const WORDS = `<main id="inhoud"><p data-error hidden></p></main><template id="woorden">
  <i data-word="vault-no-keys">geen antwoord</i><i data-word="log-in-first">log in</i></template>`;

/* A tab in which a nurse is at work; `says` sets what the server has for her, `bring` brings one client. */
async function atHome() {
  const tab = await openTab();
  const { m } = tab;
  const server = new Answers();
  server.on("/versies/", () => [503]);
  server.attach(tab);
  tab.window.document.body.innerHTML = WORDS;
  const { Session } = await tab.load("/tablet/app/session.js");
  const database = await m.database.openDatabase();
  const vault = await m.makeVault(database);
  let brought = /** @type {any} */ ({ kind: "retry", body: {} });
  const ask = new m.Server();
  ask.package = () => Promise.resolve(brought);
  const who = { organisation: m.ORGANISATION, user: m.USER };
  const session = new Session({ database, vault, who, server: ask, tell: () => {} });
  await session.start();
  const says = (/** @type {any} */ outcome) => (brought = outcome);
  const bring = (/** @type {object} */ known = {}) => {
    const whose = { nurse: { id: m.USER, language: "nl" }, organisation: { id: m.ORGANISATION } };
    const client = { id: m.CLIENT, draft: null, last: null, others: [], ...known };
    says({ kind: "ok", body: { ...whose, clients: [client] }, clock: 0 });
    return session.refresh();
  };
  return { tab, m, server, session, says, bring };
}

test("a role of hers without the right asks to log in", async () => {
  const { session, says, bring } = await atHome();
  says({ kind: "refused", body: { error: "not_permitted" } });
  await session.refresh();
  equal(session.isStranger, true);
  await bring();
  equal(session.isStranger, false);
});

test("what she finished on the server's screens is no draft here any more", async () => {
  const { tab, m, session, bring } = await atHome();
  /** @type {Draft} */
  const draft = { ...m.newDraft(), state: "sent", isKnown: true };
  await session.put(draft);
  const about = { version: "2.0", date: "2026-03-02", answers: { Q2: "2" }, code: "PTZ", revision: 4 };
  const last = { ...about, id: draft.id, corrects: null, status: "finished" };
  await bring({ last });
  const [{ isFinished, state, answers }] = await session.drafts();
  equal([isFinished, state, answers], [true, "sent", { Q2: "2" }]);
  const { standingOf } = await tab.load("/tablet/app/clients.js");
  const client = { id: m.CLIENT, draft: null, others: [] };
  const corrected = { ...last, id: "66666666-6666-4666-8666-666666666666", corrects: last.id };
  for (const each of [last, corrected]) {
    const { done, draft: open } = standingOf({ ...client, last: each }, await session.drafts());
    equal([done, open], [undefined, undefined]);
  }
});

test("what waits here is not taken for finished", async () => {
  const { m, server, session, bring } = await atHome();
  server.say([503]); // what reached the server after all would wait no longer
  const draft = m.newDraft();
  await session.put(draft);
  await bring({ last: { id: draft.id, answers: {}, code: "PTZ", date: "2026-03-02" } });
  equal((await session.drafts())[0].isFinished, false);
});

test("it tells why nothing was brought", async () => {
  const { session, says } = await atHome();
  const kinds = { offline: "offline", retry: "retry", login: "login", refused: "login" };
  for (const [kind, told] of Object.entries(kinds)) {
    says({ kind, body: {} });
    equal(await session.refresh(), told, kind);
  }
});

test("an address of somebody else leads to the list", async () => {
  const { tab, m, session, bring } = await atHome();
  await bring();
  const pages = await tab.load("/tablet/app/clients.js");
  for (const page of ["clientPage", "start", "resume", "throwAway", "correct"]) {
    /** @type {string[][]} */
    const gone = [];
    const go = (/** @type {string[]} */ ...parts) => gone.push(parts);
    await pages[page]({ session, go }, m.OTHER_CLIENT);
    equal(gone, [["clienten"]], page);
  }
});

test("what could not be brought is said", async () => {
  const { tab, session, says } = await atHome();
  const { bring } = await tab.load("/tablet/app/clients.js");
  const box = tab.window.document.querySelector("[data-error]");
  for (const [kind, said] of [["offline", "geen antwoord"], ["login", "log in"]]) {
    says({ kind, body: {} });
    await bring({ session, render: () => {} });
    equal([box?.hasAttribute("hidden"), box?.textContent], [false, said], kind);
  }
});

test("a locked log-in that is not hers asks to log in and takes nothing", async () => {
  // A colleague's, or a newer one of her own: her token does not open it, and her access has not ended.
  const { server, session, says, bring } = await atHome();
  server.on("/tablet/ontgrendelen/", () => [200, { open: false }]);
  await bring();
  says({ kind: "locked", body: { error: "locked" } });
  equal([await session.refresh(), session.sync.needsLogin, session.sync.ended], ["login", true, ""]);
  equal(session.package.clients.length, 1);
});

test("a draft that another tab took up first is not taken up over it", async () => {
  const { m, session, bring } = await atHome();
  const draft = m.newDraft();
  const stored = { version: "2.0", date: "2026-03-02", answers: { Q2: "2" }, revision: 4, corrects: null };
  await bring({ draft: { ...stored, id: draft.id, status: "draft", set_aside: {} } });
  session.drafts = () => Promise.resolve([]); // read before the other tab wrote
  equal((await session.draft(draft.id)).answers, { Q2: "2" });
  await session.change(draft, (/** @type {Draft} */ here) => ({ ...here, answers: { Q2: "1" } }));
  equal((await session.draft(draft.id)).answers, { Q2: "1" });
});
