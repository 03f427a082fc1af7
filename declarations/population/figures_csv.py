"""Released figures as CSV: UTF-8 without byte order mark, `;`, LF, one line per profile code.

A hidden count is empty and says so; there is no line with a total. Format: docs/figures.md.
"""

import csv
import io

from django.utils.text import slugify

from declarations.models import PopulationRelease

COLUMNS = (
    "organisatie_agb",
    "organisatie",
    "peildatum",
    "code",
    "omschrijving",
    "aantal",
    "onderdrukt",
    "drempel",
)
#: A spreadsheet takes a cell that begins so for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(release: PopulationRelease) -> bytes:
    """Return the figures of a release as a file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for cell in release.cells:
        writer.writerow(
            (
                release.organisation.agb,
                plain(release.organisation_name),
                release.reference_day.isoformat(),
                cell["code"],
                cell["label"],
                "" if cell["count"] is None else cell["count"],
                "ja" if cell["count"] is None else "nee",
                release.threshold,
            )
        )
    return text.getvalue().encode()


def plain(text: str) -> str:
    """Return text that a spreadsheet shows instead of calculating it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def file_name(release: PopulationRelease) -> str:
    """Return the name of the file: whose figures, over which day."""
    return slugify(f"profielen-{release.organisation.agb}-{release.reference_day:%Y-%m-%d}") + ".csv"
