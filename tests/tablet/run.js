/* Loads one file of tests, named in the address, for test_modules.py to run. */
import { names, run } from "/harness.js";

await import(`/${new URLSearchParams(location.search).get("file")}.test.js`);
Object.assign(window, { names: names(), run });
document.documentElement.dataset.ready = "";
