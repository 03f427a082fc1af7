/* One screen of questions: each answer is kept at once, and one is brought on only where that is no surprise. */
import { given, isShown, progress } from "../instrument.js";
import { isBehind } from "../clock.js";
import { dateProblem } from "../dates.js";
import { change, keyOf } from "../draft.js";
import { follows, inputsOf, Steps } from "../steps.js";
import { hold } from "../tabs.js";
import { firstUnanswered, labels, missing, openScreens, screensOf, sentence, subjectsOf } from "./screens.js";
import { byId, clone, complain, focus, inside, mark, sayDay, sayMoment, show, whose, word, wordIfAny } from "./view.js";
/** @import { OpenApp } from "./main.js" */
/** @import { Session } from "./session.js" */
/** @import { FormEvent } from "shapes/pages.d.ts" */
/** @import { Draft, Reading } from "shapes/tablet.d.ts" */
/** @import { Question, Screen } from "shapes/questions.d.ts" */

/** @type {{ name: string, letGo: () => void } | null} */
let held = null;

/* One tab at a time fills in a draft. */
/** @type {(app: OpenApp, draft: Draft, isTaken?: boolean) => Promise<boolean>} */
async function holds(app, draft, isTaken = false) {
  const name = await app.session.store.nameOf("draft", keyOf(draft));
  if (held?.name === name) return true;
  release();
  const lost = () => {
    if (held?.name === name) held = null;
    app.render();
  };
  const letGo = await hold(name, { isTaken, lost });
  if (letGo) held = { name, letGo };
  return Boolean(letGo);
}

export function release() {
  held?.letGo();
  held = null;
}

/* The draft that may be filled in here and now; else the page that says why not. */
/** @type {(app: OpenApp, id: string) => Promise<Draft | undefined>} */
export async function openDraft(app, id) {
  const { session, go } = app;
  const draft = await session.draft(id);
  if (!draft || draft.state === "discarded") return void go("clienten");
  if (draft.isFinished && draft.state !== "refused" && draft.state !== "conflict") return void go("resultaat", id);
  if (draft.state === "conflict") return void go("keuze", id);
  if (!session.opened.has(id)) return void go("verder", id);
  if (!(await holds(app, draft))) {
    const take = async () => (await holds(app, draft, true)) && app.render();
    return void show("elsewhere", { ...whose(session.reading(draft).client), take });
  }
  return draft;
}

/** @type {(app: OpenApp, id: string, slug?: string) => Promise<void>} */
export async function fill(app, id, slug) {
  const draft = await openDraft(app, id);
  if (!draft) return;
  const { instrument, complete } = app.session.reading(draft);
  const screen = slug
    ? screensOf(instrument).find((each) => each.slug === slug)
    : firstUnanswered(instrument, complete);
  if (!screen) return app.go("anamnese", id, "nakijken");
  new Filling(app, draft, screen).show();
}

const formOf = () => /** @type {HTMLFormElement} */ (byId("vragen"));

/** @typedef {{ app: OpenApp, session: Session, draft: Draft, screen: Screen, form: HTMLFormElement, steps: Steps }} Parts */

/* What it is made of is taken over as a whole: the base class only says its types. */
class Filling extends /** @type {new () => Parts & Reading} */ (/** @type {unknown} */ (Object)) {
  /** @param {OpenApp} app @param {Draft} draft @param {Screen} screen */
  constructor(app, draft, screen) {
    super();
    Object.assign(this, { app, draft, screen, session: app.session, ...app.session.reading(draft) });
    this.wasComplete = !this.#missing().length;
    /** @type {string[]} */
    this.returned = [];
    this.writing = 0;
  }

