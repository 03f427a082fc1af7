"""A client's ZN-doelgroep: kept up, with its days, until the organisation declares profiles; then it lapses.

What there was stays in its history. From then on it is neither asked nor shown, and not taken in any more.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from care.accounts.selectors import declares_on
from care.schema.models import Client, Organisation
from care.schema.periods import TargetGroupPeriod
from care.tenancy.compiled_queries import A_DAY, A_NUMBER, CompiledQuery, compiled

SHAPE: Final = re.compile(r"[0-9A-Za-z]{1,4}")
LONGEST: Final = 4


def is_asked(organisation: Organisation, day: date) -> bool:
    """Tell whether the ZN-doelgroep is still kept up."""
    return not declares_on(organisation, day)


def problem_of(code: str) -> str:
    """Return what is wrong with a code; empty for a right one, or for none."""
    if not code or SHAPE.fullmatch(code):
        return ""
    return _("Een ZN-doelgroep heeft hoogstens 4 letters of cijfers.")


def group_on(client: Client, day: date) -> str:
    """Return the code that a client has on a day; empty where there is none."""
    found = _group().rows(client=client.pk, day=day)
    return str(found[0][0]) if found else ""


@cache
def _group() -> CompiledQuery:
    periods = TargetGroupPeriod.objects.filter(client=A_NUMBER, period__contains=A_DAY)
    return compiled(periods.values_list("code")[:1], client=A_NUMBER, day=A_DAY)


def groups_on(clients: Iterable[Client], day: date) -> dict[int, str]:
    """Return the codes on a day by id of the client; who has none is not in it."""
    periods = TargetGroupPeriod.objects.filter(client__in=list(clients), period__contains=day)
    return dict(periods.values_list("client_id", "code"))


@transaction.atomic
def set_group(*, client: Client, code: str, day: date) -> None:
    """Let a code hold from a day on; none: the client is in no group any more. The same changes nothing."""
    if code == group_on(client, day):
        return
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    _run(_ONE, {"client": client.pk, "code": code, "day": day})


def set_staged(*, day: date) -> None:
    """Let the codes of staged clients (client_import) hold from a day on."""
    _run(_STAGED, {"day": day})


def _run(wanted: str, values: Mapping[str, date | int | str]) -> None:
    with connection.cursor() as cursor:
        for statement in _CHANGE:
            cursor.execute(statement.format(wanted=wanted), values)


_ONE = (
    "select organisation_id, id as client_id, %(code)s::varchar as code"
    " from care_client where id = %(client)s"
)
_STAGED = (
    "select client.organisation_id, client.id as client_id, staged.target_group as code"
    " from staged_client staged join care_client client using (bsn_hash)"
    " where staged.target_group is not null"
)
#: End what held and is another, then begin what is wanted; {wanted} is one of the two above.
_CHANGE = (
    "delete from care_targetgroupperiod held using ({wanted}) wanted"
    " where held.client_id = wanted.client_id and held.period @> %(day)s and held.code <> wanted.code"
    " and lower(held.period) = %(day)s",
    "update care_targetgroupperiod held set period = daterange(lower(held.period), %(day)s)"
    " from ({wanted}) wanted"
    " where held.client_id = wanted.client_id and held.period @> %(day)s and held.code <> wanted.code",
    "insert into care_targetgroupperiod (organisation_id, client_id, code, period)"
    " select organisation_id, client_id, code, daterange(%(day)s, null) from ({wanted}) wanted"
    " where code <> '' and not exists (select from care_targetgroupperiod held"
    " where held.client_id = wanted.client_id and held.period @> %(day)s)",
)
