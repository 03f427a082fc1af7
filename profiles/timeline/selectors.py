"""Reading profiles. Callers narrow the clients to a membership first (`care.clients.selectors`)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from care.clients import selectors as care
from care.days import lies_in
from care.schema.models import Client, Membership
from care.tenancy.compiled_queries import A_DAY, A_WHILE, SOME_NUMBERS, CompiledQuery, among, compiled
from profiles.engine import Model
from profiles.schema.constants import EventKind
from profiles.schema.models import ClientProfile, ModelVersion, ProfileStatus
from profiles.schema.terms import TERM_COLUMNS, Terms
from profiles.timeline import facts
from profiles.timeline.events import standing_events
from profiles.timeline.facts import AskingRules
from profiles.timeline.states import ClientState, Happened, LatestProfile, state_on
from profiles.timeline.validity import contradicts_age
from profiles.timeline.versions import model_among, model_of
from questionnaires.anamneses.selectors import in_force
from questionnaires.schema.models import InstrumentVersion

#: What is read of a latest profile; `_state_of` and the count of the badge go by it.
_COLUMNS = (
    *("client_id", "code", "date", "period"),
    *("happened", "happened_on", "is_contradicted", "returned_on", "told_dead_on"),
    *TERM_COLUMNS,
)


@dataclass(frozen=True, slots=True)
class ProfileSpan:
    """A standing profile and the days on which it holds: [first_day, until), endless where until is None.

    One that contradicts the date of birth does not count; its days are those that it would speak of.
    """

    profile_id: int
    code: str
    first_day: date
    until: date | None
    contradicts_age: bool = False

    def holds_on(self, day: date) -> bool:
        """Tell whether the profile is in force on a day."""
        return lies_in(day, self.first_day, self.until)


def profiles_of(client_ids: Collection[int]) -> dict[int, list[ProfileSpan]]:
    """Return all standing profiles by client, in order of time. One query; a client without any is absent."""
    return {client_id: _as_spoken(spans) for client_id, spans in placed_profiles_of(client_ids).items()}


def placed_profiles_of(client_ids: Collection[int]) -> dict[int, list[ProfileSpan]]:
    """Return the same with the days that are stored: a child's profile of an adult has none."""
    found: dict[int, list[ProfileSpan]] = {}
    for client_id, span in _spans(_standing(client_ids).order_by("client_id", "date")):
        found.setdefault(client_id, []).append(span)
    return found


def _as_spoken(spans: list[ProfileSpan]) -> list[ProfileSpan]:
    """Let one that does not count last until its successor, as it would if it did."""
    successors = [*(span.first_day for span in spans[1:]), None]
    return [
        replace(span, until=successor) if span.contradicts_age else span
        for span, successor in zip(spans, successors, strict=True)
    ]


def states_of(client_ids: Collection[int], *, day: date, rules: AskingRules) -> dict[int, ClientState]:
    """Return how it stands with each client's profile on a day, for every id given. Three queries."""
    found = states_with_profile(client_ids, day=day, rules=rules)
    rest = [client_id for client_id in client_ids if client_id not in found]
    asked = _asked_for(rest, until=day) if rest else {}
    none = {
        client_id: state_on(day, None, reassess_months=rules.months, happened=asked.get(client_id))
        for client_id in rest
    }
    return {client_id: found.get(client_id) or none[client_id] for client_id in client_ids}


def _asked_for(client_ids: Collection[int], *, until: date) -> dict[int, Happened]:
    """Return for whom declarations ask an anamnese, or who died as a file of theirs says."""
    rows = standing_events().filter(client__in=client_ids, kind=EventKind.DECLARATION, day__lte=until)
    asked = {
        client_id: Happened(kind, day) for client_id, kind, day in rows.values_list("client", "kind", "day")
    }
    return asked | facts.told_dead(client_ids)


def states_with_profile(
    client_ids: Collection[int], *, day: date, rules: AskingRules
) -> dict[int, ClientState]:
    """Return how it stands with those of the clients that have or had a profile. One query."""
    rows = _states().rows(clients=list(client_ids), day=day, away=timedelta(weeks=rules.weeks))
    return {row[0]: _state_of(row, day=day, months=rules.months) for row in rows}


@cache
def _states() -> CompiledQuery:
    query = latest_profiles(among(SOME_NUMBERS), day=A_DAY, away=A_WHILE)
    return compiled(query, clients=SOME_NUMBERS, day=A_DAY, away=A_WHILE)


