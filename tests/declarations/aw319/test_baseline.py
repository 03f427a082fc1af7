"""The plain reader and writer that the figures are compared with do the same work."""

from dataclasses import replace
from datetime import date

from declarations.aw319 import Insertion, ProfileRecordFields, read, write_with_profiles
from tests.bench_baseline.aw319_plain import insert_plain, read_plain, write_plain
from tests.declarations.fictional import AGB, checked, random_content

FIELDS = ProfileRecordFields(date(2024, 1, 1), date(2024, 1, 31), "990", "DK01", "00", AGB, "")


def test_it_reads_and_writes_the_same_bytes() -> None:
    original = random_content(10)
    assert write_plain(read_plain(original)) == original


def test_it_inserts_as_our_writer_does() -> None:
    original = random_content(10)
    facts = checked(original).facts
    assert facts is not None
    insertions = [
        Insertion(person.placement_line, replace(FIELDS, reference=f"DV{number:018d}"))
        for number, person in enumerate(facts.persons)
    ]
    assert insert_plain(original, insertions) == b"".join(write_with_profiles(read([original]), insertions))
