"""What changes of a client in the course of time: care, team and insurer, each with its own days.

Periods are half-open. A client has one team and one insurer on every day, also before care began, so that
no day finds a client nowhere; periods of care have gaps. The row of the client repeats what holds today.
"""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from care.schema.facts import fact


def _never_two_at_once() -> list[models.BaseConstraint]:
    # A range of one number stands for equality: the core of PostgreSQL has no GiST operators for bigint.
    one_client = Func(F("client"), F("client"), Value("[]"), function="int8range")
    return [
        ExclusionConstraint(
            name="one_%(class)s_per_client_and_day",
            expressions=[(one_client, RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
        ),
        models.CheckConstraint(condition=Q(period__isempty=False), name="%(class)s_has_days"),
    ]


class Dated(models.Model):
    """What an organisation wrote down as holding in [valid_from, valid_until); without an end it goes on."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None without an end."""
        return self.valid_until - timedelta(days=1) if self.valid_until else None


class ClientPeriod(models.Model):
    """Days on which something held for a client."""

    organisation = models.ForeignKey("care.Organisation", on_delete=models.PROTECT)
    period = DateRangeField()

    class Meta:
        abstract = True
        constraints = _never_two_at_once()


@fact
class CarePeriod(ClientPeriod):
    """Days on which a client was in care. The last one is that of the client's own row."""

    client = models.ForeignKey("care.Client", on_delete=models.PROTECT, related_name="care_periods")


class TeamPeriod(ClientPeriod):
    """Days on which a client belonged to a team."""

    client = models.ForeignKey("care.Client", on_delete=models.PROTECT, related_name="team_periods")
    team = models.ForeignKey("care.Team", on_delete=models.PROTECT, related_name="client_periods")


class TargetGroupPeriod(ClientPeriod):
    """Days on which a client was in a ZN-doelgroep, which organisations registered before profiles."""

    client = models.ForeignKey("care.Client", on_delete=models.PROTECT, related_name="target_group_periods")
    code = models.CharField(max_length=4)


class InsurerPeriod(ClientPeriod):
    """Days on which a client was insured with an insurer."""

    client = models.ForeignKey("care.Client", on_delete=models.PROTECT, related_name="insurer_periods")
    insurer = models.ForeignKey("care.Insurer", on_delete=models.PROTECT, related_name="client_periods")