def latest_profiles(clients: Any, *, day: date, away: timedelta) -> QuerySet[ClientProfile, Any]:
    """Return the standing profile that began last, by client, with what asks for a new look after it.

    `clients` is the right side of `client__in`; `away` for how long a client is away before it asks.
    """
    return (
        _standing(clients)
        .filter(date__lte=day)
        .order_by("client_id", "-date")
        .distinct("client_id")
        .annotate(
            happened=_last_event("kind", until=day),
            happened_on=_last_event("day", until=day),
            is_contradicted=facts.has_contradiction(),
            returned_on=facts.returned_on(until=day, away=away),
            told_dead_on=facts.told_dead_on(),
        )
        .values_list(*_COLUMNS)
    )


def _state_of(row: tuple[Any, ...], *, day: date, months: int) -> ClientState:
    _client_id, code, first_day, period, kind, on, is_contradicted, returned_on, told, *terms = row
    happened = facts.most_urgent(
        Happened(kind, on) if kind else None,
        day=day,
        is_contradicted=is_contradicted,
        returned_on=returned_on,
        told_dead_on=told,
    )
    latest = LatestProfile(code, first_day, _until(first_day, period), Terms(*terms))
    return state_on(day, latest, reassess_months=months, happened=happened)


def _last_event(column: str, *, until: date) -> Subquery:
    """Return what happened last after a profile: on a later day, or recorded later on its day."""
    events = standing_events().filter(
        Q(day__gt=OuterRef("date")) | Q(day=OuterRef("date"), recorded_at__gt=OuterRef("created_at")),
        client=OuterRef("client"),
        day__lte=until,
    )
    return Subquery(events.order_by("-day", "-id").values(column)[:1])


def history_of(client: Client) -> list[ClientProfile]:
    """Return every profile of a client, newest first; on one date what counts before what it replaced."""
    rows = ClientProfile.objects.filter(client=client).select_related("anamnese__nurse")
    return list(rows.order_by("-date", "-status", "-id"))  # "standing" before "replaced"


def profile_for(membership: Membership, public_id: UUID) -> ClientProfile:
    """Return one profile. Raises Http404 (other organisation) or PermissionDenied (other team)."""
    profile = (
        ClientProfile.objects.filter(organisation=membership.organisation_id, public_id=public_id)
        .select_related("anamnese__instrument", "anamnese__nurse", "model_version", "client", "difference")
        .first()
    )
    if profile is None:
        raise Http404(_("Dit profiel bestaat niet in jouw organisatie."))
    profile.client = care.client_for(membership, profile.client.public_id)
    return profile


def model_on(day: date) -> ModelVersion:
    """Return the model that is in force on a day."""
    return in_force(model_versions(), day)


def models_on(day: date) -> list[ModelVersion]:
    """Return the models that began on or before a day, the one in force first: profiles of all may hold."""
    return _begun(model_versions(), day)


def all_models(day: date) -> list[ModelVersion]:
    """Return every model: those of models_on first, then those that begin after the day."""
    every = model_versions()
    begun = _begun(every, day)
    return [*begun, *(each for each in every if each not in begun)]


def _begun(versions: Iterable[ModelVersion], day: date) -> list[ModelVersion]:
    begun = [each for each in versions if each.valid_from is None or each.valid_from <= day]
    return sorted(begun, key=lambda each: (each.valid_from or date.min, each.pk), reverse=True)


def model_for(instrument: InstrumentVersion, day: date) -> ModelVersion:
    """Return the model that scores the answers to an instrument on a day."""
    return model_among(model_versions(), instrument, day)


def model_versions() -> list[ModelVersion]:
    """Return every version of the casemix model, in the order of loading."""
    return list(ModelVersion.objects.order_by("pk"))


def codes_of_all() -> dict[str, Model]:
    """Return every code that a profile can have, with the newest model that has it."""
    return {code: model_of(row) for row in model_versions() for code in model_of(row).labels}


def _standing(clients: Any) -> QuerySet[ClientProfile]:
    return ClientProfile.objects.filter(client_id__in=clients, status=ProfileStatus.STANDING)


def _spans(profiles: QuerySet[ClientProfile]) -> Iterable[tuple[int, ProfileSpan]]:
    columns = ("client_id", "id", "code", "date", "period", "client__date_of_birth", *TERM_COLUMNS)
    for client_id, profile_id, code, first_day, period, born, *terms in profiles.values_list(*columns):
        contradicts = contradicts_age(Terms(*terms), first_day=first_day, date_of_birth=born)
        yield client_id, ProfileSpan(profile_id, code, first_day, _until(first_day, period), contradicts)


def _until(first_day: date, period: DateRange) -> date | None:
    """Return the first day without; one without days ends where it begins."""
    upper: date | None = period.upper
    return first_day if period.isempty else upper
