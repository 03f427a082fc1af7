"""The manifest of a file that was made: what is in it, what it came from, and by which versions."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from config.version import VERSION
from declarations import aw319
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import AttachmentState, DeliveryMode, FileKind
from declarations.schema.models import DeclarationFile, ProfileRecord
from declarations.storage.chunks import Stored
from declarations.storage.file_names import file_name

FORMAT = "draagvlak-manifest 1"
STANDARD = "AW319 1.4, bericht 428"
COMMAND = "opdrachtregel"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a model, an instrument or a code table; `mark` is a hash, or the list code."""

    name: str
    version: str
    mark: str


@dataclass(frozen=True, slots=True)
class MadeOf:
    """Which versions the profile records of a file rest on."""

    models: tuple[Version, ...]
    instruments: tuple[Version, ...]
    code_tables: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What the making of a file came to. `by` is a person or a program (empty: a command).

    `report` is our own checker's, `inserted` the number of profile records.
    """

    at: datetime
    by: str
    stored: Stored
    report: aw319.Report
    inserted: int
    persons: dict[str, int]
    made_of: MadeOf


def manifest_of(file: DeclarationFile, made: Made) -> dict[str, Any]:
    """Return the manifest as it is kept with the export: text, numbers and dates, nothing of a client.

    A separate file has no original.
    """
    result = _content(made.stored.sha256, made.stored.size, _records(made.report, 0), file)
    before = _content(file.sha256, file.size, _records(made.report, -made.inserted), file)
    return {
        "format": FORMAT,
        "file": _about(file),
        "made": {"at": made.at.isoformat(), "by": made.by or COMMAND, "version": file.version},
        "original": before if file.kind == FileKind.RECEIVED else None,
        "result": result | {"profile_records": made.inserted},
        "persons": made.persons,
        "checked": {"standard": STANDARD, "errors": 0, "warnings": made.report.warnings},
        "versions": {
            "product": VERSION,
            "models": _listed(made.made_of.models),
            "instruments": _listed(made.made_of.instruments),
            "code_tables": _listed(made.made_of.code_tables),
        },
    }


def _about(file: DeclarationFile) -> dict[str, Any]:
    return {
        "id": str(file.public_id),
        "name": file_name(file),
        "organisation": file.organisation.agb,
        "uzovi": file.uzovi,
        "invoice_number": file.invoice_number,
        "invoice_date": file.invoice_date.isoformat(),
        "period_first_day": file.period_first_day.isoformat(),
        "period_last_day": file.period_last_day.isoformat(),
        "is_test": file.is_test,
    }


def _content(sha256: str, size: int, records: dict[str, int], file: DeclarationFile) -> dict[str, Any]:
    return {"sha256": sha256, "size": size, "records": records, "control_total": file.control_total}


def _records(report: aw319.Report, less: int) -> dict[str, int]:
    """Return the records per type of the file that was made; `less` takes the profile records off again."""
    counts = report.facts.counts if report.facts else aw319.Counts()
    return {
        "01": 1,
        "02": counts.insured,
        "04": counts.performances + less,
        "98": counts.comments,
        "99": 1,
        "all": counts.details + less + 2,
    }


def _listed(versions: Iterable[Version]) -> list[dict[str, str]]:
    return [{"name": one.name, "version": one.version, "mark": one.mark} for one in versions]


def versions_in(file: DeclarationFile) -> MadeOf:
    """Return which versions the profile records rest on that go in a file, or that went in a separate one."""
    goes_along = Q(
        attachment__file=file,
        attachment__state__in=(AttachmentState.ATTACHED, AttachmentState.EXPORTED),
        form=DeliveryMode.IN_FILE,
    )
    records = ProfileRecord.objects.filter(goes_along | Q(delivered_in=file))
    model, instrument = "profile__model_version__", "profile__anamnese__instrument__"
    return MadeOf(
        _distinct(records.values_list(f"{model}key", f"{model}version", "profile__ruleset_hash").distinct()),
        _distinct(
            records.values_list(
                f"{instrument}key", f"{instrument}version", f"{instrument}definition_hash"
            ).distinct()
        ),
        _code_tables(file, records.values_list("attachment__uzovi", "list_code", "first_day").distinct()),
    )


def _distinct(rows: Iterable[tuple[str, str, str]]) -> tuple[Version, ...]:
    return tuple(Version(*row) for row in sorted(rows))


def _code_tables(file: DeclarationFile, used: Iterable[tuple[str, str, date]]) -> tuple[Version, ...]:
    """Return the code tables that the agreements name for insurers, lists and days of the records."""
    agreed = Agreement.objects.filter(organisation=file.organisation_id).select_related("code_table")
    rows = list(
        agreed.filter(sending=True).values_list("insurer__uzovi", "valid_from", "valid_until", "code_table")
    )
    tables = CodeTable.objects.in_bulk({table for *_, table in rows})
    found = {
        tables[table]
        for uzovi, list_code, day in used
        for insurer, first, until, table in rows
        if insurer == uzovi
        and first <= day
        and (until is None or day < until)
        and tables[table].list_code == list_code
    }
    return _distinct((one.name, one.version, one.list_code) for one in found)


def as_json(manifest: dict[str, Any]) -> str:
    """Return a manifest as it is downloaded: the same text every time."""
    return json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def manifest_name(file: DeclarationFile) -> str:
    """Return the name of the manifest: that of the file, and .json."""
    return f"{file_name(file).removesuffix('.txt')}.json"
