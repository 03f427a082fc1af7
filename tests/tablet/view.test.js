/* Templates of the page, filled; sentences by their names; days and durations in words. */
import { equal, openTab, refusal, test, until } from "/harness.js";

const PAGE = `<main id="inhoud"></main><div id="onder"></div>
  <template id="t-one"><h1 data-title="Titel">{name}</h1><p data-if="there">ja {name}</p><p data-if="!there">nee</p>
    <ul data-slot="rows"></ul><button data-do="tap" aria-label="Tik {name}">x</button></template>
  <template id="t-row"><li>{text}</li></template>
  <template id="woorden"><i data-word="hello">Dag {name}</i><i data-word="minutes">{minutes} min {seconds} s</i>
    <i data-word="seconds">{seconds} s</i><i data-word="hours">{hours} u {minutes} min</i></template>`;

async function view() {
  const tab = await openTab();
  tab.window.document.body.innerHTML = PAGE;
  return { tab, document: tab.window.document, view: await tab.load("/tablet/app/view.js") };
}

test("a template is filled with texts, parts that may be absent, elements and work", async () => {
  const { document, view: { show, clone } } = await view();
  let taps = 0;
  const rows = ["a", "<b>"].map((text) => clone("row", { text }));
  show("one", { name: "Wilgenboom", there: true, rows, tap: () => (taps += 1) });
  const page = document.getElementById("inhoud");
  equal([...(page?.querySelectorAll("p") ?? [])].map((each) => each.textContent), ["ja Wilgenboom"]);
  equal([...(page?.querySelectorAll("li") ?? [])].map((each) => each.textContent), ["a", "<b>"]);
  equal(page?.querySelector("button")?.getAttribute("aria-label"), "Tik Wilgenboom");
  page?.querySelector("button")?.click();
  equal(taps, 1);
  equal(document.activeElement === page?.querySelector("h1"), true);
});

test("a client's name never stands in the title", async () => {
  const { document, view: { show } } = await view();
  show("one", { name: "Wilgenboom", tap: () => {} });
  equal(document.title, "Titel · Draagvlak");
});

test("a second tap on a button that is still at work does nothing", async () => {
  const { document, view: { show } } = await view();
  let [taps, done] = [0, (/** @type {unknown} */ _value) => {}];
  const tap = () => (taps += 1, new Promise((resolve) => (done = resolve)));
  show("one", { name: "x", tap });
  const button = document.querySelector("button");
  button?.click();
  button?.click();
  equal(taps, 1);
  done(null);
  await until(() => (button?.click(), taps === 2), "another turn");
});

test("a sentence that is not there is undefined, or empty where it has to be there", async () => {
  const { view: { word, wordIfAny } } = await view();
  equal([word("hello", { name: "Anna" }), word("none"), wordIfAny("none")], ["Dag Anna", "", undefined]);
});

test("seconds, days and moments are said as people do", async () => {
  const { view: { saySeconds, sayDay, sayMoment, today } } = await view();
  equal([59, 61, 3_660].map(saySeconds), ["59 s", "1 min 1 s", "1 u 1 min"]);
  equal(sayDay("2026-03-02"), "2 maart 2026");
  equal(sayMoment(Date.parse("2026-03-02T09:05:00Z")), "2 maart 2026, 10:05");
  equal(today(Date.parse("2026-03-01T23:30:00Z")), "2026-03-02"); // by the server's zone
  equal(await refusal(() => sayDay("geen dag")), "RangeError");
});
