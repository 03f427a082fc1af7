"""The shipped instrument, and what a definition must be to be loaded."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from questionnaires.instruments.definition import (
    AgeRule,
    Condition,
    DefinitionError,
    QuestionKind,
    definition_hash,
    load,
)
from questionnaires.instruments.definitions import SHIPPED, read, shipped
from tests.profiles.dkdl import DKDL_2_0

Definition = dict[str, Any]


#: A changed definition is another version: change the number, not the hash.
PINNED = {
    "dkdl-2.0": "6f45cd5eeacc4af91e15d53b56e2f937f36f2b613bad50449db83c445cc3a3da",
    "dkdl-2.0.1": "6ec8ed21e8fc99c56388ff3fd072d8e2faea7b70fc5e3c967b93acf12f61ae3f",
}


def test_every_shipped_version_is_what_it_was() -> None:
    assert {name: definition_hash(read(name)) for name in SHIPPED} == PINNED
    assert shipped().version == "2.0.1"
    assert shipped().definition_hash == PINNED[SHIPPED[-1]]


def rules_of(definition: Definition) -> list[Any]:
    """Return what a definition asks and stores, without the words that say it."""
    words = ("text", "help", "subject", "options")
    return [
        (
            {key: value for key, value in question.items() if key not in words},
            [(option["code"], option.get("regulator_code")) for option in question["options"]],
        )
        for question in definition["questions"]
    ]


def test_other_words_ask_and_store_the_same() -> None:
    first, *later = (rules_of(read(name)) for name in SHIPPED)
    assert later == [first] * (len(SHIPPED) - 1)


def test_the_hash_is_of_the_content_and_not_of_its_lay_out() -> None:
    turned = dict(reversed(read().items()))
    assert definition_hash(turned) == definition_hash(read())
    assert definition_hash({**turned, "title": "Iets anders"}) != definition_hash(read())


def test_every_question_has_the_options_that_the_model_scores() -> None:
    instrument = shipped()
    offered = {
        question.id: tuple(option.code for option in question.options) for question in instrument.questions
    }
    scored = {question: tuple(code for (code,) in choices) for question, choices in DKDL_2_0.choices.items()}
    assert offered == {**scored, **{further.question: further.options for further in DKDL_2_0.further}}
    assert list(offered) == [f"Q{number}" for number in range(1, 14)]


def test_both_know_the_same_spellings_of_the_regulator() -> None:
    technical = shipped()["Q13"]
    theirs = {option.code: option.regulator_code for option in technical.options}
    assert theirs == DKDL_2_0.as_rules()["technical"]["regulator_codes"]
    assert all(technical.code_for(spelling) == code for code, spelling in theirs.items())
    assert technical.code_for("infuus") == "infuus"


def test_gates_come_first_and_the_rest_follows_from_them() -> None:
    instrument = shipped()
    gates = tuple(Condition(f"Q{number}", "1") for number in (1, 2, 3))
    assert [instrument[f"Q{number}"].asked_when for number in (1, 2, 3)] == [(), gates[:1], gates[:2]]
    assert all(instrument[f"Q{number}"].asked_when == gates for number in range(4, 13))
    assert instrument["Q13"].asked_when == (*gates, Condition("Q12", "2"))
    tolerated = [question.id for question in instrument.questions if question.tolerated_when_not_asked]
    assert tolerated == ["Q2", "Q3"]


def test_age_answers_the_first_question_and_several_fit_the_last() -> None:
    instrument = shipped()
    assert instrument["Q1"].answered_by == AgeRule(age_from=18, option="1", below="2")
    several = [question.id for question in instrument.questions if question.kind is QuestionKind.MULTIPLE]
    assert several == ["Q13"]
    assert instrument["Q13"].follows_up == "Q12"


def test_labels_fit_on_a_card_and_each_has_its_definition() -> None:
    for question in shipped().questions:
        labels = [option.label for option in question.options]
        assert len(set(labels)) == len(labels)
        assert all(len(label) <= 40 for label in labels)
        assert all(option.definition.endswith(".") for option in question.options)
        assert question.text.endswith("?")
        assert question.help.endswith(".")


def question(definition: Definition, name: str) -> Definition:
    return next(each for each in definition["questions"] if each["id"] == name)


def changed(change: Callable[[Definition], object]) -> Definition:
    definition = json.loads(json.dumps(read()))
    change(definition)
    return dict(definition)


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (lambda raw: raw.pop("title"), "definition.title: is missing"),
        (lambda raw: raw.update(extra=1), "definition.extra: is not known"),
        (lambda raw: raw.update(version=2.0), "definition.version: must be of type str"),
        (lambda raw: raw.update(questions=[]), "definition.questions: must not be empty or padded"),
        (lambda raw: raw["groups"].append("x"), "groups[4]: must be an object"),
        (lambda raw: raw["groups"].append(raw["groups"][0]), "groups: initieel stands there twice"),
        (lambda raw: raw["questions"].append(3), "questions[13]: must be an object"),
        (lambda raw: question(raw, "Q4").update(text=" "), "questions[3].text: must not be empty or padded"),
        (lambda raw: question(raw, "Q4").update(options={}), "questions[3].options: must be of type list"),
        (
            lambda raw: question(raw, "Q4")["options"][0].update(code=1),
            "questions[3].options[0].code: must be of type str",
        ),
        (
            lambda raw: question(raw, "Q4")["asked_when"][0].pop("option"),
            "questions[3].asked_when[0].option: is missing",
        ),
        (
            lambda raw: question(raw, "Q1")["answered_by"].update({"from": True}),
            "questions[0].answered_by.from: must be of type int",
        ),
        (
            lambda raw: question(raw, "Q1").update(answered_by=None),
            "questions[0].answered_by: must be an object",
        ),
        (lambda raw: question(raw, "Q5").update(id="Q4"), "questions: Q4 stands there twice"),
        (lambda raw: question(raw, "Q4").update(group="iets"), "Q4.group: there is no such group"),
        (lambda raw: question(raw, "Q4").update(kind="open"), "Q4.kind: must be one of single, multiple"),
        (lambda raw: question(raw, "Q4")["options"][0].update(code="2"), "Q4.options: 2 stands there twice"),
        (
            lambda raw: question(raw, "Q13")["options"][0].update(regulator_code="sonde"),
            "Q13.options: sonde stands there twice",
        ),
        (lambda raw: question(raw, "Q13")["options"][0].update(code="a|b"), "Q13.options: 'a|b' holds a bar"),
        (
            lambda raw: question(raw, "Q2")["asked_when"][0].update(question="Q3"),
            "Q2.asked_when: Q3 is no earlier question with one choice",
        ),
        (
            lambda raw: question(raw, "Q2")["asked_when"][0].update(option="7"),
            "Q2.asked_when: Q1 has no option 7",
        ),
        (
            lambda raw: question(raw, "Q2")["asked_when"].append({"question": "Q1", "option": "2"}),
            "Q2.asked_when: Q1 stands there twice",
        ),
        (
            lambda raw: question(raw, "Q13").update(follows_up="Q11"),
            "Q13.follows_up: Q11 is not among its conditions",
        ),
        (
            lambda raw: question(raw, "Q1")["answered_by"].update(below="3"),
            "Q1.answered_by.below: there is no such option",
        ),
        (
            lambda raw: question(raw, "Q1")["answered_by"].update({"from": 40_000}),
            "Q1.answered_by.from: must be from 1 to 120",
        ),
        (
            lambda raw: question(raw, "Q1")["answered_by"].update({"from": 0}),
            "Q1.answered_by.from: must be from 1 to 120",
        ),
        (
            lambda raw: question(raw, "Q1")["answered_by"].update(source="name"),
            "Q1.answered_by.source: must be age",
        ),
        (
            lambda raw: question(raw, "Q1").update(kind="multiple"),
            "Q1.answered_by: only a question with one choice follows from the age",
        ),
    ],
)
def test_a_defect_is_found_and_placed(change: Callable[[Definition], object], defect: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        load(changed(change))
    assert defect in refusal.value.defects


def test_all_defects_are_reported_at_once() -> None:
    def spoil(raw: Definition) -> None:
        question(raw, "Q4").update(group="iets", kind="open")
        question(raw, "Q13").update(follows_up="Q11")

    with pytest.raises(DefinitionError) as refusal:
        load(changed(spoil))
    assert [defect.split(":")[0] for defect in refusal.value.defects] == [
        "Q4.group",
        "Q4.kind",
        "Q13.follows_up",
    ]


@pytest.mark.parametrize("raw", [None, [], "dkdl", {}])
def test_what_is_no_definition_is_refused(raw: Any) -> None:
    with pytest.raises(DefinitionError):
        load(raw)


def test_what_technical_care_counts_is_in_sight_before_the_answer() -> None:
    helped = shipped()["Q12"].help.lower()
    missing = [option.label for option in shipped()["Q13"].options if option.label.lower() not in helped]
    assert missing == []


#: What the regulator's list means, in words that the question or its option has to hold, and may not hold.
MEANINGS: dict[str, tuple[str, str]] = {
    "Q2 1": ("niet korter dan drie maanden", "langer dan"),
    "Q3 3": ("profiel Geen", ""),
    "Q4 1": ("in het leven van alledag", "elke dag"),
    "Q4 3": ("ernstige verslaving", "weigeren"),
    "Q4": ("ook als dat niet elke dag is", ""),
    "Q5 3": ("vaak of altijd", "meeste dagen"),
    "Q6": ("contact dat ertoe doet", "niet om het aantal"),
    "Q6 2": ("weinig contact dat voor de cliënt iets betekent", ""),
    "Q9": ("spreek in je team af", "goed ophouden"),
    "Q9 1": ("Geen verlies van urine of ontlasting", "Ja"),
    "Q11": ("bestellen", "ophalen"),
    "Q12": ("spreek dat af in je team", "een wond verzorgen"),
    "Q13": ("spreek dan af in je team", ""),
}


@pytest.mark.parametrize("place", MEANINGS)
def test_our_words_mean_what_the_regulator_means(place: str) -> None:
    holds, holds_not = MEANINGS[place]
    name, _space, code = place.partition(" ")
    asked = shipped()[name]
    said = [f"{each.label}. {each.definition}" for each in asked.options if each.code == code]
    (text,) = said or [f"{asked.text} {asked.help}"]
    assert holds in text
    assert not holds_not or holds_not not in text


def test_the_group_of_support_has_the_name_of_its_score() -> None:
    groups = {group.id: group.label for group in shipped().groups}
    assert groups["ondersteuningsbehoefte"] == "Ondersteuningsbehoefte"
