"""What raters said of one question, or which profile followed, as tables that coefficients are made of."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from profiles.agreement.ratings import Rating
from profiles.bulk.scoring import ScoringRules
from questionnaires.instruments.definition import Question

PROFILE = "profiel"
#: What somebody chose: one code, or several where the question takes several.
Choice = tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """One question: its categories, seen or not, and by subject what each rater chose.

    Subjects with fewer than two ratings are left out. `is_ordered`: the order of the categories means
    something.
    """

    name: str
    categories: Sequence[Choice]
    is_ordered: bool
    by_subject: Sequence[dict[str, Choice]]

    @property
    def raters(self) -> set[str]:
        """Everybody who rated a subject that counts."""
        return set(chain.from_iterable(self.by_subject))

    def counts(self) -> NDArray[np.float64]:
        """Return how many raters chose each category: a row for each subject."""
        places = self._places()
        table = np.zeros((len(self.by_subject), len(self.categories)))
        for row, choices in enumerate(self.by_subject):
            for choice in choices.values():
                table[row, places[choice]] += 1
        return table

    def pairs(self) -> NDArray[np.int64]:
        """Return what the first and the second of two raters chose, by subject; of exactly two."""
        places, (first, second) = self._places(), sorted(self.raters)
        chosen = [(places[each[first]], places[each[second]]) for each in self.by_subject]
        return np.array(chosen, dtype=np.int64).reshape(-1, 2)

    def _places(self) -> dict[Choice, int]:
        return {choice: place for place, choice in enumerate(self.categories)}


def judged(ratings: Sequence[Rating], rules: ScoringRules) -> list[Judged]:
    """Return every question that a person answers, in the instrument's order, and the profile."""
    asked = [question for question in rules.instrument.questions if question.answered_by is None]
    return [*(_of_question(question, ratings) for question in asked), _of_profile(ratings, rules)]


def _of_question(question: Question, ratings: Iterable[Rating]) -> Judged:
    """With several choices there is no order, and a combination that was chosen is a category of its own."""
    by_subject = _by_subject(ratings, lambda rating: tuple(sorted(rating.answers.get(question.id, ()))))
    options = [(code,) for code in question.codes]
    seen = {choice for choices in by_subject for choice in choices.values()}
    return Judged(question.id, [*options, *sorted(seen - set(options))], not question.is_multiple, by_subject)


def _of_profile(ratings: Iterable[Rating], rules: ScoringRules) -> Judged:
    by_subject = _by_subject(ratings, lambda rating: (rating.code,))
    return Judged(PROFILE, [(code,) for code in rules.model.labels], is_ordered=False, by_subject=by_subject)


def _by_subject(ratings: Iterable[Rating], choose: Callable[[Rating], Choice]) -> list[dict[str, Choice]]:
    """A question that did not apply in a rating was not rated there."""
    found = defaultdict[str, dict[str, Choice]](dict)
    for rating in ratings:
        if choice := choose(rating):
            found[rating.subject][rating.rater] = choice
    return [choices for choices in found.values() if len(choices) > 1]
