/* How long somebody is busy with one draft, over its screens, and not with what is between them. */
import { equal, openTab, test } from "/harness.js";

/* Somebody's time, by a clock in the test's hands. */
async function busy() {
  const tab = await openTab();
  const { Activity } = await tab.load("/tablet/app/activity.js");
  let at = 1_000_000;
  tab.window.Date.now = () => at;
  const activity = new Activity();
  const sign = (/** @type {number} */ after) => {
    at += after * 1000;
    tab.window.document.dispatchEvent(new Event("keydown"));
  };
  return { activity, sign };
}

test("a screen that was only read counts, and so does the time after the last tap", async () => {
  const { activity, sign } = await busy();
  sign(0);
  activity.begin("a");
  sign(5);
  equal(activity.take(), 5);
  sign(4);
  activity.begin("a");
  sign(6);
  activity.begin("a");
  sign(1);
  equal([activity.take(), activity.take()], [11, 0]);
});

test("a pause does not count", async () => {
  const { activity, sign } = await busy();
  sign(0);
  activity.begin("a");
  sign(31);
  sign(3);
  equal(activity.take(), 3);
});

test("the list between and another draft are kept apart", async () => {
  const { activity, sign } = await busy();
  sign(0);
  activity.begin("a");
  sign(7);
  activity.begin();
  sign(20);
  activity.begin("b");
  sign(3);
  const other = activity.take();
  activity.begin();
  sign(9);
  activity.begin("a");
  sign(2);
  equal([other, activity.take()], [3, 9]);
});
