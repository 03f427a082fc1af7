/* The tablet's own database. `vaults` holds locked keys by user, `records` what they lock; see docs/tablet.md.
   A step makes the schema of one version from that of the one before, in the upgrade's own transaction: it succeeds
   as a whole or changes nothing. Steps are only ever added, and none may drop a store or a record. */
/** @import { RecordRow, VaultRow } from "shapes/tablet.d.ts" */
/** @typedef {{ vaults: VaultRow, records: RecordRow }} Rows */
/** @typedef {{ store: keyof Rows, row: Rows[keyof Rows] }} Copy */
/** @typedef {(database: IDBDatabase, transaction: IDBTransaction) => void} Step */
/**
 * @template T
 * @typedef {(...stores: IDBObjectStore[]) => Promise<T>} Work
 */
/** @typedef {{ name: string, steps: Step[], onBlocked: () => void, onOutdated: (it: Connection) => void }} Options */
export const NAME = "draagvlak-tablet";

/** @type {Step[]} */
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

/* What is said of a connection that the system closed or lost: another one may do. */
const LOST = new Set([
  "InvalidStateError",
  "UnknownError",
  "AbortError",
  "TransactionInactiveError",
  "NotFoundError",
  "TimeoutError",
]);
const PATIENCE = 10_000;
/* How often, and how long apart, a tab looks whether another has written the vault anew. */
const [TURNS, TURN] = [20, 50];

/* The database for the life of a page. The system may close it under us (an app in the background) or wipe it (site data
   cleared): it is opened again as soon as it is needed, and what was wiped is written anew from the copies. */
export class Connection {
  /** @type {Options} */
  #options;
  /** @type {IDBDatabase | null} */
  #handle = null;
  /** @type {Promise<IDBDatabase> | null} */
  #opening = null;
  #isClosed = false;
  /* Rows as this page last read or wrote them, sealed as they are: "store key" → { store, row }. */
  /** @type {Map<string, Copy>} */
  #copies = new Map();
  /* What could not be written, by name: { row, base }. Read, and sent, from here until it can be. */
  /** @type {Map<string, { row: RecordRow, base: number }>} */
  held = new Map();
  /* Why something is only held: "full", "outdated" or "failed". */
  problem = "";
  isWiped = false;
  onWiped = () => {};

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
  }

  get version() {
    return this.#handle?.version;
  }

  /* For good: another tab waits with a newer version. */
  close() {
    this.#isClosed = true;
    this.drop();
  }

  /* Let go of a connection that does not work any more. */
  drop() {
    this.#handle?.close();
    this.#handle = null;
  }

  async open() {
    if (this.#isClosed) throw new OutdatedError();
    if (this.#handle) return this.#handle;
    if (!this.#opening) {
      // The first time it may wait for another tab to close; after that a database that does not open was lost.
      const connected = this.#copies.size ? within(this.#connect()) : this.#connect();
      this.#opening = connected.finally(() => (this.#opening = null));
    }
    return this.#opening;
  }

  /** @type {<S extends keyof Rows>(store: S, row: Rows[S]) => void} */
  remember(store, row) {
    const key = "name" in row ? row.name : row.id;
    this.#copies.set(`${store} ${key}`, { store, row });
  }

  /** @type {(store: keyof Rows, key: string) => void} */
  forget(store, key) {
    this.#copies.delete(`${store} ${key}`);
  }

  /** @template {keyof Rows} S @param {S} store @param {string} key @returns {Rows[S] | undefined} */
  copy(store, key) {
    return /** @type {Rows[S] | undefined} */ (this.#copies.get(`${store} ${key}`)?.row);
  }

  /** @template {keyof Rows} S @param {S} store @returns {Rows[S][]} */
  copies(store) {
    const rows = [...this.#copies.values()].filter((each) => each.store === store).map(({ row }) => row);
    return /** @type {Rows[S][]} */ (rows);
  }

  /** @type {() => Promise<IDBDatabase>} */
  async #connect() {
    const { database, isNew } = await request(this.#options);
    if (this.#isClosed) {
      database.close();
      throw new OutdatedError();
    }
    this.#handle = database;
    database.onclose = () => this.#lost(database);
    database.onversionchange = (
      { newVersion },
    ) => (newVersion === null ? this.#lost(database) : this.#options.onOutdated(this));
    if (this.#copies.size) await this.#restore(database, isNew);
    return database;
  }

  /* Closed or wiped by the system: back at once, and told. */
  /** @type {(database: IDBDatabase) => void} */
  #lost(database) {
    if (this.#handle !== database) return;
    this.drop();
    this.open().catch(() => {});
  }

  /* What another tab has written anew already stays, unless ours is newer; a vault that was taken away stays away. Of a
     database that is still there only what waits comes back: another tab may have sealed the vault meanwhile. Where even
     the vault is missing, another tab is about to write it anew: what waits is written after it, and held until then. */
  /** @type {(database: IDBDatabase, isNew: boolean) => Promise<void>} */
  async #restore(database, isNew) {
    const [vaultCopies, recordCopies] = [this.copies("vaults"), this.copies("records")];
    /** @type {Work<RecordRow[]>} */
    const write = async (vaults, records) => {
      if (isNew) { for (const row of vaultCopies) vaults.put(row); }
      /** @type {RecordRow[]} */
      const early = [];
      for (const row of recordCopies) {
        const [vault, now] = await Promise.all([answerOf(vaults.getKey(row.vault)), answerOf(records.get(row.name))]);
        if (vault && (isNew || row.unsent) && (now?.stamp ?? 0) < row.stamp) records.put(row);
        if (!vault && !isNew && row.unsent) early.push(row);
      }
      return early;
    };
    const attempt = () =>
      once(database, ["vaults", "records"], "readwrite", write).catch(() => (isNew ? recordCopies : []));
    let left = await attempt();
    for (let turn = 0; left.length && !isNew && turn < TURNS; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, TURN));
      left = await attempt();
    }
    for (const row of left) if (!this.held.has(row.name)) this.held.set(row.name, { row, base: 0 });
    for (const each of isNew ? this.held.values() : []) each.base = 0;
    this.isWiped ||= isNew;
    if (isNew) this.onWiped();
  }
}

/* `onBlocked`: another tab still uses the old schema and has to be closed first. `onOutdated(connection)`: another tab
   waits with a newer one; close the connection as soon as nothing is being filled in. Unless told, that is at once. */
/** @type {(how?: Partial<Options>) => Promise<Connection>} */
export async function openDatabase(
  { name = NAME, steps = STEPS, onBlocked = () => {}, onOutdated = (/** @type {Connection} */ it) => it.close() } = {},
) {
  const connection = new Connection({ name, steps, onBlocked, onOutdated });
  await connection.open();
  return connection;
}

/** @type {(how: Options) => Promise<{ database: IDBDatabase, isNew: boolean }>} */
function request({ name, steps, onBlocked }) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, steps.length);
    let isNew = false;
    asked.onupgradeneeded = ({ oldVersion }) => {
      isNew = oldVersion === 0;
      try {
        for (const step of steps.slice(oldVersion)) {
          step(asked.result, /** @type {IDBTransaction} */ (asked.transaction));
        }
      } catch (error) {
        asked.transaction?.abort();
        reject(error);
      }
    };
    asked.onblocked = () => onBlocked();
    asked.onerror = () => reject(asked.error?.name === "VersionError" ? new OutdatedError() : asked.error);
    asked.onsuccess = () => resolve({ database: asked.result, isNew });
  });
}

