"""The officer's page for checking a file that is not read in: nothing of it is kept."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.schema.constants import AccessAction
from declarations import aw319
from declarations.intake.check_results import FoundRecord, clients_among, found_records
from declarations.intake.importing import Source
from declarations.intake.uploads import nameless_uploads
from declarations.matching.forms import CheckForm
from declarations.schema.exceptions import codes_in_words

SHOWN_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One finding in words; `is_error`: a file with it would be refused."""

    line: int
    field: str
    name: str
    sentence: str
    codes: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What our checker has to say of a file."""

    report: aw319.Report
    found: list[FoundLine]
    records: list[FoundRecord]

    @property
    def hidden(self) -> int:
        """Findings that are not shown."""
        return self.report.errors + self.report.warnings - len(self.found)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
@nameless_uploads
def file_check(request: CareRequest) -> HttpResponse:
    """Check a file and show every finding; the file is not read in, and not kept.

    The records themselves, with all that stands in them of a person, are shown to who asks for them.
    """
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        organisation, file = organisation_of(request.membership), form.cleaned_data["file"]
        report = aw319.check(file, today=timezone.localdate(), expected_agb=organisation.agb)
        checked = _checked(report, file if form.cleaned_data["records"] else None)
        seen = clients_among(checked.records, organisation)
        access.record(membership=request.membership, action=AccessAction.VIEWED_DECLARATION, clients=seen)
        context["checked"] = checked
    return render(request, "declarations/intake/file_check.html", context)


def _checked(report: aw319.Report, source: Source | None) -> Checked:
    worst_first = sorted(report.findings, key=lambda finding: (not finding.is_error, finding.line))
    return Checked(
        report,
        [
            FoundLine(
                each.line,
                each.field,
                each.name,
                each.told(_),
                codes_in_words(each.rule, each.return_code),
                each.is_error,
            )
            for each in worst_first[:SHOWN_FINDINGS]
        ],
        found_records(source, worst_first) if source else [],
    )
