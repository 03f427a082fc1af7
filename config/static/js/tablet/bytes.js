/* Bytes, their texts, and the one text of a JSON value that the server's payload.py makes too. */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const toBytes = (text) => encoder.encode(text);
export const toText = (bytes) => decoder.decode(bytes);
export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));
export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const toHex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/* Keys sorted, no white space. Numbers have to be whole. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.keys(value).sort();
  const said = pairs.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${said.join(",")}}`;
}

export async function digest(text) {
  return toHex(await crypto.subtle.digest("SHA-256", toBytes(text)));
}

/* The hash of a payload, whatever stands under `hash`. */
export function payloadHash({ hash: _hash, ...fields }) {
  return digest(canonical(fields));
}
