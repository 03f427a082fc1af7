/* Sideways over the page with one finger; calls `moved(1)` to go on and `moved(-1)` to go back. */
const FAR = 90;

/** @type {(moved: (way: number) => void) => void} */
export function listenForSwipes(moved) {
  /** @type {Touch | null} */
  let begun = null;
  document.addEventListener("touchstart", ({ touches }) => (begun = touches.length === 1 ? touches[0] : null), {
    passive: true,
  });
  document.addEventListener("touchend", ({ changedTouches: [end] }) => {
    const [x, y] = begun ? [begun.clientX - end.clientX, begun.clientY - end.clientY] : [0, 0];
    begun = null;
    if ((window.visualViewport?.scale ?? 1) > 1) return; // enlarged: a finger moves the page about
    if (Math.abs(x) > FAR && Math.abs(x) > 2 * Math.abs(y)) moved(Math.sign(x));
  });
}
