"""For each code of a model answers that lead to it, with as little the matter as can be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from profiles.engine.derivation import derive
from profiles.engine.model import Model
from profiles.engine.values import Answers, Contribution

#: What makes one example better than another: fewer answers that are not the first option, earlier options,
#: and then earlier questions.
_Effort = tuple[int, int, tuple[int, ...]]
_NOTHING: _Effort = (0, 0, ())


@dataclass(frozen=True, slots=True)
class _Path:
    """Answers so far, how far they are from the first options, and the points that they gave by dimension."""

    answers: Answers
    points: Mapping[str, int]
    effort: _Effort = _NOTHING

    def key(self, model: Model) -> tuple[object, ...]:
        """Paths that are alike in this go on alike."""
        opened = (self.answers.get(further.opened_by or "") == further.opening for further in model.further)
        return (*self.points.values(), *opened)


def example_answers(model: Model) -> dict[str, Answers]:
    """Return answers for each code that can be reached, in the order of the model's labels."""
    found = dict(exception_answers(model))
    for path in sorted(_paths(model), key=lambda each: each.effort):
        found.setdefault(derive(path.answers, model).code, path.answers)
    return {code: found[code] for code in model.labels if code in found}


def exception_answers(model: Model) -> Iterator[tuple[str, Answers]]:
    """Yield the answers that lead to each exception, by the gates alone."""
    passed: dict[str, tuple[str, ...]] = {}
    for gate in model.gates:
        for answer, exception in gate.exceptions.items():
            yield exception.code, {**passed, gate.question: answer}
        passed[gate.question] = gate.passes


def _paths(model: Model) -> list[_Path]:
    """The plainest path to every combination of points."""
    begun = {gate.question: gate.passes for gate in model.gates}
    paths = [_Path(begun, dict(model.nothing))]
    for scored in model.questions:
        steps = list(scored.contributions.values())
        paths = _plainest(model, [_step(path, each, at) for path in paths for at, each in enumerate(steps)])
    for further in model.further:
        steps = _one_for_each_sum(further.contributions.values())
        goes_on = [path for path in paths if further.applies(path.answers)]
        stays = [path for path in paths if not further.applies(path.answers)]
        taken = [_step(path, each, at + 1) for path in goes_on for at, each in enumerate(steps)]
        paths = _plainest(model, [*stays, *taken])
    return paths


def _one_for_each_sum(contributions: Iterable[Contribution]) -> list[Contribution]:
    """The first of those that give the same points: any of them leads to the same profile."""
    found: dict[int, Contribution] = {}
    for contribution in contributions:
        found.setdefault(contribution.points, contribution)
    return list(found.values())


def _step(path: _Path, contribution: Contribution, at: int) -> _Path:
    changed, options, order = path.effort
    return _Path(
        {**path.answers, contribution.question: contribution.options},
        {**path.points, contribution.dimension: path.points[contribution.dimension] + contribution.points},
        (changed + (at > 0), options + at, (*order, -at)),
    )


def _plainest(model: Model, paths: list[_Path]) -> list[_Path]:
    best: dict[tuple[object, ...], _Path] = {}
    for path in paths:
        key = path.key(model)
        if key not in best or path.effort < best[key].effort:
            best[key] = path
    return list(best.values())
