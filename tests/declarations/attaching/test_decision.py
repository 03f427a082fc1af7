"""Every reason and every exclusion, their order, and which profile goes with which days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.attaching.decision import (
    Ground,
    Insured,
    KnownClient,
    Outcome,
    Performance,
    Period,
    Record,
    Span,
    Terms,
    decide,
    decide_late,
    is_covered,
    profile_for,
)
from declarations.constants import AttachmentState, DeliveryForm, Reason
from profiles.selectors import ProfileSpan

BORN = date(1941, 3, 14)
JANUARY = Span(date(2024, 1, 1), date(2024, 1, 31))
ALWAYS = Period(date(2013, 1, 1), None)
CODES = {"DKDL-01": "DK01", "DKDL-02": "DK02", "DKDL-03": "DK03", "TIJDELIJK": "TYD"}
TERMS = Terms(ALWAYS, sending=True, form=DeliveryForm.IN_FILE, list_code="990", time_unit="00", codes=CODES)
GROUND = Ground(bases=(ALWAYS,), terms=(TERMS,), phase_allows=True)
PROFILE = ProfileSpan(7, "DKDL-01", date(2023, 6, 1), None)
CLIENT = KnownClient(1, BORN, (ALWAYS,), profiles=(PROFILE,))


def day(text: str) -> date:
    return date.fromisoformat(f"2024-{text}")


def line(first: str = "01-01", last: str = "01-31", **changes: object) -> Performance:
    values: dict[str, object] = {"is_debit": True, "is_zero": False, "list_code": "065", "code": "W0104"}
    return Performance(2, Span(day(first), day(last)), **(values | changes))  # type: ignore[arg-type]


def insured(*lines: Performance, **changes: object) -> Insured:
    values: dict[str, object] = {"has_number": True, "date_of_birth": BORN}
    return Insured(performances=lines or (line(),), **(values | changes))  # type: ignore[arg-type]


def profile(number: int, first: str, until: str | None = None, code: str = "DKDL-01") -> ProfileSpan:
    return ProfileSpan(number, code, day(first), day(until) if until else None)


def with_profiles(*profiles: ProfileSpan) -> KnownClient:
    return replace(CLIENT, profiles=profiles)


def spans(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [
        (record.profile_id, f"{record.first_day:%m-%d}", f"{record.last_day:%m-%d}")
        for record in outcome.records
    ]


def test_it_attaches_one_record_with_the_fields_of_the_agreement() -> None:
    outcome = decide(insured(), CLIENT, GROUND)
    assert outcome.state == AttachmentState.ATTACHED
    assert outcome.reason == Reason.NONE
    assert outcome.records == (Record(1, 7, JANUARY.first, JANUARY.last, "990", "DK01", "00"),)


HELD: list[tuple[Reason, Callable[[], Outcome]]] = [
    (Reason.BSN_UNKNOWN, lambda: decide(insured(has_number=False), None, GROUND)),
    (Reason.CLIENT_UNKNOWN, lambda: decide(insured(), None, GROUND)),
    (Reason.DETAILS_DIFFER, lambda: decide(insured(date_of_birth=date(1941, 3, 15)), CLIENT, GROUND)),
    (Reason.DETAILS_DIFFER, lambda: decide(insured(date_of_birth=None), CLIENT, GROUND)),
    (
        Reason.NOT_IN_CARE,
        lambda: decide(insured(), replace(CLIENT, care=(Period(day("02-01"), None),)), GROUND),
    ),
    (
        Reason.NOT_IN_CARE,
        lambda: decide(insured(), replace(CLIENT, care=(Period(date(2020, 1, 1), day("01-01")),)), GROUND),
    ),
    (Reason.NO_LEGAL_BASIS, lambda: decide(insured(), CLIENT, replace(GROUND, bases=()))),
    (Reason.OBJECTION, lambda: decide(insured(), replace(CLIENT, has_objection=True), GROUND)),
    (Reason.SENDING_IS_OFF, lambda: decide(insured(), CLIENT, replace(GROUND, terms=()))),
    (
        Reason.SENDING_IS_OFF,
        lambda: decide(insured(), CLIENT, replace(GROUND, terms=(replace(TERMS, sending=False),))),
    ),
    (Reason.PHASE_FORBIDS, lambda: decide(insured(), CLIENT, replace(GROUND, phase_allows=False))),
    (Reason.NO_VALID_PROFILE, lambda: decide(insured(), with_profiles(), GROUND)),
    (
        Reason.CODE_UNKNOWN,
        lambda: decide(insured(), with_profiles(profile(1, "01-01", code="DKDL-12")), GROUND),
    ),
]


@pytest.mark.parametrize(("reason", "outcome"), HELD)
def test_it_holds_for_a_reason(reason: Reason, outcome: Callable[[], Outcome]) -> None:
    assert (outcome().state, outcome().reason) == (AttachmentState.HELD, reason)
    assert outcome().records == ()


def test_it_goes_in_the_form_that_was_agreed_and_apart_where_the_file_has_gone() -> None:
    apart = replace(GROUND, terms=(replace(TERMS, form=DeliveryForm.SEPARATE),))
    assert [record.form for record in decide(insured(), CLIENT, apart).records] == [DeliveryForm.SEPARATE]
    late = decide_late(insured(), CLIENT, GROUND)
    assert [record.form for record in late.records] == [DeliveryForm.SEPARATE]
    still = decide_late(insured(), with_profiles(), GROUND)
    assert (still.state, still.reason, still.before) == (
        AttachmentState.HELD, Reason.TOO_LATE, Reason.NO_VALID_PROFILE,
    )  # fmt: skip


def test_care_with_a_gap_counts_on_both_sides_of_it() -> None:
    before, after = Period(date(2020, 1, 1), day("01-01")), Period(day("02-01"), None)
    gap = replace(CLIENT, care=(before, after))
    assert decide(insured(), gap, GROUND).reason == Reason.NOT_IN_CARE
    assert decide(insured(), replace(gap, care=(before, Period(day("01-01"), None))), GROUND) == decide(
        insured(), CLIENT, GROUND
    )


def test_it_looks_at_the_reasons_in_a_fixed_order() -> None:
    """With everything wrong at once, putting right what is said brings the next reason."""
    nothing = Ground()
    case = insured(has_number=False, date_of_birth=None)
    wrong = KnownClient(1, BORN, (Period(day("03-01"), None),), has_objection=True)
    found = [decide(case, None, nothing)]
    case = replace(case, has_number=True)
    found += [decide(case, None, nothing), decide(case, wrong, nothing)]
    case = replace(case, date_of_birth=BORN)
    found.append(decide(case, wrong, nothing))
    wrong = replace(wrong, care=(ALWAYS,))
    found.append(decide(case, wrong, nothing))
    based = Ground(bases=(ALWAYS,))
    found.append(decide(case, wrong, based))
    wrong = replace(wrong, has_objection=False)
    found.append(decide(case, wrong, based))
    agreed = replace(based, terms=(replace(TERMS, codes={}),))
    found.append(decide(case, wrong, agreed))
    allowed = replace(agreed, phase_allows=True)
    found.append(decide(case, wrong, allowed))
    found.append(decide(case, replace(wrong, profiles=(PROFILE,)), allowed))
    assert [outcome.reason for outcome in found] == [
        Reason.BSN_UNKNOWN,
        Reason.CLIENT_UNKNOWN,
        Reason.DETAILS_DIFFER,
        Reason.NOT_IN_CARE,
        Reason.NO_LEGAL_BASIS,
        Reason.OBJECTION,
        Reason.SENDING_IS_OFF,
        Reason.PHASE_FORBIDS,
        Reason.NO_VALID_PROFILE,
        Reason.CODE_UNKNOWN,
    ]


def test_it_excludes_who_has_a_profile_line_already() -> None:
    present = line(is_zero=True, list_code="990", code="DK05", first="01-05", last="01-06")
    known = replace(TERMS, codes=CODES | {"DKDL-05": "DK05"})
    outcome = decide(insured(line(), present), None, replace(GROUND, terms=(known,)))
    assert (outcome.state, outcome.reason) == (AttachmentState.EXCLUDED, Reason.PROFILE_LINE_PRESENT)
    assert outcome.days == (present.days,)


@pytest.mark.parametrize(
    "other",
    [
        {"is_zero": False, "list_code": "990", "code": "DK01"},
        {"is_zero": True, "list_code": "065", "code": "DK01"},
        {"is_zero": True, "list_code": "990", "code": "XX99"},
    ],
)
def test_it_treats_any_other_line_as_an_ordinary_one(other: dict[str, object]) -> None:
    outcome = decide(insured(line(), line("02-01", "02-03", **other)), CLIENT, GROUND)
    assert outcome.state == AttachmentState.ATTACHED
    assert spans(outcome) == [(7, "01-01", "02-03")]


def test_it_excludes_credits_only_even_where_nothing_is_known() -> None:
    outcome = decide(insured(line(is_debit=False), has_number=False), None, Ground())
    assert (outcome.state, outcome.reason) == (AttachmentState.EXCLUDED, Reason.CREDITS_ONLY)


def test_it_does_not_look_up_credits() -> None:
    outcome = decide(insured(line("03-01", "03-31", is_debit=False), line()), CLIENT, GROUND)
    assert spans(outcome) == [(7, "01-01", "01-31")]


def test_it_attaches_with_consent_where_no_basis_covers() -> None:
    outcome = decide(insured(), replace(CLIENT, has_consent=True), replace(GROUND, bases=()))
    assert outcome.state == AttachmentState.ATTACHED


def test_no_basis_helps_once_the_consent_was_taken_back() -> None:
    outcome = decide(insured(), replace(CLIENT, took_back=True), GROUND)
    assert (outcome.state, outcome.reason) == (AttachmentState.HELD, Reason.NO_LEGAL_BASIS)
    assert outcome.days == (JANUARY,)


def test_it_takes_bases_together_and_names_the_days_that_none_covers() -> None:
    half = Period(day("01-01"), day("01-15"))
    rest = Period(day("01-15"), day("02-01"))
    gap = Period(day("01-16"), None)
    assert decide(insured(), CLIENT, replace(GROUND, bases=(rest, half))).state == AttachmentState.ATTACHED
    outcome = decide(insured(), CLIENT, replace(GROUND, bases=(half, gap)))
    assert outcome.reason == Reason.NO_LEGAL_BASIS
    assert outcome.days == (JANUARY,)


def test_it_shares_one_record_between_performances_under_one_profile() -> None:
    lines = (line("01-20", "01-31"), line("01-01", "01-02"), line("01-05", "01-10"))
    assert spans(decide(insured(*lines), CLIENT, GROUND)) == [(7, "01-01", "01-31")]


def test_it_makes_a_record_per_profile_when_it_changed_between_performances() -> None:
    client = with_profiles(profile(1, "01-01", "01-16"), profile(2, "01-16", code="DKDL-02"))
    outcome = decide(insured(line("01-01", "01-15"), line("01-16", "01-31")), client, GROUND)
    assert spans(outcome) == [(1, "01-01", "01-15"), (2, "01-16", "01-31")]
    assert [record.performance_code for record in outcome.records] == ["DK01", "DK02"]
    assert [record.number for record in outcome.records] == [1, 2]


def test_it_goes_by_the_first_day_of_a_performance_that_straddles_a_change() -> None:
    client = with_profiles(profile(1, "01-01", "01-16"), profile(2, "01-16"))
    assert spans(decide(insured(line()), client, GROUND)) == [(1, "01-01", "01-15")]


def test_it_takes_the_first_profile_that_begins_within_a_performance() -> None:
    client = with_profiles(profile(1, "01-10", "01-20"), profile(2, "01-20"))
    assert spans(decide(insured(line()), client, GROUND)) == [(1, "01-10", "01-19")]


def test_it_holds_where_a_temporary_profile_ran_out() -> None:
    client = with_profiles(profile(1, "01-01", "01-29", code="TIJDELIJK"))
    outcome = decide(insured(line("01-01", "01-10"), line("01-29", "01-31")), client, GROUND)
    assert outcome.reason == Reason.NO_VALID_PROFILE
    assert outcome.days == (Span(day("01-29"), day("01-31")),)


def test_it_attaches_the_rest_when_an_officer_says_so() -> None:
    client = with_profiles(profile(1, "01-01", "01-29", code="TIJDELIJK"))
    lines = (line("01-01", "01-10"), line("01-29", "01-31"))
    outcome = decide(insured(*lines, attach_rest=True), client, GROUND)
    assert spans(outcome) == [(1, "01-01", "01-10")]
    assert outcome.days == (Span(day("01-29"), day("01-31")),)


def test_it_holds_when_there_is_no_rest_to_attach() -> None:
    outcome = decide(insured(attach_rest=True), with_profiles(), GROUND)
    assert outcome.reason == Reason.NO_VALID_PROFILE


def test_it_uses_the_code_table_of_the_days_of_the_care() -> None:
    old = replace(TERMS, period=Period(date(2013, 1, 1), day("01-16")))
    new = replace(TERMS, period=Period(day("01-16"), None), codes={"DKDL-02": "N2"}, time_unit="81")
    client = with_profiles(profile(1, "01-01", "01-16"), profile(2, "01-16", code="DKDL-02"))
    lines = (line("01-01", "01-15"), line("01-16", "01-31"))
    outcome = decide(insured(*lines), client, replace(GROUND, terms=(new, old)))
    assert [(record.performance_code, record.time_unit) for record in outcome.records] == [
        ("DK01", "00"),
        ("N2", "81"),
    ]


def test_it_names_the_codes_that_the_table_does_not_know() -> None:
    client = with_profiles(profile(1, "01-01", code="DKDL-12"))
    outcome = decide(insured(), client, GROUND)
    assert outcome.codes == ("DKDL-12",)
    assert outcome.days == (JANUARY,)


@pytest.mark.parametrize(
    ("periods", "covered"),
    [
        ([], False),
        ([("01-01", "02-01")], True),
        ([("01-01", "01-31")], False),
        ([("01-02", None)], False),
        ([("01-10", None), ("01-01", "01-10")], True),
        ([("01-01", "01-20"), ("01-05", "01-10"), ("01-20", "02-01")], True),
        ([("01-01", "01-05"), ("01-04", "01-20")], False),
    ],
)
def test_it_knows_whether_every_day_is_covered(periods: list[tuple[str, str | None]], covered: bool) -> None:
    made = [Period(day(first), day(until) if until else None) for first, until in periods]
    assert is_covered(JANUARY, made) is covered


DAYS = st.integers(0, 90).map(lambda number: date(2024, 1, 1) + timedelta(days=number))


@st.composite
def histories(draw: st.DrawFn) -> tuple[ProfileSpan, ...]:
    """Profiles in order that do not overlap, some with a gap behind them."""
    edges = sorted(draw(st.sets(DAYS, max_size=8)))
    found = []
    for number, (first, until) in enumerate(zip(edges, [*edges[1:], None], strict=False), 1):
        ends_early = draw(st.booleans())
        end = first + timedelta(days=draw(st.integers(1, 10))) if ends_early else until
        found.append(ProfileSpan(number, draw(st.sampled_from(sorted(CODES))), first, _earlier(end, until)))
    return tuple(found)


def _earlier(end: date | None, until: date | None) -> date | None:
    return min((day for day in (end, until) if day is not None), default=None)


@st.composite
def cares(draw: st.DrawFn) -> tuple[Performance, ...]:
    """One to six performances, credits and zero lines among them."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        first = draw(DAYS)
        span = Span(first, first + timedelta(days=draw(st.integers(0, 40))))
        found.append(Performance(2, span, draw(st.booleans()), draw(st.booleans()), "065", "W0104"))
    return tuple(found)


