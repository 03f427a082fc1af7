/* More than one tab on one tablet: what is being filled in is held by one of them, and each hears of the others. */
/** @typedef {{ vault: string, kind: string, name: string }} News */

const CHANNEL = "draagvlak-tablet";
const PATIENCE = 30_000;
const WAITING = Symbol("another tab is at work");

/* Hold a draft by its record's name. Returns the function that lets go, or null when another tab holds it. With `isTaken`
   it is taken from that tab, which may be asleep; `lost` is called in the tab from which it was taken. */
/** @type {(name: string, how?: { isTaken?: boolean, lost?: () => void }) => Promise<(() => void) | null>} */
export function hold(name, { isTaken = false, lost = () => {} } = {}) {
  const how = isTaken ? { steal: true } : { ifAvailable: true };
  return new Promise((resolve) => {
    const asked = navigator.locks.request(`draagvlak-draft-${name}`, how, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((/** @type {(done?: unknown) => void} */ letGo) => resolve(letGo));
    });
    asked.catch(lost);
  });
}

/* Do work that no other tab may do at the same time; waits for its turn. A tab that was put to sleep in the middle of it
   gives no sign any more: after `patience` its turn is taken over. */
/** @template T @param {string} name @param {() => Promise<T>} work @returns {Promise<T>} */
export async function alone(name, work, { patience = PATIENCE } = {}) {
  const lock = `draagvlak-${name}`;
  const channel = new BroadcastChannel(lock);
  let isMine = false;
  let alive = 0;
  const mine = () => {
    isMine = true;
    return work();
  };
  channel.onmessage = ({ data }) => {
    if (data === "alive") alive = performance.now();
    else if (isMine) channel.postMessage("alive");
  };
  try {
    for (;;) {
      const since = performance.now();
      const ask = setTimeout(() => channel.postMessage("who"), patience / 2);
      /** @type {Promise<T | typeof WAITING>} */
      const turn = navigator.locks.request(lock, { signal: AbortSignal.timeout(patience) }, mine).finally(() =>
        clearTimeout(ask)
      );
      /** @type {(error: Error) => T | typeof WAITING | Promise<T | typeof WAITING>} */
      const late = (error) => {
        if (isMine || error.name !== "TimeoutError") throw error;
        return alive > since ? WAITING : navigator.locks.request(lock, { steal: true }, mine);
      };
      const outcome = await turn.catch(late);
      if (outcome !== WAITING) return outcome;
    }
  } finally {
    channel.close();
  }
}

/* Messages between tabs with the same vault: names of records, never what is in them. */
export class Tabs {
  /** @type {BroadcastChannel | null} */
  #channel;

  /** @param {string} vault @param {(news: News) => void} heard */
  constructor(vault, heard) {
    this.vault = vault;
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.onmessage = ({ data }) => data.vault === vault && heard(data);
  }

  /* Work that locking cut off may still end with a message; then there is nobody left to tell it to. */
  /** @param {Omit<News, "vault">} message */
  tell(message) {
    this.#channel?.postMessage({ ...message, vault: this.vault });
  }

  close() {
    this.#channel?.close();
    this.#channel = null;
  }
}
