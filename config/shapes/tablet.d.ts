/** What a tablet keeps, and what it and the server say to each other: docs/tablet.md. */
import type { AnswerProblem, Answers, Instrument, ModelWords, Table, WrittenAnswers } from "./questions.d.ts";

/** Milliseconds since 1970, by the server's clock as far as that is known. */
export type Moment = number;

/** YYYY-MM-DD. */
export type Day = string;

export interface Owner {
  organisation: string;
  nurse: string;
}

/** An anamnese as the server has it. */
export interface StoredAnamnese {
  id: string;
  status: string;
  discard_reason?: string;
  date: Day;
  version: string;
  corrects: string | null;
  revision: number;
  answers: WrittenAnswers;
  set_aside?: WrittenAnswers;
  saved_at: string;
}

export interface FinishedAnamnese extends StoredAnamnese {
  code: string;
}

export interface Colleague {
  nurse: string;
  saved_at: string;
}

export interface Result {
  profile: string;
  code: string;
  ruleset_hash: string;
  differs: boolean;
}

export interface Refusal {
  message: string;
  problems: (AnswerProblem & { text?: string })[];
  step: string;
}

/** What the server is sent of a draft. */
export interface Payload extends Owner {
  id: string;
  client: string;
  date: Day;
  version: string;
  revision: number;
  answers: WrittenAnswers;
  corrects: string | null;
  reason: string;
  finish: boolean;
  derived: { code: string; ruleset_hash?: string } | null;
  active_seconds: number;
  hash: string;
}

export type DraftState = "local" | "sent" | "conflict" | "refused" | "discarded";

/** One anamnese on the tablet; see draft.js. */
export interface Draft extends Owner {
  id: string;
  client: string;
  version: string;
  date: Day;
  answers: WrittenAnswers;
  aside: WrittenAnswers;
  corrects: string | null;
  reason: string;
  revision: number;
  edits: number;
  sending: { payload: Payload; edits: number } | null;
  isKnown: boolean;
  isFinished: boolean;
  state: DraftState;
  derived: { code: string; ruleset_hash?: string } | null;
  result: Result | null;
  seconds: number;
  begunAt: Moment;
  changedAt: Moment;
  waitsSince: Moment | null;
  failures: number;
  discardedAt?: Moment;
  mustTell?: boolean;
  clash?: string;
  stored?: StoredAnamnese | null;
  problem?: Refusal | null;
  others?: Colleague[];
}

/** What names a record among those of its kind. */
export interface Key {
  client?: string;
  version?: string;
  id?: string;
}

export interface Spell {
  from: Day;
  until: Day | null;
}

export interface ClientState {
  state: string;
  kind: string;
  label: string;
  note: string;
  code?: string | null;
}

export interface Client {
  id: string;
  name: string;
  date_of_birth: Day;
  in_care: Spell[];
  turn: number | null;
  state: ClientState;
  draft: StoredAnamnese | null;
  last: FinishedAnamnese | null;
  others: Colleague[];
  isElsewhere?: boolean;
}

export interface Person {
  id: string;
  name: string;
  language: string;
}

/** What the server gives along for a day. */
export interface PackageBody {
  organisation: { id: string };
  nurse: Person;
  clients: Client[];
  offline_hours: number;
  reopen: string;
  error?: undefined;
}

/** The same as it lies on the tablet. */
export interface Package extends Partial<Omit<PackageBody, "clients">> {
  clients: Client[];
  at: Moment | null;
}

export interface ListedVersion {
  key: string;
  version: string;
  hash: string;
  valid_from: Day | null;
  url: string;
}

/** `instruments` has the hashes of those that it scores. */
export interface ListedModel extends ListedVersion {
  instruments?: string[];
  words: ModelWords;
}

export interface Listing {
  instruments: ListedVersion[];
  models: ListedModel[];
  problems: Record<string, string>;
  dates: Record<string, string>;
}