  #missing() {
    return missing(this.instrument, this.screen, this.complete);
  }

  get screens() {
    return openScreens(this.instrument, this.complete);
  }

  show() {
    const { draft, client, screen } = this;
    const drawn = inside(this.session.page(draft.version), `[data-screen="${screen.slug}"]`);
    const cards = screen.questions.map((question) =>
      this.#card(question, inside(drawn, `[data-question="${question.id}"]`))
    );
    const place = this.screens.findIndex(({ slug }) => slug === screen.slug);
    const [before, after] = [this.screens[place - 1], this.screens[place + 1]];
    const about = { ...whose(client), id: draft.id, title: screen.title, day: sayDay(draft.date) };
    const values = { ...about, isCorrection: draft.corrects, mayFollow: follows() && !this.wasComplete, cards };
    const others = (draft.others ?? client.others).map(({ nurse }) => nurse).join(", ");
    /** @type {(event: Event) => void} */
    const next = (event) => (event.preventDefault(), this.#onward());
    show(
      "screen",
      { ...values, others, next, skip: () => this.#leave(after) },
      clone("bar", {
        hasBefore: before,
        leave: !before,
        before: before?.slug,
        id: draft.id,
        client: client.id,
        isLast: !after,
      }),
    );
    this.form = formOf();
    this.form.addEventListener("change", ({ target }) => this.#answered(/** @type {HTMLInputElement} */ (target)));
    const { form, wasComplete } = this;
    this.steps = new Steps({ form, wasComplete, missing: () => this.#missing(), onward: () => this.#onward() });
    this.#reveal();
    this.app.activity.begin(draft.id);
    this.app.onTold = () => this.form.isConnected && this.#told();
    this.app.onKey = (event) => this.steps.key(event);
    this.app.onSwipe = (way) => (way > 0 ? this.#onward() : before && this.#leave(before));
  }

  /** @type {(question: Question, drawn: HTMLElement) => Node} */
  #card(question, drawn) {
    if (Object.hasOwn(this.facts, question.id)) {
      return clone("fact", {
        subject: question.subject,
        fact: labels(question, this.facts[question.id]),
        born: sayDay(this.client.date_of_birth),
      });
    }
    const card = document.adoptNode(drawn);
    const { last } = this.client;
    const before = last && last.id !== this.draft.corrects && last.date <= this.draft.date
      ? labels(question, [last.answers[question.id] ?? []].flat())
      : "";
    if (last && before) {
      inside(card, ".options").before(clone("hint", { id: question.id, day: sayDay(last.date), answer: before }));
      card.setAttribute("aria-describedby", `${card.getAttribute("aria-describedby")} vorige-${question.id}`);
    }
    return card;
  }

  /** @type {(id: string) => HTMLElement} */
  #cardOf(id) {
    return inside(this.form, `[data-question="${id}"]`);
  }

  /* What is stored may have changed without this screen: it is drawn anew then. */
  async #told() {
    this.#sayKept();
    const now = await this.session.store.get("draft", keyOf(this.draft));
    const isOther = now && JSON.stringify(now.answers) !== JSON.stringify(this.draft.answers);
    if (isOther && !this.writing && this.form.isConnected) await this.app.render();
  }

  /* Show what applies, with the answers as they are kept, and how far it is. */
  #reveal() {
    /** @type {NodeListOf<HTMLFieldSetElement>} */
    const cards = this.form.querySelectorAll("[data-question]");
    for (const card of cards) {
      const question = this.screen.questions.find(({ id }) => id === card.dataset.question);
      if (!question) continue;
      card.hidden = card.disabled = !isShown(this.instrument, question, this.complete);
      const chosen = given(this.answers, question.id);
      for (const input of inputsOf(card)) input.checked = chosen.includes(input.value);
    }
    const { answered, total } = progress(this.instrument, this.complete);
    const bar = /** @type {HTMLProgressElement} */ (byId("voortgang"));
    Object.assign(bar, { max: total, value: answered });
    bar.labels[0].textContent = word("progress", { answered, total });
    this.#sayKept();
    const note = document.getElementById("vanzelf");
    if (note) note.hidden = this.steps.isTicking;
    this.#sayAside();
  }

  #sayAside() {
    const box = byId("weg");
    const named = { aside: Object.keys(this.aside), returned: this.returned };
    const said = Object.entries(named).map((
      [name, ids],
    ) => (ids.length ? word(name, { subjects: subjectsOf(this.instrument, ids) }) : ""));
    const text = said.filter(Boolean).join(" ");
    box.hidden = !text;
    if (box.textContent !== text) box.textContent = text; // what is said already is not read out again
  }

  /* Where the last answer is: on the tablet, or for want of room on this screen only. */
  #sayKept() {
    const kept = byId("bewaard");
    const isHeld = this.session.store.heldCount > 0;
    const time = sayMoment(this.draft.changedAt);
    const said = this.draft.edits ? word("kept", { time }) : "";
    kept.textContent = wordIfAny(this.writing ? "keeping" : isHeld ? "held" : "") ?? said;
    Object.assign(kept.dataset, { edits: this.draft.edits, state: isHeld ? "failed" : "" });
  }

  /** @type {(input: HTMLInputElement) => void} */
  #answered({ name }) {
    const codes = inputsOf(this.form).filter((each) => each.name === name && each.checked).map(({ value }) => value);
    const { [name]: _before, ...others } = this.answers;
    const whole = codes.length ? { ...others, [name]: codes } : others;
    const { answers, aside, returned, done } = this.session.answer(
      this.draft,
      whole,
      this.aside,
      this.app.activity.take(),
    );
    Object.assign(this, { answers, aside, returned, complete: { ...this.facts, ...answers } });
    this.writing += 1;
    done.then((draft) => (this.draft = draft ?? this.draft), (error) => this.app.fail(error)).finally(() => {
      this.writing -= 1;
      if (this.form.isConnected) this.#reveal();
    });
    this.#unmark(name);
    this.#reveal();
    this.steps.answered();
  }

  #onward() {
    const open = this.#missing();
    if (open.length) return this.#complain(open);
    const place = this.screens.findIndex(({ slug }) => slug === this.screen.slug);
    return this.#leave(this.screens[place + 1]);
  }

  /** @type {(screen?: Screen) => void} */
  #leave(screen) {
    this.steps.stop();
    this.app.go("anamnese", this.draft.id, screen?.slug ?? "nakijken");
  }

  /** @type {(open: Question[]) => void} */
  #complain(open) {
    const texts = this.session.listing.problems;
    const problems = open.map(({ id, follows_up: follows }) => ({
      question: id,
      code: follows ? "technical_contradiction" : "missing",
    }));
    const lines = problems.map((problem) => {
      const text = sentence(this.instrument, texts, problem);
      const card = this.#cardOf(problem.question);
      this.#unmark(problem.question);
      card.classList.add("has-error");
      inside(card, ".options").before(clone("wrong", { id: problem.question, text }));
      card.setAttribute("aria-describedby", `${card.getAttribute("aria-describedby")} fout-${problem.question}`);
      return clone("wrong-line", { id: problem.question, text });
    });
    const box = byId("fouten");
    box.hidden = false;
    inside(box, "ul").replaceChildren(...lines);
    inside(box, "h2").textContent = word(open.length === 1 ? "one-missing" : "missing", { number: open.length });
    box.scrollIntoView({ block: "center" });
    focus(box);
  }

  /** @type {(id: string) => void} */
  #unmark(id) {
    const card = this.#cardOf(id);
    card.classList.remove("has-error");
    document.getElementById(`fout-${id}`)?.remove();
    card.setAttribute("aria-describedby", (card.getAttribute("aria-describedby") ?? "").replace(` fout-${id}`, ""));
    if (!this.form.querySelector(".has-error")) byId("fouten").hidden = true;
  }
}

/* Another day for the anamnese; what that makes superfluous is set aside. */
/** @type {(app: OpenApp, id: string) => Promise<void>} */
export async function chooseDate(app, id) {
  const draft = await openDraft(app, id);
  if (!draft) return;
  const { client } = app.session.reading(draft);
  const { in_care: spells } = client;
  const most = isBehind() ? "" : app.session.today();
  /** @type {(event: FormEvent) => Promise<void>} */
  const keep = async ({ target }) => {
    const date = String(new FormData(target).get("date"));
    if (!date) return mark(byId("datum"), word("no-date"));
    const wrong = dateProblem(spells, date, most || date);
    if (wrong) return complain(app.session.listing.dates[wrong]);
    const { answers, aside } = app.session.reading({ ...draft, date });
    await app.session.change(draft, (now, at) => change(now, { date }, at));
    await app.session.answer({ ...draft, date }, answers, aside, 0).done;
    return app.go("anamnese", id);
  };
  show("date", { ...whose(client), id, date: draft.date, least: spells[0].from, most, isBehind: isBehind(), keep });
}