@given(histories(), cares(), st.booleans())
def test_it_covers_every_debit_by_one_record_of_a_person_and_never_overlaps(
    profiles: tuple[ProfileSpan, ...], lines: tuple[Performance, ...], attach_rest: bool
) -> None:
    case = Insured(True, BORN, lines, attach_rest=attach_rest)
    outcome = decide(case, with_profiles(*profiles), GROUND)
    by_id = {span.profile_id: span for span in profiles}
    wanted = [(entry.days, profile_for(entry.days, profiles)) for entry in case.debits]
    bare = [days for days, found in wanted if found is None]
    for before, after in zip(outcome.records, outcome.records[1:], strict=False):
        assert before.last_day < after.first_day
    for record in outcome.records:
        assert record.first_day <= record.last_day
        assert by_id[record.profile_id].holds_on(record.first_day)
        assert by_id[record.profile_id].holds_on(record.last_day)
    if outcome.state == AttachmentState.ATTACHED:
        assert [record.profile_id for record in outcome.records] == sorted(
            {found.profile_id for _, found in wanted if found}
        )
        assert not bare or attach_rest
    elif outcome.state == AttachmentState.HELD:
        assert list(outcome.days) == bare
        assert bare
    else:
        assert not case.debits
    assert decide(case, with_profiles(*profiles), GROUND) == outcome
