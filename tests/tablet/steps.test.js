/* Through the questions of a screen by digit and Enter, and on by itself where that is no surprise. */
import { equal, openTab, test } from "/harness.js";

/* A screen of two questions with two options each, and one to tick where `isTicking`; `left` is what has no answer. */
async function screen({ wasComplete = false, isTicking = false } = {}) {
  const tab = await openTab();
  const { Steps, follows, setFollows } = await tab.load("/tablet/steps.js");
  const { document } = tab.window;
  const card = (/** @type {string} */ id, type = "radio") =>
    `<fieldset data-question="${id}" id="${id}">
      ${[1, 2].map((code) => `<input class="option-input" type="${type}" name="${id}" value="${code}">`).join("")}
    </fieldset>`;
  document.body.innerHTML = `<form>${card("Q4")}${card("Q5")}${isTicking ? card("Q13", "checkbox") : ""}</form>`;
  const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
  const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input")]);
  const ids = ["Q4", "Q5"];
  const missing = () =>
    ids.filter((id) => !inputs.some(({ name, checked }) => name === id && checked)).map((id) => ({ id }));
  /** @type {string[]} */
  const done = [];
  /** @type {{ pause: number, work: () => void }[]} */
  const timers = [];
  Object.assign(tab.window, {
    setTimeout: (/** @type {() => void} */ work, /** @type {number} */ pause) => timers.push({ pause, work }),
    clearTimeout: () => timers.splice(0),
  });
  const how = { form, wasComplete, missing, onward: () => done.push("onward"), step: () => done.push("step") };
  const steps = new Steps(how);
  form.addEventListener("change", () => steps.answered());
  const key = (/** @type {string} */ name, more = {}) =>
    steps.key(new tab.window.KeyboardEvent("keydown", { key: name, ...more }));
  return {
    tab,
    steps,
    follows,
    setFollows,
    form,
    inputs,
    done,
    timers,
    key,
    chosen: () => inputs.filter((each) => each.checked),
  };
}

test("digits answer the first open question and the focus goes to the next", async () => {
  const { tab, key, chosen, inputs } = await screen();
  key("2");
  equal(chosen().map(({ name, value }) => [name, value]), [["Q4", "2"]]);
  equal(tab.window.document.activeElement === inputs[2], true);
  key("1");
  equal(chosen().map(({ name, value }) => [name, value]), [["Q4", "2"], ["Q5", "1"]]);
});

test("a digit answers the question that has the focus", async () => {
  const { key, chosen, inputs } = await screen();
  inputs[2].focus();
  key("2");
  equal(chosen().map(({ name }) => name), ["Q5"]);
});

test("a digit with a modifier, or beyond the options, does nothing", async () => {
  const { key, chosen } = await screen();
  key("1", { ctrlKey: true });
  key("9");
  equal(chosen().length, 0);
});

test("it goes on by itself after the last answer, a moment later", async () => {
  const { key, done, timers } = await screen();
  key("1");
  equal(timers.length, 0);
  key("1");
  equal([timers.map(({ pause }) => pause), done], [[350], []]);
  timers[0].work();
  equal(done, ["step"]);
});

test("it never goes on off a screen that was complete when it opened", async () => {
  const { inputs, timers } = await screen({ wasComplete: true });
  for (const input of [inputs[0], inputs[2]]) input.click();
  equal(timers.length, 0);
});

test("it never goes on where there is something to tick", async () => {
  const { inputs, timers } = await screen({ isTicking: true });
  for (const input of [inputs[0], inputs[2]]) input.click();
  equal(timers.length, 0);
});

test("it never goes on for who chose not to", async () => {
  const first = await screen();
  equal(first.follows(), true);
  first.setFollows(false);
  const { inputs, timers, follows } = await screen();
  for (const input of [inputs[0], inputs[2]]) input.click();
  equal([follows(), timers.length], [false, 0]);
});

test("who goes through the options by arrow is not taken along", async () => {
  const { tab, form, inputs, timers } = await screen();
  inputs[0].click();
  form.dispatchEvent(new tab.window.KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  inputs[2].click();
  equal(timers.length, 0);
});

test("Enter goes on, but not where it has a meaning of its own", async () => {
  const { key, done, inputs } = await screen();
  key("Enter");
  equal(done, ["onward"]);
  inputs[0].focus();
  key("Enter");
  equal(done, ["onward"]);
});
