"""What is one answer away: every single other answer that would have led to another profile."""

from collections.abc import Iterator

from profiles.engine.derivation import applicable, derive, offending
from profiles.engine.model import Model
from profiles.engine.values import Answers, Neighbour


def neighbours(answers: Answers, model: Model) -> tuple[Neighbour, ...]:
    """Every other profile at one answer's distance, in the order of questions and options.

    One answer's distance is another option of one question, or one choice of several more or less.
    What the change makes superfluous is dropped; a change that would need a further answer (a gate
    opened, an opener without what it opens) leads to no profile yet and is left out.
    Raises `UnscorableAnswers` when `answers` has no profile itself.
    """
    own = derive(answers, model).code
    found = (
        _after(answers, question, options, changed, model)
        for question, options, changed in _changes(answers, model)
    )
    return tuple(neighbour for neighbour in found if neighbour is not None and neighbour.code != own)


def _after(
    answers: Answers, question: str, options: tuple[str, ...], changed: str, model: Model
) -> Neighbour | None:
    """Where one change leads; None where it asks for a further answer."""
    altered = {**answers, question: options}
    remaining = {each: altered[each] for each in applicable(altered, model) if each in altered}
    if offending(remaining, model):
        return None
    derivation = derive(remaining, model)
    return Neighbour(question, options, changed, derivation.code, derivation.kind)


def _changes(answers: Answers, model: Model) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Each single change: the question, its whole new answer, and the option it turns on."""
    for question, choices in model.choices.items():
        for choice in choices:
            if question in answers and choice != answers[question]:
                yield question, choice, choice[0]
    for further in model.further:
        chosen = answers.get(further.question, ())
        for toggled in further.options if chosen and further.is_multiple else ():
            yield further.question, _toggle(further.options, chosen, toggled), toggled


def _toggle(options: tuple[str, ...], chosen: tuple[str, ...], toggled: str) -> tuple[str, ...]:
    return tuple(option for option in options if (option in chosen) != (option == toggled))