/** Versions by hash: their texts, and the pages with an instrument's questions (`page` says of which app and language). */
export interface KeptVersions {
  listing: Listing;
  texts: Record<string, string>;
  pages: Record<string, string>;
}

export type Parsed = Record<string, Instrument | Table>;

export interface Contact {
  lastContact: Moment | null;
  clock: number | null;
}

/** What is kept by kind; of `meta` there is the last contact, and the token that opens a locked log-in. */
export interface Kinds {
  draft: Draft;
  clients: Package;
  versions: KeptVersions;
  meta: Contact | string;
}

export type Kind = keyof Kinds;

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: Uint8Array<ArrayBuffer>;
}

/** The head of a record, which stands under the seal too. */
export interface Head {
  name: string;
  vault: string;
  shelf: string;
  unsent: number;
  stamp: number;
}

export type RecordRow = Head & Sealed;

/** Whose vault it is, for the door. */
export interface Who {
  organisation: string;
  user: string;
  initials: string;
}

export interface Lease {
  contactAt: Moment;
  length: number;
  seenAt: Moment;
}

/** What the door needs of a vault without connection. */
export interface About {
  who?: Who;
  lease?: Lease | null;
  token?: string;
}

export interface VaultRow extends About {
  id: string;
  nonce: string;
  deviceKey: CryptoKey;
  usedAt: Moment;
  triesLeft: number;
  byRecovery: Sealed;
  isSealed: boolean;
  salt: Uint8Array<ArrayBuffer>;
  iterations: number;
  byPin: Sealed | null;
  bySeal: Sealed | null;
  digits: number;
}

export interface ListedVault extends About {
  id: string;
  usedAt: Moment;
  digits: number;
  nonce: string;
  unsent: number;
  isSealed: boolean;
  isBarred: boolean;
}

/** New keys of the server, in base64. */
export interface Keys {
  nonce: string;
  device: string;
  recovery: string;
  seal?: string;
}

/** How a tablet is, as it tells the server. */
export interface Report {
  unsent: number;
  since: string | null;
  storage: string;
  clock: number | null;
  version?: string;
  name?: string;
}

export interface Accepted {
  id: string;
  hash: string;
  status: string;
  revision: number;
  others: Colleague[];
  result: Result | null;
}

export interface Clash {
  clash: string;
  stored: StoredAnamnese;
}

/** What stands in an answer that is not a yes. */
export interface No {
  error?: string;
  message?: string;
  problems?: Refusal["problems"];
  step?: string;
  nurse?: undefined;
  organisation?: undefined;
}

interface Heard {
  status?: number;
  pause?: number;
  clock?: number | null;
}

export type KindOfNo = "login" | "locked" | "ended" | "refused" | "retry" | "offline";

/** What a question to the server came to; see server.js. */
export type Outcome<Body> =
  | ({ kind: "ok"; body: Body } & Heard)
  | ({ kind: "conflict"; body: Clash & No } & Heard)
  | ({ kind: KindOfNo; body: No } & Heard);

/** The package, with the vault of whoever it is of, and the versions that were fetched beside it. */
export type Brought = Outcome<PackageBody> & { id?: string; versions?: Promise<KeptVersions | null> };

export interface Refused {
  id: string;
  client: string;
  date: Day;
  message: string;
  step: string;
}

/** How the tablet stands; see status.js. */
export interface Status {
  key: "sent" | "unsent" | "offline";
  unsent: number;
  choices: number;
  refused: Refused[];
  since: Moment | null;
  warning: number;
  lastContact: Moment | null;
  clock: number | null;
  isBehind: boolean;
  isReached: boolean;
  isBusy: boolean;
  isPutOff: boolean;
  needsLogin: boolean;
  problem: string;
  damaged: number;
}

/** A draft as it is filled in: what it asks, of whom, and how far it is. */
export interface Reading {
  instrument: Instrument;
  client: Client;
  age: number;
  facts: Answers;
  answers: Answers;
  aside: Answers;
  complete: Answers;
}
