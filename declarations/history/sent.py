"""What of a client went to insurers, and who stopped that: for nurse, privacy officer and officer."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from care.consent.selectors import consents_taken_back
from care.schema.models import Client, Insurer, Organisation
from care.schema.statements import Consent, Objection
from declarations.queries.reply_queries import WAS_HANDED_OVER
from declarations.schema.constants import GONE
from declarations.schema.models import DeclarationFile, Export, ProfileRecord


@dataclass(frozen=True, slots=True)
class Sent:
    """A profile that went: in which file and when that was made, to whom (0204), and over which days."""

    file: DeclarationFile
    made_at: datetime
    insurer: str
    first_day: date
    last_day: date


def sent_of(client_ids: Collection[int]) -> dict[int, list[Sent]]:
    """Return what went of clients, the latest care first. No test file goes, nor what is only made."""
    rows = (
        ProfileRecord.objects.filter(
            WAS_HANDED_OVER,
            attachment__client__in=client_ids,
            attachment__state__in=GONE,
            attachment__file__is_test=False,
        )
        .select_related("attachment__file__insurer", "delivered_in__insurer")
        .order_by("-last_day", "-id")
    )
    records = list(rows)
    files = {(row.delivered_in or row.attachment.file).pk for row in records}
    made = dict(Export.objects.filter(file__in=files).values_list("file_id", "made_at"))
    names = dict(Insurer.objects.values_list("uzovi", "name"))
    found: dict[int, list[Sent]] = defaultdict(list)
    for row in records:
        file, uzovi = row.delivered_in or row.attachment.file, row.attachment.uzovi
        if file.pk in made and row.attachment.client_id is not None:
            sent = Sent(file, made[file.pk], names.get(uzovi, uzovi), row.first_day, row.last_day)
            found[row.attachment.client_id].append(sent)
    return found


@dataclass(frozen=True, slots=True)
class Stopped:
    """A client who objects, or withdrew a consent: what, since when, and who wrote it down."""

    client: Client
    what: str
    since: date
    who: str


def stopped(organisation: Organisation) -> list[Stopped]:
    """Return who stopped the sending of codes, the latest first; what went before, sent_of() tells."""
    objections = Objection.objects.filter(organisation=organisation, withdrawn_on__isnull=True)
    consents = consents_taken_back().filter(organisation=organisation)
    lines = [
        *map(_objects, objections.select_related("client", "recorded_by")),
        *map(_withdrew, consents.select_related("client", "insurer", "withdrawn_by")),
    ]
    return sorted(lines, key=lambda line: line.since, reverse=True)


def _objects(row: Objection) -> Stopped:
    who = row.recorded_by.name if row.recorded_by else ""
    return Stopped(row.client, _("maakt bezwaar"), row.made_on, who)


def _withdrew(row: Consent) -> Stopped:
    about = {"insurer": row.insurer.name}
    who = row.withdrawn_by.name if row.withdrawn_by else ""
    what = _("trok de toestemming voor %(insurer)s in") % about
    return Stopped(row.client, what, row.withdrawn_on or row.given_on, who)
