/* Keeps the tablet's page, in every language, and its files, so that it opens without connection. It answers GET
   requests for its own list and nothing else: what is sent, and all data, goes past it untouched. A new version waits
   until the nurse asks for it. What it keeps (BUNDLE: version, pages, files) the server writes before this. */
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const NAME = "draagvlak-";
const { version: VERSION, pages: PAGES, files: FILES } = BUNDLE;
const kept = new Set([...PAGES, ...FILES]);

const open = () => caches.open(NAME + VERSION);

worker.addEventListener("install", (event) => {
  const asked = [...PAGES.map((page) => new Request(page, { cache: "no-cache" })), ...FILES];
  event.waitUntil(open().then((cache) => cache.addAll(asked)));
});

async function removeOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(NAME) && name !== NAME + VERSION);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

worker.addEventListener("activate", (event) => event.waitUntil(removeOld()));

/** @type {(request: Request, name: string) => Promise<Response>} */
async function answer(request, name) {
  const cache = await open();
  return (await cache.match(name)) ?? fetch(request);
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (kept.has(pathname)) event.respondWith(answer(request, pathname));
});

worker.addEventListener("message", ({ data }) => data === "take-over" && worker.skipWaiting());
