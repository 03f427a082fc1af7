"""Every reason and every exclusion, their order, and which profile goes with which days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.days import Period, Span
from declarations.decisions.decision import Decision, Record, decide, decide_late, profile_for
from declarations.decisions.inputs import Insured, KnownClient, Performance, SendingConditions, SendingTerms
from declarations.schema.constants import AttachmentState, DeliveryMode, MissingPart, Reason
from profiles.timeline.selectors import ProfileSpan

BORN = date(1941, 3, 14)
JANUARY = Span(date(2024, 1, 1), date(2024, 1, 31))
ALWAYS = Period(date(2013, 1, 1), None)
CODES = {"DKDL-01": "DK01", "DKDL-02": "DK02", "DKDL-03": "DK03", "TIJDELIJK": "TYD"}
TERMS = SendingTerms(
    ALWAYS, sending=True, form=DeliveryMode.IN_FILE, list_code="990", time_unit="00", codes=CODES
)
CONDITIONS = SendingConditions(bases=(ALWAYS,), terms=(TERMS,), declaring=(ALWAYS,))
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


def spans(outcome: Decision) -> list[tuple[int, str, str]]:
    return [
        (record.profile_id, f"{record.first_day:%m-%d}", f"{record.last_day:%m-%d}")
        for record in outcome.records
    ]


def test_it_attaches_one_record_with_the_fields_of_the_agreement() -> None:
    outcome = decide(insured(), CLIENT, CONDITIONS)
    assert outcome.state == AttachmentState.ATTACHED
    assert outcome.reason == Reason.NONE
    assert outcome.records == (Record(1, 7, JANUARY.first, JANUARY.last, "990", "DK01", "00"),)


HELD: list[tuple[Reason, Callable[[], Decision]]] = [
    (Reason.BSN_UNKNOWN, lambda: decide(insured(has_number=False), None, CONDITIONS)),
    (Reason.CLIENT_UNKNOWN, lambda: decide(insured(), None, CONDITIONS)),
    (Reason.DETAILS_DIFFER, lambda: decide(insured(date_of_birth=date(1941, 3, 15)), CLIENT, CONDITIONS)),
    (Reason.DETAILS_DIFFER, lambda: decide(insured(date_of_birth=None), CLIENT, CONDITIONS)),
    (
        Reason.NOT_IN_CARE,
        lambda: decide(insured(), replace(CLIENT, care=(Period(day("02-01"), None),)), CONDITIONS),
    ),
    (
        Reason.NOT_IN_CARE,
        lambda: decide(
            insured(), replace(CLIENT, care=(Period(date(2020, 1, 1), day("01-01")),)), CONDITIONS
        ),
    ),
    (Reason.NO_LEGAL_BASIS, lambda: decide(insured(), CLIENT, replace(CONDITIONS, bases=()))),
    (Reason.OBJECTION, lambda: decide(insured(), replace(CLIENT, has_objection=True), CONDITIONS)),
    (Reason.SENDING_IS_OFF, lambda: decide(insured(), CLIENT, replace(CONDITIONS, terms=()))),
    (
        Reason.SENDING_IS_OFF,
        lambda: decide(insured(), CLIENT, replace(CONDITIONS, terms=(replace(TERMS, sending=False),))),
    ),
    (Reason.PHASE_FORBIDS, lambda: decide(insured(), CLIENT, replace(CONDITIONS, declaring=()))),
    (Reason.NO_VALID_PROFILE, lambda: decide(insured(), with_profiles(), CONDITIONS)),
    (
        Reason.CODE_UNKNOWN,
        lambda: decide(insured(), with_profiles(profile(1, "01-01", code="DKDL-12")), CONDITIONS),
    ),
]


@pytest.mark.parametrize(("reason", "outcome"), HELD)
def test_it_holds_for_a_reason(reason: Reason, outcome: Callable[[], Decision]) -> None:
    assert (outcome().state, outcome().reason) == (AttachmentState.HELD, reason)
    assert outcome().records == ()


def test_it_goes_in_the_form_that_was_agreed_and_apart_where_the_file_has_gone() -> None:
    apart = replace(CONDITIONS, terms=(replace(TERMS, form=DeliveryMode.SEPARATE),))
    assert [record.form for record in decide(insured(), CLIENT, apart).records] == [DeliveryMode.SEPARATE]
    late = decide_late(insured(), CLIENT, CONDITIONS)
    assert [record.form for record in late.records] == [DeliveryMode.SEPARATE]
    still = decide_late(insured(), with_profiles(), CONDITIONS)
    assert (still.state, still.reason, still.before) == (
        AttachmentState.HELD, Reason.TOO_LATE, Reason.NO_VALID_PROFILE,
    )  # fmt: skip


def test_care_with_a_gap_counts_on_both_sides_of_it() -> None:
    before, after = Period(date(2020, 1, 1), day("01-01")), Period(day("02-01"), None)
    gap = replace(CLIENT, care=(before, after))
    assert decide(insured(), gap, CONDITIONS).reason == Reason.NOT_IN_CARE
    assert decide(insured(), replace(gap, care=(before, Period(day("01-01"), None))), CONDITIONS) == decide(
        insured(), CLIENT, CONDITIONS
    )


def test_it_looks_at_the_reasons_in_a_fixed_order() -> None:
    """With everything wrong at once, putting right what is said brings the next reason."""
    nothing = SendingConditions(declaring=(ALWAYS,))
    case = insured(has_number=False, date_of_birth=None)
    wrong = KnownClient(1, BORN, (Period(day("03-01"), None),), has_objection=True)
    found = [decide(case, None, nothing)]
    case = replace(case, has_number=True)
    found += [decide(case, None, nothing), decide(case, wrong, nothing)]
    case = replace(case, date_of_birth=BORN)
    found.append(decide(case, wrong, nothing))
    wrong = replace(wrong, care=(ALWAYS,))
    found.append(decide(case, wrong, nothing))
    based = replace(nothing, bases=(ALWAYS,))
    found.append(decide(case, wrong, based))
    wrong = replace(wrong, has_objection=False)
    found.append(decide(case, wrong, based))
    agreed = replace(based, terms=(replace(TERMS, codes={}),))
    found.append(decide(case, wrong, replace(agreed, declaring=())))
    found.append(decide(case, wrong, agreed))
    found.append(decide(case, replace(wrong, profiles=(PROFILE,)), agreed))
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
    outcome = decide(insured(line(), present), None, replace(CONDITIONS, terms=(known,)))
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
    outcome = decide(insured(line(), line("02-01", "02-03", **other)), CLIENT, CONDITIONS)
    assert outcome.state == AttachmentState.ATTACHED
    assert spans(outcome) == [(7, "01-01", "02-03")]


def test_it_excludes_credits_only_even_where_nothing_is_known() -> None:
    outcome = decide(insured(line(is_debit=False), has_number=False), None, SendingConditions())
    assert (outcome.state, outcome.reason) == (AttachmentState.EXCLUDED, Reason.CREDITS_ONLY)


def test_it_does_not_look_up_credits() -> None:
    outcome = decide(insured(line("03-01", "03-31", is_debit=False), line()), CLIENT, CONDITIONS)
    assert spans(outcome) == [(7, "01-01", "01-31")]


def test_it_attaches_with_consent_where_no_basis_covers() -> None:
    outcome = decide(insured(), replace(CLIENT, has_consent=True), replace(CONDITIONS, bases=()))
    assert outcome.state == AttachmentState.ATTACHED


def test_no_basis_helps_once_the_consent_was_taken_back() -> None:
    outcome = decide(insured(), replace(CLIENT, took_back=True), CONDITIONS)
    assert (outcome.state, outcome.reason) == (AttachmentState.HELD, Reason.NO_LEGAL_BASIS)
    assert outcome.days == (JANUARY,)


def test_it_takes_bases_together_and_names_the_performances_that_none_covers() -> None:
    half = Period(day("01-01"), day("01-15"))
    rest = Period(day("01-15"), day("02-01"))
    assert spans(decide(insured(), CLIENT, replace(CONDITIONS, bases=(rest, half)))) == [
        (7, "01-01", "01-31")
    ]
    outcome = decide(insured(), CLIENT, replace(CONDITIONS, bases=(Period(day("02-01"), None),)))
    assert outcome.reason == Reason.NO_LEGAL_BASIS
    assert outcome.days == (JANUARY,)


def test_it_shares_one_record_between_performances_under_one_profile() -> None:
    lines = (line("01-20", "01-31"), line("01-01", "01-02"), line("01-05", "01-10"))
    assert spans(decide(insured(*lines), CLIENT, CONDITIONS)) == [(7, "01-01", "01-31")]


def test_it_makes_a_record_per_profile_when_it_changed_between_performances() -> None:
    client = with_profiles(profile(1, "01-01", "01-16"), profile(2, "01-16", code="DKDL-02"))
    outcome = decide(insured(line("01-01", "01-15"), line("01-16", "01-31")), client, CONDITIONS)
    assert spans(outcome) == [(1, "01-01", "01-15"), (2, "01-16", "01-31")]
    assert [record.performance_code for record in outcome.records] == ["DK01", "DK02"]
    assert [record.number for record in outcome.records] == [1, 2]


def test_it_goes_by_the_first_day_of_a_performance_that_straddles_a_change() -> None:
    client = with_profiles(profile(1, "01-01", "01-16"), profile(2, "01-16"))
    assert spans(decide(insured(line()), client, CONDITIONS)) == [(1, "01-01", "01-15")]


def test_it_takes_the_first_profile_that_begins_within_a_performance() -> None:
    client = with_profiles(profile(1, "01-10", "01-20"), profile(2, "01-20"))
    assert spans(decide(insured(line()), client, CONDITIONS)) == [(1, "01-10", "01-19")]


def test_it_holds_where_a_temporary_profile_ran_out() -> None:
    client = with_profiles(profile(1, "01-01", "01-29", code="TIJDELIJK"))
    outcome = decide(insured(line("01-01", "01-10"), line("01-29", "01-31")), client, CONDITIONS)
    assert outcome.reason == Reason.NO_VALID_PROFILE
    assert outcome.days == (Span(day("01-29"), day("01-31")),)


def test_it_attaches_the_rest_when_an_officer_says_so() -> None:
    client = with_profiles(profile(1, "01-01", "01-29", code="TIJDELIJK"))
    lines = (line("01-01", "01-10"), line("01-29", "01-31"))
    outcome = decide(insured(*lines, attach_rest=True), client, CONDITIONS)
    assert spans(outcome) == [(1, "01-01", "01-10")]
    assert outcome.days == (Span(day("01-29"), day("01-31")),)


def test_it_holds_when_there_is_no_rest_to_attach() -> None:
    outcome = decide(insured(attach_rest=True), with_profiles(), CONDITIONS)
    assert outcome.reason == Reason.NO_VALID_PROFILE


def test_it_uses_the_code_table_of_the_days_of_the_care() -> None:
    old = replace(TERMS, period=Period(date(2013, 1, 1), day("01-16")))
    new = replace(TERMS, period=Period(day("01-16"), None), codes={"DKDL-02": "N2"}, time_unit="81")
    client = with_profiles(profile(1, "01-01", "01-16"), profile(2, "01-16", code="DKDL-02"))
    lines = (line("01-01", "01-15"), line("01-16", "01-31"))
    outcome = decide(insured(*lines), client, replace(CONDITIONS, terms=(new, old)))
    assert [(record.performance_code, record.time_unit) for record in outcome.records] == [
        ("DK01", "00"),
        ("N2", "81"),
    ]


def test_it_names_the_codes_that_the_table_does_not_know() -> None:
    client = with_profiles(profile(1, "01-01", code="DKDL-12"))
    outcome = decide(insured(), client, CONDITIONS)
    assert outcome.codes == ("DKDL-12",)
    assert outcome.days == (JANUARY,)


def split(*around: tuple[str, str | None]) -> tuple[Period, ...]:
    return tuple(Period(day(first), day(until) if until else None) for first, until in around)


LIMITS: list[tuple[str, Callable[[tuple[Period, ...]], tuple[KnownClient, SendingConditions]]]] = [
    ("care", lambda days: (replace(CLIENT, care=days), CONDITIONS)),
    ("bases", lambda days: (CLIENT, replace(CONDITIONS, bases=days))),
    ("receivers", lambda days: (CLIENT, replace(CONDITIONS, receivers=days))),
    ("declaring", lambda days: (CLIENT, replace(CONDITIONS, declaring=days))),
    (
        "sending",
        lambda days: (CLIENT, replace(CONDITIONS, terms=tuple(replace(TERMS, period=one) for one in days))),
    ),
]


@pytest.mark.parametrize(("name", "limited"), LIMITS, ids=[name for name, _ in LIMITS])
def test_a_record_is_split_at_days_of_which_it_may_not_speak(
    name: str, limited: Callable[[tuple[Period, ...]], tuple[KnownClient, SendingConditions]]
) -> None:
    """Whatever it is that is missing; what meets none of the performances is left out."""
    days = split(
        ("01-03", "01-06"), ("01-08", "01-10"), ("01-11", "01-13"), ("01-13", "01-15"), ("01-20", None)
    )
    lines = (line("01-01", "01-08"), line("01-14", "01-31"))
    assert spans(decide(insured(*lines), *limited(days))) == [
        (7, "01-03", "01-05"),
        (7, "01-08", "01-09"),
        (7, "01-11", "01-14"),
        (7, "01-20", "01-31"),
    ]
    apart = (line("01-01", "01-05"), line("01-14", "01-31"))
    assert spans(decide(insured(*apart), *limited(days))) == [
        (7, "01-03", "01-05"),
        (7, "01-11", "01-14"),
        (7, "01-20", "01-31"),
    ]


@pytest.mark.parametrize(
    ("name", "reason", "missing"),
    [
        ("care", Reason.NOT_IN_CARE, MissingPart.NONE),
        ("bases", Reason.NO_LEGAL_BASIS, MissingPart.NONE),
        ("receivers", Reason.NO_LEGAL_BASIS, MissingPart.RECEIVER),
        ("sending", Reason.SENDING_IS_OFF, MissingPart.NONE),
    ],
)
def test_one_performance_of_which_nothing_may_be_said_holds_the_person(
    name: str, reason: Reason, missing: MissingPart
) -> None:
    outcome = decide(
        insured(line("01-01", "01-15"), line("01-16", "01-31")), *dict(LIMITS)[name](split(("01-16", None)))
    )
    assert (outcome.state, outcome.reason, outcome.missing) == (AttachmentState.HELD, reason, missing)
    assert outcome.days == (Span(day("01-01"), day("01-15")),)


def test_a_performance_of_before_the_phase_is_left_out_and_said() -> None:
    """Nobody can help it, so it is no reason to hold the person; also where a basis is missing too."""
    from_half = split(("01-16", None))
    lines = (line("01-01", "01-15"), line("01-20", "01-31"))
    for conditions in (
        replace(CONDITIONS, declaring=from_half),
        replace(
            CONDITIONS, declaring=from_half, bases=from_half, terms=(replace(TERMS, period=from_half[0]),)
        ),
    ):
        outcome = decide(insured(*lines), CLIENT, conditions)
        assert spans(outcome) == [(7, "01-20", "01-31")]
        assert outcome.left_out == (Span(day("01-01"), day("01-15")),)


def test_only_who_has_nothing_left_is_held_for_the_phase() -> None:
    conditions = replace(CONDITIONS, declaring=split(("02-01", None)))
    outcome = decide(insured(line("01-01", "01-15"), line("01-20", "01-31")), CLIENT, conditions)
    assert (outcome.state, outcome.reason, len(outcome.days)) == (
        AttachmentState.HELD,
        Reason.PHASE_FORBIDS,
        2,
    )


def test_the_first_thing_that_is_missing_everywhere_is_said() -> None:
    """Each is looked at on the days that the ones before it left."""
    conditions = replace(
        CONDITIONS, bases=split(("01-10", None)), terms=(replace(TERMS, period=split(("01-01", "01-10"))[0]),)
    )
    assert decide(insured(), CLIENT, conditions).reason == Reason.SENDING_IS_OFF
    died = replace(CLIENT, care=split(("01-01", "01-10")))
    assert (
        decide(insured(), died, replace(CONDITIONS, bases=split(("01-10", None)))).reason
        == Reason.NO_LEGAL_BASIS
    )
    began = replace(CONDITIONS, declaring=split(("01-10", None)))
    assert decide(insured(), died, began).reason == Reason.PHASE_FORBIDS


def test_a_profile_that_holds_on_no_day_that_may_be_spoken_of_is_held_for_what_is_missing() -> None:
    client = with_profiles(profile(1, "01-01", "01-10"), profile(2, "01-10"))
    late = split(("01-15", None))
    outcome = decide(insured(), client, replace(CONDITIONS, bases=late))
    assert (outcome.reason, outcome.days) == (Reason.NO_LEGAL_BASIS, (JANUARY,))
    assert decide(insured(), client, replace(CONDITIONS, declaring=late)).reason == Reason.PHASE_FORBIDS
    more = decide(insured(line(), line("01-20", "01-31")), client, replace(CONDITIONS, declaring=late))
    assert spans(more) == [(2, "01-20", "01-31")]
    assert more.left_out == (JANUARY,)


def test_consent_covers_every_day_but_not_another_receiver() -> None:
    client = replace(CLIENT, has_consent=True)
    nothing = replace(CONDITIONS, bases=())
    assert spans(decide(insured(), client, nothing)) == [(7, "01-01", "01-31")]
    other = decide(insured(), client, replace(nothing, receivers=()))
    assert (other.reason, other.missing) == (Reason.NO_LEGAL_BASIS, MissingPart.RECEIVER)


def test_what_the_file_takes_back_counts_as_no_performance() -> None:
    back = line("01-01", "01-15", is_taken_back=True)
    taking = line("01-01", "01-15", is_debit=False, is_taken_back=True)
    assert spans(decide(insured(back, taking, line("01-16", "01-31")), CLIENT, CONDITIONS)) == [
        (7, "01-16", "01-31")
    ]
    assert decide(insured(back, taking), CLIENT, CONDITIONS).reason == Reason.CREDITS_ONLY
    profile_line = line(is_zero=True, list_code="990", code="DK01", is_taken_back=True)
    assert decide(insured(line(), profile_line), CLIENT, CONDITIONS).state == AttachmentState.ATTACHED


def test_the_agreement_of_a_piece_is_that_of_its_own_first_day() -> None:
    """Also where it changes within a performance, or sending was off in between."""
    first, off, then = split(("01-01", "01-10"), ("01-10", "01-20"), ("01-20", None))
    terms = (
        replace(TERMS, period=then, codes={"DKDL-01": "N1"}, form=DeliveryMode.SEPARATE),
        replace(TERMS, period=off, sending=False),
        replace(TERMS, period=first),
    )
    outcome = decide(insured(), CLIENT, replace(CONDITIONS, terms=terms))
    assert [(record.performance_code, record.form) for record in outcome.records] == [
        ("DK01", DeliveryMode.IN_FILE),
        ("N1", DeliveryMode.SEPARATE),
    ]
    assert spans(outcome) == [(7, "01-01", "01-09"), (7, "01-20", "01-31")]
    both_on = (terms[0], replace(TERMS, period=first), replace(TERMS, period=off))
    whole = decide(insured(), CLIENT, replace(CONDITIONS, terms=both_on))
    assert [record.performance_code for record in whole.records] == ["DK01"]
    assert spans(whole) == [(7, "01-01", "01-31")]


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
    outcome = decide(case, with_profiles(*profiles), CONDITIONS)
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
    assert decide(case, with_profiles(*profiles), CONDITIONS) == outcome
