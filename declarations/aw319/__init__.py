"""AW319 version 1.4, message 428: reading, checking and extending a declaration file.

The package is pure: standard library only, no clock, no log, and no input or output but the bytes handed in.
It is the only place of the product that sees amounts, as raw digits of a record: to carry them over untouched
and to check a total.
"""

from declarations.aw319.checker import check, check_lines
from declarations.aw319.findings import Finding
from declarations.aw319.numbers import NumberRow, renumbered
from declarations.aw319.record_builder import Stencil, UnfitError, compose
from declarations.aw319.record_check import check_record
from declarations.aw319.records import FieldRow, describe, read, split
from declarations.aw319.references import profile_reference
from declarations.aw319.report import Counts, FileFacts, Header, Report
from declarations.aw319.rules import RULES, Rule, Severity
from declarations.aw319.separate import Cover, InsuredGroup, write_separate
from declarations.aw319.summary import InsuredPerson, PerformanceSummary, PersonTable
from declarations.aw319.verify import SeparateVerification, Verification, verify_insertion, verify_separate
from declarations.aw319.writer import (
    Insertion,
    InsertionRefusedError,
    ProfileRecordFields,
    TooManyRecordsError,
    profile_record,
    refuse_overflow,
    write_with_profiles,
)

__all__ = [
    "RULES",
    "Counts",
    "Cover",
    "FieldRow",
    "FileFacts",
    "Finding",
    "Header",
    "Insertion",
    "InsertionRefusedError",
    "InsuredGroup",
    "InsuredPerson",
    "NumberRow",
    "PerformanceSummary",
    "PersonTable",
    "ProfileRecordFields",
    "Report",
    "Rule",
    "SeparateVerification",
    "Severity",
    "Stencil",
    "TooManyRecordsError",
    "UnfitError",
    "Verification",
    "check",
    "check_lines",
    "check_record",
    "compose",
    "describe",
    "profile_record",
    "profile_reference",
    "read",
    "refuse_overflow",
    "renumbered",
    "split",
    "verify_insertion",
    "verify_separate",
    "write_separate",
    "write_with_profiles",
]
