"""Invoice numbers (0116) of separate files: prefix, year, six digits, in a series of the organisation's own.

Only numbers that were given out here move the series. A number that a file of others carries is passed over,
so that an insurer never gets one twice; the gap that leaves is told, and the administrator can choose another
prefix. A making that fails gives its number back, as it was taken in the same transaction.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from care.schema.models import Organisation, User
from declarations.schema.constants import FileKind, FileState
from declarations.schema.exceptions import NumbersUsedUpError
from declarations.schema.models import DeclarationFile
from declarations.schema.number_models import DEFAULT_PREFIX, MOST_NUMBERS, NumberPrefix, NumberSeries

MOST_SHOWN: Final = 50
_BEGIN = """
    INSERT INTO declarations_numberseries (organisation_id, prefix, year, is_test, last_number)
    VALUES (%s, %s, %s, %s, 0)
    ON CONFLICT (organisation_id, prefix, year, is_test) DO NOTHING
"""


def prefix_of(organisation: Organisation) -> str:
    """Return with what the numbers of an organisation's separate files begin now."""
    chosen = NumberPrefix.objects.filter(organisation=organisation).order_by("-id").first()
    return chosen.prefix if chosen else DEFAULT_PREFIX


def choose_prefix(*, organisation: Organisation, prefix: str, user: User | None) -> None:
    """Let numbers begin with something else from now on. Raises ValidationError on `number_prefix`.

    The series of a prefix that was used before goes on where it was.
    """
    if prefix == prefix_of(organisation):
        return
    chosen = NumberPrefix(organisation=organisation, prefix=prefix, chosen_by=user)
    try:
        chosen.full_clean(exclude=["organisation", "chosen_by"])
    except ValidationError:
        message = _("Kies een of twee tekens: hoofdletters A tot en met Z of cijfers.")
        raise ValidationError({"number_prefix": message}) from None
    chosen.save()


@transaction.atomic
def next_number(organisation: Organisation, today: date, *, is_test: bool = False) -> str:
    """Take the next number of the series. Raises NumbersUsedUpError when the year has none left.

    Whoever comes second waits until the first transaction ends, and takes over the number where that failed.
    """
    prefix = prefix_of(organisation)
    series = _held_series(organisation, prefix, today.year, is_test=is_test)
    start = f"{prefix}{today:%Y}"
    taken = set() if is_test else set(_claimed(organisation, rf"^{start}[0-9]{{6}}$"))
    number = series.last_number + 1
    while f"{start}{number:06d}" in taken:
        number += 1
    if number > MOST_NUMBERS:
        raise NumbersUsedUpError(start)
    series.last_number = number
    series.save(update_fields=["last_number"])
    return f"{start}{number:06d}"


def _held_series(organisation: Organisation, prefix: str, year: int, *, is_test: bool) -> NumberSeries:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [organisation.pk, prefix, year, is_test])
    held = NumberSeries.objects.select_for_update(of=("self",))
    return held.get(organisation=organisation, prefix=prefix, year=year, is_test=is_test)


def _claimed(organisation: Organisation, pattern: str) -> QuerySet[DeclarationFile, str]:
    return _of_others(organisation, pattern).values_list("invoice_number", flat=True)


def _of_others(organisation: Organisation, pattern: str) -> QuerySet[DeclarationFile]:
    """Return the files that came in and claim a number (0116) of this shape, newest first."""
    files = DeclarationFile.objects.filter(
        organisation=organisation, kind=FileKind.RECEIVED, is_test=False, invoice_number__regex=pattern
    )
    return files.exclude(state=FileState.WITHDRAWN).order_by("-id")


@dataclass(frozen=True, slots=True)
class NumberClash:
    """A file of others whose number looks like one of ours, and our own file with the very same (or none)."""

    file: DeclarationFile
    own: DeclarationFile | None


def clashes(organisation: Organisation) -> list[NumberClash]:
    """Return the files that came in with a number like those of the series as it is now, newest first."""
    return _beside_own(_of_others(organisation, rf"^{prefix_of(organisation)}[0-9]{{10}}$"))


def own_clashes(organisation: Organisation) -> list[NumberClash]:
    """Return the files that came in with the number of a separate file that was made here, newest first."""
    given = NumberSeries.objects.filter(organisation=organisation, is_test=False)
    shapes = "|".join(sorted({row.prefix for row in given}))
    found = _beside_own(_of_others(organisation, rf"^({shapes})[0-9]{{10}}$")) if shapes else []
    return [clash for clash in found if clash.own is not None]


def clash_of(file: DeclarationFile) -> NumberClash | None:
    """Return that a file has a number like ours, or one of ours that of a file of others; None if not."""
    if file.is_test or file.state == FileState.WITHDRAWN:
        return None
    if file.kind == FileKind.SEPARATE:
        others = _of_others(file.organisation, rf"^{file.invoice_number}$").first()
        return NumberClash(others, file) if others else None
    (found,) = _beside_own(DeclarationFile.objects.filter(pk=file.pk))
    looks_alike = re.fullmatch(rf"{prefix_of(file.organisation)}[0-9]{{10}}", file.invoice_number)
    return found if found.own or looks_alike else None


def _beside_own(files: QuerySet[DeclarationFile]) -> list[NumberClash]:
    """Return files of others, each beside the separate file with the very same number."""
    found = list(files.select_related("organisation")[:MOST_SHOWN])
    numbers = [file.invoice_number for file in found]
    whose = {file.organisation_id for file in found}
    made = DeclarationFile.objects.filter(
        organisation__in=whose, kind=FileKind.SEPARATE, is_test=False, invoice_number__in=numbers
    )
    own = {file.invoice_number: file for file in made}
    return [NumberClash(file, own.get(file.invoice_number)) for file in found]


def last_numbers(organisation: Organisation) -> QuerySet[NumberSeries]:
    """Return how far each series of an organisation is, newest year first."""
    series = NumberSeries.objects.filter(organisation=organisation, is_test=False)
    return series.order_by("-year", "prefix")
