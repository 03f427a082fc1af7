"""Names of people: how they are stored, sought and sorted, whatever keyboard, device or language is used.

The tablet does the same in js/tablet/names.js; tests/care/name_vectors.json holds both to one rule.
"""

import unicodedata
from datetime import date

#: Letters that no accent can be taken from, what keyboards write in several ways, and what stands between.
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ĳ": "ij", "þ": "th", "ø": "o", "đ": "d", "ð": "d", "ħ": "h"}
_APOSTROPHES_AND_DOTS, _HYPHENS = "'’‘‛ʼʻ′´`＇.", "-‐‑‒–—/"
_ALIKE = str.maketrans(
    {"ł": "l", "ı": "i", "ς": "σ"}
    | _LETTERS
    | dict.fromkeys(_APOSTROPHES_AND_DOTS, "")
    | dict.fromkeys(_HYPHENS, " ")
)


def composed(text: str) -> str:
    """Return a text with each letter and its accents as one character (NFC), as names are stored."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Return a text as it is compared: in small letters, without accents, apostrophes, dots and hyphens."""
    bare = (each for each in unicodedata.normalize("NFD", text) if unicodedata.category(each)[0] != "M")
    return "".join(bare).lower().translate(_ALIKE)


def search_key(name: str, born: date) -> str:
    """Return what is looked in for the words of a search: a name, and a day of birth as people write it."""
    return folded(f"{name} {born:%d-%m-%Y}")
