/* Instruments and models as the server lists them: {key, version, hash, valid_from, url}, in the order of loading. */
import { digest } from "./bytes.js";
/** @import { Day, KeptVersions, ListedVersion, Listing } from "shapes/tablet.d.ts" */

/* The version of a day (YYYY-MM-DD): the one that began last; one without a beginning began before all. */
/** @template {{ valid_from: string | null }} V @param {V[]} versions @param {Day} day @returns {V} */
export function inForce(versions, day) {
  /** @type {(version: { valid_from: string | null }) => string} */
  const begin = (version) => version.valid_from ?? "";
  const begun = versions.filter((each) => begin(each) <= day);
  return begun.reduce((last, each) => (begin(each) < begin(last) ? last : each));
}

/* The same of the models that score one instrument: of a day before any of them began, the first. */
/** @template {{ valid_from: string | null }} V @param {V[]} models @param {Day} day @returns {V} */
export function scoring(models, day) {
  const begin = (/** @type {V} */ each) => each.valid_from ?? "";
  const begun = models.filter((each) => begin(each) <= day);
  if (begun.length) return inForce(begun, day);
  return models.reduce((first, each) => (begin(each) < begin(first) ? each : first));
}

/* The definition or table of a version. Its hash is that of the very text, so what is broken or changed is refused. */
/** @param {string} text @param {string} hash */
export async function readVersion(text, hash) {
  if ((await digest(text)) !== hash) throw new Error("a version is not what its hash says");
  return JSON.parse(text);
}

/* By hash, all at once: each may have to come over a slow line. */
/** @type {(versions: ListedVersion[], bring: (one: ListedVersion) => string | Promise<string>) => Promise<Record<string, string>>} */
const gather = async (versions, bring) =>
  Object.fromEntries(await Promise.all(versions.map(async (one) => [one.hash, await bring(one)])));

/** @type {(url: string) => Promise<Response>} */
async function ask(url) {
  const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Error(`no version: ${answer.status}`);
  return answer;
}

/** @type {(url: string) => Promise<string>} */
const text = async (url) => (await ask(url)).text();

/* What the server lists now, with the text of each version and the page of each instrument's questions, both by hash.
   What is known already does not come again; the pages do when the app or its language is another. */
/** @type {(known?: Partial<KeptVersions>) => Promise<KeptVersions>} */
export async function bringVersions({ texts = {}, pages = {} } = {}) {
  const { dataset, lang } = document.documentElement;
  const page = `${dataset.version} ${lang}`;
  /** @type {Record<string, string>} */
  const kept = pages.page === page ? pages : {};
  /** @type {Listing} */
  const listing = await (await ask("/versies/")).json();
  const [allTexts, allPages] = await Promise.all([
    gather([...listing.instruments, ...listing.models], ({ hash, url }) => texts[hash] ?? text(url)),
    gather(listing.instruments, ({ hash }) => kept[hash] ?? text(`/tablet/vragen/${hash}.html`)),
  ]);
  return { listing, texts: allTexts, pages: { page, ...allPages } };
}
