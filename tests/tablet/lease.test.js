/* How long a vault opens without contact, whatever the clock of the tablet says. */
import { equal, openTab, test } from "/harness.js";

const HOUR = 3_600_000;

/* Whether 72 hours are over after looks at (hour of the clock, hours the page ran since). */
/** @type {(...steps: [number, number][]) => Promise<boolean>} */
async function isOverAfter(...steps) {
  const { m } = await openTab();
  const begun = m.lease.begin(72, 1e12);
  const last = steps.reduce((lease, [clock, ran]) => m.lease.see(lease, 1e12 + clock * HOUR, ran * HOUR), begun);
  return m.lease.isOver(last);
}

test("a lease ends", async () => {
  equal(await isOverAfter([71.9, 0]), false);
  equal(await isOverAfter([72, 0]), true);
});

test("a clock that is set back does not extend it: the page's own time runs on", async () => {
  equal(await isOverAfter([72, 0], [1, 0]), true);
  equal(await isOverAfter([40, 0], [-1000, 31.9]), false);
  equal(await isOverAfter([40, 0], [-1000, 32]), true);
});

test("a vault of a version without leases has none that ends", async () => {
  equal((await openTab()).m.lease.isOver(undefined), false);
});
