"""An ordinary screen and a tablet save by protocols of their own (ADR 0036): what is stored is the same."""

from datetime import date
from itertools import chain
from random import Random
from typing import Any

import pytest

from care.schema.models import Client
from questionnaires.anamneses import screens as drawn
from questionnaires.anamneses import services
from questionnaires.anamneses.draft_rules import draft
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import Question, from_json, to_json
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House
from tests.factories import anamneses, people

TODAY = date(2024, 5, 15)
WALKS, TAPS = 12, 12


@pytest.fixture
def two(thuis: House, nurse: Actor) -> tuple[Anamnese, Anamnese]:
    """Two empty drafts of a nurse: one filled in on a screen, one on a tablet."""
    with thuis.scope():
        first, second = (
            anamneses.draft(each, nurse.membership, day=TODAY, answers={}) for each in clients(thuis)
        )
    return first, second


def clients(house: House) -> tuple[Client, Client]:
    return people.client(house.north), people.client(house.north)


def by_screen(anamnese: Anamnese, nurse: Actor, question: Question, codes: list[str]) -> None:
    """As anamnese.js: what is stored, with what was just tapped; the server sets aside and brings back."""
    save(anamnese, nurse, {**anamnese.answers, question.id: codes}, brings_back=True)


def by_tablet(anamnese: Anamnese, nurse: Actor, question: Question, codes: list[str], kept: Any) -> Any:
    """As session.js: sets aside and brings back by itself, and sends what is in force."""
    instrument = instrument_of(anamnese.instrument)
    answers, aside = kept
    whole = {name: each for name, each in answers.items() if name != question.id}
    if codes:
        whole[question.id] = tuple(codes)
    drafted = draft(instrument, whole, age=services.age_of(anamnese), aside=aside)
    save(anamnese, nurse, to_json(instrument, drafted.answers), brings_back=False)
    return drafted.answers, drafted.set_aside


def shown(anamnese: Anamnese) -> set[str]:
    """The questions that stand on their screen: no other can be tapped."""
    instrument = instrument_of(anamnese.instrument)
    answers = services.complete_answers(anamnese)
    cards = [drawn.cards_of(instrument, screen, answers) for screen in drawn.screens_of(instrument)]
    return {card.question.id for card in chain(*cards) if card.is_shown}


def save(anamnese: Anamnese, nurse: Actor, answers: Any, *, brings_back: bool) -> None:
    services.save_answers(
        anamnese=anamnese,
        membership=nurse.membership,
        answers=answers,
        revision=anamnese.revision,
        brings_back=brings_back,
    )
    anamnese.refresh_from_db(fields=["answers", "set_aside", "revision"])


def test_the_same_taps_store_the_same(two: tuple[Anamnese, Anamnese], thuis: House, nurse: Actor) -> None:
    random = Random(20240304)  # noqa: S311 - the same taps every time
    screen, tablet = two
    seen: set[str] = set()
    with thuis.scope():
        instrument = instrument_of(screen.instrument)
        own = [question for question in instrument.questions if not question.answered_by]
        gates = [question for question in own if question.group == own[0].group]
        for _walk in range(WALKS):
            kept: Any = ({}, {})
            for each in two:
                Anamnese.objects.filter(pk=each.pk).update(answers={}, set_aside={})
                each.refresh_from_db(fields=["answers", "set_aside", "revision"])
            for _tap in range(TAPS):
                question = random.choice([each for each in [*own, *gates * 4] if each.id in shown(screen)])
                possible = [option.code for option in question.options]
                codes = random.sample(possible, random.randint(0, 2)) if question.is_multiple else []
                codes = codes or ([] if question.is_multiple else [random.choice(possible)])
                by_screen(screen, nurse, question, codes)
                kept = by_tablet(tablet, nurse, question, codes, kept)
                assert from_json(screen.answers) == from_json(tablet.answers) == kept[0]
                assert from_json(screen.set_aside) == from_json(tablet.set_aside)
                seen |= {*screen.set_aside}
    assert len(seen) > 2, "a sample in which nothing is ever set aside proves little"
