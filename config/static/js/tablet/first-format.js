/* The first format of a model's table, with three scores that have their names in it, in the format of today. The same
   as profiles.engine.first_format on the server, as far as deriving goes; its words come along with the rules. */
/** @import { FirstTable, FullTable, Table } from "shapes/questions.d.ts" */

/** @type {(table: Table) => FullTable} */
export function inFull(table) {
  if (table.dimensions) return table;
  const { version, exceptions, gates, thresholds, technical, questions } = table;
  /** @type {(...starts: number[]) => { first: number }[]} */
  const levels = (...starts) => [0, ...starts].map((first) => ({ first }));
  return {
    version,
    exceptions,
    gates,
    dimensions: [
      { id: "capacity", counts_down_from: table.full_capacity, levels: levels(thresholds.strong_capacity_from) },
      { id: "burden", levels: levels(thresholds.raised_burden_from) },
      { id: "support_need", levels: levels(thresholds.medium_need_from, thresholds.high_need_from) },
    ],
    questions: [...questions, { ...technical, several: true }],
    profiles: profilesOf(table),
  };
}

/* The profile number is added up from the levels. */
/** @type {(table: FirstTable) => FullTable["profiles"]} */
function profilesOf({ numbering, profiles }) {
  const added = [0, numbering.medium_need, numbering.high_need];
  const firsts = [numbering.reduced_capacity, numbering.strong_capacity];
  /** @type {Map<number, number[]>} */
  const byNumber = new Map();
  for (const [strong, first] of firsts.entries()) {
    for (const burdened of [0, 1]) {
      for (const [need, more] of added.entries()) {
        byNumber.set(first + burdened * numbering.raised_burden + more, [strong, burdened, need]);
      }
    }
  }
  return profiles.map(({ code, label, number }) => ({ code, label, levels: byNumber.get(number) ?? [] }));
}
