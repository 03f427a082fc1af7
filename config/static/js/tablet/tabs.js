/* More than one tab on one tablet: what is being filled in is held by one of them, and each hears of the others. */
const CHANNEL = "draagvlak-tablet";

/* Hold a draft by its record's name. Returns the function that lets go, or null when another tab holds it. */
export function hold(name) {
  return new Promise((resolve, reject) => {
    const asked = navigator.locks.request(`draagvlak-draft-${name}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((letGo) => resolve(letGo));
    });
    asked.catch(reject);
  });
}

/* Do work that no other tab may do at the same time; waits for its turn. */
export function alone(name, work) {
  return navigator.locks.request(`draagvlak-${name}`, work);
}

/* Messages between tabs with the same vault: names of records, never what is in them. */
export class Tabs {
  #channel = new BroadcastChannel(CHANNEL);

  constructor(vault, heard) {
    this.vault = vault;
    this.#channel.onmessage = ({ data }) => data.vault === vault && heard(data);
  }

  /* Work that locking cut off may still end with a message; then there is nobody left to tell it to. */
  tell(message) {
    this.#channel?.postMessage({ ...message, vault: this.vault });
  }

  close() {
    this.#channel.close();
    this.#channel = null;
  }
}
