"""Declaration files: in, followed, made and out."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from care.audit import access
from care.schema.constants import AccessAction
from declarations.handover.services import refuse_to_hand_out
from declarations.insurers import disclosures
from declarations.intake import services
from declarations.queries import selectors
from declarations.schema.constants import AttachmentKind, AttachmentState, ChunkKind, Reason
from declarations.schema.tokens import ApiScope
from declarations.storage import chunks
from declarations.storage.file_names import download_name
from exchange.rest import queries
from exchange.rest.auth import (
    ApiRequest,
    Bearer,
    needs,
    opens_its_scope,
    organisation_of,
    scope_of_token,
    scope_that_keeps_blocks,
)
from exchange.rest.constants import ITEMS_PER_PAGE
from exchange.rest.intake import received_file
from exchange.rest.openapi import RAW_FILE, RESULT, refusals
from exchange.rest.problems import ApiProblem, Code
from exchange.rest.schemas import FileOut
from exchange.rest.schemas_items import ItemsOut, WarningsOut

router = Router(tags=["declaraties"])


@router.post(
    "/declarations",
    response={201: FileOut, **refusals(400, 409, 411, 413, 422)},
    summary="Een declaratiebestand inlezen",
    auth=Bearer(ApiScope.DECLARATIONS_WRITE),
    openapi_extra=RAW_FILE | {"x-required-scope": str(ApiScope.DECLARATIONS_WRITE)},
)
@opens_its_scope
def import_declaration(request: ApiRequest, response: HttpResponse) -> Status[FileOut]:
    """De bytes van een AW319-bestand, of een formulier met het deel `file`. Een fout: niets ingelezen."""
    with received_file(request) as source, scope_of_token(request):
        file = services.import_file(organisation=organisation_of(request), source=source)
        told = queries.file_out(file)
    response.headers["Location"] = reverse("api-declaration", args=[told.id])
    return Status(201, told)


@router.get(
    "/declarations/{file}",
    url_name="api-declaration",
    response={200: FileOut, **refusals(404, 422)},
    summary="Hoe een bestand ervoor staat",
    **needs(ApiScope.DECLARATIONS_READ),
)
def show_declaration(request: ApiRequest, file: UUID) -> FileOut:
    """Aantallen per staat en per reden. `ready`: niemand wacht meer, het bestand kan worden gemaakt.

    `handover` zegt of wat is gemaakt mag gaan; `blocked`: niet aanleveren, ook niet als je het al ophaalde.
    """
    row = queries.file_for(organisation_of(request), file)
    queries.look_at_made(row)
    return queries.file_out(row)


@router.get(
    "/declarations/{file}/items",
    response={200: ItemsOut, **refusals(404, 422)},
    summary="De verzekerden van een bestand",
    **needs(ApiScope.DECLARATIONS_READ),
)
def list_items(
    request: ApiRequest,
    file: UUID,
    *,
    kind: AttachmentKind = AttachmentKind.REGULAR,
    state: AttachmentState | None = None,
    reason: Reason | None = None,
    after: Annotated[int, Field(ge=0, lt=2**31, description="`next` van het vorige antwoord")] = 0,
    limit: Annotated[int, Field(ge=1, le=ITEMS_PER_PAGE)] = 100,
) -> ItemsOut:
    """Staat en reden per verzekerde, zonder naam; `client` is er waar de cliënt bekend is.

    `kind=correction`: de correcties die nodig zijn na het verzenden.
    """
    row = queries.file_for(organisation_of(request), file)
    items, following = queries.items_of(
        row, kind=kind, state=state or "", reason=reason or "", after=after, limit=limit
    )
    access.record_by_system(
        organisation_id=row.organisation_id,
        program=request.auth.program,
        action=AccessAction.VIEWED_DECLARATION,
        clients=selectors.clients_among(items),
    )
    return ItemsOut(items=[queries.item_out(item) for item in items], next=following)


@router.get(
    "/declarations/{file}/warnings",
    response={200: WarningsOut, **refusals(404, 422)},
    summary="De waarschuwingen bij het inlezen van een bestand",
    **needs(ApiScope.DECLARATIONS_READ),
)
def list_warnings(request: ApiRequest, file: UUID) -> WarningsOut:
    """Wat opviel toen het bestand werd ingelezen: de eerste duizend op regel, en hoeveel per vaste code."""
    return queries.warnings_out(queries.file_for(organisation_of(request), file))


@router.get(
    "/declarations/{file}/result",
    response={**refusals(404, 409, 422)} | {200: None},
    summary="Het bestand met profielen ophalen",
    auth=Bearer(ApiScope.DECLARATIONS_READ),
    openapi_extra=RESULT | {"x-required-scope": str(ApiScope.DECLARATIONS_READ)},
)
@opens_its_scope
def fetch_result(request: ApiRequest, file: UUID) -> StreamingHttpResponse:
    """De bytes van het bestand; elke keer dezelfde. Het ophalen wordt vastgelegd. Geblokkeerd: 409.

    Ophalen is niet vrijgeven: geef het bestand vrij voordat je het aanlevert.
    """
    with scope_that_keeps_blocks(request):
        row = queries.file_for(organisation_of(request), file)
        export = selectors.export_of(row)
        if export is None:
            raise ApiProblem(409, Code.NOT_EXPORTED, _("Het bestand met profielen is nog niet gemaakt."))
        refuse_to_hand_out(row)
        disclosures.record_file_by_system(token=request.auth, file=row)
        name = download_name(row)
        return StreamingHttpResponse(
            chunks.stream(row, ChunkKind.EXPORT),
            content_type="text/plain; charset=iso-8859-1",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Length": str(export.size),
            },
        )
