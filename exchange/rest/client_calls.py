"""Clients and their anamneses, in and out."""

from collections.abc import Collection
from functools import partial
from typing import Annotated
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from care.audit import access
from care.clients.client_import import COLUMN_OF, COLUMNS, import_clients
from care.clients.selectors import client_by_bsn
from care.schema import crypto
from care.schema.constants import AccessAction
from care.schema.identifiers import is_bsn
from care.schema.models import Client, Organisation
from care.tenancy.commands import Row
from declarations.schema.tokens import ApiScope
from exchange.rest import queries
from exchange.rest.auth import ApiRequest, needs, organisation_of
from exchange.rest.constants import ITEMS_PER_PAGE
from exchange.rest.openapi import refusals
from exchange.rest.problems import RowProblems, not_found, wrong_value
from exchange.rest.schemas import AnamneseIn, AnamneseOut, AnamnesesIn, AnamnesesStoredOut, ProfileOut
from exchange.rest.schemas_clients import (
    ClientIn,
    ClientOut,
    ClientsIn,
    ClientsOut,
    ClientsStoredOut,
    LookupIn,
)
from profiles.bulk.importing import import_anamneses, questions_by_day

router = Router()

# The words of the files are Dutch, those of the API English; a problem is told in the caller's words.
FIELD_OF = {column: field for field, column in COLUMN_OF.items()} | {"geslacht": "sex"}
ANAMNESE_FIELD_OF = {"datum": "date"}


@router.post(
    "/clients",
    response={200: ClientsStoredOut, **refusals(400, 413, 422)},
    summary="Cliënten toevoegen of bijwerken",
    tags=["cliënten"],
    **needs(ApiScope.CLIENTS_WRITE),
)
def store_clients(request: ApiRequest, sent: ClientsIn) -> ClientsStoredOut:
    """Hetzelfde BSN: bijgewerkt. Eén fout: er wordt niets opgeslagen en elke fout staat in het antwoord."""
    organisation = organisation_of(request)
    rows = [Row(number, _client_cells(client)) for number, client in enumerate(sent.clients, start=1)]
    count = import_clients(organisation=organisation, rows=rows, problems=RowProblems(_client_field))
    clients = _by_bsn(organisation, [client.bsn for client in sent.clients])
    _log(request, AccessAction.CHANGED, clients)
    ids = [client.public_id for client in clients]
    return ClientsStoredOut(added=count.added, updated=count.updated, ids=ids)


def _client_cells(client: ClientIn) -> tuple[str, ...]:
    cells = tuple(getattr(client, FIELD_OF.get(column, column)) or "" for column in COLUMNS)
    return cells if client.target_group is None else (*cells, client.target_group)


def _client_field(sentence: str) -> tuple[str, str]:
    column, _colon, message = sentence.partition(": ")
    return FIELD_OF.get(column, column), capfirst(message)


def _by_bsn(organisation: Organisation, numbers: list[str]) -> list[Client]:
    hashes = [crypto.bsn_hash(number, organisation_id=organisation.pk) for number in numbers]
    known = Client.objects.filter(organisation=organisation, bsn_hash__in=hashes)
    by_hash = {bytes(client.bsn_hash): client for client in known.only("public_id", "bsn_hash")}
    return [by_hash[one] for one in hashes]


@router.post(
    "/clients/lookup",
    response={200: ClientOut, **refusals(400, 404, 413, 422)},
    summary="Een cliënt zoeken op BSN",
    tags=["cliënten"],
    **needs(ApiScope.CLIENTS_READ),
)
def look_up_client(request: ApiRequest, sent: LookupIn) -> ClientOut:
    """Het BSN staat in de inhoud, zodat het in geen adres en geen logboek van een server komt."""
    if not is_bsn(sent.bsn):
        raise wrong_value("bsn", _("Dit is geen geldig BSN; een BSN heeft 9 cijfers."))
    found = client_by_bsn(organisation_of(request).pk, sent.bsn)
    if found is None:
        raise not_found(_("De organisatie heeft geen cliënt met dit BSN."))
    return _shown(request, found.public_id)


@router.get(
    "/clients",
    response={200: ClientsOut, **refusals(422)},
    summary="De cliënten van de organisatie",
    tags=["cliënten"],
    **needs(ApiScope.CLIENTS_READ),
)
def list_clients(
    request: ApiRequest,
    *,
    after: Annotated[UUID | None, Field(description="`next` van het vorige antwoord")] = None,
    limit: Annotated[int, Field(ge=1, le=ITEMS_PER_PAGE)] = 100,
) -> ClientsOut:
    """In de volgorde waarin ze zijn toegevoegd, zonder BSN. Het bekijken komt in het inzagelogboek."""
    organisation = organisation_of(request)
    found = queries.clients_page(organisation, after=after, limit=limit)
    clients = found[:limit]
    _log(request, AccessAction.VIEWED, clients)
    following = clients[-1].public_id if len(found) > limit else None
    return ClientsOut(clients=queries.clients_out(organisation, clients), next=following)


