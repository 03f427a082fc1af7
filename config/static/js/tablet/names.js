/* How names are sought; as care/names.py. Small letters by Unicode, not by the language of the device: there an I may
   become another letter. */
/** @type {Record<string, string>} */
const ALIKE = { ß: "ss", æ: "ae", œ: "oe", ĳ: "ij", þ: "th", ø: "o", đ: "d", ð: "d", ħ: "h", ł: "l", ı: "i", ς: "σ" };

/** @type {(text: string) => string} */
export function folded(text) {
  const small = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return small.replace(/['’‘‛ʼʻ′´\u0060＇.]/g, "").replace(/[-‐‑‒–—/]/g, " ").replace(
    /[ßæœĳþøđðħłıς]/g,
    (each) => ALIKE[each],
  );
}

/* What is looked in for the words of a search: a name, and a day of birth (YYYY-MM-DD) as people write it. */
/** @type {(name: string, born: string) => string} */
export const searchKey = (name, born) => folded(`${name} ${born.split("-").reverse().join("-")}`);
