"""Anamneses and profiles for tests. Each function works inside the scope that is open.

`draft` writes whatever it is given, also what the product refuses; `finished` goes the product's own way.
"""

from collections.abc import Mapping
from datetime import date

from care.schema.models import Client, Membership
from profiles.schema.models import ClientProfile
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.selectors import instrument_on
from questionnaires.anamneses.services import save_answers, start_anamnese, start_correction
from questionnaires.schema.models import Anamnese, AnamneseStatus

Json = Mapping[str, str | list[str]]

THROUGH_THE_GATES = {"Q2": "1", "Q3": "1"}
EXCEPTIONS: Mapping[str, Json] = {
    "MKT": {},
    "PTZ": {"Q2": "2"},
    "TIJDELIJK": {"Q2": "1", "Q3": "2"},
    "GEEN": {"Q2": "1", "Q3": "3"},
}
#: Q10 and Q11 that bring the need for support to low, medium and high.
NEEDS = (("1", "1"), ("3", "1"), ("3", "2"))
EVERY_CODE = (*(f"DKDL-{number:02}" for number in range(1, 13)), *EXCEPTIONS)


def answers_for(code: str) -> dict[str, str | list[str]]:
    """Return answers that lead to a profile, without Q1: that follows from the age."""
    if code in EXCEPTIONS:
        return dict(EXCEPTIONS[code])
    family, need = divmod(int(code.removeprefix("DKDL-")) - 1, 3)
    q10, q11 = NEEDS[need]
    return {
        **THROUGH_THE_GATES,
        "Q4": "2" if family >= 2 else "1",
        "Q5": "1",
        "Q6": "1",
        "Q7": "1",
        "Q8": "3" if family % 2 else "1",
        "Q9": "1",
        "Q10": q10,
        "Q11": q11,
        "Q12": "1",
    }


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
        answers=dict(answers_for("DKDL-01") if answers is None else answers),
        status=AnamneseStatus.DRAFT,
        nurse=nurse.user,
        corrects=corrects,
        correction_reason=reason,
    )


def finished(client: Client, nurse: Membership, *, day: date, code: str = "DKDL-01") -> ClientProfile:
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
