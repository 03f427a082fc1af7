/* Throws what the address names, as a page may throw it: for test_web_errors.py. */
/** @type {Record<string, () => unknown>} */
const thrown = {
  exception: () => Promise.reject(new DOMException("", "AbortError")),
  text: () => Promise.reject(""),
  nothing: () => Promise.reject(null),
  error: () =>
    setTimeout(() => {
      throw new RangeError("te ver");
    }),
};
thrown[location.hash.slice(1)]();
