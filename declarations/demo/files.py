"""The demo's declaration files: the made-up clients with a month of care, addressed to the first insurer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from care.schema.models import Client, Organisation
from declarations.aw319 import sample_files


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, first and last day."""

    first: date
    last: date


def month_before(day: date) -> Month:
    """Return the whole month before the one that day is in."""
    last = day.replace(day=1) - timedelta(days=1)
    return Month(last.replace(day=1), last)


def file_content(organisation: Organisation, uzovi: str, month: Month, clients: Iterable[Client]) -> bytes:
    """Return an AW319 file over a month for one insurer; some clients in it are insured elsewhere."""
    spec = sample_files.FileSpec(
        agb=organisation.agb,
        uzovi=uzovi,
        invoice_number=f"{organisation.agb[-3:]}{month.first:%Y%m}",
        period_first=month.first,
        period_last=month.last,
        invoice_date=month.last,
    )
    return b"".join(sample_files.build(spec, _insured(month, clients)))


def _insured(month: Month, clients: Iterable[Client]) -> Iterator[sample_files.SampleInsured]:
    random = Random(month.first.toordinal())  # noqa: S311 - made-up data
    for client in clients:
        if client.is_in_care(month.first):
            yield sample_files.SampleInsured(
                bsn=client.bsn,
                uzovi=client.insurer.uzovi,
                insured_number=client.insured_number,
                date_of_birth=client.date_of_birth,
                sex=client.sex,
                initials=client.initials.replace(".", ""),
                surname=client.surname,
                prefix=client.prefix,
                care=tuple(sample_files.usual_care(random, month.first, month.last, random.randint(1, 4))),
            )
