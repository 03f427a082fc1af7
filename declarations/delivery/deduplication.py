"""A profile goes to an insurer once for a day: what went before is taken off what is to go apart."""

from collections.abc import Collection, Iterator

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from declarations.aw319 import profile_reference
from declarations.matching.after_export import not_too_old
from declarations.matching.queue import in_file
from declarations.progress.query_hints import whole_tables
from declarations.queries.reply_queries import with_last_answer
from declarations.schema.constants import (
    GONE,
    AttachmentKind,
    AttachmentState,
    DeliveryForm,
    FileState,
    Reason,
)
from declarations.schema.days import Span, without
from declarations.schema.delivery_constants import ReplyStatus
from declarations.schema.models import Attachment, ProfileRecord


def leave_out_sent(candidates: QuerySet[ProfileRecord]) -> None:
    """Cut records that wait for a separate file to the days that did not go before; none left: none goes.

    Sent means: the same profile by the same code, to the same insurer of the person (0204), in a file that
    was no test, and not sent back. Of two that wait for the same days the first goes. Who has nothing left
    is excluded.
    """
    _leave_to_somebody(candidates)
    with whole_tables():
        meets = Exists(_others(first_day__lte="last_day", last_day__gte="first_day"))
        met = dict(candidates.filter(meets).values_list("id", "attachment_id"))
        covers = Exists(_others(first_day__lte="first_day", last_day__gte="last_day"))
        covered = set(ProfileRecord.objects.filter(covers, pk__in=met).values_list("id", flat=True))
    _drop(covered, [met[record_id] for record_id in covered])
    rest = ProfileRecord.objects.filter(pk__in=met.keys() - covered).order_by("id")
    added: list[int] = []
    for record in rest.select_related("attachment__file__organisation"):
        taken = _taken(record, added)
        added += _cut(record, without(Span(record.first_day, record.last_day), taken))


def _leave_to_somebody(candidates: QuerySet[ProfileRecord]) -> None:
    """Take off corrections what came back and waits for somebody: it does not go along with another's."""
    came_back = ProfileRecord.objects.filter(
        profile=OuterRef("profile"),
        attachment__uzovi=OuterRef("attachment__uzovi"),
        first_day__lte=OuterRef("last_day"),
        last_day__gte=OuterRef("first_day"),
        corrections__state=AttachmentState.HELD,
        corrections__reason=Reason.RETURNED,
    )
    of_corrections = candidates.filter(attachment__kind=AttachmentKind.CORRECTION)
    waiting = dict(of_corrections.filter(Exists(came_back)).values_list("id", "attachment_id"))
    _drop(waiting.keys(), waiting.values())


def _others(**days: str) -> QuerySet[ProfileRecord]:
    """Return what went or goes of the same profile to the same insurer, with days that lie so to these."""
    return with_last_answer(ProfileRecord.objects.all()).filter(
        _went_or_goes(OuterRef("pk")),
        profile=OuterRef("profile"),
        list_code=OuterRef("list_code"),
        performance_code=OuterRef("performance_code"),
        attachment__uzovi=OuterRef("attachment__uzovi"),
        **{name: OuterRef(of_candidate) for name, of_candidate in days.items()},
    )


def _drop(records: Collection[int], items: Collection[int]) -> None:
    """Take off records of which every day went before, in one go however many."""
    ProfileRecord.objects.filter(pk__in=records).delete()
    _exclude_bare(items)


def _went_or_goes(than: int | OuterRef, added: Collection[int] = ()) -> Q:
    """Return what went, and what waits with a lower number or was cut off such a record just now."""
    apart = Q(form=DeliveryForm.SEPARATE)
    # Of a person who came back, one record may stand all the same: what was said of each is looked at.
    went = (
        Q(attachment__state__in=GONE)
        & ~Q(last_status=ReplyStatus.REJECTED)
        & (~apart | Q(delivered_in__isnull=False))
    )
    waits = apart & not_too_old("attachment__file__")
    waits &= Q(attachment__state=AttachmentState.ATTACHED, attachment__file__state=FileState.EXPORTED)
    waits &= Q(id__lt=than) | Q(id__in=added)
    return (went | waits) & Q(attachment__file__is_test=False)


def _taken(record: ProfileRecord, added: Collection[int]) -> Iterator[Span]:
    before = (
        with_last_answer(ProfileRecord.objects.all())
        .filter(
            _went_or_goes(record.pk, added),
            profile=record.profile_id,
            list_code=record.list_code,
            performance_code=record.performance_code,
            attachment__uzovi=record.attachment.uzovi,
        )
        .exclude(pk=record.pk)
    )
    return (Span(first, last) for first, last in before.values_list("first_day", "last_day"))


def _cut(record: ProfileRecord, left: list[Span]) -> list[int]:
    """Cut a record to the days that are left; return the ids of the records that were added for it."""
    if not left:
        record.delete()
        _exclude_bare([record.attachment_id])
        return []
    record.first_day, record.last_day = left[0].first, left[0].last
    record.save(update_fields=["first_day", "last_day"])
    return [_add(record, span) for span in left[1:]]


def _exclude_bare(items: Collection[int]) -> None:
    now = timezone.now()
    bare = Attachment.objects.filter(pk__in=items, records__isnull=True)
    bare.update(state=AttachmentState.EXCLUDED, reason=Reason.ALREADY_SENT, detail={}, changed_at=now)


def _add(like: ProfileRecord, span: Span) -> int:
    item = like.attachment
    number = (ProfileRecord.objects.filter(attachment=item).aggregate(last=Max("number"))["last"] or 0) + 1
    added = ProfileRecord.objects.create(
        organisation_id=like.organisation_id,
        attachment=item,
        number=number,
        profile_id=like.profile_id,
        first_day=span.first,
        last_day=span.last,
        list_code=like.list_code,
        performance_code=like.performance_code,
        time_unit=like.time_unit,
        form=like.form,
        reference=profile_reference(
            agb=item.file.organisation.agb,
            file=item.file.reference_key,
            person=in_file(item.kind, item.number),
            number=number,
        ),
    )
    return added.pk
