"""What is written in a model can be stored, printed, said and counted, or the model is refused."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from profiles.engine import UnsoundModelError, read_model, shipped
from profiles.engine.building import in_full
from profiles.engine.soundness import defects_of
from profiles.engine.written import sentences
from tests.declarations.shell import run
from tests.second_model import DEFINITION, MODEL_FILE, RULES

Change = Callable[[dict[str, Any]], object]


def refusal(change: Change) -> tuple[str, ...]:
    rules = deepcopy(RULES)
    change(rules)
    with pytest.raises(UnsoundModelError) as refused:
        read_model(rules)
    return refused.value.defects


def lasts(days: int) -> Change:
    return lambda rules: rules["exceptions"][1].update(lasts_days=days)


def asks(months: int) -> Change:
    return lambda rules: rules["exceptions"][1].update(asks_after_months=months)


def rule(text: str, **values: int) -> Change:
    return lambda rules: rules["dimensions"][0]["rule"].append({"text": text, "values": values})


def code(text: str) -> Change:
    return lambda rules: rules["profiles"][0].update(code=text)


def label(text: str) -> Change:
    return lambda rules: rules["profiles"][0].update(label=text)


def column(text: str) -> Change:
    return lambda rules: rules["dimensions"][0].update(column=text)


def points(number: int) -> Change:
    return lambda rules: rules["questions"][2]["points"].update(hoog=number)


@pytest.mark.parametrize("days", [-5, 0, 3661, 99_999_999])
def test_an_exception_lasts_a_number_of_days_that_a_calendar_has(days: int) -> None:
    assert refusal(lasts(days)) == ("WACHT.lasts_days: must be from 1 to 3660",)


@pytest.mark.parametrize("months", [-1, 0, 121, 40_000])
def test_an_exception_asks_after_months_that_a_calendar_has(months: int) -> None:
    assert refusal(asks(months)) == ("WACHT.asks_after_months: must be from 1 to 120",)


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (points(1001), "trap.points: hoog is over 1000"),
        (points(10**12), "thuis: the score can go over 1000"),
        (
            lambda rules: rules["dimensions"][0].update(counts_down_from=1001),
            "zelfregie.counts_down_from: must be from 1 to 1000",
        ),
        (rule("Vanaf %(start)d.", start=2**53 + 1), "zelfregie.rule.start: must be from"),
    ],
)
def test_a_score_stays_within_what_has_words(change: Change, defect: str) -> None:
    assert any(each.startswith(defect) for each in refusal(change))


def test_levels_that_combine_without_end_are_refused_at_once() -> None:
    def change(rules: dict[str, Any]) -> None:
        more = [{**rules["dimensions"][0], "id": f"d{n}", "column": f"d{n}"} for n in range(40)]
        rules["dimensions"] += more

    assert "profiles: more than 1000 combinations of levels" in refusal(change)


@pytest.mark.parametrize(
    ("text", "defect"),
    [
        ("Vanaf %(nergens)d.", "zelfregie.rule[1]: nothing goes into %(nergens)d"),
        ("Vanaf %(start)s.", "zelfregie.rule[1]: nothing goes into %(start)s"),
        ("Is 50% of meer.", "zelfregie.rule[1]: has a % that is no place; write it as %%"),
        ("Vanaf %d.", "zelfregie.rule[1]: has a % that is no place; write it as %%"),
        ("Vanaf %(start)99999999d.", "zelfregie.rule[1]: has a % that is no place; write it as %%"),
    ],
)
def test_a_rule_can_be_said_with_its_values(text: str, defect: str) -> None:
    assert refusal(rule(text, start=6)) == (defect,)


def test_a_rule_without_values_may_have_a_percentage() -> None:
    rules = deepcopy(RULES)
    rule("Is 50% of meer.")(rules)
    rule("Is 50%% of meer, vanaf %(start)d.", start=6)(rules)
    assert defects_of(rules) == ()


@pytest.mark.parametrize(
    ("part", "text", "defect"),
    [
        ("title", "Links %(x)s", "balance.title: nothing goes into %(x)s"),
        ("title", "Links %(word)s", "balance.title: nothing goes into %(word)s"),
        ("title", "Is 50%%", "balance.title: has a % that is no place"),
        ("limits", "Vanaf %(most_left)d", "balance.limits: nothing goes into %(most_left)d"),
        ("limits", "Op %(word)d", "balance.limits: nothing goes into %(word)d"),
        ("limits", "Is 50%", "balance.limits: has a % that is no place; write it as %%"),
    ],
)
def test_the_words_of_the_balance_can_be_said(part: str, text: str, defect: str) -> None:
    rules = in_full(shipped().as_rules())
    balance = {**rules["balance"], part: text}
    assert list(sentences({**rules, "balance": balance})) == [defect]


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (code('a;b"c'), 'codes: a;b"c has other signs'),
        (code("é"), "codes: é has other signs"),
        (column("x;y"), "columns: x;y has other signs"),
        (column("fout"), "columns: every file has fout already"),
        (lambda rules: rules.update(version="9;9"), "version: 9;9 has other signs"),
        (lambda rules: rules.update(model="kom pas"), "model: kom pas has other signs"),
        (
            lambda rules: rules["dimensions"][1].update(id="__proto__"),
            "dimensions: __proto__ has other signs",
        ),
    ],
)
def test_names_have_the_signs_of_names(change: Change, defect: str) -> None:
    assert any(each.startswith(defect) for each in refusal(change))


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (label("a\0b"), "model.profiles[0].label: has a sign that is no part of a text"),
        (label("a\ud800"), "model.profiles[0].label: has a sign that is no part of a text"),
        (label("a" * 10_001), "model.profiles[0].label: is longer than 10000"),
        (code("a\nb"), "model.profiles[0].code: has a sign that is no part of a text"),
        (
            lambda rules: rules["questions"][0]["points"].update({"\udfff": 1}),
            "model.questions[0].points.\\udfff: has a sign that is no part of a text",
        ),
        (lambda rules: rules.update({"\ud800": 1}), "model.\\ud800: is not known"),
    ],
)
def test_texts_are_texts_everywhere(change: Change, defect: str) -> None:
    assert defect in refusal(change)


def test_texts_and_shape_are_named_together() -> None:
    def change(rules: dict[str, Any]) -> None:
        label("a\0b")(rules)
        del rules["gates"]

    assert len(refusal(change)) == 2


@pytest.mark.django_db
def test_the_command_names_them_and_does_not_choke_on_depth(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text('{"model": "a\\ud800"}', "utf-8")
    answer = run("load_model", file, "--from", "2024-01-01")
    assert (answer.code, answer.err[0]) == (1, "model.model: has a sign that is no part of a text")
    assert answer.err[1].endswith("is missing")
    definition = tmp_path / "instrument.json"
    definition.write_text(json.dumps({**DEFINITION, "key": "a\ud800"}), "utf-8")
    answer = run("load_model", MODEL_FILE, "--instrument", definition, "--from", "2024-01-01")
    assert (answer.code, answer.err) == (1, ["definition.key: has a sign that is no part of a text"])
    file.write_text("[" * 200_000 + "]" * 200_000, "utf-8")
    assert run("load_model", file, "--from", "2024-01-01").code == 2
    assert run("derive_profiles", file, tmp_path / "uit.csv", "--model", file).code == 2
