"""Answers as an immutable mapping, and the ways in and out: a draft's JSON, a row of a file."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from questionnaires.instruments.definition.instrument import Instrument, Question

#: Question id to the chosen option codes; a question with one choice has a tuple of one.
Answers = Mapping[str, tuple[str, ...]]

#: Stands for a value that is no option code at all; no definition has an empty code, so `check` finds it.
NOT_A_CODE = ""


class AnswersFormatError(ValueError):
    """What was sent is not an object of question ids; nothing in it can be placed."""


def freeze(answers: Mapping[str, Sequence[str]]) -> Answers:
    """An immutable copy, without questions that have no option chosen."""
    return MappingProxyType({question: tuple(codes) for question, codes in answers.items() if codes})


def from_json(raw: object) -> Answers:
    """Read a draft: a code by question, or a list of codes where several may be chosen.

    An empty string, an empty list and null mean: not answered. A value of another type is kept as
    something that `check` reports beside its question. Raises `AnswersFormatError` when `raw` is no
    object.
    """
    if not isinstance(raw, Mapping):
        msg = "answers must be an object of question ids"
        raise AnswersFormatError(msg)
    return freeze({str(question): _codes(value) for question, value in raw.items()})


def to_json(instrument: Instrument, answers: Answers) -> dict[str, str | list[str]]:
    """The reverse of `from_json`: a string for one choice, a list for several."""
    return {question: _json_value(instrument, question, codes) for question, codes in answers.items()}


def from_cells(instrument: Instrument, cells: Sequence[str]) -> Answers:
    """Read one row of a file: a cell for each question, in the instrument's order.

    White space around codes is ignored. The cell of a question with several choices joins codes by
    `|`, in our spelling or the regulator's. Raises ValueError when the number of cells is wrong.
    """
    pairs = zip(instrument.questions, cells, strict=True)
    return freeze({question.id: _cell_codes(question, cell.strip()) for question, cell in pairs})


def _codes(value: object) -> tuple[str, ...]:
    if value is None or value in ("", []):
        return ()
    if isinstance(value, list):
        return tuple(each if isinstance(each, str) else NOT_A_CODE for each in value)
    return (value if isinstance(value, str) else NOT_A_CODE,)


def _json_value(instrument: Instrument, question: str, codes: tuple[str, ...]) -> str | list[str]:
    known = instrument.by_id.get(question)
    is_list = len(codes) > 1 or (known is not None and known.is_multiple)
    return list(codes) if is_list else codes[0]


def _cell_codes(question: Question, cell: str) -> tuple[str, ...]:
    if not cell:
        return ()
    if not question.is_multiple:
        return (cell,)
    return tuple(question.code_for(piece.strip()) for piece in cell.split("|"))
