/* This tablet: what it keeps, how it is, and telling the server so that the team lead can see it too. */
import { deviceId } from "../server.js";
import { changePin, describe, forget } from "../vault.js";
import { askToStay, statusOf } from "../status.js";
import { bring } from "./clients.js";
import { endLogin, stayIn } from "./lock.js";
import { follows, setFollows } from "../steps.js";
import { complain, sayDuration, sayMoment, show, word } from "./view.js";
/** @import { Session } from "./session.js" */
/** @import { VaultError } from "../vault.js" */
/** @import { OpenApp } from "./main.js" */
/** @import { FormEvent, TapEvent } from "shapes/pages.d.ts" */
/** @import { Report, Status } from "shapes/tablet.d.ts" */

const TELL_EVERY = 5 * 60_000;
const LATE = 60_000;
const ANSWERED_WITHIN = 500;
let toldAt = 0;
let toldUnsent = -1;
/* How people call this tablet, as the server said last. */
let called = "";

/* A browser may ask her first: no page waits for that. */
/** @type {(asked: Promise<string>, otherwise: string) => Promise<string>} */
const soon = (asked, otherwise) =>
  Promise.race([asked, new Promise((resolve) => window.setTimeout(resolve, ANSWERED_WITHIN, otherwise))]);

/* Once in a while, and when what waits has changed: never more than the state of the tablet. */
/** @type {(session: Session, status: Status) => Promise<void>} */
export async function tellServer(session, status) {
  const isNew = Date.now() - toldAt > TELL_EVERY || toldUnsent !== status.unsent;
  if (!isNew || status.isBusy || !status.isReached || status.needsLogin || session.isStranger) return;
  [toldAt, toldUnsent] = [Date.now(), status.unsent];
  const { kind, body: heard } = await session.server.report(await reportOf(status));
  if (kind === "offline") toldAt = 0;
  if (kind !== "ok") return;
  called = heard.name;
  await describe(session.database, session.vault.id, { token: heard.token });
  if (heard.state === "in_use") return;
  session.sync.ended = "revoked";
  session.tell();
}

/** @type {(status: Status) => Promise<Report>} */
async function reportOf(status) {
  return {
    unsent: status.unsent,
    since: status.since ? new Date(status.since).toISOString() : null,
    storage: await askToStay(),
    clock: status.clock === null ? null : Math.round(status.clock / 1000),
    version: document.documentElement.dataset.version,
  };
}

/** @type {(app: OpenApp) => Promise<void>} */
export async function device(app) {
  const { session, database } = app;
  const status = await statusOf(session.store, session.sync);
  const late = status.clock !== null && Math.abs(status.clock) > LATE;
  const facts = {
    code: deviceId().slice(0, 4).toUpperCase(),
    name: called,
    contact: sayMoment(status.lastContact),
    unsent: status.unsent,
    since: status.since ? sayMoment(status.since) : "",
    storage: word(`storage-${await soon(askToStay(), "unknown")}`),
    clock: status.isBehind
      ? word("clock-behind")
      : status.clock === null
      ? word("clock-unknown")
      : word(late ? "clock-late" : "clock-good", { time: sayDuration(Math.abs(status.clock) / 1000) }),
    version: document.documentElement.dataset.version,
    brought: sayMoment(session.package.at),
  };
  /** @type {(event: TapEvent) => void} */
  const toggle = ({ currentTarget }) => {
    setFollows(!follows());
    currentTarget.setAttribute("aria-pressed", String(follows()));
  };
  /** @type {(event: FormEvent) => Promise<void>} */
  const renew = async ({ target, submitter }) => {
    const { old, pin, again } = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(target)));
    if (pin !== again) return complain(word("vault-not-same"), target);
    submitter.disabled = true;
    try {
      await changePin(
        database,
        session.vault.id,
        old,
        pin,
        async (nonce) => {
          const { kind, body } = await session.server.unsealing(nonce);
          return kind === "ok" ? body.seal : null;
        },
      );
      complain(word("pin-changed"), target);
      target.reset();
    } catch (error) {
      const { reason, triesLeft } = /** @type {VaultError} */ (error);
      complain(word(`vault-${reason}`, { left: triesLeft ?? "" }), target);
    }
    submitter.disabled = false;
    return undefined;
  };
  /** @type {(event: FormEvent) => Promise<void>} */
  const rename = async ({ target, submitter }) => {
    const field = /** @type {HTMLInputElement} */ (target.elements.namedItem("name"));
    submitter.disabled = true;
    const { kind, body } = await session.server.report({
      ...(await reportOf(status)),
      name: field.value,
    });
    if (kind === "ok") field.value = called = body.name;
    complain(word(kind === "ok" ? "device-named" : "device-not-named"), target);
    submitter.disabled = false;
  };
  const remove = async () => {
    try {
      await forget(database, session.vault.id);
      app.leave();
    } catch (error) {
      const { reason } = /** @type {VaultError} */ (error);
      complain(word(`vault-${reason}`));
    }
  };
  /** @type {(event: TapEvent) => Promise<void>} */
  const wipe = async ({ target }) => {
    if ((await statusOf(session.store, session.sync)).unsent) {
      return complain(word("vault-unsent"), target.closest("details") ?? undefined);
    }
    return show("wipe", { remove, back: () => app.go("toestel") });
  };
  show("device", {
    ...facts,
    hasUnsent: status.unsent,
    follows: String(follows()),
    toggle,
    rename,
    renew,
    wipe,
    refresh: () => bring(app),
  });
  tellServer(session, status);
}

/* The tablet was revoked while her work waits: that is all there is to do here. */
export const withdrawn = () => show("withdrawn");

/* Log out: nothing unsent is lost, and she is told what there is. Where the server turns out not to be there she hears
   what that means, and chooses again. */
/** @type {(app: OpenApp) => Promise<void>} */
export async function logOut(app) {
  const { session } = app;
  const { unsent, isReached } = await statusOf(session.store, session.sync);
  /** @type {() => Promise<void>} */
  const send = () => session.sync.run({ isForced: true }).then(() => logOut(app));
  /** @type {() => Promise<void>} */
  const really = async () => {
    if ((await endLogin(session.vault.id)) || !isReached) return app.leave();
    stayIn(session.vault.id);
    session.sync.missed();
    return logOut(app);
  };
  show("logout", {
    unsent,
    isOne: unsent === 1,
    hasUnsent: unsent,
    isSent: !unsent,
    canSend: unsent && isReached,
    isOffline: !isReached,
    send,
    really,
  });
}
