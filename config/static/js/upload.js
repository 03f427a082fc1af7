/* Shows how far the sending of a file is, how fast, and then how far the server is with it (components/sending.html);
   without this file the form is sent as any other:
   <form method="post" enctype="multipart/form-data" data-upload>
     … <button class="btn btn-primary" data-busy="Bezig met versturen…">…</button>
     <div data-upload-progress hidden>
       <label for="versturen">Versturen</label> <span data-upload-text></span>
       <progress id="versturen" max="100" value="0"></progress>
     </div>
     <p class="alert alert-danger" role="alert" data-upload-failed hidden>…</p>
   </form>
   When it could not be delivered, that last sentence is shown; the chosen file stays chosen. The server answers
   as to the plain form: a redirect is followed, a page with errors is shown. */
import { showBusy, showReady } from "./busy.js";

const MEGABYTE = 1_000_000;
const LOOK_EVERY = 700;
const SOON = 1000;

/** @type {(form: HTMLFormElement, selector: string) => NodeListOf<HTMLElement>} */
const partsOf = (form, selector) => form.querySelectorAll(selector);

/** @type {(form: HTMLFormElement) => HTMLElement | null} */
function box(form) {
  return form.querySelector("[data-upload-progress]");
}

/** @type {(form: HTMLFormElement, share: number, words: string) => void} */
function show(form, share, words) {
  const part = box(form);
  if (!part) return;
  part.hidden = false;
  const bar = part.querySelector("progress");
  if (bar) bar.value = Math.floor(share * 100);
  const text = part.querySelector("[data-upload-text]");
  if (text) text.textContent = words;
}

/* What was measured, and nothing before there is something to measure. */
/** @type {(form: HTMLFormElement, event: ProgressEvent, since: number) => void} */
function sending(form, event, since) {
  const took = performance.now() - since;
  const share = event.loaded / event.total;
  const words = box(form)?.dataset.uploadSending;
  if (!words || took < SOON) return show(form, share, `${Math.floor(share * 100)} %`);
  const one = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const rate = (event.loaded / took) * 1000;
  const said = words
    .replace("{done}", one.format(event.loaded / MEGABYTE))
    .replace("{total}", one.format(event.total / MEGABYTE))
    .replace("{rate}", one.format(rate / MEGABYTE))
    .replace("{left}", String(Math.ceil((event.total - event.loaded) / rate)));
  return show(form, share, said);
}

/* All has been sent; how far the server is, it says itself. */
/** @type {(form: HTMLFormElement, isOver: () => boolean) => Promise<void>} */
async function followServer(form, isOver) {
  const part = box(form);
  /** @type {HTMLElement | null | undefined} */
  const label = part?.querySelector("[data-upload-label]");
  if (label) label.textContent = label.dataset.uploadThen ?? "";
  show(form, 0, form.dataset.uploadChecking ?? "");
  part?.querySelector("progress")?.removeAttribute("value");
  const address = part?.dataset.uploadProgressUrl;
  while (address && !isOver()) {
    await new Promise((ready) => window.setTimeout(ready, LOOK_EVERY));
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    if (isOver() || answer?.status !== 200) continue;
    const told = await answer.json();
    if (label) label.textContent = told.phase;
    show(form, told.share, told.text);
  }
}

/** @type {(request: XMLHttpRequest) => void} */
function showAnswer(request) {
  const answered = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = answered.title;
  document.querySelector("main")?.replaceWith(answered.querySelector("main") ?? "");
  watchAll();
  /** @type {HTMLElement | null} */ (document.querySelector("[data-focus], h1"))?.focus();
}

/** @type {(form: HTMLFormElement, request: XMLHttpRequest) => void} */
function arrive(form, request) {
  const elsewhere = new URL(request.responseURL).pathname !== new URL(form.action).pathname;
  if (elsewhere && request.status < 400) {
    window.location.assign(request.responseURL);
    return;
  }
  if (request.responseText.includes("<main")) {
    showAnswer(request);
    return;
  }
  fail(form);
}

/** @type {(form: HTMLFormElement) => void} */
function fail(form) {
  showReady(form);
  for (const part of partsOf(form, "[data-upload-progress]")) part.hidden = true;
  for (const sentence of partsOf(form, "[data-upload-failed]")) sentence.hidden = false;
}

/** @type {(form: HTMLFormElement, button: HTMLElement | null) => void} */
function send(form, button) {
  const request = new XMLHttpRequest();
  const since = performance.now();
  let isOver = false;
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) sending(form, event, since);
  });
  request.upload.addEventListener("load", () => followServer(form, () => isOver));
  request.addEventListener("loadend", () => {
    isOver = true;
  });
  request.addEventListener("load", () => arrive(form, request));
  request.addEventListener("error", () => fail(form));
  request.send(new FormData(form, button));
}

/** @type {(form: HTMLFormElement) => void} */
function watch(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    for (const sentence of partsOf(form, "[data-upload-failed]")) sentence.hidden = true;
    showBusy(form, event.submitter);
    show(form, 0, "0 %");
    send(form, event.submitter);
  });
}

function watchAll() {
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form[data-upload]");
  forms.forEach(watch);
}

watchAll();
