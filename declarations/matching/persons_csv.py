"""Who of a file is held and why, as a table that an officer works off: UTF-8, `;`, LF, no numbers of persons.

Format: docs/formats.md.
"""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from care import tables
from care.days import Span
from declarations.decisions.stored import detail_from_json, performances_from_json
from declarations.matching.advice import advice
from declarations.schema.models import Attachment

COLUMNS = (
    "nummer",
    "cliënt",
    "team",
    "staat",
    "reden",
    "nu_nog",
    "dagen",
    "zorg_van",
    "zorg_tot_en_met",
    "sinds",
    "wat_te_doen",
)


def as_csv(items: Iterable[Attachment]) -> bytes:
    """Return persons of a file, one line each; the client's name where there is one."""
    return "".join(tables.for_people(COLUMNS, map(_cells, items))).encode()


def _cells(item: Attachment) -> Iterator[str]:
    detail = detail_from_json(item.detail)
    spans = [line.days for line in performances_from_json(item.performances)]
    yield str(item.number)
    yield item.client.name if item.client else ""
    yield item.client.team.name if item.client else ""
    yield str(item.get_state_display())
    yield str(item.get_reason_display())
    yield str(detail.before.label if detail.before else "")
    yield ", ".join(map(_days, detail.days))
    yield min(span.first for span in spans).isoformat() if spans else ""
    yield max(span.last for span in spans).isoformat() if spans else ""
    yield timezone.localdate(item.changed_at).isoformat()
    yield str(advice(item.reason))


def _days(span: Span) -> str:
    return f"{span.first:%Y-%m-%d}/{span.last:%Y-%m-%d}"
