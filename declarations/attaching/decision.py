"""What becomes of one insured person of a file: a pure function of what the file says and what is known.

No database, no clock, no log. The rules stand in the order in which they are looked at; the first that
applies decides. docs/declarations.md gives the reason for each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from declarations.constants import AttachmentState, DeliveryForm, Reason
from profiles.selectors import ProfileSpan

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Period:
    """Days [first, until); without end where until is None."""

    first: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return self.first <= day and (self.until is None or day < self.until)

    def meets(self, span: Span) -> bool:
        """Tell whether at least one day of span lies in the period."""
        return self.first <= span.last and (self.until is None or span.first < self.until)


@dataclass(frozen=True, slots=True)
class Performance:
    """One 04 record without its amounts: only whether they are all zero."""

    line: int
    days: Span
    is_debit: bool
    is_zero: bool
    list_code: str
    code: str


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement with an insurer and the code table that it names. `codes`: profile code to 0417."""

    period: Period
    sending: bool
    form: DeliveryForm
    list_code: str
    time_unit: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for every person of one insurer (0204): legal bases, agreements, the phase of today."""

    bases: tuple[Period, ...] = ()
    terms: tuple[Terms, ...] = ()
    phase_allows: bool = False


@dataclass(frozen=True, slots=True)
class KnownClient:
    """What the care record says; care has gaps.

    Consent (for this insurer) and objection are those that stand today; `took_back`: a consent for this
    insurer was withdrawn, and none given since.
    """

    client_id: int
    date_of_birth: date
    care: tuple[Period, ...]
    has_consent: bool = False
    took_back: bool = False
    has_objection: bool = False
    profiles: Sequence[ProfileSpan] = ()


@dataclass(frozen=True, slots=True)
class Insured:
    """What the file says about a person. `has_number` is False for BSN 999999999.

    `date_of_birth` is None where the person's records contradict each other. `attach_rest` is an officer's
    decision to leave out the performances without a profile.
    """

    has_number: bool
    date_of_birth: date | None
    performances: tuple[Performance, ...]
    attach_rest: bool = False

    @property
    def debits(self) -> list[Performance]:
        """The performances that are charged, zero amounts included."""
        return [performance for performance in self.performances if performance.is_debit]


@dataclass(frozen=True, slots=True)
class Record:
    """A profile record to be made: 0414-0417, 0419, the profile that it stands for, and how it is to go."""

    number: int
    profile_id: int
    first_day: date
    last_day: date
    list_code: str
    performance_code: str
    time_unit: str
    form: DeliveryForm = DeliveryForm.IN_FILE


@dataclass(frozen=True, slots=True)
class Outcome:
    """Attached with records, or held or excluded with a reason; `days` are those that the reason is about.

    `codes` are profile codes that the agreement's table does not know. `before` is why a person is still
    held whose file has gone.
    """

    state: AttachmentState
    reason: Reason = Reason.NONE
    days: tuple[Span, ...] = ()
    codes: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    before: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class _Case:
    insured: Insured
    client: KnownClient | None
    ground: Ground


def decide(insured: Insured, client: KnownClient | None, ground: Ground) -> Outcome:
    """Return what becomes of a person: the first rule that applies, else the profile records."""
    case = _Case(insured, client, ground)
    for rule in _RULES:
        outcome = rule(case)
        if outcome is not None:
            return outcome
    return _with_profiles(insured, client.profiles if client else (), ground.terms)


def decide_late(insured: Insured, client: KnownClient | None, ground: Ground) -> Outcome:
    """Return what becomes of a person whose file has gone: what can still go, goes in a separate file."""
    outcome = decide(insured, client, ground)
    if outcome.state == AttachmentState.HELD:
        return replace(outcome, reason=Reason.TOO_LATE, before=outcome.reason)
    apart = tuple(replace(record, form=DeliveryForm.SEPARATE) for record in outcome.records)
    return replace(outcome, records=apart)


def as_correction(outcome: Outcome) -> Outcome:
    """Return an outcome of somebody whose file has gone as that of a correction: due until it has gone."""
    if outcome.state == AttachmentState.EXCLUDED:
        return outcome
    return replace(outcome, reason=Reason.CORRECTION_DUE)


def _held(reason: Reason, days: Iterable[Span] = ()) -> Outcome:
    return Outcome(AttachmentState.HELD, reason, tuple(days))


def _excluded(reason: Reason, days: Iterable[Span] = ()) -> Outcome:
    return Outcome(AttachmentState.EXCLUDED, reason, tuple(days))


def _profile_line_present(case: _Case) -> Outcome | None:
    lines = [line for line in case.insured.performances if line.is_zero and _is_profile_line(line, case)]
    return _excluded(Reason.PROFILE_LINE_PRESENT, (line.days for line in lines)) if lines else None


def _is_profile_line(performance: Performance, case: _Case) -> bool:
    terms = _terms_on(performance.days.first, case.ground.terms)
    return (
        terms is not None
        and performance.list_code == terms.list_code
        and performance.code in terms.codes.values()
    )


def _credits_only(case: _Case) -> Outcome | None:
    return None if case.insured.debits else _excluded(Reason.CREDITS_ONLY)


def _bsn_unknown(case: _Case) -> Outcome | None:
    return None if case.insured.has_number else _held(Reason.BSN_UNKNOWN)


def _client_unknown(case: _Case) -> Outcome | None:
    return None if case.client else _held(Reason.CLIENT_UNKNOWN)


def _details_differ(case: _Case) -> Outcome | None:
    same = case.client is None or case.client.date_of_birth == case.insured.date_of_birth
    return None if same else _held(Reason.DETAILS_DIFFER)


def _not_in_care(case: _Case) -> Outcome | None:
    client = case.client
    if client is None:
        return None
    outside = [
        line.days for line in case.insured.debits if not any(spell.meets(line.days) for spell in client.care)
    ]
    return _held(Reason.NOT_IN_CARE, outside) if outside else None


def _no_legal_basis(case: _Case) -> Outcome | None:
    if case.client is not None and case.client.has_consent:
        return None
    bases = () if case.client is not None and case.client.took_back else case.ground.bases
    bare = [line.days for line in case.insured.debits if not is_covered(line.days, bases)]
    return _held(Reason.NO_LEGAL_BASIS, bare) if bare else None


def _objection(case: _Case) -> Outcome | None:
    objects = case.client is not None and case.client.has_objection
    return _held(Reason.OBJECTION) if objects else None


def _sending_is_off(case: _Case) -> Outcome | None:
    off = [line.days for line in case.insured.debits if not _may_send_on(line.days.first, case.ground.terms)]
    return _held(Reason.SENDING_IS_OFF, off) if off else None


def _may_send_on(day: date, terms: Iterable[Terms]) -> bool:
    agreed = _terms_on(day, terms)
    return agreed is not None and agreed.sending


def _phase_forbids(case: _Case) -> Outcome | None:
    return None if case.ground.phase_allows else _held(Reason.PHASE_FORBIDS)


_RULES: tuple[Callable[[_Case], Outcome | None], ...] = (
    _profile_line_present,
    _credits_only,
    _bsn_unknown,
    _client_unknown,
    _details_differ,
    _not_in_care,
    _no_legal_basis,
    _objection,
    _sending_is_off,
    _phase_forbids,
)


def _with_profiles(insured: Insured, profiles: Sequence[ProfileSpan], terms: Iterable[Terms]) -> Outcome:
    found = [(line.days, profile_for(line.days, profiles)) for line in insured.debits]
    without = tuple(days for days, profile in found if profile is None)
    if without and (len(without) == len(found) or not insured.attach_rest):
        return _held(Reason.NO_VALID_PROFILE, without)
    covered = [(days, profile) for days, profile in found if profile is not None]
    return _coded(_merged(covered), tuple(terms), without)


def profile_for(days: Span, profiles: Sequence[ProfileSpan]) -> ProfileSpan | None:
    """Return the profile of a performance: in force on its first day, else the first to begin within it."""
    for profile in profiles:
        if profile.holds_on(days.first):
            return profile
    later = [profile for profile in profiles if days.first < profile.first_day <= days.last]
    return min(later, key=lambda profile: profile.first_day, default=None)


def _merged(covered: Iterable[tuple[Span, ProfileSpan]]) -> list[tuple[Span, ProfileSpan]]:
    """Return one span per profile, from the first day of its performances to their last, in order of time."""
    spans: dict[int, tuple[Span, ProfileSpan]] = {}
    for days, profile in covered:
        before, _profile = spans.get(profile.profile_id, (days, profile))
        whole = Span(min(before.first, days.first), max(before.last, days.last))
        spans[profile.profile_id] = (whole, profile)
    return sorted(spans.values(), key=lambda entry: entry[1].first_day)


def _coded(
    merged: list[tuple[Span, ProfileSpan]], terms: tuple[Terms, ...], without: tuple[Span, ...]
) -> Outcome:
    """Return the records; the agreement of a record is that of the first day of its first performance."""
    records, unknown = [], []
    for number, (span, profile) in enumerate(merged, 1):
        agreed = _terms_on(span.first, terms)
        if agreed is None or profile.code not in agreed.codes:
            unknown.append(profile.code)
            continue
        records.append(_record(number, span, profile, agreed))
    if unknown:
        days = tuple(span for span, profile in merged if profile.code in unknown)
        return Outcome(AttachmentState.HELD, Reason.CODE_UNKNOWN, days, tuple(sorted(set(unknown))))
    return Outcome(AttachmentState.ATTACHED, days=without, records=tuple(records))


def _record(number: int, span: Span, profile: ProfileSpan, terms: Terms) -> Record:
    last_valid = profile.until - ONE_DAY if profile.until else span.last
    return Record(
        number=number,
        profile_id=profile.profile_id,
        first_day=max(span.first, profile.first_day),
        last_day=min(span.last, last_valid),
        list_code=terms.list_code,
        performance_code=terms.codes[profile.code],
        time_unit=terms.time_unit,
        form=terms.form,
    )


def _terms_on(day: date, terms: Iterable[Terms]) -> Terms | None:
    return next((agreed for agreed in terms if agreed.period.holds_on(day)), None)


def is_covered(days: Span, periods: Iterable[Period]) -> bool:
    """Tell whether every one of the days lies in at least one of the periods."""
    day = days.first
    for period in sorted(periods, key=lambda period: period.first):
        if period.first > day:
            return False
        if period.until is None:
            return True
        day = max(day, period.until)
        if day > days.last:
            return True
    return day > days.last
