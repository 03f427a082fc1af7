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

export type Dimension = "capacity" | "burden" | "support_need";
export type Scores = Record<Dimension, number>;

export interface Gate {
  question: string;
  passes: string;
  exceptions: Record<string, string>;
  points?: undefined;
}

export interface ScoredQuestion {
  question: string;
  dimension: Dimension;
  points: Record<string, number>;
  passes?: undefined;
  exceptions?: undefined;
}

export interface TechnicalQuestion extends ScoredQuestion {
  opened_by: string;
  opening: string;
}

/** The rules of a model version. */
export interface Table {
  version: string;
  full_capacity: number;
  gates: Gate[];
  questions: ScoredQuestion[];
  technical: TechnicalQuestion;
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

export interface Contribution {
  question: string;
  dimension: Dimension;
  options: string[];
  points: number;
}

interface Derived {
  code: string;
  contributions: Contribution[];
  model_version: string;
}

export interface ScoredProfile extends Derived, Scores {
  kind: "dkdl";
  is_strong: boolean;
  is_burdened: boolean;
  need_level: string;
}

export interface ExceptionProfile extends Derived, Record<Dimension, null> {
  kind: "uitzondering";
  is_strong: null;
  is_burdened: null;
  need_level: null;
}

export type Profile = ScoredProfile | ExceptionProfile;

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

/** A score's scale, from 0 to `maximum`, and its words. */
export interface Scale {
  name: string;
  rule: string;
  maximum: number;
  stretches: { first: number; last: number; word: string }[];
  effects: string[];
  plain?: string[];
}

export interface ModelWords {
  scores: Record<Dimension, Scale>;
  labels?: Record<string, string>;
  meanings: Record<string, string>;
  plain?: Record<string, string>;
}
