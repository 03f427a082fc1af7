"""Profile records that went and are no longer so, since a fact under them was corrected afterwards.

What the client said or what was agreed is no such fact: an objection does not make wrong what went before it.
"""

from datetime import timedelta
from typing import Final

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from care.schema.corrections import CorrectableFact, FactCorrection
from care.schema.periods import CarePeriod
from declarations.schema.agreement_models import Agreement
from declarations.schema.models import ProfileRecord
from profiles.timeline.facts import contradicts_age, has_outgrown

#: An agreement that was recorded longer ago has been looked at: rounds come every few seconds.
LOOKED_BACK: Final = timedelta(days=7)
_BORN: Final = "profile__client__date_of_birth"


class _Contains(Func):
    """Whether the first of two ranges holds the second."""

    template = "(%(expressions)s)"
    arg_joiner = " @> "
    output_field = BooleanField()


def no_longer_so(sent: QuerySet[ProfileRecord]) -> list[QuerySet[ProfileRecord]]:
    """Return those of the sent records of which a fact was corrected since, a query for each kind of fact."""
    days = Func(F("first_day"), F("last_day"), Value("[]"), function="daterange")
    of_the_profile = Coalesce(_Contains(F("profile__period"), days), Value(value=False))
    in_care = Coalesce(_Contains(Subquery(_care()), days), Value(value=False))
    return [
        _corrected(sent, CorrectableFact.DATE_OF_BIRTH).filter(
            contradicts_age("profile__", born=_BORN) | has_outgrown("profile__", on="last_day", born=_BORN)
        ),
        _corrected(sent, CorrectableFact.CARE).annotate(in_care=in_care).filter(in_care=False),
        _corrected(sent, CorrectableFact.JOINED)
        .annotate(in_care=in_care, of_the_profile=of_the_profile)
        .filter(Q(in_care=False) | Q(of_the_profile=False) | contradicts_age("profile__", born=_BORN)),
        sent.filter(Exists(_other_codes())),
    ]


def _corrected(sent: QuerySet[ProfileRecord], fact: CorrectableFact) -> QuerySet[ProfileRecord]:
    clients = FactCorrection.objects.filter(fact=fact).values("client")
    return sent.filter(profile__client__in=clients)


def _care() -> QuerySet[CarePeriod, object]:
    """Return all days of care of the client of a record."""
    spells = CarePeriod.objects.filter(client=OuterRef("profile__client")).order_by().values("client")
    return spells.annotate(days=Func(F("period"), function="range_agg")).values("days")


def _other_codes() -> QuerySet[Agreement]:
    """Return the agreement of a record's first day, recorded since the file was made, if its code is other.

    The last begun counts, as in `facts`.
    """
    later = Agreement.objects.filter(
        insurer=OuterRef("insurer"),
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=OuterRef(OuterRef("first_day")),
    )
    code = Func(
        F("code_table__codes"),
        OuterRef("profile__code"),
        function="jsonb_extract_path_text",
        output_field=TextField(),
    )
    return (
        Agreement.objects.filter(
            ~Exists(later),
            Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("first_day")),
            insurer__uzovi=OuterRef("attachment__uzovi"),
            valid_from__lte=OuterRef("first_day"),
            sending=True,
            recorded_at__gt=OuterRef("attachment__file__export__made_at"),
            recorded_at__gte=timezone.now() - LOOKED_BACK,
        )
        .annotate(code=code)
        .exclude(code=OuterRef("performance_code"), code_table__list_code=OuterRef("list_code"))
    )
