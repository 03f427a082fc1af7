/* The language of the screens: that of her account, without connection too. The page is kept in each language; its texts
   are taken over into the one at hand, as loading another would ask for the PIN again. */
/** @type {Record<string, string>} */
const PAGES = { nl: "/tablet/", en: "/tablet/en/" };
/** @type {Record<string, string>} */
const LOCALES = { en: "en-GB" };
const NAME = "draagvlak-language";
const page = document.documentElement;

/* The language in which this tablet was last used: for the door, behind which nobody is known yet. */
export const lastSpoken = () => localStorage.getItem(NAME) ?? page.lang;

/* The language with its country, for dates and hours. */
export const locale = () => LOCALES[page.lang] ?? page.lang;

/* Speak a language from here on; returns whether that is another one. What is on the screen is for the caller to draw. */
/** @type {(language: string | undefined) => Promise<boolean>} */
export async function speak(language) {
  if (!language || !PAGES[language] || language === page.lang) return false;
  const other = await fetched(PAGES[language]);
  // With another version of the app come other templates.
  if (!other || other.documentElement.dataset.version !== page.dataset.version) return false;
  for (const template of other.querySelectorAll("template")) {
    document.getElementById(template.id)?.replaceWith(template);
  }
  each("data-text", other, (here, there) => here.replaceChildren(...there.childNodes));
  each("data-named", other, (here, there) => here.setAttribute("aria-label", there.getAttribute("aria-label") ?? ""));
  page.lang = language;
  localStorage.setItem(NAME, language);
  return true;
}

/** @type {(address: string) => Promise<Document | null>} */
async function fetched(address) {
  const answer = await fetch(address).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

/** @type {(mark: string, other: Document, work: (here: Element, there: Element) => void) => void} */
function each(mark, other, work) {
  const there = other.querySelectorAll(`[${mark}]`);
  document.querySelectorAll(`[${mark}]`).forEach((here, index) => work(here, there[index]));
}
