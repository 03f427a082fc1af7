/* Looks of which only the one asked for last counts, whichever ends first: `look` returns the work that follows from
   what it found. Who asked before waits for that last one. */
/** @type {<T, G extends unknown[]>(look: (...given: G) => Promise<() => T | Promise<T>>) => (...given: G) => Promise<T>} */
export function newest(look) {
  /** @type {Promise<any>} */
  let last;
  return (...given) => {
    /** @type {Promise<any>} */
    const mine = look(...given).then((apply) => (last === mine ? apply() : last));
    last = mine;
    return mine;
  };
}
