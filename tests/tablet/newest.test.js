/* Looks that overtake each other: what was asked for last is what stays. */
import { equal, openTab, refusal, test } from "/harness.js";

/* Looks that end when the test says so. */
async function looks() {
  const { newest } = await (await openTab()).load("/tablet/newest.js");
  /** @type {string[]} */
  const seen = [];
  /** @type {Record<string, { resolve: (done?: unknown) => void, reject: (error: Error) => void }>} */
  const end = {};
  /** @type {(name: string) => Promise<unknown>} */
  const look = newest(async (/** @type {string} */ name) => {
    await new Promise((resolve, reject) => (end[name] = { resolve, reject }));
    return () => seen.push(name);
  });
  return { seen, end, look };
}

test("an older look that ends later does not count", async () => {
  const { seen, end, look } = await looks();
  const both = [look("old"), look("new")];
  end.new.resolve();
  await both[1];
  end.old.resolve();
  await both[0];
  equal(seen, ["new"]);
});

test("who asked first waits for the newer look", async () => {
  const { seen, end, look } = await looks();
  const old = look("old").then(() => seen.push("told"));
  look("new");
  end.old.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  equal(seen, []);
  end.new.resolve();
  await old;
  equal(seen, ["new", "told"]);
});

test("a look that fails says so and the next one counts", async () => {
  const { seen, end, look } = await looks();
  const old = look("old");
  end.old.reject(new RangeError());
  equal(await refusal(() => old), "RangeError");
  const next = look("next");
  end.next.resolve();
  await next;
  equal(seen, ["next"]);
});
