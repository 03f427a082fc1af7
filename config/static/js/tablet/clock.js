/* What time it is by the server's clock, as far as this tablet can know. Its own clock may be wrong, or set back: it is
   never before the last contact. Moments are milliseconds. */
/** @import { Contact } from "shapes/tablet.d.ts" */
const CLOSE = 120_000;
let contact = { at: 0, clock: 0 };
/* Of the contact of this page: what both clocks of the browser said. Only one of them can be set. */
/** @type {{ own: number, steady: number } | null} */
let heardAt = null;

/* `at`: this tablet's clock at the last contact; `clock`: how far the server's was ahead of it. */
/** @type {(contact?: Partial<Contact>, isNow?: boolean) => void} */
export function setContact({ lastContact = 0, clock = 0 } = {}, isNow = false) {
  contact = { at: lastContact ?? 0, clock: clock ?? 0 };
  if (isNow) heardAt = { own: contact.at, steady: performance.now() };
}

const passed = () => (heardAt ? performance.now() - heardAt.steady : 0);

/* She set the clock right since: then it needs no correction any more. */
function isMended() {
  const own = Date.now();
  const moved = heardAt ? own - heardAt.own - passed() : 0;
  const isSetBack = own < contact.at - CLOSE && own >= contact.at + contact.clock - CLOSE;
  return Math.abs(contact.clock) > CLOSE && (isSetBack || Math.abs(moved - contact.clock) < CLOSE);
}

export function now() {
  const own = Date.now() + (isMended() ? 0 : contact.clock);
  return Math.max(own, contact.at + contact.clock + passed());
}

/* Whether this tablet's clock stands before its last contact: what time it is now, nobody knows. */
export const isBehind = () => !isMended() && Date.now() < contact.at - CLOSE;
