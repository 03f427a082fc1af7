/** What an instrument asks, and what a model makes of the answers: shapes that the server delivers as data. */

/** The codes that were chosen, by question. */
export type Answers = Record<string, string[]>;

/** The same as a draft's JSON has it: one code for one choice, a list for several. */
export type WrittenAnswers = Record<string, string | string[]>;

export interface Option {
  code: string;
  label: string;
  definition?: string;
}

/** What follows from the age in whole years, and so is asked of nobody. */
export interface AgeRule {
  from: number;
  option: string;
  below: string;
}

export interface Question {
  id: string;
  group: string;
  kind: "single" | "multiple";
  subject: string;
  options: Option[];
  asked_when?: { question: string; option: string }[];
  answered_by?: AgeRule;
  follows_up?: string;
  tolerated_when_not_asked?: boolean;
}

export interface Instrument {
  groups: { id: string; label: string }[];
  questions: Question[];
}

export interface AnswerProblem {
  question: string;
  code: string;
}

/** Questions that stand together. */
export interface Screen {
  slug: string;
  title: string;
  questions: Question[];
}

/** What a draft's answers come to: in force, set aside, and which of them lost or got back their answer by this. */
export interface Drafted {
  answers: Answers;
  aside: Answers;
  dropped: string[];
  returned: string[];
  problems: AnswerProblem[];
}

export interface Gate {
  question: string;
  passes: string;
  exceptions: Record<string, string>;
  points?: undefined;
}

/** One with several choices adds their points up; one that is opened is asked only after that answer. */
export interface ScoredQuestion {
  question: string;
  dimension: string;
  points: Record<string, number>;
  several?: boolean;
  opened_by?: string;
  opening?: string;
  passes?: undefined;
  exceptions?: undefined;
}

/** A score: from 0 up, or from `counts_down_from` down; each level from its first point. */
export interface Dimension {
  id: string;
  counts_down_from?: number;
  levels: { first: number }[];
}

/** The rules of a model version. */
export interface FullTable {
  version: string;
  dimensions: Dimension[];
  gates: Gate[];
  questions: ScoredQuestion[];
  profiles: { code: string; label: string; levels: number[] }[];
  exceptions: { code: string; label: string }[];
}

/** The same in the first format, with three scores that have their names in it. */
export interface FirstTable {
  version: string;
  full_capacity: number;
  dimensions?: undefined;
  gates: Gate[];
  questions: ScoredQuestion[];
  technical: ScoredQuestion;
  thresholds: {
    strong_capacity_from: number;
    raised_burden_from: number;
    medium_need_from: number;
    high_need_from: number;
  };
  numbering: {
    strong_capacity: number;
    reduced_capacity: number;
    raised_burden: number;
    medium_need: number;
    high_need: number;
  };
  profiles: { code: string; number: number; label: string }[];
  exceptions: { code: string; label: string }[];
}

export type Table = FullTable | FirstTable;

/** Rules made ready: `always` is asked of everybody with one choice, `codes` are by the levels, joined. */
export interface Rules {
  version: string;
  dimensions: Dimension[];
  gates: Gate[];
  always: ScoredQuestion[];
  further: ScoredQuestion[];
  single: ScoredQuestion[];
  openers: Set<string>;
  codes: Map<string, string>;
}

export interface Contribution {
  question: string;
  dimension: string;
  options: string[];
  points: number;
}

/** Scores and levels are in the order of the dimensions; an exception has neither. */
export interface Profile {
  code: string;
  kind: "dkdl" | "uitzondering";
  scores: number[];
  levels: number[];
  contributions: Contribution[];
  model_version: string;
}

/** One answer given otherwise. */
export interface Change {
  question: string;
  options: string[];
  changed: string;
}

/** Where one other answer leads. */
export interface Neighbour extends Change {
  code: string;
  kind: Profile["kind"];
}

/** A score's scale, from 0 to `maximum`, its words and the name of its colour. */
export interface Scale {
  name: string;
  short: string;
  hue: string;
  limit: string;
  rule: string;
  maximum: number;
  stretches: { first: number; last: number; word: string }[];
  effects: string[];
  plain?: string[];
}

/** A scale with what was scored on it. */
export interface ScaledScore extends Scale {
  id: string;
  score: number;
}

/** Which scores the balance has, and its title with a place for each figure. */
export interface BalanceWords {
  left: string;
  right: string;
  below: string;
  title: string;
}

/** How people say a code, and the class of its colours. */
export interface CodeLook {
  word: string;
  tone: string;
}

export interface ModelWords {
  scores: Record<string, Scale>;
  codes?: Record<string, CodeLook>;
  heading?: string;
  balance?: BalanceWords | null;
  labels?: Record<string, string>;
  meanings: Record<string, string>;
  plain?: Record<string, string>;
}
