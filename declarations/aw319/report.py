"""The outcome of a check: findings, and for a correct file what callers need of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from declarations.aw319.findings import Finding
from declarations.aw319.layout import ENCODING, HEADER
from declarations.aw319.summary import PersonTable, day_of


@dataclass(frozen=True, slots=True)
class Header:
    """The 01 record. Codes that are not filled are empty strings."""

    is_test: bool
    uzovi: str
    service_bureau: str
    care_provider: str
    practice: str
    institution: str
    payee: str
    period_first: date
    period_last: date
    invoice_number: str
    invoice_date: date


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of records as counted, not as declared. `details` is all but 01 and 99."""

    insured: int = 0
    performances: int = 0
    comments: int = 0

    @property
    def details(self) -> int:
        """Records between header and trailer."""
        return self.insured + self.performances + self.comments


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file without errors says. `control_total` is 9907 and 9908 as they stand, for display only."""

    header: Header
    counts: Counts
    control_total: str
    persons: PersonTable = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check found. `findings` is bounded; `errors` and `warnings` count all.

    `facts` is None as soon as there is one error.
    """

    findings: tuple[Finding, ...]
    errors: int
    warnings: int
    lines: int
    facts: FileFacts | None = None
    warnings_by_rule: dict[str, int] = field(default_factory=dict)

    @property
    def is_accepted(self) -> bool:
        """True when the file may be used: no errors, warnings or not."""
        return self.errors == 0

    @property
    def hidden(self) -> int:
        """Number of findings that were counted but not kept."""
        return self.errors + self.warnings - len(self.findings)


def header_of(record: bytes) -> Header:
    """Read a 01 record that has been checked."""

    def text(number: str) -> str:
        return HEADER.field(number).of(record).decode(ENCODING).rstrip(" ")

    def code(number: str) -> str:
        return text(number) if text(number).strip("0") else ""

    return Header(
        is_test=text("0105") == "T",
        uzovi=code("0108"),
        service_bureau=code("0109"),
        care_provider=code("0110"),
        practice=code("0111"),
        institution=code("0112"),
        payee=text("0113"),
        period_first=day_of(int(text("0114"))),
        period_last=day_of(int(text("0115"))),
        invoice_number=text("0116"),
        invoice_date=day_of(int(text("0117"))),
    )
