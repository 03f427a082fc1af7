"""A file of ratings: several people who each judged the same subjects, a row for each rating.

The columns are `onderwerp;beoordelaar`, then one for each question of the instrument. The profile of each
rating is derived.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from profiles.bulk.scoring import ScoringRules
from profiles.engine import derive
from questionnaires.anamneses.problem_texts import file_sentence
from questionnaires.instruments.definition import Answers, check, from_cells, stored

SUBJECT, RATER = "onderwerp", "beoordelaar"
LEADING: Final = (SUBJECT, RATER)


class RatingsUnreadableError(Exception):
    """The file is not a table of ratings at all. Carries a Dutch sentence."""


class RatingsRefusedError(Exception):
    """Rows are wrong: `problems` are Dutch sentences with the number of the line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Rating:
    """What one rater answered about one subject, and the profile code that follows."""

    subject: str
    rater: str
    answers: Answers
    code: str


def read_ratings(source: Path, rules: ScoringRules) -> list[Rating]:
    """Return the ratings of a file, in its order.

    Raises RatingsUnreadableError, and RatingsRefusedError with everything that is wrong in its rows.
    """
    try:
        with source.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, delimiter=";", strict=True)
            _confirm_header(next(rows, []), rules)
            return _read(((rows.line_num, row) for row in rows if row), rules)
    except OSError as error:
        sentence = _("%(path)s is niet te lezen. Controleer of het bestand bestaat en of je het mag openen.")
        raise RatingsUnreadableError(sentence % {"path": source}) from error
    except (UnicodeDecodeError, csv.Error) as error:
        sentence = _("%(path)s is geen CSV in UTF-8. Sla het opnieuw op en probeer het nog eens.")
        raise RatingsUnreadableError(sentence % {"path": source}) from error


def _confirm_header(found: list[str], rules: ScoringRules) -> None:
    expected = [*LEADING, *(question.id for question in rules.instrument.questions)]
    if found != expected:
        sentence = _("De eerste regel van het bestand moet zijn: %(header)s")
        raise RatingsUnreadableError(sentence % {"header": ";".join(expected)})


def _read(rows: Iterator[tuple[int, list[str]]], rules: ScoringRules) -> list[Rating]:
    ratings, problems = [], []
    seen = defaultdict[str, set[str]](set)
    for line, row in rows:
        rating, wrong = _rating(row, rules)
        if rating is not None and rating.rater in seen[rating.subject]:
            wrong.append(_("deze beoordelaar heeft dit onderwerp al beoordeeld"))
        problems += [_("regel %(line)d: %(problem)s") % {"line": line, "problem": each} for each in wrong]
        if rating is not None:
            seen[rating.subject].add(rating.rater)
            ratings.append(rating)
    if problems:
        raise RatingsRefusedError(problems)
    return ratings


def _rating(row: list[str], rules: ScoringRules) -> tuple[Rating | None, list[str]]:
    """Return what a row says, or what is wrong with it."""
    questions = rules.instrument.questions
    if len(row) != len(LEADING) + len(questions):
        counts = {"found": len(row), "expected": len(LEADING) + len(questions)}
        return None, [_("de regel heeft %(found)d velden en moet er %(expected)d hebben") % counts]
    subject, rater, *cells = (cell.strip() for cell in row)
    if not subject or not rater:
        return None, [_("het onderwerp of de beoordelaar is leeg")]
    answers = from_cells(rules.instrument, cells)
    if problems := check(rules.instrument, answers, complete=True):
        return None, [file_sentence(rules.instrument, problem) for problem in problems]
    given = stored(rules.instrument, answers)
    return Rating(subject, rater, given, derive(given, rules.model).code), []
