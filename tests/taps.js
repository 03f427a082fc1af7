/* Random taps on the screens of one draft, in the page itself: after each one the screen, the store of this tablet and a
   plain model of what was tapped have to agree, and at the end of a sequence what the server has. */
/** @import { Answers, WrittenAnswers } from "shapes/questions.d.ts" */
/** @import { Draft, Key } from "shapes/tablet.d.ts" */

(() => {
  const ARRIVES = 0.25;
  const LEAVES = 0.8;
  const at = (/** @type {string} */ name) => import(`/static/js/tablet/${name}.js`);
  /** @type {() => HTMLFormElement | null} */
  const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("vragen"));
  /** @type {() => HTMLFieldSetElement[]} */
  const cards = () => /** @type {HTMLFieldSetElement[]} */ ([...(form()?.querySelectorAll("[data-question]") ?? [])]);
  /** @type {(card: Element) => HTMLInputElement[]} */
  const inputsOf = (card) => [.../** @type {NodeListOf<HTMLInputElement>} */ (card.querySelectorAll(".option-input"))];
  const heading = () => document.querySelector("#inhoud h1");
  const channel = new MessageChannel();
  /** @type {((done?: unknown) => void)[]} */
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  const tick = () => new Promise((go) => (waiting.push(go), channel.port2.postMessage("")));
  const real = window.fetch;

  /* Small and the same everywhere (mulberry32). */
  /** @type {(seed: number) => () => number} */
  function randomOf(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  /** @type {<T>(condition: () => T | Promise<T>, what: string) => Promise<NonNullable<T>>} */
  async function until(condition, what) {
    const end = performance.now() + 20_000;
    for (;;) {
      const found = await condition();
      if (found) return found;
      if (performance.now() > end) throw new Error(`waited for: ${what}`);
      await tick();
    }
  }

  /* The regulator's own order of questions, written out: none of the product's rules is used here. */
  const CARE = ["Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11", "Q12"];
  /** @type {(said: Answers) => { answers: Answers, aside: Answers, shown: (question: string) => boolean }} */
  function ruled(said) {
    /** @type {(question: string) => string | undefined} */
    const one = (question) => said[question]?.[0];
    /** @type {(question: string) => boolean} */
    const isClosed = (question) => {
      if (question === "Q2") return false;
      if (one("Q2") === "2") return true;
      if (question === "Q3") return false;
      if (one("Q3") && one("Q3") !== "1") return true;
      return question === "Q13" && one("Q12") === "1";
    };
    const isOpen = one("Q2") === "1" && one("Q3") === "1";
    /** @type {(question: string) => boolean} */
    const shown = (question) => {
      if (CARE.includes(question)) return isOpen;
      return question === "Q13" ? isOpen && one("Q12") === "2" : !isClosed(question);
    };
    const given = Object.entries(said).filter(([, codes]) => codes.length);
    /** @type {(wanted: boolean) => Answers} */
    const pick = (wanted) => Object.fromEntries(given.filter(([question]) => isClosed(question) === wanted));
    return { answers: pick(false), aside: pick(true), shown };
  }

  /** @type {(answers: WrittenAnswers | undefined) => Answers} */
  const asLists = (answers) =>
    Object.fromEntries(Object.entries(answers ?? {}).map(([id, codes]) => [id, [codes].flat()]));
  /** @type {(answers: WrittenAnswers | undefined) => string} */
  const text = (answers) =>
    JSON.stringify(Object.entries(asLists(answers)).map(([id, codes]) => [id, [...codes].sort()]).sort());

  class Walk {
    /** @param {{ seed: number, id: string, said: Answers }} how */
    constructor({ seed, id, said }) {
      this.random = randomOf(seed);
      this.id = id;
      this.said = said;
      this.edits = 0;
      /** @type {string[]} */
      this.wrong = [];
      this.taps = 0;
      /** @type {Key | undefined} */
      this.key = undefined;
      this.isOffline = false;
      this.compared = 0;
    }

    /** @type {<T>(list: T[]) => T} */
    pick(list) {
      return list[Math.floor(this.random() * list.length)];
    }

    /* The draft with all that was tapped, once the page too says that it is kept. */
    /** @type {() => Promise<Draft>} */
    async written() {
      const told = () => document.getElementById("bewaard")?.dataset.edits ?? this.edits;
      await until(() => Number(told()) === this.edits, "kept");
      return until(async () => {
        const draft = await this.draft();
        return draft.edits === this.edits ? draft : null;
      }, "written");
    }

    /** @type {() => Promise<Draft>} */
    async draft() {
      const { store } = taps;
      this.key ??= (({ client, version, id }) => ({ client, version, id }))(
        (await store.all("draft")).find((/** @type {Draft} */ { id }) => id === this.id),
      );
      return store.get("draft", this.key);
    }

    async tap() {
      const inputs = cards().filter((card) => !card.hidden).flatMap(inputsOf);
      const input = this.pick(inputs);
      if (!input) return this.jump();
      const isChange = input.type === "checkbox" || !input.checked;
      const codes = this.said[input.name] ?? [];
      const toggled = codes.includes(input.value)
        ? codes.filter((code) => code !== input.value)
        : [...codes, input.value];
      this.said[input.name] = input.type === "checkbox" ? toggled : [input.value];
      this.taps += 1;
      this.edits += Number(isChange);
      /** @type {HTMLElement} */ (document.querySelector(`label[for="${input.id}"]`)).click();
      // One in three goes on before the answer is written.
      if (this.random() < 0.67) await this.written();
      return undefined;
    }

    async onward() {
      const [here, { hash }] = [heading(), location];
      const button = /** @type {HTMLElement | null} */ (document.querySelector("#onder button[type=submit]"));
      if (!button) return this.jump(); // reading over: nothing is finished here
      button.click();
      if (location.hash === hash) return undefined; // something is missing, and she was told
      await until(() => heading() !== here, "the next screen");
      return form() ? undefined : this.jump();
    }

    async back() {
      const link = /** @type {HTMLElement | null} */ (document.querySelector('#onder a[href*="/anamnese/"]'));
      return link ? this.follow(() => link.click()) : this.jump();
    }

    /* As by "wijzig" on the page for reading over. */
    jump() {
      const slugs = [
        "initieel",
        "initieel",
        "draagkracht",
        "draaglast",
        "ondersteuningsbehoefte",
        "ondersteuningsbehoefte-q12",
      ];
      const address = `#/anamnese/${this.id}/${this.pick(slugs)}`;
      return location.hash === address ? undefined : this.follow(() => (location.hash = address));
    }

    /** @type {(go: () => void) => Promise<void>} */
    async follow(go) {
      const here = heading();
      go();
      await until(() => heading() !== here && form(), "another screen");
    }

    /* The connection as the scripts see it. */
    turn() {
      this.isOffline = !this.isOffline;
      window.fetch = this.isOffline ? () => Promise.reject(new TypeError("no connection")) : real;
      window.dispatchEvent(new Event(this.isOffline ? "offline" : "online"));
    }

    async step() {
      const dice = this.random();
      if (dice < 0.72) await this.tap();
      else if (dice < 0.8) await this.onward();
      else if (dice < 0.86) await this.back();
      else if (dice < 0.96) await this.jump();
      else this.turn();
      await this.compare();
    }

    async compare() {
      const expected = ruled(this.said);
      const draft = await this.written();
      this.compared += 1;
      if (text(draft.answers) !== text(expected.answers)) this.note("stored", draft.answers, expected.answers);
      if (text(draft.aside) !== text(expected.aside)) this.note("set aside", draft.aside, expected.aside);
      for (const card of cards()) {
        const { question = "" } = card.dataset;
        const isShown = expected.shown(question);
        if (card.hidden === isShown) this.note(`${question} shown`, !card.hidden, isShown);
        const ticked = inputsOf(card).filter(({ checked }) => checked).map(({ value }) => value);
        const stored = isShown ? asLists(draft.answers)[question] : [];
        if (text({ ticked }) !== text({ ticked: stored ?? [] })) this.note(`${question} on the screen`, ticked, stored);
      }
    }

    async arrive() {
      const draft = await until(async () => {
        const now = await this.draft();
        return now.state !== "local" || !now.edits ? now : null;
      }, "sent");
      if (!draft.edits) return undefined; // what was begun and not tapped in yet goes with the first answer
      if (draft.state !== "sent") return this.note("state", draft.state, "sent");
      const body = await (await real("/tablet/pakket/")).json();
      /** @type {{ draft: Draft | null }[]} */
      const clients = body.clients;
      const there = clients.map((client) => client.draft).find((each) => each?.id === this.id);
      if (text(there?.answers) !== text(draft.answers)) this.note("server", there?.answers, draft.answers);
      return undefined;
    }

    /** @type {(what: string, found: unknown, expected: unknown) => void} */
    note(what, found, expected) {
      this.wrong.push(
        `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}, tapped ${JSON.stringify(this.said)}`,
      );
    }
  }

  const taps = {
    /** @type {any} */
    store: null,
    /* A store of the test's own over the same vault: what lies on the tablet, not what the page believes. */
    /** @param {string} pin */
    async open(pin) {
      const [database, store, vault] = await Promise.all(["database", "store", "vault"].map(at));
      const connection = await database.openDatabase();
      const [{ id, who }] = await vault.listVaults(connection);
      this.store = new store.Store(connection, await vault.unlock(connection, id, pin), who);
    },
    /** @param {{ seed: number, sequences: number, steps: number, id: string, said: Answers }} how */
    async walk({ seed, sequences, steps, id, said }) {
      const walk = new Walk({ seed, id, said });
      walk.edits = (await walk.draft()).edits;
      /** @type {{ said: Answers, answers: WrittenAnswers, aside: WrittenAnswers, isSent?: boolean }[]} */
      const ends = [];
      for (let number = 0; number < sequences && !walk.wrong.length; number += 1) {
        for (let step = 0; step < steps && !walk.wrong.length; step += 1) await walk.step();
        const { answers, aside } = await walk.draft();
        ends.push({ said: structuredClone(walk.said), answers, aside });
        // Without connection most of the time, as that is how it is used; and what was tapped then arrives.
        if (walk.isOffline && walk.random() < ARRIVES) walk.turn();
        if (!walk.isOffline) await walk.arrive();
        ends[number].isSent = !walk.isOffline;
        if (!walk.isOffline && walk.random() < LEAVES) walk.turn();
      }
      if (walk.isOffline) walk.turn();
      await walk.arrive();
      const { wrong, taps, compared } = walk;
      return { ends, wrong, taps, compared, said: walk.said };
    },
  };
  Object.assign(window, { taps });
})();
