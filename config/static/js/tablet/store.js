/* What one user keeps on this tablet, each record sealed and bound to its own key. Kinds: "draft" (one per anamnese that
   is being filled in, waits to be sent, or was thrown away), "clients", "versions" and "meta".
   Key names are keyed hashes of organisation, user, client, version and id. In the open stand only which vault a record
   is of, whether it waits to be sent, and how often it was written. */
import { answerOf, OutdatedError, transact } from "./database.js";
import { isUnsent, united } from "./draft.js";
import { VaultError } from "./vault.js";
/** @import { OpenVault } from "./vault.js" */
/** @import { Connection } from "./database.js" */
/** @import { Head, Key, Kind, Kinds, RecordRow } from "shapes/tablet.d.ts" */

/** @type {{ [K in Kind]?: (value: any) => boolean }} */
const WAITS = { draft: isUnsent };

/** @type {(head: Head) => string} */
const binding = ({ vault, shelf, name, unsent, stamp }) => [vault, shelf, name, unsent, stamp].join("|");

export class Store {
  /** @type {Connection} */
  #database;
  /** @type {OpenVault} */
  #vault;
  /** @type {string[]} */
  #whose;
  /* Shelves that were read: what they hold is known when they cannot be read again. */
  /** @type {Set<string>} */
  #known = new Set();

  /**
   * @param {Connection} database
   * @param {OpenVault} vault
   * @param {{ organisation: string, user: string, onChange?: (changed: { kind: Kind, name: string }) => void }} whose
   */
  constructor(database, vault, { organisation, user, onChange = () => {} }) {
    this.#database = database;
    this.#vault = vault;
    this.#whose = [organisation, user];
    this.onChange = onChange;
    /* How many records could not be opened: damaged, or moved from where they belong. */
    this.damaged = 0;
  }

