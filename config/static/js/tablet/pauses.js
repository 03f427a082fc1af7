/* How long to wait before the server is asked again; pure. Milliseconds. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;

/* Half to one and a half times: tablets that lost the server together do not come back together. */
/** @type {(failures: number, random?: () => number) => number} */
export function pauseAfter(failures, random = Math.random) {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures, 20)) * (0.5 + random());
}

/* How long a busy server asks to wait (Retry-After of RFC 9110: seconds, or a moment), else 0. Never sooner than that,
   at most twice as long, for the same reason. */
/** @type {(answer: Pick<Response, "status" | "headers">, random?: () => number) => number} */
export function pauseOf({ status, headers }, random = Math.random) {
  const told = headers.get("Retry-After");
  if (!told || (status !== 503 && status !== 429)) return 0;
  const moment = Date.parse(told) - (Date.parse(headers.get("Date") ?? "") || Date.now());
  const pause = /^\d+$/.test(told.trim()) ? Number(told) * 1_000 : moment;
  return pause > 0 ? Math.min(LONGEST_PAUSE, pause) * (1 + random()) : 0;
}
