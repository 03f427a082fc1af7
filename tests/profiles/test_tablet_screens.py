"""The tablet's screens held against the server's: which there are, what stands on each, what is missing."""

import json
from random import Random
from typing import Any

import pytest

from questionnaires.anamneses import screens as drawn
from questionnaires.instruments.definition import from_json
from tests.profiles.test_tablet_rules import (
    DKDL,
    Opened,
    Rules,
    as_json,
    open_rules,  # noqa: F401 - a fixture
    other_rules,
    sample,
)


def screened(rules: Rules, raw: dict[str, Any]) -> dict[str, Any]:
    """What the server says of answers, in the shape in which the page says it."""
    instrument, answers = rules.instrument, from_json(raw)
    screens = drawn.screens_of(instrument)
    first = drawn.first_unanswered(instrument, answers)
    cards = [card for screen in screens for card in drawn.cards_of(instrument, screen, answers)]
    return {
        "screens": [[screen.slug, screen.title, screen.ids] for screen in screens],
        "open": [screen.slug for screen in drawn.open_screens(instrument, answers)],
        "missing": [
            [question.id for question in drawn.missing(instrument, screen, answers)] for screen in screens
        ],
        "first": first and first.slug,
        "shown": [card.question.id for card in cards if card.is_shown],
        "labels": [", ".join(drawn.labels(question, answers)) for question in instrument.questions],
        "subjects": drawn.subjects_of(instrument, answers),
    }


@pytest.mark.parametrize("rules", [DKDL, other_rules()], ids=["dkdl", "other"])
def test_both_show_the_same_of_every_sample(open_rules: Opened, rules: Rules) -> None:  # noqa: F811
    random = Random(20240302)  # noqa: S311 - the same samples every time
    samples = [sample(rules, random)["raw"] for _time in range(1500)]
    expected = [screened(rules, raw) for raw in samples]
    with open_rules(rules) as page:
        found = json.loads(page.evaluate("rules.screened", json.dumps(samples)))
    for given, server, here in zip(samples, expected, found, strict=True):
        assert here == as_json(server), given
    assert len({each["first"] for each in expected}) > 2
    assert len({tuple(each["open"]) for each in expected}) > 1


def test_the_rules_of_a_page_are_those_of_its_instrument(open_rules: Opened) -> None:  # noqa: F811
    """An ordinary screen gets the rules without the words: they decide the same."""
    definition = drawn.rules_of(DKDL.definition)
    words = {"text", "help", "subject", "label", "definition"}
    assert not words & {name for question in definition["questions"] for name in question}
    assert [question["id"] for question in definition["questions"]] == [*DKDL.instrument.by_id]
    random = Random(20240303)  # noqa: S311 - the same samples every time
    samples = [sample(DKDL, random)["raw"] for _time in range(500)]
    with open_rules(DKDL) as page:
        found = json.loads(page.evaluate("rules.shownBy", [json.dumps(definition), json.dumps(samples)]))
    for raw, here in zip(samples, found, strict=True):
        assert here == screened(DKDL, raw)["shown"], raw
