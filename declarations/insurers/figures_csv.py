"""Released figures as CSV: UTF-8 without byte order mark, `;`, LF, one line per profile code.

A hidden count is empty and says so; there is no line with a total. Format: docs/figures.md.
"""

from collections.abc import Iterator

from django.utils.text import slugify

from care import tables
from declarations.schema.disclosure_models import PopulationRelease

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


def as_csv(release: PopulationRelease) -> bytes:
    """Return the figures of a release as a file."""
    return "".join(tables.for_people(COLUMNS, _rows(release))).encode()


def _rows(release: PopulationRelease) -> Iterator[tuple[tables.Cell, ...]]:
    for cell in release.cells:
        yield (
            release.organisation.agb,
            release.organisation_name,
            release.reference_day.isoformat(),
            cell["code"],
            cell["label"],
            cell["count"],
            "ja" if cell["count"] is None else "nee",
            release.threshold,
        )


def file_name(release: PopulationRelease) -> str:
    """Return the name of the file: whose figures, over which day."""
    return slugify(f"profielen-{release.organisation.agb}-{release.reference_day:%Y-%m-%d}") + ".csv"
