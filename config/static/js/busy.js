/* A form that has been sent cannot be sent twice, and shows that it is working. The words stand on the button:
   <button type="submit" data-busy="Bezig met opslaan…">Opslaan</button>
   A form with data-repeat (a download) is left alone. Also: a page with errors puts the focus on their summary. */
/** @type {WeakSet<HTMLFormElement>} */
const sent = new WeakSet();

/** @type {(form: HTMLFormElement, button: HTMLElement | null) => void} */
export function showBusy(form, button) {
  form.setAttribute("aria-busy", "true");
  if (!button) return;
  button.dataset.words = button.textContent ?? "";
  button.classList.add("is-busy");
  if (button.dataset.busy) button.textContent = button.dataset.busy;
}

/** @type {(form: HTMLFormElement) => void} */
export function showReady(form) {
  sent.delete(form);
  form.removeAttribute("aria-busy");
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = document.querySelectorAll(".btn.is-busy");
  for (const button of buttons) {
    button.classList.remove("is-busy");
    button.textContent = button.dataset.words ?? "";
  }
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method === "dialog" || "repeat" in form.dataset) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  showBusy(form, event.submitter);
});

/* The browser's back button may bring the page back as it was left: busy. */
window.addEventListener("pageshow", (event) => {
  /** @type {NodeListOf<HTMLFormElement>} */
  const busy = document.querySelectorAll("form[aria-busy]");
  if (event.persisted) busy.forEach(showReady);
});

/** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();
