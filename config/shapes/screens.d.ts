/** What the ordinary screens of an anamnese and the server say to each other. */
import type { Question, WrittenAnswers } from "./questions.d.ts";

export interface SavedBody {
  revision: number;
  saved_at: string;
  answers: WrittenAnswers;
  returned: WrittenAnswers;
  aside: string;
  answered: number;
  total: number;
}

export interface ConflictBody {
  revision: number;
  differences: { subject: string; here: string; stored: string }[];
}

/** Hears what becomes of a save: saving, saved, logged-out, offline, busy, refused, finished, conflict, invalid. */
export type Tell = (state: string, detail?: unknown) => void;

export interface SaverOptions {
  url: string;
  token: string;
  revision: number;
  answers: WrittenAnswers;
  tell: Tell;
  /** The seconds of being busy that nobody took yet. */
  take?: () => number;
}

export interface StepsOptions {
  form: HTMLFormElement;
  /** Whether every question that applies had an answer when the screen opened. */
  wasComplete: boolean;
  missing: () => Question[];
  /** On to the next screen: by Enter. */
  onward: () => void;
  /** The same by itself, where that has to wait for something. */
  step?: () => void;
}
