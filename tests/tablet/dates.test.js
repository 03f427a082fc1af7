/* On which days an anamnese can be dated; test_compared.py holds every day of half a year beside the server's. */
import { equal, openTab, test } from "/harness.js";

test("care that goes on has no last day", async () => {
  const { dateProblem } = await (await openTab()).load("/tablet/dates.js");
  equal(dateProblem([{ from: "2026-01-05", until: null }], "2026-06-15", "2026-06-15"), null);
});