/** @type {<T>(request: IDBRequest<T>) => Promise<T>} */
export function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/* Do the work in one transaction, and return its outcome once that is on disk. Inside, wait for nothing but
   `answerOf` requests of the stores that it is given: the browser ends a transaction that has nothing to do. Work may be
   done twice, where the connection was lost. */
/** @template T @param {Connection} connection @param {(keyof Rows)[]} names @param {IDBTransactionMode} mode @param {Work<T>} work @returns {Promise<T>} */
export async function transact(connection, names, mode, work) {
  try {
    return await once(await connection.open(), names, mode, work);
  } catch (error) {
    if (!LOST.has(/** @type {Error} */ (error).name)) throw error;
    connection.drop();
    return once(await connection.open(), names, mode, work);
  }
}

/** @template T @param {IDBDatabase} database @param {(keyof Rows)[]} names @param {IDBTransactionMode} mode @param {Work<T>} work @returns {Promise<T>} */
async function once(database, names, mode, work) {
  const transaction = database.transaction(names, mode, { durability: "strict" });
  /** @type {Promise<void>} */
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("", "AbortError"));
  });
  done.catch(() => {});
  const whole = async () => {
    const outcome = await work(...names.map((name) => transaction.objectStore(name)));
    await done;
    return outcome;
  };
  try {
    return await within(whole());
  } catch (error) {
    throw transaction.error ?? error;
  }
}

/* A database that does not answer at all is one that was lost. */
/** @type {<T>(work: Promise<T>) => Promise<T>} */
function within(work) {
  /** @type {number | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new DOMException("", "TimeoutError")), PATIENCE);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
