"""A model that is unlike the published one in everything: names, questions, options, ranges, codes, words."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

from care.schema.models import Client, Membership
from profiles.engine import Model, read_model
from profiles.engine.examples import example_answers
from profiles.schema.models import ClientProfile
from profiles.timeline.services import finish_anamnese
from profiles.timeline.succession import Succession, load_successor
from questionnaires.anamneses.services import save_answers, start_anamnese
from questionnaires.instruments.definition import Instrument, load
from tests.factories import anamneses

FOLDER: Final = Path(__file__).parent
MODEL_FILE, INSTRUMENT_FILE = FOLDER / "model.json", FOLDER / "instrument.json"
RULES: Final[dict[str, Any]] = json.loads(MODEL_FILE.read_text("utf-8"))
DEFINITION: Final[dict[str, Any]] = json.loads(INSTRUMENT_FILE.read_text("utf-8"))
MODEL: Final[Model] = read_model(RULES)
INSTRUMENT: Final[Instrument] = load(DEFINITION)
EXAMPLES: Final = example_answers(MODEL)
CODES: Final = tuple(MODEL.labels)

#: The first day on which it is in force, and the birth of somebody who is old enough for it.
FROM: Final = date(2024, 1, 1)
BORN: Final = date(1940, 5, 17)


def in_force() -> Succession:
    """Load both, in force from FROM on."""
    return load_successor(rules=RULES, definition=DEFINITION, valid_from=FROM)


def answers_for(code: str) -> dict[str, str | list[str]]:
    """Return answers that lead to a profile, without what follows from the age."""
    return anamneses.answers_for(code, examples=EXAMPLES, instrument=INSTRUMENT)


def finished(client: Client, nurse: Membership, code: str, *, day: date = FROM) -> ClientProfile:
    """Return the profile of a new anamnese that leads to a code."""
    draft = start_anamnese(client=client, membership=nurse, day=day)
    save_answers(anamnese=draft, membership=nurse, answers=answers_for(code), revision=draft.revision)
    return finish_anamnese(anamnese=draft, membership=nurse)