  get #held() {
    return this.#database.held;
  }

  #mine() {
    return [...this.#held.values()].filter(({ row }) => row.vault === this.#vault.id);
  }

  get heldCount() {
    return this.#mine().length;
  }

  /* Why something is only in this page's memory: "full", "outdated" or "failed"; "wiped" when all was written anew. */
  get problem() {
    return this.heldCount ? this.#database.problem : this.#database.isWiped ? "wiped" : "";
  }

  /** @type {(kind: Kind, key?: Key) => Promise<string>} */
  async nameOf(kind, { client = "", version = "", id = "" } = {}) {
    return this.#vault.nameOf(kind, ...this.#whose, client, version, id);
  }

  /** @template {Kind} K @param {K} kind @param {Key} [key] @returns {Promise<Kinds[K] | undefined>} */
  async get(kind, key) {
    const { row } = await this.#find(await this.nameOf(kind, key));
    return row && this.#open(row);
  }

  /** @template {Kind} K @param {K} kind @param {Key} key @param {Kinds[K]} value */
  async put(kind, key, value) {
    return this.update(kind, key, () => value);
  }

  /* Change a record by a function of what it was (undefined when it is new); undefined leaves it alone. The function
     is called again when another tab was first. */
  /**
   * @template {Kind} K
   * @param {K} kind
   * @param {Key} key
   * @param {(before: Kinds[K] | undefined) => Kinds[K] | undefined} change
   * @returns {Promise<Kinds[K] | undefined>}
   */
  async update(kind, key, change) {
    const name = await this.nameOf(kind, key);
    const shelf = await this.#vault.nameOf("shelf", kind);
    for (;;) {
      const { row: old, base } = await this.#find(name);
      const value = change(old && (await this.#open(old)));
      if (value === undefined) return undefined;
      const stamp = Math.max(old?.stamp ?? 0, base) + 1;
      const head = { name, vault: this.#vault.id, shelf, unsent: Number(WAITS[kind]?.(value) ?? false), stamp };
      const row = await this.#sealed(value, head);
      if (await this.#write(row, base)) {
        this.onChange({ kind, name });
        return value;
      }
    }
  }

  /** @template {Kind} K @param {K} kind @returns {Promise<Kinds[K][]>} */
  async all(kind) {
    const shelf = await this.#vault.nameOf("shelf", kind);
    const rows = new Map((await this.#rows(shelf)).map((row) => [row.name, row]));
    for (const { row } of this.#mine()) if (row.shelf === shelf) rows.set(row.name, row);
    const opened = await Promise.allSettled([...rows.values()].map((row) => this.#open(row)));
    if (this.#vault.isLocked) throw new VaultError("locked");
    this.damaged = opened.filter(({ status }) => status === "rejected").length;
    return opened.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  }

  /** @type {(kind: Kind, key: Key) => Promise<void>} */
  async remove(kind, key) {
    const name = await this.nameOf(kind, key);
    this.#held.delete(name);
    this.#database.forget("records", name);
    await transact(this.#database, ["records"], "readwrite", (records) => answerOf(records.delete(name)));
    this.onChange({ kind, name });
  }

  /* Try again to write what is only in memory. */
  async writeHeld() {
    for (const { row, base } of this.#mine()) await this.#write(row, base);
  }

  /** @type {(shelf: string) => Promise<RecordRow[]>} */
  async #rows(shelf) {
    const place = IDBKeyRange.only([this.#vault.id, shelf]);
    /** @type {(records: IDBObjectStore) => Promise<RecordRow[]>} */
    const read = (records) => answerOf(records.index("shelf").getAll(place));
    try {
      const rows = await transact(this.#database, ["records"], "readonly", read);
      for (const row of rows) this.#database.remember("records", row);
      this.#known.add(shelf);
      return rows;
    } catch (error) {
      // Outdated is for the page to say; but what was typed after that has to be seen, and sent.
      if (!this.#known.has(shelf) || (error instanceof OutdatedError && !this.heldCount)) throw error;
      return this.#database.copies("records").filter((row) => row.vault === this.#vault.id && row.shelf === shelf);
    }
  }

  /** @type {(row: RecordRow) => Promise<any>} */
  #open(row) {
    return this.#vault.open(row, binding(row));
  }

  /* The record as it is now, and the stamp that stands in the database. */
  /** @type {(name: string) => Promise<{ row: RecordRow | undefined, base: number }>} */
  async #find(name) {
    const held = this.#held.get(name);
    if (held) return held;
    const row = await this.#read(name);
    return { row, base: row?.stamp ?? 0 };
  }

  /** @type {(name: string) => Promise<RecordRow | undefined>} */
  async #read(name) {
    try {
      const row = await transact(this.#database, ["records"], "readonly", (records) => answerOf(records.get(name)));
      if (row) this.#database.remember("records", row);
      return row;
    } catch (error) {
      const copy = this.#database.copy("records", name);
      if (!copy) throw error;
      return copy;
    }
  }

  /* False when the record was changed since it was read. What cannot be written is held, and counts as written here. */
  /** @type {(row: RecordRow, base: number) => Promise<boolean>} */
  async #write(row, base) {
    let isWritten;
    try {
      isWritten = await transact(this.#database, ["records"], "readwrite", (records) => swap(records, row, base));
    } catch (error) {
      const isOutdated = error instanceof OutdatedError;
      this.#database.problem = isOutdated
        ? "outdated"
        : /** @type {Error} */ (error).name === "QuotaExceededError"
        ? "full"
        : "failed";
      this.#held.set(row.name, { row, base });
      return true;
    }
    if (isWritten) {
      this.#held.delete(row.name);
      this.#database.remember("records", row);
    } else await this.#rebase(row.name);
    return isWritten;
  }

  /* Another tab wrote what is held here. Of a draft nothing of either is lost; of anything else what is held here stays.
     It goes on top under a stamp of its own, for by that the other tab sees that it is not what it wrote itself. */
  /** @type {(name: string) => Promise<void>} */
  async #rebase(name) {
    const held = this.#held.get(name);
    if (!held) return;
    const stored = await this.#read(name);
    const base = stored?.stamp ?? 0;
    const [mine, other] = await Promise.all([
      this.#open(held.row),
      stored && this.#open(stored).catch(() => undefined),
    ]);
    const value = other?.answers ? united(mine, other) : mine;
    const unsent = other?.answers ? Number(isUnsent(value)) : held.row.unsent;
    const row = await this.#sealed(value, { ...headOf(held.row), unsent, stamp: Math.max(held.row.stamp, base) + 1 });
    // Something may have been typed meanwhile: that finds out by itself.
    if (this.#held.get(name) !== held) return;
    if (value === other) this.#held.delete(name);
    else this.#held.set(name, { row, base });
  }

  /** @type {(value: unknown, head: Head) => Promise<RecordRow>} */
  async #sealed(value, head) {
    return { ...head, ...(await this.#vault.seal(value, binding(head))) };
  }
}

/** @type {(head: Head) => Pick<Head, "name" | "vault" | "shelf">} */
const headOf = ({ name, vault, shelf }) => ({ name, vault, shelf });

/** @type {(records: IDBObjectStore, row: RecordRow, base: number) => Promise<boolean>} */
async function swap(records, row, base) {
  const current = await answerOf(records.get(row.name));
  if ((current?.stamp ?? 0) !== base) return false;
  await answerOf(records.put(row));
  return true;
}
