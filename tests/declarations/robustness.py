"""What has to hold for any bytes at all that are handed in as a declaration file."""

from collections.abc import Iterator

from declarations.aw319 import Report, check_record, describe, read, verify_insertion
from tests.declarations.exactness import adds_up, differences, insertions, references_of, written
from tests.declarations.fictional import TODAY, checked
from tests.declarations.mutations import Mutated


def broken_promises(spoiled: Mutated) -> Iterator[str]:
    """Yield what the message package does wrong with a spoiled file; raising is wrong as well."""
    report = checked(spoiled.content)
    if spoiled.must_be is not None and report.is_accepted != spoiled.must_be:
        yield "accepted" if report.is_accepted else "refused"
    if (report.facts is None) == report.is_accepted:
        yield "facts of a refused file, or none of an accepted one"
    if report.is_accepted:
        yield from _of_accepted(spoiled.content, report)
    else:
        _tell(spoiled.content, report)


def _of_accepted(content: bytes, report: Report) -> Iterator[str]:
    assert report.facts is not None
    if not adds_up(content):
        yield "accepted with amounts that do not add up"
    records = insertions(report.facts)
    after = written(content, records)
    if after != written(content, records):
        yield "written twice, other bytes"
    if not verify_insertion([content], [after], records, today=TODAY).is_sound:
        yield "the file with profiles is not sound"
    yield from differences(content, after, references_of(records))


def _tell(content: bytes, report: Report) -> None:
    """Say what is wrong, and show the record that it is wrong with: neither may fail."""
    wrong = {finding.line for finding in report.findings if finding.sentence}
    for number, line in enumerate(read([content]), 1):
        if number in wrong:
            describe(line)
            check_record(line, line=number, today=TODAY)
            return
