"""Reading the log of looks at clients, for the privacy officer: filtered, newest first, page by page."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.constants import SYSTEM_ROLE, AccessAction, Role
from care.schema.models import AccessLog, Client, Organisation, User

PAGE = 50
NAMES_SHOWN = 3


@dataclass(frozen=True)
class LogFilter:
    """Which looks to show; what is not named does not narrow."""

    user: User | None = None
    client: Client | None = None
    role: str = ""
    action: str = ""
    day: date | None = None


@dataclass(frozen=True)
class LogLine:
    """One look, in words: who, in which role, did what, with which clients (the first few), and when."""

    at: datetime
    who: str
    role: str
    what: str
    names: list[str]
    others: int


@dataclass(frozen=True)
class LogPage:
    """Lines newest first, and from where the next page goes on (none at the end)."""

    lines: list[LogLine]
    before: datetime | None


def page_of(organisation: Organisation, wanted: LogFilter, *, before: datetime | None = None) -> LogPage:
    """Return one page of looks at clients of an organisation that were before a moment.

    It costs the same on every page: rows are found through an index, and of long lists only the first
    clients are read.
    """
    looks = _narrowed(organisation, wanted)
    rows = list((looks.filter(at__lt=before) if before else looks)[: PAGE + 1])
    rows, more = rows[:PAGE], len(rows) > PAGE
    if more:  # what happened at the same moment stays on one page
        rows += looks.filter(at=rows[-1].at).exclude(pk__in=[row.pk for row in rows])
    return LogPage(lines=_lines(rows), before=rows[-1].at if more else None)


def _narrowed(organisation: Organisation, wanted: LogFilter) -> "QuerySet[AccessLog]":
    looks = AccessLog.objects.filter(organisation=organisation)
    if wanted.user:
        looks = looks.filter(user=wanted.user)
    if wanted.client:
        joined = Client.objects.filter(joined_into=wanted.client).values_list("pk", flat=True)
        looks = looks.filter(clients__overlap=[wanted.client.pk, *joined])
    if wanted.role:
        looks = looks.filter(role=wanted.role)
    if wanted.action:
        looks = looks.filter(action=wanted.action)
    if wanted.day:
        begin = timezone.make_aware(datetime.combine(wanted.day, time.min))
        end = timezone.make_aware(datetime.combine(wanted.day + timedelta(days=1), time.min))
        looks = looks.filter(at__gte=begin, at__lt=end)
    return (
        looks.select_related("user")
        .defer("clients")
        .annotate(
            first=F(f"clients__0_{NAMES_SHOWN}"),
            count=Func(F("clients"), function="cardinality", output_field=IntegerField()),
        )
        .order_by("-at", "-id")
    )


def _lines(rows: list[Any]) -> list[LogLine]:
    names = _names({client for row in rows for client in row.first})
    return [
        LogLine(
            at=row.at,
            who=row.user.name if row.user else row.program or _("het systeem"),
            role=_role(row.role),
            what=_sentence(row.action, row.count),
            names=[names[client] for client in row.first if client in names],
            others=row.count - len(row.first),
        )
        for row in rows
    ]


def _role(role: str) -> str:
    if role == SYSTEM_ROLE:
        return _("koppeling met een ander programma")
    return str(Role(role).label) if role else ""


def _names(ids: set[int]) -> dict[int, str]:
    clients = Client.objects.filter(pk__in=ids).only("id", "initials", "prefix", "surname")
    return {client.pk: client.name for client in clients}


def _sentence(action: str, count: int) -> str:
    if action == AccessAction.LISTED and count > 1:
        return _("zag %(count)d cliënten in een lijst") % {"count": count}
    if action == AccessAction.EXPORTED and count > 1:
        return _("nam %(count)d cliënten op in een bestand") % {"count": count}
    return str(AccessAction(action).label)
