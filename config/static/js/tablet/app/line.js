/* The honest line on every page: what is here only, when the server was last reached, and what she can do about it. */
import { now } from "../clock.js";
import { newest } from "../newest.js";
import { statusOf } from "../status.js";
import { keepPlace, logInAnew } from "./lock.js";
import { byId, clone, sayDay, sayMoment, word, wordIfAny } from "./view.js";
/** @import { Connection } from "../database.js" */
/** @import { Session } from "./session.js" */
/** @import { Refused, Status } from "shapes/tablet.d.ts" */

const place = byId("stand");
const aloud = byId("stand-gezegd");
/* What is sent within this while is not worth a line that jumps at every answer. */
const CALM = 1500;
let last = "";
let said = "";
let calm = 0;

/** @type {(status: Status) => string} */
function sentenceOf(status) {
  const values = { number: status.unsent, moment: sayMoment(status.lastContact) };
  if (status.isBusy && status.unsent && status.isReached) return word("sending", values);
  const why = status.isReached ? (status.isPutOff ? "-busy" : "") : "-offline";
  if (status.unsent) return word(`${status.unsent === 1 ? "one-" : ""}unsent${why}`, values);
  return word(status.isReached ? "sent" : "offline", values);
}

/* Show how it stands, and return that; says aloud when it changes from one state to another, not every sending. */
/** @type {(session: Session | null, database: Connection) => Promise<Status | void>} */
export const showLine = newest(async (session, { held }) => {
  if (!session || session.vault.isLocked) return () => clear(held.size);
  const status = await statusOf(session.store, session.sync);
  return () => {
    draw(session, status);
    return status;
  };
});

/* What was said is about somebody who may have left. What could not be written waits behind the door, on this page. */
/** @type {(held: number) => void} */
function clear(held) {
  last = said = aloud.textContent = "";
  place.replaceChildren(held ? clone("line", { text: word("behind-door"), kind: "unsent" }) : "");
}

/* While she answers with a connection: all was sent, and the last answer is on its way. The page after it begins with
   what is true. */
/** @type {(status: Status, trouble: Record<string, unknown>) => boolean} */
function isPassing({ unsent, since, isReached }, trouble) {
  const isFilling = location.hash.startsWith("#/anamnese/");
  const isQuiet = said === "sent" && !Object.values(trouble).flat().some(Boolean);
  return isFilling && isQuiet && isReached && unsent > 0 && now() - (since ?? 0) < CALM;
}

/** @type {(session: Session, status: Status) => void} */
function draw(session, status) {
  const text = sentenceOf(status);
  const asked = status.needsLogin || session.isStranger;
  const parts = {
    text,
    kind: status.unsent || !status.isReached ? "unsent" : "saved",
    canSend: status.unsent && !asked,
  };
  const trouble = {
    asked,
    choices: status.choices,
    refused: status.refused,
    warning: status.warning,
    behind: status.isBehind && sayMoment(status.lastContact),
    problem: wordIfAny(`problem-${status.problem}`),
    damaged: status.damaged,
  };
  const key = JSON.stringify([parts, trouble]);
  place.dataset.unsent = String(status.unsent);
  window.clearTimeout(calm);
  if (isPassing(status, trouble)) {
    calm = window.setTimeout(() => showLine(session, session.database), CALM);
    return;
  }
  if (key === last) return;
  last = key;
  if (said && said !== status.key) aloud.textContent = text;
  said = status.key;
  const logIn = () => {
    keepPlace(session);
    return logInAnew();
  };
  const refused = status.refused.map((each) => refusedOf(session, each));
  place.replaceChildren(
    clone("line", {
      ...parts,
      ...trouble,
      refused,
      logInAnew: logIn,
      send: () => session.sync.run({ isForced: true }),
    }),
  );
}

/* One that was not taken in, by name: why, and what she can do. */
/** @type {(session: Session, refused: Refused) => Node} */
function refusedOf(session, { id, client, date, message, step }) {
  const name = session.client(client)?.name ?? word("elsewhere");
  const handOver = async () => {
    const isTheirs = await session.handOver(id);
    const news = byId("nieuw");
    const close = () => news.replaceChildren();
    news.replaceChildren(clone(isTheirs ? "handed" : "not-handed", { name, close }));
  };
  const may = { mayHand: step === "hand_over", mayMend: step === "change_date" || step === "mend" };
  return clone("refused", {
    id,
    client,
    name,
    day: sayDay(date),
    message,
    ...may,
    mayAct: may.mayHand || may.mayMend,
    handOver,
  });
}
