/* A new version is fetched beside the one in use, and taken only when she says so: then the page is loaded again. */
/** @type {(offer: (take: () => void) => void) => Promise<void>} */
export async function offerUpdates(offer) {
  const { serviceWorker } = navigator;
  let isAsked = false;
  serviceWorker.addEventListener("controllerchange", () => isAsked && location.reload());
  /** @type {(worker: ServiceWorker) => () => void} */
  const take = (worker) => () => {
    isAsked = true;
    worker.postMessage("take-over");
  };
  try {
    const registration = await serviceWorker.register("/sw.js");
    const look = () => registration.waiting && registration.active && offer(take(registration.waiting));
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
    look();
    document.addEventListener("visibilitychange", () => document.hidden || registration.update().catch(() => {}));
  } catch {
    // Without connection at the very first visit: the next one registers it.
  }
}
