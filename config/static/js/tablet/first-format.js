/* The first format of a model's table, with three scores that have their names in it, in the format of today. The same
   as profiles.engine.first_format on the server, as far as deriving goes; its words come along with the rules. */
/** @import { FirstTable, FullTable, Table } from "shapes/questions.d.ts" */

/** @type {(table: Table) => FullTable} */
export function inFull(table) {
  if (table.dimensions) return table;
  const { thresholds, technical, questions } = table;
  /** @type {(...starts: number[]) => { first: number }[]} */
  const levels = (...starts) => [0, ...starts].map((first) => ({ first }));
  return {
    ...table,
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
  const needs = [0, numbering.medium_need, numbering.high_need];
  const loads = [0, numbering.raised_burden];
  const all = [numbering.reduced_capacity, numbering.strong_capacity].flatMap((first, strong) =>
    loads.flatMap((load, burdened) =>
      needs.map((more, need) => ({ number: first + load + more, levels: [strong, burdened, need] }))
    )
  );
  return profiles.map((each) => ({ levels: [], ...each, ...all.find(({ number }) => number === each.number) }));
}
