"""Why a profile is what it is, in words."""

from collections.abc import Iterator
from datetime import date

import pytest

from profiles.explanation.explaining import Explanation, explain
from profiles.timeline.selectors import profile_for
from profiles.timeline.services import finish_anamnese
from tests.actors import Actor, House
from tests.factories import anamneses, people

D = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _in_scope(thuis: House) -> Iterator[None]:
    with thuis.scope():
        yield


def explained(thuis: House, nurse: Actor, code: str, **answers: str | list[str]) -> Explanation:
    born = date(2012, 1, 1) if code == "MKT" else date(1941, 3, 14)
    client = people.client(thuis.north, date_of_birth=born)
    given = {**anamneses.answers_for(code), **answers}
    draft = anamneses.draft(client, nurse.membership, day=D, answers=given)
    profile = finish_anamnese(anamnese=draft, membership=nurse.membership)
    return explain(profile_for(nurse.membership, profile.public_id))


def test_each_answer_says_what_it_did(thuis: House, nurse: Actor) -> None:
    why = explained(thuis, nurse, "DKDL-08", Q12="2", Q13=["injecties", "sonde"])
    by_subject = {part.subject: part for part in why.parts}
    assert by_subject["Psychisch functioneren en gedrag"].effect == "2 punten eraf"
    assert by_subject["Welke handelingen"].answer == "Sonde, Injecties"
    assert by_subject["Welke handelingen"].effect == "3 punten erbij"
    assert not by_subject["Geheugen"].counts
    assert "Verpleegtechnische zorg" not in by_subject


def test_the_scores_are_those_of_the_profile(thuis: House, nurse: Actor) -> None:
    why = explained(thuis, nurse, "DKDL-12")
    assert [(score.dimension, score.points) for score in why.scores] == [
        ("capacity", 5),
        ("burden", 2),
        ("support_need", 6),
    ]
    assert "Eén probleem is dus al genoeg" in why.scores[0].rule


def test_answers_that_lead_to_the_same_profile_are_told_together(thuis: House, nurse: Actor) -> None:
    why = explained(thuis, nurse, "DKDL-01")
    memory = next(other for other in why.one_away if other.subject == "Geheugen")
    assert (memory.answers, memory.code) == (
        ("Soms vergeetachtig", "Vaak of altijd vergeetachtig"),
        "DKDL-07",
    )
    assert [other.code for other in why.one_away[-3:]] == ["PTZ", "TIJDELIJK", "GEEN"]


def test_an_action_more_or_less_is_told_as_such(thuis: House, nurse: Actor) -> None:
    why = explained(thuis, nurse, "DKDL-02", Q10="2", Q12="2", Q13=["injecties", "zwachtelen"])
    told = [
        answer for other in why.one_away if other.subject == "Welke handelingen" for answer in other.answers
    ]
    assert "zonder injecties" in told
    assert "Sonde erbij" in told


@pytest.mark.parametrize("code", list(anamneses.EXCEPTIONS))
def test_an_exception_has_a_meaning_and_no_scores(thuis: House, nurse: Actor, code: str) -> None:
    why = explained(thuis, nurse, code)
    assert why.meaning
    assert (why.scores, why.parts) == ((), ())


def test_nobody_is_told_to_have_another_age(thuis: House, nurse: Actor) -> None:
    assert explained(thuis, nurse, "MKT").one_away == ()
