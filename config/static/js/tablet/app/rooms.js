/* What is behind the door: every page by its name in the address, and what they share. */
import { bringVersions } from "../versions.js";
import * as clients from "./clients.js";
import { device, logOut, tellServer, withdrawn } from "./device.js";
import { chooseDate, fill, release } from "./filling.js";
import { showLine } from "./line.js";
import { result } from "./result.js";
import { choose, review } from "./review.js";
import { Session } from "./session.js";
/** @import { OpenApp } from "./main.js" */

/** @type {Record<string, (app: OpenApp, id: string, slug?: string) => unknown>} */
export const PAGES = {
  clienten: clients.clientList,
  client: clients.clientPage,
  begin: clients.start,
  verder: clients.resume,
  weggooien: clients.throwAway,
  corrigeren: clients.correct,
  anamnese: (app, id, slug) => (slug === "nakijken" ? review(app, id) : fill(app, id, slug)),
  datum: chooseDate,
  resultaat: result,
  keuze: choose,
  toestel: device,
  uitloggen: logOut,
  ingetrokken: withdrawn,
};

export { bringVersions, release, Session, showLine, tellServer };
