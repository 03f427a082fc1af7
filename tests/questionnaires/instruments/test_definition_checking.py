"""The rules on answers: what is asked, what is wrong (all of it at once), what is kept."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.anamneses.problem_texts import file_sentence, sentence
from questionnaires.instruments.definition import (
    AnswerProblem,
    Answers,
    AnswersFormatError,
    ProblemCode,
    age_on,
    answered_by_age,
    asked,
    birthday,
    check,
    freeze,
    from_cells,
    from_json,
    stored,
    to_json,
)
from questionnaires.instruments.definitions import shipped
from tests.profiles.dkdl import derive

DKDL = shipped()
QUESTIONS = tuple(question.id for question in DKDL.questions)
deterministic = settings(derandomize=True, deadline=None, max_examples=300)


def answers(*, technical: tuple[str, ...] = (), **changes: str) -> Answers:
    """A complete, light set of answers, but for the changes; an empty string takes an answer away."""
    given = dict.fromkeys(QUESTIONS[:12], "1") | changes
    return freeze({question: (code,) for question, code in given.items() if code} | {"Q13": technical})


def problems(given: Answers, *, complete: bool = True, age: int | None = None) -> list[tuple[str, str]]:
    return [(each.question, each.code) for each in check(DKDL, given, complete=complete, age=age)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, QUESTIONS[:1]),
        ({"Q1": ("2",)}, QUESTIONS[:1]),
        ({"Q1": ("1",)}, QUESTIONS[:2]),
        ({"Q1": ("1",), "Q2": ("2",)}, QUESTIONS[:2]),
        ({"Q1": ("1",), "Q2": ("1",)}, QUESTIONS[:3]),
        ({"Q1": ("1",), "Q2": ("1",), "Q3": ("3",)}, QUESTIONS[:3]),
        ({"Q1": ("1",), "Q2": ("1",), "Q3": ("1",)}, QUESTIONS[:12]),
        (answers(Q12="2"), QUESTIONS),
    ],
)
def test_what_is_asked_follows_from_the_answers_so_far(given: Answers, expected: tuple[str, ...]) -> None:
    assert asked(DKDL, given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answers(), []),
        (answers(Q12="2", technical=("sonde",)), []),
        (answers(Q1=""), [("Q1", "missing")]),
        (answers(Q5="", Q9=""), [("Q5", "missing"), ("Q9", "missing")]),
        (answers(Q5="4", Q7=" 1"), [("Q5", "unknown_option"), ("Q7", "unknown_option")]),
        (answers(Q2="2"), [(f"Q{number}", "not_asked") for number in range(4, 13)]),
        (answers(Q12="2"), [("Q13", "technical_contradiction")]),
        (answers(technical=("sonde",)), [("Q13", "technical_contradiction")]),
        (answers(Q12="", technical=("sonde",)), [("Q12", "missing")]),
        (answers(Q12="2", technical=("sonde", "sonde")), [("Q13", "duplicate_option")]),
        (answers(Q12="2", technical=("sonde", "infuus")), [("Q13", "unknown_option")]),
        (freeze({"Q1": ("2",), "Q2": ("2",), "Q3": ("3",)}), []),
        (
            freeze({"Q1": ("2",), "Q2": ("9",), "Q3": ("9",)}),
            [("Q2", "unknown_option"), ("Q3", "unknown_option")],
        ),
        (freeze({"Q1": ("1",), "Q2": ("2",), "Q3": ("2",)}), []),
        (
            freeze({"Q1": ("2",), "Q12": ("1",), "Q13": ("sonde",)}),
            [("Q12", "not_asked"), ("Q13", "not_asked")],
        ),
        (freeze({**answers(), "Q4": ("1", "2")}), [("Q4", "too_many_options")]),
        (freeze({**answers(), "Q99": ("1",)}), [("Q99", "unknown_question")]),
    ],
)
def test_every_problem_is_found_at_its_question(given: Answers, expected: list[tuple[str, str]]) -> None:
    assert problems(given) == expected


def test_problems_of_every_kind_come_together_and_in_order() -> None:
    given = freeze({**answers(Q1="2", Q3="8"), "Q13": ("sonde",), "Q0": ("1",)})
    found = problems(given, age=40)
    assert found[:2] == [("Q1", "age_contradiction"), ("Q3", "unknown_option")]
    assert found[-2:] == [("Q13", "not_asked"), ("Q0", "unknown_question")]


def test_a_draft_may_have_gaps_but_no_nonsense() -> None:
    assert problems(freeze({}), complete=False) == []
    assert problems(answers(Q5="", Q12="2"), complete=False) == []
    assert problems(answers(Q5="7"), complete=False) == [("Q5", "unknown_option")]
    assert problems(answers(technical=("sonde",)), complete=False) == [("Q13", "technical_contradiction")]


@pytest.mark.parametrize(
    ("age", "option", "fits"), [(17, "2", True), (18, "1", True), (17, "1", False), (18, "2", False)]
)
def test_the_age_decides_the_first_question(age: int, option: str, fits: bool) -> None:
    found = problems(freeze({"Q1": (option,)}), complete=False, age=age)
    assert found == ([] if fits else [("Q1", "age_contradiction")])
    assert (answered_by_age(DKDL, age=age) == {"Q1": (option,)}) is fits


def test_what_was_not_asked_is_not_stored() -> None:
    assert stored(DKDL, freeze({"Q1": ("2",), "Q2": ("1",), "Q3": ("1",)})) == {"Q1": ("2",)}
    assert stored(DKDL, answers(technical=("sonde",))) == answers()


def test_stored_answers_stand_in_the_order_of_the_instrument() -> None:
    turned = freeze(dict(reversed([*answers(Q12="2", technical=("injecties", "sonde")).items()])))
    kept = stored(DKDL, turned)
    assert tuple(kept) == QUESTIONS
    assert kept["Q13"] == ("sonde", "injecties")


def test_answers_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        answers()["Q1"] = ("2",)  # type: ignore[index]


@st.composite
def anything(draw: st.DrawFn) -> Answers:
    """Mostly legal codes at mostly right questions."""
    codes = st.sampled_from(["1", "1", "1", "2", "3", "4", "sonde", "injecties", ""])
    return freeze(draw(st.dictionaries(st.sampled_from([*QUESTIONS, "Q14"]), st.lists(codes, max_size=2))))


@st.composite
def valid(draw: st.DrawFn) -> Answers:
    """What a nurse can come to by answering each question that is asked."""
    given: dict[str, tuple[str, ...]] = {}
    for question in DKDL.questions:
        if question.id not in asked(DKDL, given):
            continue
        codes = [option.code for option in question.options]
        if question.is_multiple:
            chosen = draw(st.sets(st.sampled_from(codes), min_size=1))
            given[question.id] = tuple(code for code in codes if code in chosen)
        else:
            given[question.id] = (draw(st.sampled_from(["1", *codes])),)
    return freeze(given)


@deterministic
@given(valid())
def test_what_is_asked_and_answered_is_sound_and_derives(given: Answers) -> None:
    assert check(DKDL, given, complete=True) == ()
    assert stored(DKDL, given) == given
    assert derive(given).model_version == "2.0"


@deterministic
@given(anything())
def test_what_has_no_problems_derives_and_what_has_some_is_told(given: Answers) -> None:
    found = check(DKDL, given, complete=True)
    if not found:
        assert derive(stored(DKDL, given)).code
    assert len(set(found)) == len(found)
    assert {each.question for each in found} <= {*QUESTIONS, "Q14"}
    assert set(check(DKDL, given, complete=False)) <= set(found)


@deterministic
@given(anything().filter(lambda given: ("",) not in given.values()))
def test_a_draft_comes_back_as_it_went(given: Answers) -> None:
    assert from_json(to_json(DKDL, given)) == given


def test_a_draft_is_written_as_the_tablet_writes_it() -> None:
    written = to_json(DKDL, freeze({"Q4": ("2",), "Q13": ("injecties",)}))
    assert written == {"Q4": "2", "Q13": ["injecties"]}


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_empty_answer_is_no_answer(empty: object) -> None:
    assert from_json({"Q4": empty}) == {}


@pytest.mark.parametrize("odd", [1, True, {"a": "b"}, [1], [["1"]], 0, False, {}])
def test_an_answer_of_another_type_is_a_problem_at_its_question(odd: object) -> None:
    given = from_json({**to_json(DKDL, answers()), "Q4": odd})
    assert problems(given) == [("Q4", "unknown_option")]


@pytest.mark.parametrize("raw", [None, [], "Q4", 3])
def test_what_is_no_object_holds_no_answers(raw: object) -> None:
    with pytest.raises(AnswersFormatError):
        from_json(raw)


def test_a_row_of_cells_becomes_answers() -> None:
    cells = [" 1", "1 ", "1", *"11111111", "2", " VR_technisch_sonde | injecties "]
    assert from_cells(DKDL, cells) == answers(Q12="2", technical=("sonde", "injecties"))
    assert from_cells(DKDL, ["2", *[" "] * 12]) == {"Q1": ("2",)}
    with pytest.raises(ValueError, match="shorter"):
        from_cells(DKDL, ["1"])


@pytest.mark.parametrize("code", list(ProblemCode))
def test_every_problem_has_a_sentence_that_says_where_and_what_to_do(code: ProblemCode) -> None:
    name = "Q99" if code is ProblemCode.UNKNOWN_QUESTION else "Q13"
    problem = AnswerProblem(name, code)
    where = "Q99" if code is ProblemCode.UNKNOWN_QUESTION else "Welke handelingen"
    text = sentence(DKDL, problem)
    assert text.startswith(f"{where}: ")
    assert text.count(".") >= 2
    assert "%(" not in text
    assert file_sentence(DKDL, problem).startswith(name)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 5, 2), date(2026, 5, 1), 17),
        (date(2008, 5, 2), date(2026, 5, 2), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(1930, 12, 31), date(2026, 1, 1), 95),
    ],
)
def test_age_counts_birthdays(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@deterministic
@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 120))
def test_a_birthday_is_the_first_day_of_an_age(born: date, age: int) -> None:
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age_on(born, date.fromordinal(day.toordinal() - 1)) == age - 1
