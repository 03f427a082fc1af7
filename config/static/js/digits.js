/* A number is pasted as it stands elsewhere: the blanks and dots in it go, every digit stays. */
document.addEventListener("input", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  if (!target.matches("[data-digits]") || !/[\s.]/.test(target.value)) return;
  target.value = target.value.replace(/[\s.]/g, "");
});
