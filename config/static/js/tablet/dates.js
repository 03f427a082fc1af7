/* On which days an anamnese can be dated, as the server's questionnaires/schema/dates.py: the name of what is wrong, or null.
   `spells` are the periods of care, half-open; one without an end goes on. Days are YYYY-MM-DD. */
/** @import { Day, Spell } from "shapes/tablet.d.ts" */
/** @type {(spells: Spell[], day: Day, today: Day) => string | null} */
export function dateProblem(spells, day, today) {
  if (day > today) return "future";
  if (spells.some(({ from, until }) => from <= day && (until === null || day < until))) return null;
  const later = spells.filter(({ from }) => day < from).length;
  if (later === spells.length) return "before_care";
  return later ? "between" : "after_care";
}
