"""The casemix engine: answers in, profile out. Standard library only; see `derive`."""

from profiles.engine.derivation import derive
from profiles.engine.dkdl_2_0 import DKDL_2_0
from profiles.engine.model import Model, Rules, build, ruleset_hash
from profiles.engine.neighbours import neighbours
from profiles.engine.values import (
    Answers,
    Contribution,
    Derivation,
    Dimension,
    NeedLevel,
    Neighbour,
    ProfileKind,
    UnscorableAnswers,
)

__all__ = [
    "DKDL_2_0",
    "Answers",
    "Contribution",
    "Derivation",
    "Dimension",
    "Model",
    "NeedLevel",
    "Neighbour",
    "ProfileKind",
    "Rules",
    "UnscorableAnswers",
    "build",
    "derive",
    "neighbours",
    "ruleset_hash",
]
