"""The state of a client's profile in words."""

from datetime import date, timedelta

import pytest

from profiles.timeline.state_texts import StateText, state_text
from profiles.timeline.states import LatestProfile, state_on
from tests.profiles.dkdl import TERMS

D = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("code", "until", "days", "expected"),
    [
        ("TIJDELIJK", D + timedelta(28), 27, StateText("temporary", "Tijdelijk", "nog 1 dag")),
        (
            "TIJDELIJK",
            D + timedelta(28),
            28,
            StateText("none", "Geen profiel", "verlopen op 30\xa0mrt\xa02026"),
        ),
        ("MKT", D + timedelta(100), 90, StateText("temporary", "Loopt af", "wordt 18, nog 10 dagen")),
        ("MKT", D + timedelta(100), 50, StateText("current", "Op orde")),
        (
            "MKT",
            D + timedelta(100),
            100,
            StateText("none", "Geen profiel", "18 geworden op 10\xa0jun\xa02026"),
        ),
        (
            "DKDL-05",
            None,
            5,
            StateText("current", "Op orde", "opnieuw vanaf 2\xa0sep\xa02026"),
        ),
        (
            "DKDL-05",
            None,
            300,
            StateText("due", "Herbeoordelen", "vanaf 2\xa0sep\xa02026"),
        ),
    ],
)
def test_a_state_is_said_in_a_few_words(
    code: str, until: date | None, days: int, expected: StateText
) -> None:
    latest = LatestProfile(code, D, until, TERMS[code])
    assert state_text(state_on(D + timedelta(days), latest, reassess_months=6)) == expected


def test_without_any_profile_there_is_nothing_to_add() -> None:
    assert state_text(state_on(D, None, reassess_months=6)) == StateText("none", "Geen profiel")
