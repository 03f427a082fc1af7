"""What our own checker found, as problems for the person who asked: in Dutch, and without values."""

from django.utils.translation import gettext as _

from declarations import aw319
from declarations.schema.exceptions import FileProblem


def errors_of(report: aw319.Report) -> tuple[FileProblem, ...]:
    """Return the errors of a report, in the order of the lines; warnings are left out."""
    return tuple(
        FileProblem(found.line, found.field, found.name, found.told(_), found.rule, found.return_code)
        for found in report.findings
        if found.is_error
    )


def of_whole_file(sentence: str) -> FileProblem:
    """Return a problem that is not about one line."""
    return FileProblem(0, "", "", sentence)
