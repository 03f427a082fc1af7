/* The balance and the rulers of scores: the same drawing as profiles/explanation/charts.py, from a model's words. A scale is
   { name, maximum, stretches: [{ first, last, word }] }. */
/** @import { Say } from "shapes/pages.d.ts" */
/** @import { Scale, ScaledScore } from "shapes/questions.d.ts" */
const SVG = "http://www.w3.org/2000/svg";
const [PIVOT_X, PIVOT_Y, ARM, FURTHEST_TILT, POST] = [300, 222, 150, 12, 35];
const [WIDTH, HEIGHT, GAP] = [92, 105, 2];
const BAND = { x: 50, y: 318, width: 500, height: 28 };
const ROOMY = 8;

/** @type {(scale: Scale, score: number) => string} */
export const wordAt = (scale, score) =>
  scale.stretches.find(({ first, last }) => first <= score && score <= last)?.word ?? "";
/** @type {(scale: Scale) => number[]} */
const starts = ({ stretches }) => stretches.slice(1).map(({ first }) => first);
/** @type {(scale: Scale) => number[]} */
const points = ({ maximum }) => Array.from({ length: maximum + 1 }, (_none, point) => point);
/** @type {(stretch: { first: number, last: number }) => number} */
const middle = ({ first, last }) => (first + last + 1) / 2;

/** @type {(name: string, attributes: Record<string, string | number>, text?: string) => Element} */
function draw(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, typeof value === "number" ? value.toFixed(1) : value);
  }
  made.textContent = text;
  return made;
}

/** @type {(css: string, x: string | number, y: string | number, content: string, shift?: Record<string, string>) => Element} */
const text = (css, x, y, content, shift = {}) => draw("text", { class: css, x, y, ...shift }, content);

/* Fills an svg element that has the fixed parts in it: a score on each pan and one below; `say` makes short texts. */
/** @type {(svg: Element, on: Record<string, ScaledScore>, say: Say) => number} */
export function drawBalance(svg, { left, right, below }, say) {
  const degrees = (right.score / right.maximum - left.score / left.maximum) * FURTHEST_TILT;
  const beam = draw("path", {
    class: "balance-frame",
    d: `M${PIVOT_X - ARM} ${PIVOT_Y}H${PIVOT_X + ARM}`,
    transform: `rotate(${degrees.toFixed(1)} ${PIVOT_X} ${PIVOT_Y})`,
  });
  svg.append(
    beam,
    ...pan(left, -ARM, degrees, say),
    ...pan(right, ARM, degrees, say),
    draw("circle", { class: "balance-hub", cx: PIVOT_X, cy: PIVOT_Y, r: "9" }),
    ...band(below),
  );
  return degrees;
}

/** @type {(scale: ScaledScore, arm: number, degrees: number, say: Say) => Element[]} */
function pan(scale, arm, degrees, say) {
  const { score, hue } = scale;
  const turn = (degrees * Math.PI) / 180;
  const x = Math.round(PIVOT_X + arm * Math.cos(turn));
  const beamY = PIVOT_Y + arm * Math.sin(turn);
  const plate = beamY - POST;
  const height = HEIGHT / scale.maximum;
  const left = x - WIDTH / 2;
  const [start] = starts(scale);
  const limit = plate - height * start - GAP / 2;
  const [side, anchor, shift] = arm < 0 ? [left, "end", -16] : [left + WIDTH, "start", 16];
  const blocks = points(scale).slice(1).map((point) =>
    draw("rect", {
      class: point <= score ? `balance-${hue}` : "balance-gone",
      x: left,
      y: plate - height * point,
      width: WIDTH,
      height: height - GAP,
      rx: "2",
    })
  );
  return [
    draw("path", { class: "balance-frame", d: `M${x} ${beamY.toFixed(1)}V${(plate + 6).toFixed(1)}` }),
    draw("path", {
      class: "balance-body",
      transform: `translate(${x} ${plate.toFixed(1)})`,
      d: "M-70 0H70a3 3 0 0 1 3 4C70 11 63 15 55 15H-55C-63 15-70 11-73 4a3 3 0 0 1 3-4z",
    }),
    ...blocks,
    draw("path", { class: "balance-threshold", d: `M${left.toFixed(1)} ${limit.toFixed(1)}m-12 0h116` }),
    text(`balance-name balance-${hue}`, x, plate - HEIGHT - 34, scale.name),
    text("", x, plate - HEIGHT - 12, say("of", { score, maximum: scale.maximum })),
    text(`balance-small balance-${anchor}`, side, limit, scale.limit, { dx: `${shift}`, dy: "-3" }),
    text(`balance-small balance-${anchor}`, side, limit, say("from", { start }), { dx: `${shift}`, dy: "14" }),
  ];
}

/** @type {(scale: ScaledScore) => Element[]} */
function band(scale) {
  const { score, hue } = scale;
  /** @type {(point: number) => number} */
  const at = (point) => BAND.x + (BAND.width * point) / (scale.maximum + 1);
  const size = { y: BAND.y, width: BAND.width / (scale.maximum + 1), height: BAND.height };
  return [
    ...points(scale).map((point) =>
      draw("rect", { class: point === score ? "balance-band-now" : "balance-band", x: at(point), ...size })
    ),
    ...starts(scale).map((start) =>
      draw("path", { class: "balance-threshold", d: `M${at(start).toFixed(1)} 312V354` })
    ),
    text("balance-here", at(score + 0.5), 338, `${score}`),
    ...scale.stretches.map((stretch) => text("balance-small", at(middle(stretch)), 368, stretch.word)),
    text(`balance-name balance-${hue}`, 300, 394, scale.name),
  ];
}

/* Fills the svg of a score's ruler, as a share of whatever width it gets. */
/** @type {(svg: Element, scale: Scale, score: number) => void} */
export function drawRuler(svg, scale, score) {
  /** @type {(point: number) => string} */
  const share = (point) => `${((100 * point) / (scale.maximum + 1)).toFixed(3)}%`;
  const named = new Set([0, score, scale.maximum, ...starts(scale)]);
  for (const point of points(scale)) {
    const state = point === score ? " scale-now" : point < score ? " scale-past" : "";
    svg.append(draw("rect", { class: `scale-cell${state}`, x: share(point), y: "4", width: share(1), height: "30" }));
    const number = scale.maximum < ROOMY || named.has(point) ? `${point}` : "";
    svg.append(text(point === score ? "scale-here" : "", share(point + 0.5), "24", number));
  }
  for (const start of starts(scale)) {
    svg.append(draw("line", { class: "scale-threshold", x1: share(start), x2: share(start), y1: "0", y2: "44" }));
  }
  for (const stretch of scale.stretches) {
    const isEnd = stretch.first === stretch.last && stretch.last === scale.maximum;
    svg.append(text(isEnd ? "scale-end" : "", isEnd ? "100%" : share(middle(stretch)), "56", stretch.word));
  }
}
