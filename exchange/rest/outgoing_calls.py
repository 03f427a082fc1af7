"""What happens after "make the file": the job, its proof, delivery, and the insurer's answers."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from care import tables
from declarations.delivery import deliveries, jobs
from declarations.delivery.job_requests import ask
from declarations.handover import services as handover
from declarations.handover.blocking import refuse_blocked
from declarations.insurers import disclosures
from declarations.queries import selectors
from declarations.replies import services
from declarations.replies.reply_list import HEADING, on_one_line
from declarations.schema.constants import DownloadKind
from declarations.schema.delivery_constants import ReplyStatus
from declarations.schema.exceptions import FileProblem
from declarations.schema.models import DeclarationFile, Export
from declarations.schema.tokens import ApiScope
from declarations.storage.file_names import file_name
from declarations.storage.lines import numbers_csv, refuse_without_numbers
from exchange.rest import queries
from exchange.rest.auth import (
    ApiRequest,
    Bearer,
    needs,
    opens_its_scope,
    organisation_of,
    scope_that_keeps_blocks,
)
from exchange.rest.job_queries import job_out
from exchange.rest.openapi import MAKING, NUMBERS, refusals
from exchange.rest.problems import ApiProblem, Code, Found, wrong_value
from exchange.rest.queries import handover_out
from exchange.rest.schemas_handover import HandoverOut
from exchange.rest.schemas_outgoing import (
    DeliveryIn,
    DeliveryOut,
    ExportJobOut,
    FileReplyIn,
    ManifestOut,
    RepliesIn,
    RepliesOut,
)

router = Router(tags=["declaraties"])


@router.post(
    "/declarations/{file}/export",
    response={200: ExportJobOut, 202: ExportJobOut, **refusals(404, 409, 422)},
    summary="Het bestand met profielen laten maken",
    auth=Bearer(ApiScope.DECLARATIONS_WRITE),
    openapi_extra=MAKING | {"x-required-scope": str(ApiScope.DECLARATIONS_WRITE)},
)
def export_declaration(
    request: ApiRequest,
    response: HttpResponse,
    file: UUID,
    *,
    again: Annotated[
        bool, Field(description="een geblokkeerd bestand opnieuw, zonder wie niet mee mag")
    ] = False,
) -> Status[ExportJobOut]:
    """Zet het werk klaar (202); volg het op hetzelfde adres met GET. Was het al gemaakt: 200.

    De inhoud verandert alleen met `again`, zolang het bestand niet is overgedragen. Niet klaar om te
    maken, of al overgedragen: 409.
    """
    row = queries.file_for(organisation_of(request), file)
    job = ask(file=row, token=request.auth, again=again)
    response.headers["Location"] = reverse("api-export", args=[row.public_id])
    return Status(202 if job else 200, job_out(row, job or jobs.latest(row)))


@router.get(
    "/declarations/{file}/export",
    url_name="api-export",
    response={200: ExportJobOut, **refusals(404, 409, 422)},
    summary="Hoe ver het maken is",
    **needs(ApiScope.DECLARATIONS_READ),
)
def show_export(request: ApiRequest, file: UUID) -> ExportJobOut:
    """Stap, snelheid en resterende tijd; `unsound`: onze eigen controle hield het bestand tegen."""
    row = queries.file_for(organisation_of(request), file)
    job = jobs.latest(row)
    if job is None and selectors.export_of(row) is None:
        raise _not_made()
    return job_out(row, job)


def _not_made() -> ApiProblem:
    return ApiProblem(409, Code.NOT_EXPORTED, _("Het bestand met profielen is nog niet gemaakt."))


def _made(row: DeclarationFile) -> Export:
    export = selectors.export_of(row)
    if export is None:
        raise _not_made()
    return export


@router.get(
    "/declarations/{file}/manifest",
    response={200: ManifestOut, **refusals(404, 409, 422)},
    summary="De verantwoording bij een gemaakt bestand",
    **needs(ApiScope.DECLARATIONS_READ),
)
def fetch_manifest(request: ApiRequest, file: UUID) -> ManifestOut:
    """Aantallen, totaal, controlegetallen en versies. Het ophalen wordt vastgelegd."""
    row = queries.file_for(organisation_of(request), file)
    manifest = _made(row).manifest
    if not manifest:
        raise _not_made()
    disclosures.record_file_by_system(token=request.auth, file=row, kind=DownloadKind.MANIFEST)
    return ManifestOut(**manifest)


@router.get(
    "/declarations/{file}/numbers",
    response={**refusals(404, 409, 422)} | {200: None},
    summary="Oude en nieuwe nummers van een gemaakt bestand",
    auth=Bearer(ApiScope.DECLARATIONS_READ),
    openapi_extra=NUMBERS | {"x-required-scope": str(ApiScope.DECLARATIONS_READ)},
)
def fetch_numbers(request: ApiRequest, file: UUID) -> StreamingHttpResponse:
    """CSV: `oud;nieuw;referentie`, per detailrecord (`oud` leeg: ingevoegd). Het ophalen wordt vastgelegd."""
    row = queries.file_for(organisation_of(request), file)
    _made(row)
    refuse_blocked(row)
    refuse_without_numbers(row)
    disclosures.record_file_by_system(token=request.auth, file=row, kind=DownloadKind.NUMBERS)
    name = f"{file_name(row).removesuffix('.txt')}-nummers.csv"
    return StreamingHttpResponse(
        numbers_csv(row),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post(
    "/declarations/{file}/release",
    response={200: HandoverOut, **refusals(404, 409, 422)},
    summary="Een gemaakt bestand vrijgeven voor de verzekeraar",
    **needs(ApiScope.DECLARATIONS_WRITE),
)
@opens_its_scope
def release_declaration(request: ApiRequest, file: UUID) -> HandoverOut:
    """Pas hierna ziet de verzekeraar het, en verandert het niet meer. Nog een keer: er verandert niets.

    Mag een code niet meer mee: 409 met code `blocked`. Doe dit ook voordat je het zelf aanlevert.
    """
    with scope_that_keeps_blocks(request):
        row = queries.file_for(organisation_of(request), file)
        handover.release(file=row, token=request.auth)
        return handover_out(row)


@router.post(
    "/declarations/{file}/delivery",
    response={200: DeliveryOut, **refusals(400, 404, 409, 413, 422)},
    summary="Vastleggen dat een bestand is aangeleverd",
    **needs(ApiScope.DECLARATIONS_WRITE),
)
@opens_its_scope
def record_delivery(request: ApiRequest, file: UUID, sent: DeliveryIn) -> DeliveryOut:
    """Het bestand geldt dan als overgedragen. Hetzelfde moment en nummer nog een keer: er verandert niets.

    Geblokkeerd: 409, tenzij je het aanleverde voordat dat bekend kon zijn.
    """
    if sent.delivered_at.tzinfo is None:
        raise wrong_value("delivered_at", _("Geef het moment met een tijdzone, zoals +01:00."))
    with scope_that_keeps_blocks(request):
        row = queries.file_for(organisation_of(request), file)
        made = deliveries.record_delivery(
            file=row, delivered_at=sent.delivered_at, receipt=sent.receipt, token=request.auth
        )
    return DeliveryOut(delivered_at=made.delivered_at, receipt=made.receipt, recorded_at=made.recorded_at)


@router.post(
    "/declarations/{file}/reply",
    response={200: RepliesOut, **refusals(400, 404, 409, 413, 422)},
    summary="Het antwoord van de verzekeraar op een heel bestand",
    **needs(ApiScope.DECLARATIONS_WRITE),
)
def record_reply(request: ApiRequest, file: UUID, sent: FileReplyIn) -> RepliesOut:
    """Eén antwoord voor alle profielregels. Het bestand moet zijn aangeleverd."""
    reason = on_one_line(sent.reason)
    if sent.status == ReplyStatus.REJECTED and not reason:
        raise wrong_value("reason", _("Bij afgekeurd hoort een reden."))
    row = queries.file_for(organisation_of(request), file)
    preview = services.record_for_file(file=row, status=sent.status, reason=reason, token=request.auth)
    return _told(preview)


@router.post(
    "/replies",
    response={200: RepliesOut, **refusals(400, 409, 413, 422)},
    summary="Antwoorden van de verzekeraar per profielregel",
    **needs(ApiScope.DECLARATIONS_WRITE),
)
def record_replies(request: ApiRequest, sent: RepliesIn) -> RepliesOut:
    """Gezocht op referentienummer (0431). Eén fout: er wordt niets vastgelegd. Nog eens: niets verandert."""
    try:
        reply = services.prepare_list(
            organisation=organisation_of(request), content=_as_list(sent), token=request.auth, unsent=1
        )
        return _told(services.record_list(reply=reply, unsent=1))
    except services.ReplyRefusedError as refusal:
        raise _rows_refused(refusal) from refusal


def _as_list(sent: RepliesIn) -> bytes:
    """Return answers as the list that an officer would send: one way to read and keep them."""
    rows = ((row.reference, row.status.value, on_one_line(row.reason)) for row in sent.answers)
    return "".join(tables.for_programs(HEADING, rows)).encode()


def _rows_refused(refusal: services.ReplyRefusedError) -> ApiProblem:
    found = [_found(problem) for problem in refusal.problems]
    return ApiProblem(422, Code.ROWS_REFUSED, refusal.sentence, found=found)


def _found(problem: FileProblem) -> Found:
    """Return one mistake in the caller's words."""
    field = {"referentie": "reference", "reden": "reason"}.get(problem.field, problem.field)
    return Found(problem.line, field, field, problem.sentence)


def _told(preview: services.ReplyPreview) -> RepliesOut:
    return RepliesOut(
        accepted=preview.accepted,
        rejected=preview.rejected,
        known=preview.known,
        outdated=preview.outdated,
        others=preview.others,
    )
