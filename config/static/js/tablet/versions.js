/* Instruments and models as the server lists them: {key, version, hash, valid_from, url}, in the order of loading. */

/* The version of a day (YYYY-MM-DD): the one that began last; one without a beginning began before all. */
export function inForce(versions, day) {
  const begin = (version) => version.valid_from ?? "";
  const begun = versions.filter((each) => begin(each) <= day);
  return begun.reduce((last, each) => (begin(each) < begin(last) ? last : each));
}

/* The definition or table of a version. Its hash is that of the very text, so what is broken or changed is refused. */
export async function readVersion(text, hash) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== hash) throw new Error("a version is not what its hash says");
  return JSON.parse(text);
}
