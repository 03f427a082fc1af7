"""Anamneses and profiles for tests. Each function works inside the scope that is open.

`draft` writes whatever it is given, also what the product refuses; `finished` goes the product's own way.
"""

from collections.abc import Mapping
from datetime import date

from care.schema.models import Client, Membership
from profiles.engine import Answers, shipped
from profiles.engine.examples import example_answers
from profiles.schema.models import ClientProfile
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.draft_rules import without_age
from questionnaires.anamneses.selectors import instrument_on
from questionnaires.anamneses.services import save_answers, start_anamnese, start_correction
from questionnaires.instruments import definitions
from questionnaires.instruments.definition import Instrument, load, to_json
from questionnaires.schema.models import Anamnese, AnamneseStatus

Json = Mapping[str, str | list[str]]

INSTRUMENT = load(definitions.read())
EXAMPLES = example_answers(shipped())
#: Those that a gate decides.
EXCEPTIONS = tuple(shipped().exceptions)
EVERY_CODE = tuple(shipped().labels)
#: The first code: nothing is the matter.
FIRST = EVERY_CODE[0]


def answers_for(
    code: str, *, examples: Mapping[str, Answers] = EXAMPLES, instrument: Instrument = INSTRUMENT
) -> dict[str, str | list[str]]:
    """Return answers that lead to a profile, without what follows from the age."""
    return dict(to_json(instrument, without_age(instrument, examples[code])))


def draft(
    client: Client,
    nurse: Membership,
    *,
    day: date,
    answers: Json | None = None,
    corrects: Anamnese | None = None,
    reason: str = "",
) -> Anamnese:
    """Return a draft with these raw answers (complete ones unless given), checked by nobody."""
    return Anamnese.objects.create(
        organisation_id=client.organisation_id,
        client=client,
        instrument=instrument_on(day),
        date=day,
        answers=dict(answers_for(FIRST) if answers is None else answers),
        status=AnamneseStatus.DRAFT,
        nurse=nurse.user,
        corrects=corrects,
        correction_reason=reason,
    )


def finished(client: Client, nurse: Membership, *, day: date, code: str = FIRST) -> ClientProfile:
    """Return the profile of a new anamnese that leads to this code."""
    anamnese = start_anamnese(client=client, membership=nurse, day=day)
    return _filled(anamnese, nurse, code)


def corrected(
    profile: ClientProfile, nurse: Membership, *, code: str, reason: str = "verkeerd aangetikt"
) -> ClientProfile:
    """Return the profile of a correction of a profile's anamnese."""
    anamnese = start_correction(corrects=profile.anamnese, membership=nurse, reason=reason)
    return _filled(anamnese, nurse, code)


def _filled(anamnese: Anamnese, nurse: Membership, code: str) -> ClientProfile:
    save_answers(anamnese=anamnese, membership=nurse, answers=answers_for(code), revision=anamnese.revision)
    return finish_anamnese(anamnese=anamnese, membership=nurse)
