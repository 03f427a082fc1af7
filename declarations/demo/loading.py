"""Loading the demo: once, whole or not at all, and never beside a real organisation."""

import io
from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from care.schema.models import Client, Insurer, Organisation, Team
from care.tenancy import scope
from declarations.agreements import services
from declarations.delivery import exporting
from declarations.delivery.separate_queue import beside
from declarations.demo import clients, files, grounds, people
from declarations.demo.fiction import bsns
from declarations.handover import services as handover
from declarations.insurers import figures
from declarations.intake import importing
from declarations.matching import queue
from declarations.schema.models import DeclarationFile

SEED = 2024
BSNS_EACH = 100


class DemoRefusedError(Exception):
    """The demo may not be loaded here."""


def load() -> bool:
    """Write the demo and return whether it was new. Raises DemoRefusedError."""
    if not settings.DEMO:
        raise DemoRefusedError("Demo data needs embedded servers or DRAAGVLAK_DEMO=1.")
    if Organisation.objects.filter(is_demo=False).exists():
        raise DemoRefusedError("A real organisation stands in this database: no demo data beside it.")
    if Organisation.objects.exists():
        return False
    with transaction.atomic():
        _load(timezone.localdate())
    return True


def waiting_file(organisation: Organisation) -> bytes:
    """Return last month's declaration file of a demo organisation, as it waits to be read in."""
    month = files.month_before(timezone.localdate())
    return files.file_content(organisation, people.INSURERS[0][0], month, _clients(organisation))


def _load(today: date) -> None:
    insurers, numbers = people.make_insurers(), bsns()
    for index, demo in enumerate(people.ORGANISATIONS):
        organisation = people.make_organisation(demo)
        with scope.organisation(organisation.pk):
            _fill(organisation, insurers, islice(numbers, BSNS_EACH), Random(SEED + index))  # noqa: S311
            if demo is people.ORGANISATIONS[0]:
                _past_month(organisation, insurers[0], today)
                figures.release(organisation=organisation, insurer=insurers[0], day=today)
                grounds.plan_contract(organisation, today=today)
            else:
                _by_consent(organisation, insurers, today)


def _fill(
    organisation: Organisation, insurers: list[Insurer], numbers: Iterator[str], random: Random
) -> None:
    """Write the clients, and a legal basis for the first insurer only: both outcomes are to be seen."""
    today = timezone.localdate()
    services.record_basis(
        organisation=organisation,
        insurer=insurers[0],
        reference="Samenwerkingsovereenkomst cliëntprofielen",
        valid_from=date(today.year - 2, 1, 1),
    )
    teams = list(Team.objects.filter(organisation=organisation).order_by("id"))
    clients.make_clients(
        clients.Caseload(
            organisation=organisation,
            teams=teams,
            nurses=clients.nurses_of(organisation, teams),
            insurers=insurers,
            bsns=numbers,
            today=today,
            random=random,
        )
    )


def _past_month(organisation: Organisation, insurer: Insurer, today: date) -> None:
    """Let a file of an earlier month have gone the whole way."""
    month = files.month_before(files.month_before(today).first)
    content = io.BytesIO(files.file_content(organisation, insurer.uzovi, month, _clients(organisation)))
    file = importing.read_in(organisation=organisation, source=content, today=today, user=None)
    while queue.work_batch(organisation_id=organisation.pk, file_id=file.pk):
        pass
    exporting.export_file(file=file)
    for made in (DeclarationFile.objects.get(pk=file.pk), *beside(file)):
        handover.release(file=made)


def _by_consent(organisation: Organisation, insurers: list[Insurer], today: date) -> None:
    """Let a file have gone with a separate one beside it, and one client consent after that."""
    *_before, afterwards = grounds.by_consent(organisation, insurers[1], addressee=insurers[0], today=today)
    _past_month(organisation, insurers[0], today)
    grounds.consent(afterwards, today=today)


def _clients(organisation: Organisation) -> QuerySet[Client]:
    return Client.objects.filter(organisation=organisation).select_related("insurer").order_by("id")
