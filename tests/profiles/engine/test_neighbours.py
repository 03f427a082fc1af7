"""What is one answer away: nothing invented, nothing left out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.engine import Answers, Neighbour, ProfileKind, UnscorableAnswers
from tests.profiles.dkdl import derive, neighbours
from tests.profiles.engine.test_derivation import OPEN, with_answers
from tests.profiles.oracle import CARE, CHOICES, TECHNICAL

deterministic = settings(derandomize=True, deadline=None, max_examples=150)
GATES = {"Q1": "12", "Q2": "12", "Q3": "123"}
OPTIONS = {**GATES, **{f"Q{number}": options for number, options in enumerate(CHOICES, 4)}, "Q12": "12"}


@st.composite
def scorable(draw: st.DrawFn) -> Answers:
    answers = dict(OPEN)
    answers |= {f"Q{number}": (draw(st.sampled_from(options)),) for number, options in enumerate(CHOICES, 4)}
    care, technical = draw(st.sampled_from(CARE))
    return answers | {"Q12": (care,)} | ({"Q13": technical} if technical else {})


def code_after(answers: Answers, question: str, answer: tuple[str, ...]) -> str | None:
    """The code with one answer changed, by trying what is left over in every sensible way."""
    changed = {**answers, question: answer}
    gate = next((name for name in GATES if name in changed and changed[name] != ("1",)), None)
    if gate is not None:
        changed = {name: changed[name] for name in list(GATES)[: list(GATES).index(gate) + 1]}
    elif changed.get("Q12") == ("1",):
        changed.pop("Q13", None)
    try:
        return derive(changed).code
    except UnscorableAnswers:
        return None


def by_hand(answers: Answers) -> set[tuple[str, frozenset[str], str]]:
    changes: list[tuple[str, tuple[str, ...]]] = [
        (name, (code,)) for name in answers if name in OPTIONS for code in OPTIONS[name]
    ]
    if chosen := set(answers.get("Q13", ())):
        changes += [("Q13", tuple(chosen ^ {code})) for code in TECHNICAL]
    results = ((name, answer, code_after(answers, name, answer)) for name, answer in changes)
    own = derive(answers).code
    return {(name, frozenset(answer), code) for name, answer, code in results if code not in {None, own}}


@deterministic
@given(scorable())
def test_neighbours_are_complete_and_one_answer_away(answers: Answers) -> None:
    found = neighbours(answers)
    assert {(each.question, frozenset(each.options), each.code) for each in found} == by_hand(answers)
    assert len({(each.question, each.options) for each in found}) == len(found)
    assert all((each.code.startswith("DKDL-")) == (each.kind is ProfileKind.SCORED) for each in found)


@deterministic
@given(scorable())
def test_a_toggled_action_is_the_only_difference(answers: Answers) -> None:
    for each in neighbours(answers):
        if each.question == "Q13":
            assert set(each.options) ^ set(answers["Q13"]) == {each.changed}
        else:
            assert each.options == (each.changed,) != answers[each.question]


def test_an_exception_has_the_other_exceptions_of_its_gate() -> None:
    assert neighbours({**OPEN, "Q3": ("2",)}) == (
        Neighbour("Q1", ("2",), "2", "MKT", ProfileKind.EXCEPTION),
        Neighbour("Q2", ("2",), "2", "PTZ", ProfileKind.EXCEPTION),
        Neighbour("Q3", ("3",), "3", "GEEN", ProfileKind.EXCEPTION),
    )


def test_no_technical_care_any_more_drops_its_actions() -> None:
    answers = with_answers(technical=("sonde", "darmspoeling"))
    dropped = [each for each in neighbours(answers) if each.question == "Q12"]
    assert dropped == [Neighbour("Q12", ("1",), "1", "DKDL-01", ProfileKind.SCORED)]


def test_technical_care_without_an_action_leads_nowhere() -> None:
    assert all(each.question != "Q12" for each in neighbours(with_answers()))
    assert all(each.options for each in neighbours(with_answers(Q10="3", technical=("sonde",))))
