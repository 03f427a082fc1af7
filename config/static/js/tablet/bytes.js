/* Bytes, their texts, and the one text of a JSON value that the server's payload.py makes too. */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @type {(text: string) => Uint8Array<ArrayBuffer>} */
export const toBytes = (text) => encoder.encode(text);
/** @type {(bytes: BufferSource) => string} */
export const toText = (bytes) => decoder.decode(bytes);
/** @type {(count: number) => Uint8Array<ArrayBuffer>} */
export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));
/** @type {(text: string) => Uint8Array<ArrayBuffer>} */
export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
/** @type {(buffer: ArrayBuffer) => string} */
export const toHex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/* Keys sorted, no white space. Numbers have to be whole. */
/** @type {(value: unknown) => string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = /** @type {Record<string, unknown>} */ (value);
  const said = Object.keys(fields).sort().map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`);
  return `{${said.join(",")}}`;
}

/** @type {(text: string) => Promise<string>} */
export async function digest(text) {
  return toHex(await crypto.subtle.digest("SHA-256", toBytes(text)));
}

/* The hash of a payload, whatever stands under `hash`. */
/** @type {(payload: object & { hash?: string }) => Promise<string>} */
export function payloadHash({ hash: _hash, ...fields }) {
  return digest(canonical(fields));
}
