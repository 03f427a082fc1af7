"""That a file was handed over to its insurer: by somebody here, or because the insurer fetched it itself."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import User
from declarations.delivery import handover
from declarations.schema.constants import DownloadKind, FileState
from declarations.schema.delivery_models import Delivery
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile, Download
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

    Raises WrongStateError for a file that was not made, a test file, and a moment that cannot be, and
    BlockedError where it may not go.
    """
    _refuse_impossible(file, delivered_at)
    known = Delivery.objects.filter(file=file, delivered_at=delivered_at, receipt=receipt).first()
    if known is not None:
        return known
    handover.hand_over_outside(file=file, delivered_at=delivered_at, user=user, token=token)
    return Delivery.objects.create(
        organisation_id=file.organisation_id,
        file=file,
        delivered_at=delivered_at,
        receipt=receipt,
        user=user,
        token=token,
    )


def _refuse_impossible(file: DeclarationFile, delivered_at: datetime) -> None:
    if file.is_test:
        raise WrongStateError(_("Dit is een proefbestand. Dat gaat nooit naar de verzekeraar."))
    if file.state != FileState.EXPORTED:
        raise WrongStateError(_("Het bestand met profielen is nog niet gemaakt."))
    # A minute is typed without its seconds.
    made_at = file.export.made_at.replace(second=0, microsecond=0)
    if not made_at <= delivered_at <= timezone.now():
        raise WrongStateError(_("Kies een moment nadat het bestand is gemaakt, en niet in de toekomst."))


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
