"""What follows for profiles from facts of the client that can be corrected later: a function of both.

Nothing of this is stored. A date of birth that is corrected can contradict an anamnese: then that does not
count until a nurse corrects it. Care that is taken up again asks for a new look, and expires nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from care.schema.death_notices import DeathNotice, NoticeState
from care.schema.models import Organisation
from care.schema.periods import CarePeriod
from profiles.schema.constants import FactKind
from profiles.schema.models import ClientProfile, ProfileStatus
from profiles.timeline.states import Happened


@dataclass(frozen=True, slots=True)
class AskingRules:
    """When an organisation asks to look again: months after an anamnese, and after how many weeks away."""

    months: int
    weeks: int


def rules_of(organisation: Organisation | None) -> AskingRules:
    """Return what an organisation settled; an insurer asks nobody."""
    if organisation is None:
        return AskingRules(0, 0)
    return AskingRules(organisation.reassess_months, organisation.return_weeks)


class _Age(Func):
    """Age in whole years on a day, as `questionnaires.instruments.definition.age_on` counts it."""

    template = "extract(year from age(%(expressions)s))::integer"
    output_field = IntegerField()


def contradicts_age(of: str = "", *, born: str = "client__date_of_birth") -> Q:
    """Return the condition "contradicts the date of birth", for profiles or what leads to one (`of`).

    `born` is the way to the date of birth. Equal to `timeline.contradicts_age`.
    """
    is_too_young = Q(LessThan(_Age(F(f"{of}date"), F(born)), F(f"{of}age_from")))
    return is_too_young | has_outgrown(of, on=f"{of}date", born=born)


def has_outgrown(of: str = "", *, on: str, born: str = "client__date_of_birth") -> Q:
    """Return the condition "is of those who are younger, and is not so on a day"; `on` names its column."""
    return Q(GreaterThanOrEqual(_Age(F(on), F(born)), F(f"{of}age_below")))


def standing_contradictions() -> QuerySet[ClientProfile]:
    """Return the profiles of anamneses that contradict the date of birth, and were not corrected yet."""
    return ClientProfile.objects.filter(contradicts_age(), status=ProfileStatus.STANDING)


def has_contradiction() -> Exists:
    """Return, for a query of profiles, whether the client has an anamnese that is to be corrected."""
    return Exists(standing_contradictions().filter(client=OuterRef("client")))


def returned_on(*, until: date, away: timedelta) -> Subquery:
    """Return, for a query of profiles, when care was last taken up after a profile and a long time away.

    Long is more than `away`. Days of care that are no care any more, since they were corrected, count
    as away.
    """
    first_day = Func(F("period"), function="lower", output_field=DateField())
    begun = CarePeriod.objects.annotate(first_day=first_day).filter(
        client=OuterRef("client"), first_day__gt=OuterRef("date"), first_day__lte=until
    )
    before = CarePeriod.objects.filter(
        client=OuterRef("client"),
        period__startswith__lt=OuterRef("first_day"),
        period__endswith__gte=OuterRef("first_day") - away,
    )
    return Subquery(begun.filter(~Exists(before)).order_by("-first_day").values("first_day")[:1])


def told_dead_on() -> Subquery:
    """Return, for a query of profiles, of which day a file is that says that the client died, unanswered."""
    open_notices = DeathNotice.objects.filter(client=OuterRef("client"), state=NoticeState.OPEN)
    return Subquery(open_notices.values("told_on"))


def told_dead(client_ids: Collection[int]) -> dict[int, Happened]:
    """Return by client what a file says that nobody answered yet: that the client died."""
    rows = DeathNotice.objects.filter(client__in=client_ids, state=NoticeState.OPEN)
    told = rows.values_list("client", "told_on")
    return {client_id: Happened(FactKind.TOLD_DEAD, day) for client_id, day in told if day}


def most_urgent(
    happened: Happened | None,
    *,
    day: date,
    is_contradicted: bool,
    returned_on: date | None,
    told_dead_on: date | None,
) -> Happened | None:
    """Return what asks for a look on a day: a death told, a contradiction, else what happened last."""
    if told_dead_on is not None:
        return Happened(FactKind.TOLD_DEAD, told_dead_on)
    if is_contradicted:
        return Happened(FactKind.AGE, day)
    if returned_on is not None and (happened is None or happened.day < returned_on):
        return Happened(FactKind.RETURNED, returned_on)
    return happened
