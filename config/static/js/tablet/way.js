/* Where a nurse lands after the log-in, read by the server: in the tablet's app on a device that is tapped and can keep
   her work, or where she chose to go. */
/** @type {(way: string) => void} */
const keep = (way) => {
  document.cookie = `way=${way}; path=/; max-age=31536000; samesite=lax${
    location.protocol === "https:" ? "; secure" : ""
  }`;
};

const canKeepWork = window.isSecureContext && navigator.serviceWorker && navigator.locks;
const isTapped = () => matchMedia("(pointer: coarse)").matches;
if (canKeepWork && !/\bway=/.test(document.cookie) && isTapped()) keep("tablet");

document.addEventListener("click", (event) => {
  const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.("[data-way]"));
  if (link?.dataset.way) keep(link.dataset.way);
});