@router.get(
    "/clients/{client}",
    response={200: ClientOut, **refusals(404, 422)},
    summary="Eén cliënt",
    tags=["cliënten"],
    **needs(ApiScope.CLIENTS_READ),
)
def show_client(request: ApiRequest, client: UUID) -> ClientOut:
    """Het bekijken komt in het inzagelogboek."""
    return _shown(request, client)


def _shown(request: ApiRequest, public_id: UUID) -> ClientOut:
    client = queries.client_for(organisation_of(request), public_id)
    _log(request, AccessAction.VIEWED, [client])
    return queries.client_out(client)


@router.get(
    "/clients/{client}/anamneses",
    response={200: list[AnamneseOut], **refusals(404, 422)},
    summary="Afgeronde anamneses van een cliënt",
    tags=["anamneses"],
    **needs(ApiScope.ANAMNESES_READ),
)
def list_anamneses(request: ApiRequest, client: UUID) -> list[AnamneseOut]:
    """De nieuwste eerst, met de antwoorden."""
    row = queries.client_for(organisation_of(request), client)
    _log(request, AccessAction.VIEWED_PROFILE, [row])
    return queries.anamneses_of(row)


@router.get(
    "/clients/{client}/profiles",
    response={200: list[ProfileOut], **refusals(404, 422)},
    summary="Profielen van een cliënt",
    tags=["anamneses"],
    **needs(ApiScope.ANAMNESES_READ),
)
def list_profiles(request: ApiRequest, client: UUID) -> list[ProfileOut]:
    """De nieuwste eerst, ook wat door een correctie is vervangen."""
    row = queries.client_for(organisation_of(request), client)
    _log(request, AccessAction.VIEWED_PROFILE, [row])
    return queries.profiles_of(row)


@router.post(
    "/anamneses",
    response={200: AnamnesesStoredOut, **refusals(400, 413, 422)},
    summary="Anamneses inlezen",
    tags=["anamneses"],
    **needs(ApiScope.ANAMNESES_WRITE),
)
def store_anamneses(request: ApiRequest, sent: AnamnesesIn) -> AnamnesesStoredOut:
    """Zelfde cliënt, datum en antwoorden: overgeslagen. Andere antwoorden: een fout, en niets opgeslagen."""
    asked = questions_by_day({anamnese.date for anamnese in sent.anamneses})
    problems = RowProblems(
        partial(_anamnese_field, questions={each for day in asked.values() for each in day})
    )
    rows = []
    for number, anamnese in enumerate(sent.anamneses, start=1):
        questions = asked[anamnese.date]
        if set(anamnese.answers) - set(questions):
            problems.add(number, "answers: " + _("Niet al deze vragen staan in de vragenlijst."))
        rows.append(Row(number, _anamnese_cells(anamnese, questions)))
    organisation = organisation_of(request)
    count = import_anamneses(organisation=organisation, rows=rows, problems=problems)
    _log(request, AccessAction.ANSWERED, _by_bsn(organisation, [one.bsn.strip() for one in sent.anamneses]))
    return AnamnesesStoredOut(added=count.added, skipped=count.skipped)


def _anamnese_cells(anamnese: AnamneseIn, questions: tuple[str, ...]) -> tuple[str, ...]:
    answers = (anamnese.answers.get(question, "") for question in questions)
    cells = (answer if isinstance(answer, str) else "|".join(answer) for answer in answers)
    return (anamnese.bsn, anamnese.date, *cells)


def _anamnese_field(sentence: str, *, questions: Collection[str]) -> tuple[str, str]:
    """Split a sentence about a day or a question; what names no column is about the row."""
    head, _colon, message = sentence.partition(": ")
    word = head.split(" ")[0]
    if word in questions:
        return f"answers.{word}", sentence.removeprefix(f"{word} ")
    if head in ("bsn", "datum", "answers"):
        return ANAMNESE_FIELD_OF.get(head, head), capfirst(message)
    return "", capfirst(sentence)


def _log(request: ApiRequest, action: AccessAction, clients: list[Client]) -> None:
    access.record_by_system(
        organisation_id=request.auth.organisation_id,
        program=request.auth.program,
        action=action,
        clients={client.pk for client in clients},
    )
