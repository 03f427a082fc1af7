"""Old and new detail numbers: held against what the writer really wrote."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from declarations import aw319
from declarations.aw319 import Insertion, NumberRow, ProfileRecordFields, renumbered
from declarations.aw319.layout import FIELDS
from tests.declarations import fictional


def fields(reference: str) -> ProfileRecordFields:
    return ProfileRecordFields(
        date(2024, 1, 1), date(2024, 1, 31), "990", "DK01", "00", fictional.AGB, reference
    )


def numbered(content: bytes) -> list[tuple[int, str]]:
    """Return number and reference of every record 02 and 04 as it stands in a file."""
    records = [line for line in aw319.read(iter([content])) if line[:2] in {b"02", b"04"}]
    references = (FIELDS["0431"].of(line).decode().rstrip() if line[:2] == b"04" else "" for line in records)
    return [(int(line[2:14]), reference) for line, reference in zip(records, references, strict=True)]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1_000), data=st.data())
def test_it_says_of_each_record_what_the_writer_did(seed: int, data: st.DataObject) -> None:
    content = fictional.random_content(5, seed=seed)
    lines = list(aw319.read(iter([content])))
    ends = [at for at, line in enumerate(lines, 1) if line[:2] in {b"04", b"98"} and lines[at][:2] != b"98"]
    chosen = sorted(data.draw(st.lists(st.sampled_from(ends), max_size=6)))
    placed = [(at, f"R{number}") for number, at in enumerate(chosen)]
    insertions = [Insertion(at, fields(reference)) for at, reference in placed]
    written = b"".join(aw319.write_with_profiles(lines, insertions))

    rows = list(renumbered(lines, placed))
    assert [(row.new, row.reference) for row in rows] == numbered(written)
    kept = [row for row in rows if row.old is not None]
    assert [(row.old, row.reference) for row in kept] == numbered(content)
    assert [row.reference for row in rows if row.old is None] == [reference for _, reference in placed]


def test_it_gives_a_record_that_was_put_in_no_old_number() -> None:
    lines = list(aw319.read(iter([fictional.content(fictional.insured(0), fictional.insured(1))])))
    rows = list(renumbered(lines, [(3, "NIEUW")]))
    assert rows[2] == NumberRow(None, 3, "NIEUW")
    assert [(row.old, row.new) for row in rows] == [(1, 1), (2, 2), (None, 3), (3, 4), (4, 5)]
