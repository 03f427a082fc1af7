/* The server, as a tablet sees it. Every outcome has a kind:
     ok        ours, and about what was sent
     login     somebody has to log in, as the nurse whose work it is
     conflict  it clashes with what is stored, which comes along
     refused   it can never be taken in like this
     retry     something is wrong that may pass: the server, or something between that answers in its place
     offline   no answer at all */
const PATIENCE = 20_000;
const PASSING = new Set([408, 425, 429]);

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export class Server {
  #base;

  constructor(base = "/tablet/") {
    this.#base = base;
  }

  /* Outcome with `body`. Only an answer that repeats id and hash counts: anything on the way may say 200. */
  put(payload) {
    return this.#ask("PUT", `anamneses/${payload.id}/`, payload, (body) => body.id === payload.id && body.hash === payload.hash);
  }

  remove({ id, nurse, organisation }) {
    return this.#ask("DELETE", `anamneses/${id}/`, { nurse, organisation }, (body) => body.id === id && body.status === "discarded");
  }

  package() {
    return this.#ask("GET", "pakket/", null, (body) => Array.isArray(body.clients));
  }

  newKeys() {
    return this.#ask("POST", "sleutels/", {}, (body) => Boolean(body.nonce && body.device && body.recovery));
  }

  recovery(nonce, password) {
    return this.#ask("POST", `sleutels/${nonce}/`, { password }, (body) => Boolean(body.recovery));
  }

  /* How this tablet is. */
  report(device, state) {
    return this.#ask("PUT", `toestellen/${device}/`, state, Boolean);
  }

  /* Whether nobody is logged in any more: anything on the way may say so, so the server is asked. */
  async logOut() {
    const { kind } = await this.#ask("POST", "../uitloggen/", null, Boolean);
    return kind !== "offline" && (await this.package()).kind === "login";
  }

  async #ask(method, path, sent, isOurs) {
    const asked = Date.now();
    let answer;
    try {
      answer = await fetch(this.#base + path, {
        method,
        body: sent && JSON.stringify(sent),
        headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken"), "X-Requested-With": "fetch" },
        credentials: "same-origin",
        cache: "no-store",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      return { kind: "offline", body: {} };
    }
    const body = (await answer.json().catch(() => null)) ?? {};
    const clock = Date.parse(answer.headers.get("Date")) - (asked + Date.now()) / 2;
    return { kind: kindOf(answer, body, isOurs), body, status: answer.status, clock: Number.isNaN(clock) ? null : clock };
  }
}

function kindOf(answer, body, isOurs) {
  const { status } = answer;
  if (answer.ok) return isOurs(body) ? "ok" : "retry";
  if (!body.error || PASSING.has(status) || status >= 500 || body.error === "damaged") return "retry";
  if (status === 401 || body.error === "csrf") return "login";
  if (status === 409) return body.stored ? "conflict" : "retry";
  return "refused";
}
