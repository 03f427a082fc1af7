/** What the ordinary screens of an anamnese and the server say to each other. */
import type { WrittenAnswers } from "./questions.d.ts";

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

export interface StepOptions {
  form: HTMLFormElement;
  questions: HTMLFieldSetElement[];
  isAnswered: (question: HTMLFieldSetElement) => boolean;
  whenSaved: () => Promise<boolean>;
}
