/* What day it is on a tablet whose clock is wrong, was set back, or was set right. */
import { equal, ok, openTab, test } from "/harness.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AT = 1_790_000_000_000;

/* `moved`: how far the tablet's clock is from the last contact; `clock`: how far the server's was ahead of it then;
   `isHeard`: whether that contact was on this page. Seconds since, and whether the clock is behind. */
/** @type {(moved: number, clock: number, isHeard: boolean) => Promise<[number, boolean]>} */
async function said(moved, clock, isHeard) {
  const { m, window } = await openTab();
  window.Date.now = () => AT;
  m.clock.setContact({ lastContact: AT, clock }, isHeard);
  window.Date.now = () => AT + moved;
  return [Math.round((m.clock.now() - AT) / 1000), m.clock.isBehind()];
}

for (const isHeard of [true, false]) {
  const where = isHeard ? "on this page" : "on an earlier page";

  test(`a good clock counts, ${where}`, async () => equal(await said(2 * DAY, 0, isHeard), [2 * DAY / 1000, false]));

  test(`a clock that is behind is corrected, ${where}`, async () =>
    equal(await said(2 * DAY, 90 * DAY, isHeard), [92 * DAY / 1000, false]));

  test(`a clock set back months never dates before the last contact, ${where}`, async () =>
    equal(await said(-90 * DAY, 0, isHeard), [0, true]));

  test(`a clock far ahead that was set right counts as it is, ${where}`, async () =>
    equal(await said(-90 * DAY + HOUR, -90 * DAY, isHeard), [(-90 * DAY + HOUR) / 1000, false]));
}

test("a clock behind that is set right on this page is not corrected twice", async () =>
  equal(await said(90 * DAY, 90 * DAY, true), [90 * DAY / 1000, false]));

test("before any contact its own clock is all there is", async () => {
  const { m } = await openTab();
  ok(Math.abs(m.clock.now() - Date.now()) < 1000, "its own clock");
  equal(m.clock.isBehind(), false);
});
