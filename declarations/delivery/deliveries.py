"""That a file was handed over to its insurer: by somebody here, or because the insurer fetched it itself."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import User
from declarations.delivery import restoring, separate_delivery
from declarations.handover import services as handover
from declarations.handover.blocking import was_handed_over, went_before_block
from declarations.progress import file_locks
from declarations.schema.constants import DownloadKind, FileKind, FileState, Handover
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.delivery_models import Delivery, EarlierExport
from declarations.schema.disclosure_models import Download
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile, Export
from declarations.schema.tokens import ApiToken


def record_delivery(
    *,
    file: DeclarationFile,
    delivered_at: datetime,
    receipt: str = "",
    user: User | None = None,
    token: ApiToken | None = None,
) -> Delivery:
    """Write down that a file was handed over another way; the same moment and receipt again change nothing.

    Where an earlier version counted at that moment, it is that one which went, and counts again. Raises
    WrongStateError for a file that was not made, a test file, and a moment that cannot be, and BlockedError
    where it may not go.
    """
    _refuse_unmade(file)
    earlier = restoring.version_at(file, delivered_at)
    _refuse_impossible(file, delivered_at, earlier)
    known = Delivery.objects.filter(file=file, delivered_at=delivered_at, receipt=receipt).first()
    if known is not None:
        return known
    if earlier is None and file.state == FileState.WITHDRAWN:
        raise WrongStateError(_("Dit bestand is ingetrokken. Er kan niets meer mee."))
    if earlier is None:
        handover.hand_over_outside(file=file, delivered_at=delivered_at, user=user, token=token)
    else:
        _hand_over_earlier(file, earlier, delivered_at, user=user, token=token)
    return Delivery.objects.create(
        organisation_id=file.organisation_id,
        file=file,
        delivered_at=delivered_at,
        receipt=receipt,
        user=user,
        token=token,
    )


def _refuse_unmade(file: DeclarationFile) -> None:
    if file.is_test:
        raise WrongStateError(_("Dit is een proefbestand. Dat gaat nooit naar de verzekeraar."))
    if file.state == FileState.IMPORTED or not Export.objects.filter(file=file).exists():
        raise WrongStateError(_("Het bestand met profielen is nog niet gemaakt."))


def _refuse_read_in_again(file: DeclarationFile) -> None:
    """Refuse to let a withdrawn file count again beside another of the same invoice."""
    again = DeclarationFile.objects.filter(
        organisation=file.organisation_id, kind=file.kind, is_test=False, invoice_number=file.invoice_number
    )
    if again.exclude(pk=file.pk).exclude(state=FileState.WITHDRAWN).exists():
        raise WrongStateError(
            _("Dezelfde factuur is intussen opnieuw ingelezen. Trek die eerst in, en leg dit dan vast.")
        )


def _refuse_impossible(file: DeclarationFile, delivered_at: datetime, earlier: EarlierExport | None) -> None:
    # A minute is typed without its seconds.
    made_at = (earlier or file.export).made_at.replace(second=0, microsecond=0)
    if not made_at <= delivered_at <= timezone.now():
        raise WrongStateError(_("Kies een moment nadat het bestand is gemaakt, en niet in de toekomst."))


def _hand_over_earlier(
    file: DeclarationFile,
    earlier: EarlierExport,
    delivered_at: datetime,
    *,
    user: User | None,
    token: ApiToken | None,
) -> None:
    """Let an earlier version count as handed over: it went before anybody could know that it may not."""
    if not went_before_block(file, earlier.version, delivered_at):
        raise WrongStateError(
            _(
                "Toen was bekend dat het bestand niet meer mocht worden aangeleverd. Is het toch gegaan? "
                "Vertel dat aan de functionaris gegevensbescherming."
            )
        )
    file_locks.refuse_while_made(file.pk)
    with transaction.atomic():
        with file_locks.lock_timeout():
            if file.kind == FileKind.SEPARATE:
                separate_delivery.wait_for_turn(file.organisation_id)
            row = DeclarationFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if was_handed_over(row):
            raise WrongStateError(
                _("Een latere versie van dit bestand is al overgedragen. Er kan geen andere bij.")
            )
        if row.state == FileState.WITHDRAWN:
            _refuse_read_in_again(row)
        restoring.restore(row, earlier)
        handover.hand_over(row, Handover.DELIVERED, HandoverStep.DELIVERED, user, token)
    file.refresh_from_db(fields=["handover", "version", "state"])


def of_file(file: DeclarationFile) -> QuerySet[Delivery]:
    """Return when a file was handed over, the last one first."""
    return Delivery.objects.filter(file=file).select_related("user", "token").order_by("-delivered_at", "-id")


def delivered_among(file_ids: Iterable[int]) -> set[int]:
    """Return which of these files reached their insurer, as far as is known here."""
    wanted = list(file_ids)
    fetched = Download.objects.filter(kind=DownloadKind.EXPORT, file__in=wanted, insurer__isnull=False)
    told = Delivery.objects.filter(file__in=wanted)
    reached = {*fetched.values_list("file_id", flat=True), *told.values_list("file_id", flat=True)}
    return {file_id for file_id in wanted if file_id in reached}
