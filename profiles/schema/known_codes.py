"""What models say of their codes: the word that people use, the colours, and why a code asks for a new look.

By code alone, as pages have no more: a code means the same in every model that has it (loading sees to that),
and has the colours of the first one. What a process has not met yet is read from the loaded versions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from profiles.engine import Model, build, shipped
from profiles.schema.models import ModelVersion

#: The families and the depths that there are colours for; further ones begin again.
FAMILIES, DEPTHS, PATTERNS = 4, 3, 4


@dataclass(frozen=True, slots=True)
class KnownCode:
    """`word` is empty where a code is said as it is written, `why_asked` where it asks for nothing."""

    tone: str
    word: str = ""
    why_asked: str = ""


_UNKNOWN: Final = KnownCode(tone="")


def code_word(code: str) -> str:
    """A code as people say it: its number without zeros, or the word that its model has for it."""
    family, _dash, number = code.partition("-")
    if number.isdigit():
        return f"{family} {int(number)}"
    word = _find(code).word
    return gettext(word) if word else code


def tone_of(code: str) -> str:
    """The CSS class that gives an element the colours of a code; none for one that no model has."""
    return _find(code).tone


def why_asked(code: str) -> str:
    """Why a code asks for a new look, in the language of now; empty where its model does not say."""
    why = _find(code).why_asked
    return gettext(why) if why else ""


def families_of(model: Model) -> dict[tuple[int, ...], dict[int, str]]:
    """The codes of a model by family (the levels of all dimensions but the last), and by the last level."""
    found: dict[tuple[int, ...], dict[int, str]] = {}
    for levels, code in model.codes.items():
        found.setdefault(levels[:-1], {})[levels[-1]] = code
    return found


def _find(code: str) -> KnownCode:
    if code not in _known:
        for row in ModelVersion.objects.exclude(ruleset_hash__in=_met).order_by("pk"):
            _learn(build(row.table))
    return _known.get(code, _UNKNOWN)


def _learn(model: Model) -> None:
    _met.add(model.ruleset_hash)
    _known.update({code: known for code, known in _codes_of(model) if code not in _known})


def _codes_of(model: Model) -> Iterator[tuple[str, KnownCode]]:
    deepest = len(model.dimensions[-1].levels) - 1
    for family, codes in enumerate(families_of(model).values()):
        for level, code in codes.items():
            depth = round(level * (DEPTHS - 1) / deepest) if deepest else DEPTHS - 1
            yield code, KnownCode(f"tone-{family % FAMILIES + 1}-{depth + 1}")
    for position, (code, terms) in enumerate(model.exceptions.items()):
        yield code, KnownCode(f"exception-{position % PATTERNS + 1}", terms.word, terms.asks_why)


_known: dict[str, KnownCode] = {}
_met: set[str] = set()
_learn(shipped())
