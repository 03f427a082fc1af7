/* Keeps a part of the page up to date while work goes on in the background:
   <div data-refresh-url="/…/voortgang/" data-refresh-seconds="2" aria-live="polite">…</div>
   The address answers with the HTML of the inside. It ends the watching with the header `X-Draagvlak-Done: 1`,
   or by answering 204 (nothing more to say). With data-refresh-then="renew" the whole page is then brought up to date
   in its place; where that fails it is loaded once more. With data-refresh-then="reload" that is done at once, for an
   address that then leads on to another page.
   Nothing is replaced while it is the same; the focus stays where it was; a hidden page does not ask. */
const LONGEST_PAUSE = 30_000;
const shown = new WeakMap();

/** @type {(part: HTMLElement, html: string) => void} */
function replace(part, html) {
  if (shown.get(part) === html) return;
  const focused = part.contains(document.activeElement) ? document.activeElement?.id : "";
  const open = [...part.querySelectorAll("details[open][id]")].map((details) => details.id);
  part.innerHTML = html;
  shown.set(part, html);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** @type {(part: HTMLElement) => Promise<boolean>} */
async function ask(part) {
  const answer = await fetch(part.dataset.refreshUrl ?? "", {
    headers: { "X-Requested-With": "fetch" },
    credentials: "same-origin",
    redirect: "error",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  if (answer.status === 204) return true;
  replace(part, await answer.text());
  return answer.headers.get("X-Draagvlak-Done") === "1";
}

/* The reader stays where he is: same address, same place on the page, same focus as far as it is still there. */
async function renew() {
  const answer = await fetch(window.location.href, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const focused = document.activeElement?.id;
  if (!fresh) throw new Error("no page");
  document.querySelector("main")?.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  watchAll(fresh);
}

/** @type {(part: HTMLElement) => void} */
function finish(part) {
  part.dataset.refreshState = "done";
  const then = part.dataset.refreshThen;
  if (then === "renew") renew().catch(() => window.location.reload());
  if (then === "reload") window.location.reload();
}

/** @type {(part: HTMLElement) => void} */
function watch(part) {
  const pause = Number(part.dataset.refreshSeconds || 2) * 1000;
  let wait = pause;
  const later = () => window.setTimeout(look, wait);
  async function look() {
    if (!part.isConnected) return;
    if (document.hidden) {
      document.addEventListener("visibilitychange", look, { once: true });
      return;
    }
    try {
      if (await ask(part)) {
        finish(part);
        return;
      }
      wait = pause;
      part.dataset.refreshState = "live";
    } catch {
      wait = Math.min(wait * 2, LONGEST_PAUSE);
      part.dataset.refreshState = "waiting";
    }
    later();
  }
  later();
}

/** @type {(root: ParentNode) => void} */
function watchAll(root) {
  /** @type {NodeListOf<HTMLElement>} */
  const parts = root.querySelectorAll("[data-refresh-url]");
  parts.forEach(watch);
}

watchAll(document);
