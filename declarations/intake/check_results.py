"""The records of a file that was checked in which something was found, as they stand in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from care.schema import crypto
from care.schema.models import Client, Organisation
from declarations import aw319
from declarations.aw319 import Finding
from declarations.aw319.layout import FIELDS, LAYOUTS
from declarations.intake.importing import Source
from declarations.storage.record_view import RecordView, ruler_with

SHOWN_RECORDS = 10
_BSN = FIELDS["0203"]


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """One record under the ruler with all that was found in it; `bsn` of the 02 that it stands under."""

    line: int
    name: str
    ruler: RecordView
    bsn: bytes = field(repr=False)


def found_records(source: Source, findings: Iterable[Finding]) -> list[FoundRecord]:
    """Return the records of the first lines that are named in the findings, in order of line.

    At most SHOWN_RECORDS. A line that is no record of the standard is left out.
    """
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.line in by_line or len(by_line) < SHOWN_RECORDS:
            by_line.setdefault(finding.line, []).append(finding)
    source.seek(0)
    return list(_records(aw319.read(source), by_line))


def _records(lines: Iterable[bytes], by_line: dict[int, list[Finding]]) -> Iterator[FoundRecord]:
    bsn, last = b"", max(by_line, default=0)
    for number, line in enumerate(lines, 1):
        if number > last:
            return
        if line[:2] in {b"02", b"99"}:
            bsn = _BSN.of(line) if line[:2] == b"02" else b""
        layout = LAYOUTS.get(line[:2])
        if number in by_line and layout is not None:
            yield FoundRecord(number, layout.name, ruler_with(line, by_line[number]), bsn)


def clients_among(records: Iterable[FoundRecord], organisation: Organisation) -> list[Client]:
    """Return the clients of an organisation whom these records are about."""
    numbers = {record.bsn.decode() for record in records if record.bsn.isdigit()}
    hashes = [crypto.bsn_hash(number, organisation_id=organisation.pk) for number in numbers]
    return list(Client.objects.filter(organisation=organisation, bsn_hash__in=hashes).order_by("id"))
