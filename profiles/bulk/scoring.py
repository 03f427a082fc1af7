"""Scoring one row of answers for bulk derivation, and remembering what rows have shown.

There is one set of rules: the instrument's checks and the engine. The whole way costs twenty times a look-up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Final

from django.utils.translation import gettext as _

from profiles.engine import Derivation, Model, ProfileKind, derive
from questionnaires.anamneses.problem_texts import file_sentence
from questionnaires.instruments.definition import Instrument, Question, check, from_cells, stored

INVALID: Final = "ongeldig"
#: Far above the halves that exist in one spelling; odd spellings must not fill the memory.
_REMEMBERED: Final = 60_000

#: Points by dimension, in the order of the model.
Points = tuple[int, ...]


@dataclass(frozen=True)
class ScoringRules:
    """An instrument and the model that scores it."""

    instrument: Instrument
    model: Model

    @property
    def header(self) -> list[str]:
        """The columns of a file of answers."""
        return ["id", *(question.id for question in self.instrument.questions)]

    @property
    def header_out(self) -> str:
        """The first line of a file of profiles."""
        columns = (dimension.column for dimension in self.model.dimensions)
        return ";".join(("id", "soort", "code", *columns, "model", "fout")) + "\n"

    @cached_property
    def head(self) -> int:
        """How many questions the first half of a row has; 0 where a row has no halves.

        In the first half each answer is one character. After the gates no question of one half decides
        whether a question of the other half applies, so that a half is known by its points. Of the places
        where a row can be parted, the one that leaves the fewest different halves.
        """
        questions = self.instrument.questions
        places = [place for place in range(len(self.model.gates), len(questions)) if self._parts(place)]
        return min(places, key=lambda place: _halves(questions, place), default=0)

    def _parts(self, place: int) -> bool:
        first, second = self.instrument.questions[:place], self.instrument.questions[place:]
        gates = {gate.question for gate in self.model.gates}
        there = {question.id for question in first}
        asked = {condition.question for question in second for condition in question.asked_when}
        is_short = all(not each.is_multiple and all(len(code) == 1 for code in each.codes) for each in first)
        return is_short and there >= gates and not asked & (there - gates)


def _halves(questions: Sequence[Question], place: int) -> int:
    """How many different halves there are, when a row is parted at a place."""
    counts = [2 ** len(each.options) if each.is_multiple else len(each.options) for each in questions]
    return prod(counts[:place]) + prod(counts[place:])


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """What follows the id in the output, and why the row is invalid (empty when it is not)."""

    suffix: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScoringMemory:
    """What earlier rows have shown.

    The model adds up points per dimension. So once a half of a row has passed all the rules in some row, it
    is known by its points: `heads` leads from the text of the first half by the points of the second (found
    in `tails`) to what follows the id. Rows of another kind are remembered whole.
    """

    rules: ScoringRules
    width: int
    heads: dict[str, dict[Points | None, str]] = field(default_factory=dict)
    tails: dict[str, Points] = field(default_factory=dict)
    shared: dict[Points, dict[Points | None, str]] = field(default_factory=dict)
    others: dict[str, ScoredRow] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: ScoringRules) -> "ScoringMemory":
        """Return an empty memory; `width` is the length of a first half, with its semicolons."""
        return cls(rules, 2 * rules.head)

    def score(self, cells: Sequence[str]) -> ScoredRow:
        """What is known of these cells, or else the whole way, remembering what it shows."""
        answers = ";".join(cells)
        if answers.count(";") >= len(cells):
            # A quoted semicolon: joined, this row could pass for another.
            return self._whole_way(cells)[0]
        by_tail = self.heads.get(answers[: self.width])
        suffix = by_tail and by_tail.get(self.tails.get(f"{answers[self.width :]}\n"))
        if suffix:
            return ScoredRow(suffix)
        return self.others.get(answers) or self._learn(cells, answers)

    def _learn(self, cells: Sequence[str], answers: str) -> ScoredRow:
        scored, derivation = self._whole_way(cells)
        is_plain = self.width > 0 and answers[1 : self.width : 2] == ";" * self.rules.head
        if derivation is not None and derivation.kind is ProfileKind.SCORED and is_plain:
            if max(len(self.tails), len(self.heads)) < _REMEMBERED:
                self._remember(answers, derivation, scored.suffix)
        elif len(self.others) < _REMEMBERED:
            self.others[answers] = scored
        return scored

    def _remember(self, answers: str, derivation: Derivation, suffix: str) -> None:
        first = frozenset(question.id for question in self.rules.instrument.questions[: self.rules.head])
        head_points = self._points(derivation, lambda question: question in first)
        tail_points = self._points(derivation, lambda question: question not in first)
        by_tail = self.shared.setdefault(head_points, {})
        by_tail[tail_points] = suffix
        self.heads[answers[: self.width]] = by_tail
        # With the line ends that the fast path leaves on.
        tail = answers[self.width :]
        self.tails[f"{tail}\n"] = self.tails[f"{tail}\r\n"] = tail_points

    def _points(self, derivation: Derivation, belongs: Callable[[str], bool]) -> Points:
        totals = dict.fromkeys((dimension.id for dimension in self.rules.model.dimensions), 0)
        for contribution in derivation.contributions:
            if belongs(contribution.question):
                totals[contribution.dimension] += contribution.points
        return tuple(totals.values())

    def _whole_way(self, cells: Sequence[str]) -> tuple[ScoredRow, Derivation | None]:
        """Read, check against the instrument, derive. No derivation when invalid."""
        instrument = self.rules.instrument
        if len(cells) != len(instrument.questions):
            return self._invalid(_wrong_width(len(cells) + 1, len(instrument.questions) + 1)), None
        answers = from_cells(instrument, cells)
        if problems := check(instrument, answers, complete=True):
            reasons = (file_sentence(instrument, problem) for problem in problems)
            return self._invalid(" | ".join(reasons)), None
        derivation = derive(stored(instrument, answers), self.rules.model)
        return ScoredRow(self._suffix(derivation)), derivation

    def _suffix(self, derivation: Derivation) -> str:
        scores = derivation.scores or ("",) * len(self.rules.model.dimensions)
        written = ";".join(str(score) for score in scores)
        return f";{derivation.kind};{derivation.code};{written};{derivation.model_version};\n"

    def _invalid(self, reason: str) -> ScoredRow:
        empty = ";" * (len(self.rules.model.dimensions) + 1)
        return ScoredRow(f";{INVALID};{empty}{self.rules.model.version};{quoted(reason)}\n", reason)


def quoted(text: str) -> str:
    """Minimal quoting, for every character that would break the row."""
    if any(mark in text for mark in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _wrong_width(found: int, expected: int) -> str:
    msg = _("De regel heeft %(found)d velden en moet er %(expected)d hebben.")
    return msg % {"found": found, "expected": expected}


NOTHING: Final[Mapping[Points | None, str]] = {}
