"""Answers for the demo's anamneses, drawn per profile so that each of the model's codes occurs.

Drawn at random over all answers, some profiles would hardly ever be seen.
"""

from itertools import cycle
from random import Random
from typing import Final

from profiles.engine import Answers, Model, derive
from profiles.engine.examples import example_answers

#: How many clients of one organisation have a profile, by its place in the model; the rest has none yet.
OF_SCORED: Final = (4, 5, 3, 3, 4, 3, 8, 7, 15, 4, 7, 19)
OF_EXCEPTIONS: Final = (3, 4, 4, 2)
#: How often an example is changed in one answer and still leads to its profile.
CHANGES: Final = 40


class Casemix:
    """How the clients of the demo are spread over the codes of a model, and answers for each."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.scored = tuple(model.codes.values())
        self._examples = example_answers(model)

    def clients_per_profile(self) -> dict[str, int]:
        """Return how many clients have each code."""
        scored = zip(self.scored, cycle(OF_SCORED), strict=False)
        return dict(scored) | dict(zip(self.model.exceptions, cycle(OF_EXCEPTIONS), strict=False))

    def answers_for(self, code: str, random: Random) -> Answers:
        """Return answers that lead to the profile `code`: an example, changed here and there."""
        answers = self._examples[code]
        if code in self.model.exceptions:
            return answers
        for _time in range(CHANGES):
            changed = self._changed(answers, random)
            if derive(changed, self.model).code == code:
                answers = changed
        return answers

    def _changed(self, answers: Answers, random: Random) -> Answers:
        """Answer one question otherwise, with one option of what is asked then."""
        scored = random.choice(self.model.questions)
        changed = {**answers, scored.question: random.choice(tuple(scored.contributions))}
        for further in self.model.further:
            if not further.applies(changed):
                changed.pop(further.question, None)
            elif further.question not in changed:
                changed[further.question] = (random.choice(further.options),)
        return changed
