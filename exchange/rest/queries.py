"""What callers may read, of their own organisation alone, as the values that go out."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from care.clients import target_groups
from care.schema.models import Client, Organisation
from declarations.decisions.stored import detail_from_json
from declarations.delivery.separate_queue import beside
from declarations.handover import blocking
from declarations.handover import services as handover
from declarations.handover.blocking import events_of
from declarations.intake.warnings import warnings_of
from declarations.matching.advice import advice
from declarations.queries import selectors
from declarations.queries.reply_queries import with_last_reason
from declarations.schema.constants import (
    AttachmentKind,
    AttachmentState,
    FileKind,
    FileState,
    Handover,
    MissingPart,
    Reason,
)
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, DeclarationFile, Export, ProfileRecord
from exchange.rest.problems import not_found, wrong_value
from exchange.rest.schemas import AnamneseOut, BalanceOut, ExportOut, FileOut, FoundOut, GroupOut, ProfileOut
from exchange.rest.schemas_clients import ClientOut
from exchange.rest.schemas_handover import BlockReasonOut, HandoverOut, HandoverStepOut
from exchange.rest.schemas_items import DaysOut, ItemOut, RecordOut, WarningsOut
from profiles.schema.models import ClientProfile, ProfileKind, ProfileStatus
from profiles.timeline.selectors import history_of
from questionnaires.schema.models import Anamnese, AnamneseStatus


def file_for(organisation: Organisation, public_id: UUID) -> DeclarationFile:
    """Return one file. Raises ApiProblem (404)."""
    files = DeclarationFile.objects.filter(organisation=organisation, public_id=public_id)
    found = files.select_related("organisation").first()
    if found is None:
        raise not_found(_("Dit bestand bestaat niet in jouw organisatie."))
    return found


def client_for(organisation: Organisation, public_id: UUID) -> Client:
    """Return one client, with team and insurer. Raises ApiProblem (404)."""
    clients = Client.objects.filter(organisation=organisation, public_id=public_id)
    related = ("team", "insurer", "joined_into__team", "joined_into__insurer")
    found = clients.select_related(*related).first()
    if found is None:
        raise not_found(_("Deze cliënt bestaat niet in jouw organisatie."))
    return found.joined_into or found


def clients_page(organisation: Organisation, *, after: UUID | None, limit: int) -> list[Client]:
    """Return the next clients in the order in which they were added, with team and insurer, and one more.

    `after` is the last one that was seen. Raises ApiProblem (422) for one that is not there.
    """
    clients = Client.objects.filter(organisation=organisation).select_related("team", "insurer")
    if after is not None:
        last = clients.filter(public_id=after).values_list("pk", flat=True).first()
        if last is None:
            raise wrong_value("after", _("Er is geen cliënt met het id van `after`."))
        clients = clients.filter(pk__gt=last)
    clients = clients.filter(joined_into=None)
    return list(clients.order_by("pk")[: limit + 1])


def clients_out(organisation: Organisation, clients: list[Client]) -> list[ClientOut]:
    """Return clients as they go out; in as many queries for a thousand as for one."""
    today = timezone.localdate()
    is_asked = target_groups.is_asked(organisation, today)
    groups = target_groups.groups_on(clients, today) if is_asked else {}
    return [_client_out(client, groups.get(client.pk)) for client in clients]


def client_out(client: Client) -> ClientOut:
    """Return a client as it goes out."""
    return _client_out(client, _target_group(client))


def _client_out(client: Client, target_group: str | None) -> ClientOut:
    return ClientOut(
        id=client.public_id,
        initials=client.initials,
        prefix=client.prefix,
        surname=client.surname,
        date_of_birth=client.date_of_birth,
        sex=client.sex,
        uzovi=client.insurer.uzovi,
        team=client.team.name,
        in_care_from=client.in_care_from,
        in_care_until=client.in_care_until,
        target_group=target_group,
    )


def _target_group(client: Client) -> str | None:
    today = timezone.localdate()
    if not target_groups.is_asked(client.organisation, today):
        return None
    return target_groups.group_on(client, today) or None


def file_out(file: DeclarationFile) -> FileOut:
    """Return a file as it goes out, with how its persons stand."""
    balance = selectors.balance(file)
    return FileOut(
        id=file.public_id,
        kind=FileKind(file.kind),
        separate_files=list(beside(file).values_list("public_id", flat=True)),
        state=FileState(file.state),
        is_test=file.is_test,
        uzovi=file.uzovi,
        invoice_number=file.invoice_number,
        period_first_day=file.period_first_day,
        period_last_day=file.period_last_day,
        record_count=file.record_count,
        warning_count=file.warning_count,
        person_count=file.person_count,
        sha256=file.sha256,
        imported_at=file.imported_at,
        ready=file.state == FileState.IMPORTED and not balance.queued,
        balance=BalanceOut(**{name: getattr(balance, name) for name in BalanceOut.model_fields}),
        reasons=[_group_out(group) for group in selectors.groups(file)],
        export=export_out(selectors.export_of(file)),
        handover=handover_out(file),
    )


def look_at_made(file: DeclarationFile) -> None:
    """Look whether a made file may still go, so that whoever asks hears it; not while somebody holds it."""
    with suppress(WrongStateError):
        handover.examine(file)


def handover_out(file: DeclarationFile) -> HandoverOut:
    """Return whether what was made of a file may go, and what happened to it, as it goes out."""
    whys = blocking.whys(file) if file.handover == Handover.BLOCKED else []
    return HandoverOut(
        state=Handover(file.handover),
        version=file.version,
        persons=sum(why.count for why in whys),
        reasons=[BlockReasonOut(reason=why.reason, label=why.label, count=why.count) for why in whys],
        steps=[
            HandoverStepOut(step=HandoverStep(row.step), version=row.version, count=row.count, at=row.at)
            for row in events_of(file)
        ],
    )


def warnings_out(file: DeclarationFile) -> WarningsOut:
    """Return what our checker found in a file when it was read in, as it goes out."""
    kept = warnings_of(file)
    found = [
        FoundOut(
            line=each.line,
            field=each.field,
            name=each.name,
            message=each.told(_),
            rule=each.rule,
            return_code=each.return_code,
        )
        for each in kept.found
    ]
    return WarningsOut(total=kept.total, counts=kept.counts, warnings=found)


def _group_out(group: selectors.ReasonGroup) -> GroupOut:
    reason = Reason(group.reason)
    label = _label(group.state, reason)
    return GroupOut(kind=group.kind, state=group.state, reason=reason, label=label, count=group.count)


def export_out(export: Export | None) -> ExportOut | None:
    """Return what was made of a file as it goes out."""
    if export is None:
        return None
    return ExportOut(**{name: getattr(export, name) for name in ExportOut.model_fields})


def _label(state: AttachmentState, reason: Reason) -> str:
    return str(reason.label or state.label)


def _item_label(state: AttachmentState, reason: Reason, missing: MissingPart) -> str:
    label = _label(state, reason)
    return f"{label}: {missing.label}" if missing else label


def items_of(
    file: DeclarationFile, *, kind: str, state: str, reason: str, after: int, limit: int
) -> tuple[list[Attachment], int | None]:
    """Return persons of a file by number behind `after`, and where the next stretch begins (None: the end).

    Costs the same on the first page and the last: an index holds exactly this order.
    """
    rows = Attachment.objects.filter(file=file, kind=kind, number__gt=after)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(reason=reason) if reason else rows
    records = with_last_reason(ProfileRecord.objects.select_related("profile", "delivered_in"))
    rows = rows.prefetch_related(Prefetch("records", records.order_by("number")))
    found = list(rows.select_related("client").order_by("number")[: limit + 1])
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def item_out(item: Attachment) -> ItemOut:
    """Return a person of a file as it goes out: no name, no number, no date of birth."""
    state, reason = AttachmentState(item.state), Reason(item.reason)
    detail = detail_from_json(item.detail)
    return ItemOut(
        id=item.public_id,
        number=item.number,
        kind=AttachmentKind(item.kind),
        client=item.client.public_id if item.client else None,
        state=state,
        reason=reason,
        label=_item_label(state, reason, detail.missing),
        detail=detail.missing,
        advice=str(advice(reason, detail.missing)),
        left_out=[DaysOut(first_day=days.first, last_day=days.last) for days in detail.left_out],
        changed_at=item.changed_at,
        records=[_record_out(record) for record in item.records.all()],
    )


def _record_out(record: Any) -> RecordOut:
    """Return a record that answers.with_last_reason() gave."""
    return RecordOut(
        reference=record.reference,
        profile=record.profile.public_id,
        first_day=record.first_day,
        last_day=record.last_day,
        separate_file=record.delivered_in.public_id if record.delivered_in else None,
        answer=record.last_status,
        answer_reason=record.last_reason or "",
    )


def anamneses_of(client: Client) -> list[AnamneseOut]:
    """Return the finished anamneses of a client, newest first."""
    rows = Anamnese.objects.filter(client=client, status=AnamneseStatus.FINISHED)
    return [
        AnamneseOut(
            id=row.public_id,
            date=row.date,
            instrument=str(row.instrument),
            answers=row.answers,
            corrects=row.corrects.public_id if row.corrects else None,
        )
        for row in rows.select_related("instrument", "corrects").order_by("-date", "-id")
    ]


def profiles_of(client: Client) -> list[ProfileOut]:
    """Return the profiles of a client, newest first, replaced ones too."""
    profiles = history_of(client)
    prefetch_related_objects(profiles, "model_version")
    return [_profile_out(profile) for profile in profiles]


def _profile_out(profile: ClientProfile) -> ProfileOut:
    # What stands and holds on no day is a child's profile of somebody who was no child.
    is_never = profile.period.isempty and profile.status == ProfileStatus.STANDING
    scores = profile.scores or {}
    return ProfileOut(
        id=profile.public_id,
        anamnese=profile.anamnese.public_id,
        kind=ProfileKind(profile.kind),
        code=profile.code,
        capacity=scores.get("capacity"),
        burden=scores.get("burden"),
        support_need=scores.get("support_need"),
        scores=profile.scores,
        model=str(profile.model_version),
        status=ProfileStatus(profile.status),
        first_day=profile.date,
        until=profile.date if is_never else profile.period.upper,
    )
