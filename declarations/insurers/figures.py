"""Figures over the insured of one insurer: counted, made safe, and released once for good.

Why the rules are what they are stands in docs/figures.md.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Count, FilteredRelation, Max, Q, QuerySet, When
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from care.clients import selectors
from care.schema.models import Client, Insurer, Membership, Organisation, User
from declarations.schema.disclosure_models import PopulationRelease
from profiles.engine import Model
from profiles.timeline.facts import contradicts_age
from profiles.timeline.selectors import all_models, model_versions, models_on
from profiles.timeline.versions import model_of

#: Two releases for one insurer lie at least so far apart.
LEAST_APART = timedelta(days=28)
LEAST_THRESHOLD = 2


class ReleaseRefusedError(Exception):
    """Figures over this day cannot be released; the text is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many clients in care had each profile on a day; for use inside the organisation only."""

    counts: Mapping[str, int]
    without_profile: int


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Counts that may be shown, None where one may not. `total` is over all counts, or None."""

    counts: Mapping[str, int | None]
    total: int | None


def suppress(counts: Mapping[str, int], threshold: int) -> Suppressed:
    """Hide every count under the threshold, and the total beside any count that is hidden.

    Which counts are hidden decides what is left out, never how small they are: what is not there tells
    nothing. Raises ValueError for a threshold under 2: to hide only zeros hides nothing.
    """
    if threshold < LEAST_THRESHOLD:
        raise ValueError(threshold)
    shown = {code: None if count < threshold else count for code, count in counts.items()}
    return Suppressed(counts=shown, total=None if None in shown.values() else sum(counts.values()))


def distribution(*, organisation: Organisation, insurer: Insurer, day: date) -> Distribution:
    """Count the clients in care who are with an insurer on a day, by the profile in force.

    One query, and one for the models whose codes there are.

    One that contradicts the date of birth does not count, as in declarations.
    """
    insured = Q(insurer_periods__insurer=insurer, insurer_periods__period__contains=day)
    counts = Case(When(contradicts_age("on_day__", born="date_of_birth"), then=None), default="on_day__code")
    rows = (
        Client.objects.filter(selectors.in_care(day), insured, organisation=organisation)
        .annotate(on_day=FilteredRelation("profiles", condition=Q(profiles__period__contains=day)))
        .annotate(counted=counts)
        .values_list("counted")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found = dict(rows)
    return Distribution(
        counts={code: found.get(code, 0) for code in labels_on(day)}, without_profile=found.get(None, 0)
    )


def labels_on(day: date) -> dict[str, str]:
    """Return every code of every model, with its label; the model of the day comes first, then those before.

    Also codes that no client has, and those of later models (a draft of such a model may get an earlier
    date): which codes a release has must not tell what clients have.
    """
    labels: dict[str, str] = {}
    for version in all_models(day):
        labels |= {code: label for code, label in model_of(version).labels.items() if code not in labels}
    return labels


def models_of(release: PopulationRelease) -> list[Model]:
    """Return the models of which a release has all codes, the newest first."""
    codes = counts_of(release).keys()
    models = [model_of(version) for version in reversed(model_versions())]
    return [model for model in models if model.labels.keys() <= codes]


@dataclass(frozen=True, slots=True)
class FiguresPreview:
    """What a release would be, unsaved: `seen` stands for exactly these figures.

    `without_profile` is for the organisation; it is not released.
    """

    release: PopulationRelease
    without_profile: int
    seen: str


def preview(*, organisation: Organisation, insurer: Insurer, day: date) -> FiguresPreview:
    """Return exactly what release() would let the insurer see."""
    counted = distribution(organisation=organisation, insurer=insurer, day=day)
    safe = suppress(counted.counts, settings.POPULATION_THRESHOLD)
    release = PopulationRelease(
        organisation=organisation,
        organisation_name=organisation.name,
        insurer=insurer,
        reference_day=day,
        threshold=settings.POPULATION_THRESHOLD,
        cells=_cells(safe.counts, labels_on(day)),
        total=safe.total,
        model_version=str(models_on(day)[0]),
    )
    return FiguresPreview(release, counted.without_profile, _fingerprint(release))


def _cells(counts: Mapping[str, int | None], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"code": code, "label": labels.get(code, code), "count": count} for code, count in counts.items()]


def _fingerprint(release: PopulationRelease) -> str:
    day, name = release.reference_day.isoformat(), release.organisation_name
    shown = [day, name, release.threshold, release.cells, release.total]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


@transaction.atomic
def release(
    *,
    organisation: Organisation,
    insurer: Insurer,
    day: date,
    seen: str | None = None,
    released_by: User | None = None,
) -> PopulationRelease:
    """Let an insurer see the figures of a day, from now on and unchangeably.

    `seen` is that of the preview which a person approved. Raises ReleaseRefusedError when the figures are
    no longer those, for a day to come, and for a day too near another release for this insurer.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    why_not = refusal(organisation=organisation, insurer=insurer, day=day)
    if why_not:
        raise ReleaseRefusedError(why_not)
    now = preview(organisation=organisation, insurer=insurer, day=day)
    if seen is not None and seen != now.seen:
        raise ReleaseRefusedError(_("De cijfers zijn intussen veranderd. Bekijk ze opnieuw."))
    now.release.released_by = released_by
    now.release.save(force_insert=True)
    return now.release


def refusal(*, organisation: Organisation, insurer: Insurer, day: date) -> str:
    """Return the sentence why figures over a day cannot be released, or nothing when they can."""
    if day > timezone.localdate():
        return _("Deze dag moet nog komen. Kies vandaag of een eerdere dag.")
    if day - date.min < LEAST_APART:
        return _("Deze dag ligt te ver terug. Kies een latere dag.")
    near = (
        PopulationRelease.objects.filter(
            organisation=organisation,
            insurer=insurer,
            reference_day__gt=day - LEAST_APART,
            reference_day__lt=day + LEAST_APART,
        )
        .order_by("reference_day")
        .first()
    )
    if near is None:
        return ""
    return _(
        "Er zijn al cijfers vrijgegeven over %(near)s. Tussen twee peildatums zitten minstens %(days)s dagen,"
        " anders kan de verzekeraar uit het verschil iets over één cliënt afleiden."
    ) % {"near": date_format(near.reference_day), "days": LEAST_APART.days}


def releases_of(organisation: Organisation) -> QuerySet[PopulationRelease]:
    """Return what an organisation released, newest first, with how often and when last it was fetched."""
    return (
        PopulationRelease.objects.filter(organisation=organisation)
        .select_related("insurer", "released_by")
        .annotate(times_fetched=Count("downloads"), last_fetched=Max("downloads__at"))
        .order_by("-released_at", "-id")
    )


def releases_for(insurer: Insurer) -> QuerySet[PopulationRelease]:
    """Return what was released for an insurer, newest day first."""
    return (
        PopulationRelease.objects.filter(insurer=insurer)
        .select_related("organisation")
        .order_by("-reference_day", "-id")
    )


def release_for(membership: Membership, public_id: UUID) -> PopulationRelease:
    """Return one release for the insurer that a membership acts for. Raises Http404."""
    found = (
        PopulationRelease.objects.filter(insurer=membership.insurer_id, public_id=public_id)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404(_("Deze cijfers zijn er niet, of ze zijn niet voor jouw verzekeraar vrijgegeven."))
    return found


def counts_of(release: PopulationRelease) -> dict[str, int | None]:
    """Return the counts of a release by code, as they were frozen; None where one is hidden."""
    return {cell["code"]: cell["count"] for cell in release.cells}
