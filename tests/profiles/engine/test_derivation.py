"""The engine: every state against the published rules, and what it refuses."""

import json
from collections import Counter

import pytest

from profiles.engine import Answers, Contribution, ProfileKind, UnscorableAnswers, ruleset_hash
from profiles.engine.dkdl_2_0 import RULES
from tests.profiles.dkdl import BURDEN, CAPACITY, DKDL_2_0, HIGH, LOW, MEDIUM, derive
from tests.profiles.oracle import STATES, TECHNICAL, expected, states

OPEN: Answers = {"Q1": ("1",), "Q2": ("1",), "Q3": ("1",)}


def with_answers(*, technical: tuple[str, ...] = (), **changes: str) -> dict[str, tuple[str, ...]]:
    """Someone with nothing the matter, but for the changes."""
    answers = {**OPEN, **{f"Q{number}": ("1",) for number in range(4, 13)}}
    answers |= {question: (option,) for question, option in changes.items()}
    return answers | ({"Q12": ("2",), "Q13": technical} if technical else {})


def test_every_state_is_as_published() -> None:
    names = [f"Q{number}" for number in range(4, 12)]
    wrong, count, seen = [], 0, Counter[str]()
    for answers, (care, technical) in states():
        given = {**OPEN, **{name: (option,) for name, option in zip(names, answers, strict=True)}}
        given["Q12"] = (care,)
        if technical:
            given["Q13"] = technical
        found = derive(given)
        if (found.code, *found.scores) != expected(answers, technical):
            wrong.append(given)
        count += 1
        seen[found.code] += 1
    assert not wrong[:5]
    assert count == STATES
    assert len(seen) == 12


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"Q1": ("2",)}, "MKT"),
        ({"Q1": ("1",), "Q2": ("2",)}, "PTZ"),
        ({"Q1": ("1",), "Q2": ("1",), "Q3": ("2",)}, "TIJDELIJK"),
        ({"Q1": ("1",), "Q2": ("1",), "Q3": ("3",)}, "GEEN"),
    ],
)
def test_a_gate_that_closes_gives_an_exception_without_scores(answers: Answers, code: str) -> None:
    found = derive(answers)
    assert (found.code, found.kind) == (code, ProfileKind.EXCEPTION)
    assert (found.scores, found.levels) == ((), ())
    assert found.contributions == ()
    assert found.model_version == "2.0"


def test_it_tells_what_each_answer_contributed() -> None:
    found = derive(with_answers(Q6="3", Q8="2", technical=("sonde", "injecties")))
    by_question = {each.question: each for each in found.contributions}
    assert list(by_question) == [f"Q{number}" for number in range(4, 14)]
    assert by_question["Q6"] == Contribution("Q6", CAPACITY.id, ("3",), 3)
    assert by_question["Q8"] == Contribution("Q8", BURDEN.id, ("2",), 1)
    assert by_question["Q13"].points == 3
    assert set(by_question["Q13"].options) == {"sonde", "injecties"}
    assert found.scores == (4, 1, 3)


@pytest.mark.parametrize("question", ["Q4", "Q5", "Q6"])
def test_any_problem_of_capacity_is_enough(question: str) -> None:
    assert derive(with_answers()).levels[0] == 1
    assert derive(with_answers() | {question: ("2",)}).levels[0] == 0


@pytest.mark.parametrize(
    ("carer", "course", "burdened"),
    [("1", "2", False), ("2", "1", False), ("2", "2", True), ("1", "3", True), ("2", "3", True)],
)
def test_burden_is_raised_by_worsening_or_by_stable_without_carer(
    carer: str, course: str, burdened: bool
) -> None:
    assert bool(derive(with_answers(Q7=carer, Q8=course)).levels[1]) is burdened


@pytest.mark.parametrize(
    ("technical", "level"),
    [(3, LOW), (4, MEDIUM), (5, MEDIUM), (6, HIGH)],
)
def test_need_levels_change_at_four_and_six(technical: int, level: int) -> None:
    of_one_point = [code for code in TECHNICAL if code not in {"sonde", "darmspoeling"}]
    found = derive(with_answers(technical=tuple(of_one_point[:technical])))
    assert (found.scores[2], found.levels[2]) == (technical, level)


def test_the_order_of_answers_and_actions_does_not_matter() -> None:
    answers = with_answers(technical=("sonde", "injecties"))
    turned = dict(reversed({**answers, "Q13": ("injecties", "sonde")}.items()))
    assert derive(turned) == derive(answers)


@pytest.mark.parametrize(
    ("answers", "questions"),
    [
        ({}, ("Q1",)),
        ({"Q1": ("3",)}, ("Q1",)),
        ({"Q1": ("2",), "Q2": ("1",)}, ("Q2",)),
        ({"Q1": ("1",), "Q2": ("2",), "Q4": ("1",)}, ("Q4",)),
        ({"Q1": ("1",), "Q2": ("1",), "Q3": ("4",), "Q5": ("1",)}, ("Q3", "Q5")),
        (with_answers(Q4="9", Q9="5"), ("Q4", "Q9")),
        ({name: value for name, value in with_answers().items() if name != "Q8"}, ("Q8",)),
        ({**with_answers(), "Q8": ()}, ("Q8",)),
        ({**with_answers(), "Q8": ("1", "2")}, ("Q8",)),
        ({**with_answers(), "Q14": ("1",)}, ("Q14",)),
        ({**with_answers(), "Q13": ("sonde",)}, ("Q13",)),
        ({**with_answers(), "Q12": ("2",)}, ("Q13",)),
        ({**with_answers(), "Q12": ("2",), "Q13": ()}, ("Q13",)),
        (with_answers(technical=("sonde", "sonde")), ("Q13",)),
        (with_answers(technical=("sonde", "VR_technisch_injecties")), ("Q13",)),
    ],
)
def test_it_refuses_what_the_model_does_not_know(answers: Answers, questions: tuple[str, ...]) -> None:
    with pytest.raises(UnscorableAnswers) as refusal:
        derive(answers)
    assert refusal.value.questions == questions


def test_a_refusal_names_questions_and_never_answers() -> None:
    with pytest.raises(UnscorableAnswers) as refusal:
        derive(with_answers(Q4="geheim"))
    assert "Q4" in str(refusal.value)
    assert "geheim" not in str(refusal.value)


def test_version_2_0_is_what_it_was() -> None:
    """A changed table is another version: change the number, not this hash."""
    pinned = "fe32cd80b7fb1bee1061f9bf993921e65abb46c39e6485a4d71b87e79395b77e"
    assert DKDL_2_0.version == "2.0"
    assert DKDL_2_0.ruleset_hash == pinned
    assert derive(with_answers()).ruleset_hash == pinned


def test_the_rules_travel_as_json_with_the_same_hash() -> None:
    copy = json.loads(json.dumps(DKDL_2_0.as_rules()))
    assert copy == RULES
    assert ruleset_hash(copy) == DKDL_2_0.ruleset_hash


def test_a_copy_of_the_rules_cannot_change_the_model() -> None:
    DKDL_2_0.as_rules()["thresholds"]["high_need_from"] = 1
    assert DKDL_2_0.as_rules()["thresholds"]["high_need_from"] == 6


def test_sixteen_codes_have_a_meaning_of_their_own() -> None:
    labels = DKDL_2_0.labels
    assert list(labels) == [*DKDL_2_0.codes.values(), "MKT", "PTZ", "TIJDELIJK", "GEEN"]
    assert len(set(labels.values())) == 16
    assert labels["DKDL-05"] == "Draagkrachtig, verhoogde draaglast, gemiddelde ondersteuningsbehoefte"
