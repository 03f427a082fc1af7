/* How long to wait before the server is asked again. */
import { equal, openTab, test } from "/harness.js";

const TOLD = /** @type {const} */ ([
  [503, "5", [5_000, 7_500, 10_000]],
  [429, "30", [30_000, 45_000, 60_000]],
  [503, "Mon, 02 Mar 2026 10:00:20 GMT", [20_000, 30_000, 40_000]],
  [503, "86400", [300_000, 450_000, 600_000]],
  [503, "Mon, 02 Mar 2026 09:00:00 GMT", [0, 0, 0]],
  [503, "straks", [0, 0, 0]],
  [503, "-3", [0, 0, 0]],
  [503, "", [0, 0, 0]],
  [500, "5", [0, 0, 0]],
  [200, "5", [0, 0, 0]],
]);

test("it waits as long as told and up to twice", async () => {
  const { m } = await openTab();
  for (const [status, told, pauses] of TOLD) {
    const headers = new Headers({ Date: "Mon, 02 Mar 2026 10:00:00 GMT", ...(told && { "Retry-After": told }) });
    const found = [0, 0.5, 1].map((chance) => m.pauseOf({ status, headers }, () => chance));
    equal(found, pauses, `${status} ${told}:`);
  }
});

test("the pause grows and ends somewhere", async () => {
  const { m } = await openTab();
  equal([0, 1, 2, 3, 30].map((count) => m.pauseAfter(count, () => 0.5)), [2_000, 4_000, 8_000, 16_000, 300_000]);
});
