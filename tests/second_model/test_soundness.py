"""Rules of a model that do not hold together are refused, with every place named."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from profiles.engine import UnsoundModelError, read_model, shipped
from profiles.engine.building import in_full
from profiles.engine.soundness import defects_of
from profiles.timeline.versions import misfits
from questionnaires.instruments.definition import load
from questionnaires.instruments.definitions import shipped as shipped_instrument
from tests.second_model import DEFINITION, INSTRUMENT, MODEL, RULES

BALANCE = ("left", "right", "below", "straight", "to_left", "to_right", "title", "limits")
Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> dict[str, Any]:
    rules = deepcopy(RULES)
    change(rules)
    return rules


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (lambda r: r.pop("version"), "model.version: is missing"),
        (lambda r: r.update(tarief=1), "model.tarief: is not known"),
        (lambda r: r.update(gates={}), "model.gates: must be of type list"),
        (lambda r: r["dimensions"][0].update(name=""), "model.dimensions[0].name: must not be empty"),
        (lambda r: r["questions"][0]["points"].update(zelf="1"), "points[zelf]: must be of type int"),
        (lambda r: r["questions"][0]["points"].update(zelf=True), "points[zelf]: must be of type int"),
        (lambda r: r["questions"].__setitem__(0, "dag"), "model.questions[0]: must be an object"),
        (lambda r: r["questions"][0]["points"].update(zelf=-1), "dag.points: zelf is under 0"),
        (
            lambda r: r["questions"][0].update(dimension="lengte"),
            "dag.dimension: there is no dimension lengte",
        ),
        (
            lambda r: r["questions"][0]["points"].update(ander=7),
            "zelfregie.counts_down_from: the score can go",
        ),
        (
            lambda r: r["dimensions"][2]["levels"][1].update(first=12),
            "inzet.levels: must begin at 0 and go up",
        ),
        (
            lambda r: r["dimensions"][2]["levels"][2].update(first=20),
            "inzet.levels: must begin at 0 and go up",
        ),
        (lambda r: r["questions"].append(deepcopy(r["questions"][0])), "questions: dag stands there twice"),
        (lambda r: r["profiles"][1].update(code="KMP-RL"), "codes: KMP-RL stands there twice"),
        (lambda r: r["profiles"][1].update(code="K" * 13), "is longer than 12"),
        (lambda r: r.update(version="5" * 20), "version: 55555555555555555555 is longer than 19"),
        (lambda r: r["profiles"][1].update(levels=[1, 0, 0]), "profiles: two for levels [1, 0, 0]"),
        (lambda r: r["profiles"][1].update(levels=[1, 1, 0]), "profiles: levels [1, 1, 0] do not exist"),
        (lambda r: r["profiles"].pop(), "profiles: there is none for levels [0, 0, 2]"),
        (lambda r: r["gates"][0].update(passes="nee"), "oud.passes: nee is an exception as well"),
        (lambda r: r["gates"][0]["exceptions"].update(nee="WEG"), "gates: there is no exception WEG"),
        (lambda r: r["gates"].pop(), "exceptions: no gate leads to WACHT"),
        (lambda r: r["questions"][4].pop("opening"), "nacht: opened_by and opening go together"),
        (lambda r: r["questions"][4].update(opened_by="wat"), "nacht.opened_by: is no earlier question"),
        (lambda r: r["questions"][4].update(opening="nooit"), "nacht.opening: slaap has no option nooit"),
        (
            lambda r: r["questions"][5]["points"].update({f"meer-{n}": 1 for n in range(9)}),
            "wat.points: more than 12 options of which several can be chosen",
        ),
        (
            lambda r: r.update(balance=dict.fromkeys(BALANCE, "thuis")),
            "balance.left: a score with one level has no threshold to show",
        ),
        (
            lambda r: r.update(balance=dict.fromkeys(BALANCE, "weg")),
            "balance.below: there is no dimension weg",
        ),
    ],
)
def test_each_defect_is_named(change: Change, defect: str) -> None:
    with pytest.raises(UnsoundModelError) as refused:
        read_model(changed(change))
    assert any(defect in one for one in refused.value.defects), refused.value.defects


def test_several_defects_come_together() -> None:
    def change(rules: dict[str, Any]) -> None:
        rules["profiles"].pop()
        rules["questions"][0]["points"]["zelf"] = -1

    assert len(defects_of(changed(change))) == 2


@pytest.mark.parametrize("raw", [None, [], "model", 3])
def test_what_is_no_object_is_no_model(raw: object) -> None:
    assert defects_of(raw) == ("model: must be an object",)


def test_what_ships_is_sound_in_the_format_of_today() -> None:
    assert defects_of(in_full(shipped().as_rules())) == ()
    assert misfits(shipped(), shipped_instrument()) == ()


@pytest.mark.parametrize(
    ("question", "change"),
    [
        ("dag", lambda each: each["options"].pop()),
        ("nacht", lambda each: each["asked_when"].pop()),
        ("zicht", lambda each: each.pop("asked_when")),
        ("wat", lambda each: each.update(kind="single")),
    ],
)
def test_an_instrument_that_asks_otherwise_does_not_fit(question: str, change: Change) -> None:
    definition = deepcopy(DEFINITION)
    each = next(one for one in definition["questions"] if one["id"] == question)
    each.pop("follows_up", None)
    change(each)
    assert misfits(MODEL, load(definition)) == (question,)
    assert misfits(MODEL, INSTRUMENT) == ()
