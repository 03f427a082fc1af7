"""Writing profiles and putting them in their place in time, for one anamnese or for thousands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from care.registries.domain_events import publish
from profiles.engine import Contribution, Derivation, Model
from profiles.schema.domain_events import ProfilesPlaced
from profiles.schema.models import ClientProfile, ModelVersion, ProfileStatus
from profiles.schema.terms import TERM_COLUMNS, Terms
from profiles.timeline import selectors
from profiles.timeline.validity import TimelineSpan, own_end, settled
from profiles.timeline.versions import model_of
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import age_bounds, from_json
from questionnaires.schema.models import Anamnese

_NO_DAYS = DateRange(empty=True)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A finished anamnese and what follows from it."""

    anamnese: Anamnese
    date_of_birth: date
    derivation: Derivation
    model_version: ModelVersion

    @property
    def terms(self) -> Terms:
        """What the model says of an exception, and what the answers say of the age."""
        says = model_of(self.model_version).exceptions.get(self.derivation.code)
        bounds = age_bounds(instrument_of(self.anamnese.instrument), from_json(self.anamnese.answers))
        return Terms(
            lasts_days=says.lasts_days if says else None,
            asks_after_months=says.asks_after_months if says else None,
            age_from=bounds.at_least,
            age_below=bounds.below,
        )


def place(arrivals: Sequence[Arrival]) -> list[ClientProfile]:
    """Write the profiles of finished anamneses, each in its place among those of its client.

    A late one ends where its successor starts, and what it corrects holds on no day any more. The caller
    has locked the clients, and has seen to it that dates of one client differ.
    """
    _replace([arrival.anamnese.corrects_id for arrival in arrivals if arrival.anamnese.corrects_id])
    client_ids = {arrival.anamnese.client_id for arrival in arrivals}
    ends = _settle(arrivals, selectors.placed_profiles_of(client_ids))
    # Shorten first: then no two periods overlap at any moment, and the database agrees all along.
    _shorten(ends)
    profiles = [_profile(arrival, ends[-number]) for number, arrival in enumerate(arrivals, start=1)]
    written = ClientProfile.objects.bulk_create(profiles)
    publish(ProfilesPlaced(written))
    return written


def settle_again(client_ids: Collection[int]) -> None:
    """Let the standing profiles of clients last as they do by the dates of birth of now.

    A child's profile of who was an adult by then holds on no day. Nothing moves into the place of another, so
    two periods never overlap.
    """
    standing = ClientProfile.objects.filter(client__in=client_ids, status=ProfileStatus.STANDING)
    profiles = standing.select_related("client").order_by("client_id", "date")
    by_client = groupby(profiles, key=attrgetter("client_id"))
    changed = [profile for _client, theirs in by_client for profile in _resettled(list(theirs))]
    ClientProfile.objects.bulk_update(changed, ["period"])


def _resettled(profiles: Sequence[ClientProfile]) -> Iterator[ClientProfile]:
    """Yield those of one client that have another period than before."""
    by_key = {profile.pk: profile for profile in profiles}
    for span in settled([_own_span(profile) for profile in profiles]):
        profile = by_key[span.key]
        is_never = span.until is not None and span.until <= span.first_day
        period = _NO_DAYS if is_never else DateRange(span.first_day, span.until)
        if profile.period != period:
            profile.period = period
            yield profile


def _own_span(profile: ClientProfile) -> TimelineSpan:
    end = own_end(profile.terms, first_day=profile.date, date_of_birth=profile.client.date_of_birth)
    return TimelineSpan(profile.pk, profile.date, end)


def _replace(anamnese_ids: Iterable[int]) -> None:
    replaced = list(anamnese_ids)
    if replaced:
        ClientProfile.objects.filter(anamnese__in=replaced).update(
            status=ProfileStatus.REPLACED, period=_NO_DAYS
        )


def _settle(
    arrivals: Sequence[Arrival], standing: Mapping[int, list[selectors.ProfileSpan]]
) -> dict[int, date | None]:
    """Return the ends that are new, by key: profile ids for those that stand, -1, -2, ... for arrivals."""
    spans: dict[int, list[TimelineSpan]] = defaultdict(list)
    for number, arrival in enumerate(arrivals, start=1):
        spans[arrival.anamnese.client_id].append(_span(-number, arrival))
    ends: dict[int, date | None] = {}
    for client_id, new in spans.items():
        old = {span.profile_id: span.until for span in standing.get(client_id, ())}
        there = [
            TimelineSpan(span.profile_id, span.first_day, span.until) for span in standing.get(client_id, ())
        ]
        for span in settled([*there, *new]):
            if span.key < 0 or span.until != old[span.key]:
                ends[span.key] = span.until
    return ends


def _span(key: int, arrival: Arrival) -> TimelineSpan:
    first_day = arrival.anamnese.date
    end = own_end(arrival.terms, first_day=first_day, date_of_birth=arrival.date_of_birth)
    return TimelineSpan(key, first_day, end)


def _shorten(ends: Mapping[int, date | None]) -> None:
    profiles = ClientProfile.objects.only("id", "date").in_bulk([key for key in ends if key > 0])
    for profile in profiles.values():
        profile.period = DateRange(profile.date, ends[profile.pk])
    if profiles:
        ClientProfile.objects.bulk_update(profiles.values(), ["period"])


def _profile(arrival: Arrival, until: date | None) -> ClientProfile:
    anamnese, derivation = arrival.anamnese, arrival.derivation
    return ClientProfile(
        organisation_id=anamnese.organisation_id,
        client_id=anamnese.client_id,
        anamnese=anamnese,
        model_version=arrival.model_version,
        ruleset_hash=derivation.ruleset_hash,
        kind=derivation.kind.value,
        code=derivation.code,
        scores=_scores(derivation, model_of(arrival.model_version)),
        contributions=[_as_json(contribution) for contribution in derivation.contributions],
        **{column: getattr(arrival.terms, column) for column in TERM_COLUMNS},
        date=anamnese.date,
        period=DateRange(anamnese.date, until),
    )


def _scores(derivation: Derivation, model: Model) -> dict[str, int] | None:
    pairs = zip(model.dimensions, derivation.scores, strict=False)
    return {dimension.id: score for dimension, score in pairs} or None


def _as_json(contribution: Contribution) -> dict[str, Any]:
    return {
        "question": contribution.question,
        "dimension": contribution.dimension,
        "options": list(contribution.options),
        "points": contribution.points,
    }
