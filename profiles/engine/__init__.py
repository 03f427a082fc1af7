"""The casemix engine: answers in, profile out. Standard library only; see `derive`."""

from profiles.engine.building import build, in_full
from profiles.engine.derivation import derive
from profiles.engine.model import Dimension, ExceptionTerms, Level, Model
from profiles.engine.neighbours import neighbours
from profiles.engine.rules import Rules, canonical_json, ruleset_hash
from profiles.engine.shipped import shipped
from profiles.engine.soundness import UnsoundModelError, read_model
from profiles.engine.values import (
    Answers,
    Contribution,
    Derivation,
    Neighbour,
    ProfileKind,
    UnscorableAnswers,
)

__all__ = [
    "Answers",
    "Contribution",
    "Derivation",
    "Dimension",
    "ExceptionTerms",
    "Level",
    "Model",
    "Neighbour",
    "ProfileKind",
    "Rules",
    "UnscorableAnswers",
    "UnsoundModelError",
    "build",
    "canonical_json",
    "derive",
    "in_full",
    "neighbours",
    "read_model",
    "ruleset_hash",
    "shipped",
]
