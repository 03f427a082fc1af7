"""A profile goes to an insurer once for a day: what went before is taken off what is to go apart."""

from collections.abc import Collection, Iterator
from typing import Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from care.days import Span, without
from declarations.matching.after_export import not_too_old
from declarations.matching.record_references import in_file, references_of
from declarations.progress.query_hints import whole_tables
from declarations.queries.reply_queries import WAS_HANDED_OVER, with_last_answer
from declarations.schema.constants import (
    GONE,
    WAITS_FOR_RELEASE,
    AttachmentKind,
    AttachmentState,
    DeliveryMode,
    FileState,
    Reason,
)
from declarations.schema.delivery_constants import ReplyStatus
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord

_MEETS: Final = {"first_day__lte": "last_day", "last_day__gte": "first_day"}


def leave_out_sent(candidates: QuerySet[ProfileRecord]) -> set[int]:
    """Cut records that wait for a separate file to the days that did not go before; none left: none goes.

    Gone means: the same profile by the same code, to the same insurer of the person (0204), in a file that
    was no test and was handed over, and not sent back. Who has nothing left is excluded. Return who (rows of
    the queue) is to wait: for a file that was made and holds the same days, until that is handed over or
    made anew without them, or for a record that waits already and is the first to go.
    """
    _leave_to_somebody(candidates)
    _drop_gone(candidates)
    with whole_tables():
        waits = set(held_up(candidates).values_list("attachment", flat=True))
        meets = Exists(_others(_gone() | _goes_first(OuterRef("pk")), **_MEETS))
        met = list(candidates.exclude(attachment__in=waits).filter(meets).values_list("id", flat=True))
    added: list[int] = []
    for record in (
        ProfileRecord.objects.filter(pk__in=met)
        .order_by("id")
        .select_related("attachment__file__organisation")
    ):
        days = without(Span(record.first_day, record.last_day), _taken(record, _gone()))
        left = [part for one in days for part in without(one, _taken(record, _first(record, added)))]
        if days and not left and record.attachment.state == AttachmentState.ATTACHED:
            waits.add(record.attachment_id)
        else:
            added += _cut(record, left)
    return waits


def settle(candidates: QuerySet[ProfileRecord]) -> None:
    """Let nobody wait any longer of whom every day went by now; `candidates` wait for a separate file.

    A correction of what went stays to be seen: it may say the same of fewer days.
    """
    _drop_gone(candidates.filter(attachment__corrects__isnull=True))


def held_up(candidates: QuerySet[ProfileRecord]) -> QuerySet[ProfileRecord]:
    """Return those of records that wait, of which days stand in a file that was made and not handed over."""
    in_made = Exists(_others(_made_only(), **_MEETS))
    return candidates.filter(in_made, attachment__state=AttachmentState.ATTACHED)


def made_apart(records: QuerySet[ProfileRecord]) -> QuerySet[DeclarationFile]:
    """Return the separate files, made and not handed over, that say of the same days what records say."""
    same = records.filter(
        profile=OuterRef("profile"),
        list_code=OuterRef("list_code"),
        performance_code=OuterRef("performance_code"),
        attachment__uzovi=OuterRef("attachment__uzovi"),
        first_day__lte=OuterRef("last_day"),
        last_day__gte=OuterRef("first_day"),
    )
    apart = ProfileRecord.objects.filter(
        Exists(same), delivered_in__handover__in=WAITS_FOR_RELEASE, delivered_in__is_test=False
    )
    return DeclarationFile.objects.filter(pk__in=apart.values("delivered_in"))


def _drop_gone(candidates: QuerySet[ProfileRecord]) -> None:
    with whole_tables():
        covers = Exists(_others(_gone(), first_day__lte="first_day", last_day__gte="last_day"))
        covered = dict(candidates.filter(covers).values_list("id", "attachment_id"))
    _drop(covered.keys(), covered.values())


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


def _others(which: Q, **days: str) -> QuerySet[ProfileRecord]:
    """Return such records of the same profile to the same insurer, with days that lie so to these."""
    return with_last_answer(ProfileRecord.objects.all()).filter(
        which,
        attachment__file__is_test=False,
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


def _gone() -> Q:
    """Return what was handed over and not sent back.

    Of a person who came back, one record may stand all the same: what was said of each is looked at.
    """
    return WAS_HANDED_OVER & Q(attachment__state__in=GONE) & ~Q(last_status=ReplyStatus.REJECTED)


def _made_only() -> Q:
    """Return what stands in a file that was made, not too long ago, and may still be made anew without it."""
    inside = Q(form=DeliveryMode.IN_FILE, attachment__file__handover__in=WAITS_FOR_RELEASE)
    apart = Q(delivered_in__handover__in=WAITS_FOR_RELEASE)
    inside &= not_too_old("attachment__file__")
    return Q(attachment__state__in=GONE) & (inside | apart & not_too_old("delivered_in__"))


def _goes_first(than: int | OuterRef) -> Q:
    """Return what waits with a lower number."""
    return _waiting() & Q(id__lt=than)


def _first(record: ProfileRecord, added: Collection[int]) -> Q:
    """Return what waits with a lower number, or was cut off such a record just now."""
    return _waiting() & (Q(id__lt=record.pk) | Q(id__in=added))


def _waiting() -> Q:
    return not_too_old("attachment__file__") & Q(
        form=DeliveryMode.SEPARATE,
        delivered_in__isnull=True,
        attachment__state__in=(AttachmentState.ATTACHED, AttachmentState.EXPORTED),
        attachment__file__state=FileState.EXPORTED,
    )


def _taken(record: ProfileRecord, which: Q) -> Iterator[Span]:
    before = (
        with_last_answer(ProfileRecord.objects.all())
        .filter(
            which,
            attachment__file__is_test=False,
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
        reference=references_of(item.file, [(in_file(item.kind, item.number), number)])[0],
    )
    return added.pk
