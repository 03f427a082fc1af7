"""One file as it came in and as it goes out, byte for byte. A change here is a change for insurers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from declarations.aw319 import Insertion, ProfileRecordFields, profile_reference, read, write_with_profiles
from tests.declarations.fictional import AGB, OTHER_UZOVI, care, checked, content, credit, insured, zero

GOLDEN = Path(__file__).parent / "golden"
NOTE = "Fictieve toelichting"


def original() -> bytes:
    """Two groups of one person, a credit, comments, a zero record, a dummy number, another insurer."""
    return content(
        insured(0, care(comments=(NOTE,)), comments=("Over de persoon",)),
        insured(1, care("2023-12-01", "2023-12-31", vat=2101), credit(), prefix="van der"),
        insured(2, zero(code="DK03", list_code="990"), uzovi=OTHER_UZOVI, is_deceased=True),
        insured(3, bsn="999999999"),
        insured(
            0, care("2024-01-15", code="W0131", unit="31", count=1, tariff=61_000, comments=(NOTE, NOTE))
        ),
    )


def with_profiles(before: bytes) -> bytes:
    facts = checked(before).facts
    assert facts is not None
    first, second, *_ = facts.persons
    fields = ProfileRecordFields(date(2024, 1, 1), date(2024, 1, 9), "990", "DK07", "00", AGB, "")
    insertions = [
        Insertion(second.placement_line, replace(fields, reference=reference("b", 1))),
        Insertion(first.placement_line, replace(fields, reference=reference("a", 1))),
        Insertion(
            first.placement_line,
            replace(
                fields,
                first_day=date(2024, 1, 10),
                last_day=date(2024, 1, 31),
                performance_code="TYD",
                reference=reference("a", 2),
            ),
        ),
    ]
    return b"".join(write_with_profiles(read([before]), iter(insertions)))


def reference(person: str, number: int) -> str:
    return profile_reference(agb=AGB, file="golden", person=person, number=number)


def test_the_builder_gives_the_golden_file() -> None:
    assert original() == (GOLDEN / "before.txt").read_bytes()


def test_the_writer_gives_the_golden_file() -> None:
    assert with_profiles((GOLDEN / "before.txt").read_bytes()) == (GOLDEN / "after.txt").read_bytes()


def test_both_golden_files_are_correct() -> None:
    for name in ("before.txt", "after.txt"):
        findings = checked((GOLDEN / name).read_bytes()).findings
        assert [(each.line, each.rule) for each in findings] == [(7, "vat.number_missing")]
