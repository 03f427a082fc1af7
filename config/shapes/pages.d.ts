/** What pages are filled with, and what the tablet's pages share. */
import type { Question, Screen } from "./questions.d.ts";
import type { ClientState, Draft, FinishedAnamnese, StoredAnamnese } from "./tablet.d.ts";

/** By the name in a template: a text, elements, whether a part is there, or a button's work. */
export type Values = Record<string, unknown>;

/** Text, an element, or none: what a slot takes. */
export type Content = Node | string;

/** What a name becomes in the language at hand. */
export type Say = (name: string, values?: Values) => string;

/** A draft that is going on: of this tablet, or of the server. */
export type Open = Draft | StoredAnamnese;

/** A finished anamnese: of this tablet, or the last one that the server has. */
export type Finished = Draft | (FinishedAnamnese & Partial<Draft> & { client: string });

export type State = Pick<ClientState, "kind" | "label" | "note">;

/** What a form of the door holds. */
export interface GivenPin {
  pin: string;
  again: string;
  password: string;
}

/** The find of a question by its id. */
export type FindQuestion = (id: string) => Question;

export type { Question, Screen };

export type FormEvent = SubmitEvent & { target: HTMLFormElement; submitter: HTMLButtonElement };
export type TapEvent = MouseEvent & { target: HTMLElement; currentTarget: HTMLElement };
