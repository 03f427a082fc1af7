"""What insurers answered to a profile record, and the file that it went in, also as parts of queries."""

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from declarations.schema.constants import HANDED_OVER, DeliveryMode
from declarations.schema.delivery_models import RecordReply
from declarations.schema.models import ProfileRecord

# Records that the insurer may have, by the file that carries them.
WAS_HANDED_OVER = Q(form=DeliveryMode.IN_FILE, attachment__file__handover__in=HANDED_OVER) | Q(
    delivered_in__handover__in=HANDED_OVER
)


def with_last_answer(records: QuerySet[ProfileRecord]) -> QuerySet[ProfileRecord]:
    """Add `last_status` to profile records: what the insurer last said of each (empty: nothing yet)."""
    last = RecordReply.objects.filter(record=OuterRef("pk")).order_by("-id")
    status = Subquery(last.values("status")[:1], output_field=CharField())
    return records.annotate(last_status=Coalesce(status, Value("")))


def with_last_reason(records: QuerySet[ProfileRecord]) -> QuerySet[ProfileRecord]:
    """Add `last_status`, `last_reason`, and `carrier`: the separate file, or else that of the care."""
    last = RecordReply.objects.filter(record=OuterRef("pk")).order_by("-id")
    return with_last_answer(records).annotate(
        last_reason=Subquery(last.values("reason")[:1]),
        carrier=Coalesce("delivered_in", "attachment__file"),
    )


def last_answer(record: ProfileRecord) -> RecordReply | None:
    """Return what the insurer last said of a profile record."""
    answers = RecordReply.objects.filter(record=record).select_related("reply__user", "reply__token")
    return answers.order_by("-id").first()


def answers_to(record: ProfileRecord) -> QuerySet[RecordReply]:
    """Return everything that was ever said of a profile record, oldest first."""
    answers = RecordReply.objects.filter(record=record)
    return answers.select_related("reply__user", "reply__token").order_by("id")
