"""The cases that docs/declarations.md names, each through a whole file, and what the officer reads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client as Browser

from care.schema.models import Client
from declarations.aw319 import sample_files
from declarations.matching.advice import advice
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.declarations import pages
from tests.declarations.fictional import Draft, care, credit, insured, zero
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db

NEW_YEAR = "2024-01-01"
# 0419 for a period: a day has a unit, a month too; a week, four weeks and a quarter are 81 with their dates.
PERIODS = {
    "day": ("2024-01-01", "14"),
    "week": ("2024-01-07", "81"),
    "four weeks": ("2024-01-28", "81"),
    "month": ("2024-01-31", "31"),
    "quarter": ("2024-03-31", "81"),
}


def of(period: str) -> sample_files.Care:
    """Return a performance over a period from New Year."""
    last, unit = PERIODS[period]
    return care(NEW_YEAR, last, unit=unit, count=1)


def attached(office: Office, *persons: sample_files.SampleInsured) -> DeclarationFile:
    """Import a file of which the invoice is later than all its care, and work it off."""
    file = office.take_in(Draft(office.content(*persons)).put(1, "0117", "20240402").bytes())
    office.attach(file)
    return file


def written(office: Office) -> list[tuple[str, str, str]]:
    """Return code and days of the profile records."""
    with office.facts():
        rows = ProfileRecord.objects.order_by("number")
        return [(row.performance_code, f"{row.first_day:%m-%d}", f"{row.last_day:%m-%d}") for row in rows]


@pytest.mark.parametrize("period", PERIODS)
def test_a_record_lasts_as_long_as_the_period_whatever_its_unit(office: Office, period: str) -> None:
    office.client(0)
    file = attached(office, insured(0, of(period)))
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    assert written(office) == [("DK01", "01-01", PERIODS[period][0][5:])]


@pytest.mark.parametrize("period", [period for period in PERIODS if period != "day"])
def test_a_period_that_straddles_a_change_carries_the_profile_of_its_first_day(
    office: Office, period: str
) -> None:
    """Cut to the days on which that profile held."""
    client = office.client(0)
    office.profile(client, date(2024, 1, 4), "DKDL-09")
    attached(office, insured(0, of(period)))
    assert written(office) == [("DK01", "01-01", "01-03")]


def test_the_next_period_carries_the_next_profile(office: Office) -> None:
    client = office.client(0)
    office.profile(client, date(2024, 1, 4), "DKDL-09")
    weeks = [
        care(f"2024-01-{day:02d}", f"2024-01-{day + 6:02d}", unit="81", count=1) for day in (1, 8, 15, 22)
    ]
    office.attached(insured(0, *weeks))
    assert written(office) == [("DK01", "01-01", "01-03"), ("DK09", "01-08", "01-28")]


@pytest.mark.parametrize(
    ("period", "last"),
    [("day", "01-01"), ("week", "01-07"), ("four weeks", "01-28"), ("month", "01-28"), ("quarter", "01-28")],
)
def test_a_temporary_profile_lasts_28_days_of_a_period(office: Office, period: str, last: str) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    attached(office, insured(0, of(period)))
    assert written(office) == [("TYD", "01-01", last)]


@dataclass(frozen=True)
class Case:
    """Care of one person, and what must come of it."""

    groups: tuple[tuple[sample_files.Care, ...], ...]
    state: AttachmentState
    reason: Reason = Reason.NONE
    records: list[tuple[str, str, str]] = field(default_factory=list)
    meanwhile: Callable[[Office, Client], object] = lambda _office, _client: None


def leaves(day: date) -> Callable[[Office, Client], object]:
    """Let the client leave care (also: die) on a day, the first without care."""

    def leave(office: Office, client: Client) -> None:
        with office.facts():
            client.in_care_until = day
            client.save()

    return leave


def temporary(office: Office, client: Client) -> None:
    """Give the client a temporary profile from New Year."""
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")


ATTACHED, HELD, EXCLUDED = AttachmentState.ATTACHED, AttachmentState.HELD, AttachmentState.EXCLUDED
FIRST_HALF, SECOND_HALF = care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31")
CASES = {
    "several groups": Case(((FIRST_HALF,), (SECOND_HALF,)), ATTACHED, records=[("DK01", "01-01", "01-31")]),
    "credits only": Case(((credit(),),), EXCLUDED, Reason.CREDITS_ONLY),
    "credits in a second group": Case(
        ((FIRST_HALF,), (credit(),)), ATTACHED, records=[("DK01", "01-01", "01-15")]
    ),
    "temporary ran out": Case(
        ((care("2024-01-29", "2024-01-31"),),), HELD, Reason.NO_VALID_PROFILE, meanwhile=temporary
    ),
    "temporary ran out of one of two": Case(
        ((FIRST_HALF, care("2024-01-29", "2024-01-31")),), HELD, Reason.NO_VALID_PROFILE, meanwhile=temporary
    ),
    "zero record with a profile code": Case(
        ((care(), zero(list_code="990", code="DK05")),), EXCLUDED, Reason.PROFILE_LINE_PRESENT
    ),
    "zero record of something else": Case(
        ((care(), zero(code="W0999")),), ATTACHED, records=[("DK01", "01-01", "01-31")]
    ),
    "left before": Case(((care(),),), HELD, Reason.NOT_IN_CARE, meanwhile=leaves(date(2024, 1, 1))),
    "left within": Case(
        ((care(),),), ATTACHED, records=[("DK01", "01-01", "01-09")], meanwhile=leaves(date(2024, 1, 10))
    ),
    "left, and a later period": Case(
        ((FIRST_HALF, SECOND_HALF),), HELD, Reason.NOT_IN_CARE, meanwhile=leaves(date(2024, 1, 16))
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_case_comes_out_as_the_rule_says_and_the_officer_can_read_why(
    office: Office, officer: Browser, name: str
) -> None:
    case = CASES[name]
    client = office.client(0)
    case.meanwhile(office, client)
    file = office.attached(*(insured(0, *group) for group in case.groups))
    assert office.state(file) == (case.state, case.reason)
    assert written(office) == case.records
    page = pages.shown(officer, "queue-item", office.item(file).public_id)
    if case.reason:
        assert str(case.reason.label) in page
        assert str(advice(case.reason)).split(". ")[0] in page


@pytest.mark.parametrize(
    ("more", "state", "records"),
    [
        ((), (EXCLUDED, Reason.CREDITS_ONLY), []),
        ((SECOND_HALF,), (ATTACHED, Reason.NONE), [("DK01", "01-16", "01-31")]),
    ],
)
def test_a_debit_that_the_file_takes_back_counts_as_none(
    office: Office,
    more: tuple[sample_files.Care, ...],
    state: tuple[str, str],
    records: list[tuple[str, str, str]],
) -> None:
    """The credit names it in 0432, of the same person and amount."""
    office.client(0)
    taking = credit("2024-01-01", "2024-01-15", code="W0105")
    draft = Draft(office.content(insured(0, FIRST_HALF, taking, *more)))
    file = office.take_in(draft.put(4, "0432", draft.get(3, "0431")).bytes())
    office.attach(file)
    assert office.state(file) == state
    assert written(office) == records


def test_who_died_is_no_other_case(office: Office) -> None:
    """0223 says that somebody died; the care until that day is declared, and its profile goes along."""
    client = office.client(0)
    leaves(date(2024, 1, 20))(office, client)
    file = office.attached(insured(0, care("2024-01-01", "2024-01-19"), is_deceased=True))
    assert office.state(file) == (ATTACHED, Reason.NONE)
    assert written(office) == [("DK01", "01-01", "01-19")]
