/* What is wrong with how a page lies on the screen, as sentences. A word that is broken into letters, text beyond its
   control, two things on one place, a bar that leaves no room, and what cannot be scrolled into view. */
(() => {
  /** @typedef {{ node: Node, parent: Element, lines: DOMRect[] }} Piece */
  /** @typedef {{ of: Element, left: number, right: number, top: number, bottom: number, pinned: Element | null }} Box */
  const CONTROLS = "a, button, summary, input:not([type=hidden]), select, textarea, progress";
  const LONG_WORD = 16; // letters: only longer ones may be broken, in two
  const MOST_OF_SCREEN = 0.4; // what stays in place while the page scrolls
  /** @type {string[]} */
  const found = [];
  /** @type {(each: Element) => string} */
  const name = (each) =>
    `${each.tagName.toLowerCase()}.${each.getAttribute("class")} “${
      each.textContent.trim().replace(/\s+/g, " ").slice(0, 40)
    }”`;
  /** @type {(each: Element) => boolean} */
  const isThere = (each) =>
    each.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  /** @type {(each: Element | null) => boolean} */
  const isForEars = (each) =>
    each !== null && (getComputedStyle(each).clipPath === "inset(50%)" || isForEars(each.parentElement));
  /** @type {(each: Element) => boolean} */
  const isSeen = (each) => isThere(each) && !each.closest(".skip") && !isForEars(each);
  /** @type {(rect: DOMRect) => boolean} */
  const size = (rect) => rect.width > 1 && rect.height > 1;

  /** @type {(each: Element) => Element | null} */
  function pinnedOf(each) {
    for (let part = /** @type {Element | null} */ (each); part && part !== document.body; part = part.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(part).position)) return part;
    }
    return null;
  }

  /* Every visible piece of text: its words with the lines that each takes, and the boxes of its lines. */
  function texts() {
    /** @type {Piece[]} */
    const all = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (
        !parent || !node.nodeValue?.trim() || parent.closest("svg, script, style, option, title") || !isSeen(parent)
      ) continue;
      range.selectNodeContents(node);
      const lines = [...range.getClientRects()].filter(size);
      if (lines.length) all.push({ node, parent, lines });
    }
    return all;
  }

  /** @type {(rects: Iterable<DOMRect>) => number} */
  const rowsOf = (rects) => new Set([...rects].filter(size).map(({ top }) => Math.round(top))).size;

  /** @type {(piece: Piece) => void} */
  function checkWords({ node, parent, lines }) {
    if (lines.length < 2) return;
    const range = document.createRange();
    for (const { 0: word, index } of (node.nodeValue ?? "").matchAll(/[^\s\u00AD\u200B-]+/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const rows = rowsOf(range.getClientRects());
      if (rows > 2 || (rows === 2 && word.length <= LONG_WORD)) found.push(`broken: “${word}” in ${name(parent)}`);
    }
  }

  /** @type {(piece: Piece) => void} */
  function checkClipped({ parent, lines }) {
    const control = parent.closest(`${CONTROLS}, .profile, .chip`);
    if (!control || getComputedStyle(control).display === "inline") return;
    const box = control.getBoundingClientRect();
    /** @type {(line: DOMRect) => boolean} */
    const isOut = (line) =>
      line.left < box.left - 1 || line.right > box.right + 1 || line.top < box.top - 6 || line.bottom > box.bottom + 6;
    if (lines.some(isOut)) found.push(`beyond its control: ${name(control)}`);
  }

  /* Boxes that nothing else may stand on. Of a line only the middle: letters of two lines may lean over each other's edge. */
  /** @type {(pieces: Piece[]) => Box[]} */
  function boxes(pieces) {
    /** @type {Omit<Box, "pinned">[]} */
    const all = pieces.flatMap(({ parent, lines }) =>
      lines.map(({ left, right, top, bottom }) => {
        const edge = (bottom - top) * 0.22;
        return { of: parent, left: left + 1, right: right - 1, top: top + edge, bottom: bottom - edge };
      })
    );
    for (const each of document.querySelectorAll(CONTROLS)) {
      if (
        !isSeen(each) || each.matches(".option-input, .form-check-input") || getComputedStyle(each).display === "inline"
      ) continue;
      const { left, right, top, bottom } = each.getBoundingClientRect();
      if (right - left > 4 && bottom - top > 4) {
        all.push({ of: each, left: left + 2, right: right - 2, top: top + 2, bottom: bottom - 2 });
      }
    }
    return all.map((box) => ({ ...box, pinned: pinnedOf(box.of) })).sort((one, other) => one.top - other.top);
  }

  /** @type {(one: Element, other: Element) => boolean} */
  const isOne = (one, other) =>
    one === other || one.contains(other) || other.contains(one) ||
    Boolean(one.closest("label") && one.closest("label") === other.closest("label"));

  /** @type {(all: Box[]) => void} */
  function checkOverlap(all) {
    for (const [at, one] of all.entries()) {
      for (let next = at + 1; next < all.length && all[next].top < one.bottom; next += 1) {
        const other = all[next];
        if (one.pinned !== other.pinned || isOne(one.of, other.of)) continue;
        if (one.left < other.right && other.left < one.right) {
          found.push(`on one place: ${name(one.of)} and ${name(other.of)}`);
        }
      }
    }
  }

  /* What stays in place takes part of the screen only, and what has the focus is kept from under it. */
  /** @type {(all: Box[]) => void} */
  function checkPinned(all) {
    const held = /** @type {Element[]} */ (all.map((box) => box.pinned).filter(Boolean));
    const pinned = [...new Set(held)].filter((each) => !each.parentElement?.closest("table"));
    const height = pinned.reduce((sum, each) => sum + each.getBoundingClientRect().height, 0);
    if (height > window.innerHeight * MOST_OF_SCREEN) {
      found.push(`${Math.round(height)} of ${window.innerHeight} px stay in place: ${pinned.map(name)}`);
    }
    const below = pinned.filter((each) => getComputedStyle(each).bottom === "0px").map((each) =>
      each.getBoundingClientRect().height
    );
    const room = parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom) || 0;
    if (Math.max(0, ...below) > room) {
      found.push(`a bar of ${Math.round(Math.max(...below))} px, and room for the focus of ${room}`);
    }
  }

  /* At the end of the page all content stands above the bar. */
  function checkEnd() {
    window.scrollTo(0, document.documentElement.scrollHeight);
    const bar = document.querySelector("#onder, .bottom-bar")?.getBoundingClientRect();
    const last = [...document.querySelectorAll("main.sheet > *, #inhoud > *")].filter(isSeen).at(-1)
      ?.getBoundingClientRect();
    if (bar?.height && last && last.bottom > bar.top + 1) {
      found.push(`never in view: ${Math.round(last.bottom - bar.top)} px under the bar`);
    }
    window.scrollTo(0, 0);
  }

  /* What is tapped with a thumb. */
  function checkTargets() {
    for (const each of document.querySelectorAll(".change, .keypad button, .bottom-bar .btn, .options summary")) {
      if (isSeen(each) && each.getBoundingClientRect().height < 44) found.push(`a small target: ${name(each)}`);
    }
  }

  const most = window.innerWidth;
  if (document.documentElement.scrollWidth > most) {
    /** @type {(each: Element) => boolean} */
    const isOut = (each) => each.getBoundingClientRect().right > most + 1 && !each.closest(".scroll");
    found.push(
      ...[...document.querySelectorAll("body *")].filter(isOut).slice(0, 6).map((each) => `sideways: ${name(each)}`),
    );
  }
  window.scrollTo(0, 0);
  const pieces = texts();
  pieces.forEach(checkWords);
  pieces.forEach(checkClipped);
  const all = boxes(pieces);
  checkOverlap(all);
  checkPinned(all);
  checkTargets();
  checkEnd();
  return found.slice(0, 12);
})();
