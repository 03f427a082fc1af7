"""A client who goes to another team or insurer from a day on, and the turn of the day."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from care.clients.dated_values import DatedValue, changed, value_on
from care.schema.models import Client
from care.schema.periods import InsurerPeriod, TeamPeriod


@transaction.atomic
def move_to_team(*, client: Client, team_id: int, day: date) -> None:
    """Let a client belong to a team from a day on; that is today's team too where the day has come."""
    _hold(client)
    history = _changed(team_history(client), team_id, day)
    TeamPeriod.objects.filter(client=client).delete()
    TeamPeriod.objects.bulk_create(
        TeamPeriod(
            organisation_id=client.organisation_id, client=client, team_id=held.value, period=_days(held)
        )
        for held in history
    )
    client.team_id = value_on(history, timezone.localdate())
    client.save(update_fields=["team"])


@transaction.atomic
def move_to_insurer(*, client: Client, insurer_id: int, day: date) -> None:
    """Let a client be insured with an insurer from a day on."""
    _hold(client)
    history = _changed(insurer_history(client), insurer_id, day)
    InsurerPeriod.objects.filter(client=client).delete()
    InsurerPeriod.objects.bulk_create(
        InsurerPeriod(
            organisation_id=client.organisation_id, client=client, insurer_id=held.value, period=_days(held)
        )
        for held in history
    )
    client.insurer_id = value_on(history, timezone.localdate())
    client.save(update_fields=["insurer"])


def team_history(client: Client) -> list[DatedValue]:
    """Return the ids of a client's teams in order of time."""
    return _history(TeamPeriod.objects.filter(client=client).values_list("team_id", "period"))


def insurer_history(client: Client) -> list[DatedValue]:
    """Return the ids of a client's insurers in order of time."""
    return _history(InsurerPeriod.objects.filter(client=client).values_list("insurer_id", "period"))


def apply_planned_moves(*, day: date) -> int:
    """Make the rows of the clients in scope say the team and the insurer of a day; return how many changed.

    Who may see a client goes by the periods themselves: this is what the pages print.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "update care_client client set team_id = team.team_id, insurer_id = insurer.insurer_id"
            " from care_teamperiod team, care_insurerperiod insurer"
            " where team.client_id = client.id and team.period @> %(day)s"
            " and insurer.client_id = client.id and insurer.period @> %(day)s"
            " and (client.team_id, client.insurer_id) is distinct from (team.team_id, insurer.insurer_id)",
            {"day": day},
        )
        changed_rows: int = cursor.rowcount
        return changed_rows


def move_staged(*, day: date) -> None:
    """Record a move from a day on for every staged client (client_import) of another team or insurer.

    What was planned for later stays.
    """
    for what in ("team", "insurer"):
        with connection.cursor() as cursor:
            for statement in _STAGED_MOVE:
                cursor.execute(statement.format(what=what), {"day": day})


#: Statements rather than rows: a file may move thousands at once. {what} is one of the two words above.
_STAGED_MOVE = (
    "create temporary table moved on commit drop as"
    " select client.organisation_id, client.id as client_id, staged.{what}_id, held.id as held_id,"
    " held.period"
    " from staged_client staged join care_client client using (bsn_hash)"
    " join care_{what}period held on held.client_id = client.id and held.period @> %(day)s"
    " where held.{what}_id <> staged.{what}_id",
    "delete from care_{what}period held using moved"
    " where held.id = moved.held_id and lower(moved.period) = %(day)s",
    "update care_{what}period held set period = daterange(lower(moved.period), %(day)s)"
    " from moved where held.id = moved.held_id",
    "insert into care_{what}period (organisation_id, client_id, {what}_id, period)"
    " select organisation_id, client_id, {what}_id, daterange(%(day)s, upper(period)) from moved",
    "drop table moved",
)


def _hold(client: Client) -> None:
    """Let moves of one client happen one by one."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def _changed(history: list[DatedValue], value: int, day: date) -> list[DatedValue]:
    return changed(history, value, day=day, today=timezone.localdate())


def _history(rows: Iterable[tuple[int, DateRange]]) -> list[DatedValue]:
    found = [DatedValue(value, period.lower, period.upper) for value, period in rows]
    return sorted(found, key=lambda held: held.first_day or date.min)


def _days(held: DatedValue) -> DateRange:
    return DateRange(held.first_day, held.until)
