/* The tablet's own database. `vaults` holds locked keys by user, `records` what they lock; see docs/tablet.md.
   A step makes the schema of one version from that of the one before, in the upgrade's own transaction: it succeeds
   as a whole or changes nothing. Steps are only ever added, and none may drop a store or a record. */
export const NAME = "draagvlak-tablet";

export const STEPS = [
  (database) => {
    database.createObjectStore("vaults", { keyPath: "id" });
    const records = database.createObjectStore("records", { keyPath: "name" });
    records.createIndex("shelf", ["vault", "shelf"]);
    records.createIndex("unsent", ["vault", "unsent"]);
  },
];

/* The page is older than the database: another tab brought a newer version. Reloading helps; nothing is lost. */
export class OutdatedError extends Error {}

/* `onBlocked`: another tab still uses the old schema and has to be closed first. `onOutdated(database)`: another tab
   waits with a newer one; close the database as soon as nothing is being filled in. Unless told, that is at once. */
export function openDatabase({ name = NAME, steps = STEPS, onBlocked = () => {}, onOutdated = (it) => it.close() } = {}) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, steps.length);
    request.onupgradeneeded = ({ oldVersion }) => {
      try {
        for (const step of steps.slice(oldVersion)) step(request.result, request.transaction);
      } catch (error) {
        request.transaction.abort();
        reject(error);
      }
    };
    request.onblocked = () => onBlocked();
    request.onerror = () => reject(request.error.name === "VersionError" ? new OutdatedError() : request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => onOutdated(request.result);
      resolve(request.result);
    };
  });
}

export function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/* Do the work in one transaction, and return its outcome once that is on disk. Inside, wait for nothing but
   `answerOf` requests of the stores that it is given: the browser ends a transaction that has nothing to do. */
export async function transact(database, names, mode, work) {
  const transaction = database.transaction(names, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  try {
    const outcome = await work(...names.map((name) => transaction.objectStore(name)));
    await done;
    return outcome;
  } catch (error) {
    done.catch(() => {});
    throw transaction.error ?? error;
  }
}
