"""`check_declarations FILE [--json]`: what is wrong with an AW319 file, without any server."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from declarations.aw319 import FileFacts, Finding, Report, check
from declarations.schema.exceptions import codes_in_words

REFUSED, UNREADABLE = 1, 2
CHUNK = 1 << 20


class Command(BaseCommand):
    """Exit 0: no errors, warnings allowed. 1: at least one error. 2: the file cannot be read.

    Every finding is a line on stderr. Values of fields may be of a person: they are shown when asked only.
    """

    help = "Controleert een AW319-bestand (bericht 428) zonder het te importeren."
    # No database, no servers, no settings to judge: it must work anywhere.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """A path, and the choice of a document for programs."""
        parser.add_argument("file", metavar="FILE", type=Path, help=_("het declaratiebestand"))
        parser.add_argument("--json", action="store_true", help=_("toon de uitkomst als JSON op stdout"))
        parser.add_argument(
            "--values",
            action="store_true",
            help=_("toon ook wat er in de velden staat; dat kunnen gegevens van personen zijn"),
        )

    def handle(self, *args: Any, file: Path, json: bool, values: bool, **options: Any) -> None:
        """Check, tell, and leave with the exit code of the contract."""
        try:
            report = _checked(file, with_values=values)
        except OSError:
            self.stderr.write(_("%(path)s is niet te lezen.") % {"path": file})
            sys.exit(UNREADABLE)
        for finding in report.findings:
            self.stderr.write(_line(finding))
        if report.hidden:
            self.stderr.write(_("en nog %(count)d bevindingen") % {"count": report.hidden})
        self.stdout.write(_document(report, with_values=values) if json else _summary(report))
        if not report.is_accepted:
            sys.exit(REFUSED)


def _checked(path: Path, *, with_values: bool) -> Report:
    bar = tqdm(total=path.stat().st_size, unit="B", unit_scale=True, leave=False, disable=None)
    with path.open("rb") as file, bar:
        return check(_chunks(file, bar), today=localdate(), with_values=with_values)


def _chunks(file: BinaryIO, bar: "tqdm[Any]") -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
        bar.update(len(chunk))


def _line(finding: Finding) -> str:
    place = _("regel %(line)d") % {"line": finding.line}
    if finding.field:
        place = _("%(place)s, veld %(number)s %(name)s") % {
            "place": place,
            "number": finding.field,
            "name": finding.name,
        }
    severity = _("fout") if finding.is_error else _("waarschuwing")
    shown = _(" Er staat: ‘%(value)s’.") % {"value": _printable(finding.value)} if finding.value else ""
    codes = codes_in_words(finding.rule, finding.return_code)
    return f"{place}: {severity}: {finding.told(_)}{shown} [{codes}]"


def _printable(value: str) -> str:
    """Return a value in which no sign can do anything to a terminal."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in value)


def _summary(report: Report) -> str:
    counts = (
        ngettext("%(count)d regel gelezen", "%(count)d regels gelezen", report.lines)
        % {"count": report.lines},
        ngettext("%(count)d fout", "%(count)d fouten", report.errors) % {"count": report.errors},
        ngettext("%(count)d waarschuwing", "%(count)d waarschuwingen", report.warnings)
        % {"count": report.warnings},
    )
    return ", ".join(counts) + "."


def _document(report: Report, *, with_values: bool) -> str:
    content = {
        "accepted": report.is_accepted,
        "errors": report.errors,
        "warnings": report.warnings,
        "hidden": report.hidden,
        "lines": report.lines,
        "file": _facts(report.facts) if report.facts else None,
        "findings": [_finding(finding, with_values=with_values) for finding in report.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _finding(finding: Finding, *, with_values: bool) -> dict[str, str | int]:
    value = {"value": finding.value} if with_values else {}
    return {
        "rule": finding.rule,
        "return_code": finding.return_code,
        "severity": finding.severity.value,
        "line": finding.line,
        "field": finding.field,
        "name": finding.name,
        "sentence": finding.told(_),
        **value,
    }


def _facts(facts: FileFacts) -> dict[str, str | int | bool]:
    header, counts = facts.header, facts.counts
    return {
        "is_test": header.is_test,
        "uzovi": header.uzovi,
        "institution": header.institution,
        "period_first": header.period_first.isoformat(),
        "period_last": header.period_last.isoformat(),
        "invoice_number": header.invoice_number,
        "invoice_date": header.invoice_date.isoformat(),
        "insured_records": counts.insured,
        "performance_records": counts.performances,
        "comment_records": counts.comments,
        "persons": len(facts.persons),
        "control_total": facts.control_total,
    }
