"""Fictional AW319 files for tests: made right first, then changed record by record and field by field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from declarations.aw319 import Report, check, sample_files
from declarations.aw319.layout import ENCODING, FIELDS, LINE_END, RECORD_LENGTH

AGB = "42999001"
UZOVI = "9991"
OTHER_UZOVI = "9992"
TODAY = date(2024, 3, 1)
SPEC = sample_files.FileSpec(
    agb=AGB,
    uzovi=UZOVI,
    invoice_number="F2024-01",
    period_first=date(2024, 1, 1),
    period_last=date(2024, 1, 31),
    invoice_date=date(2024, 2, 2),
)
BSNS = tuple(bsn for bsn, _ in zip(sample_files.fictional_bsns(), range(20), strict=False))


def care(first: str = "2024-01-01", last: str = "2024-01-31", **changes: object) -> sample_files.Care:
    """A performance: 3 hours at 65.00 unless told otherwise."""
    values: dict[str, object] = {"code": "W0104", "unit": "04", "count": 3, "tariff": 6_500} | changes
    return sample_files.Care(date.fromisoformat(first), date.fromisoformat(last), **values)  # type: ignore[arg-type]


def zero(first: str = "2024-01-01", last: str = "2024-01-31", **changes: object) -> sample_files.Care:
    """A performance whose three amounts are zero."""
    return care(first, last, **({"count": 1, "tariff": 0, "unit": "00"} | changes))


def credit(first: str = "2024-01-01", last: str = "2024-01-31", **changes: object) -> sample_files.Care:
    """A performance taken back, with the reference of an earlier file."""
    return care(first, last, **({"is_credit": True, "earlier_reference": "F2023-12 0001"} | changes))


def insured(number: int, *performances: sample_files.Care, **changes: object) -> sample_files.SampleInsured:
    """The fictional person with this number, counted from 0; one ordinary performance unless given."""
    values: dict[str, object] = {
        "bsn": BSNS[number],
        "uzovi": UZOVI,
        "insured_number": f"{number:010d}",
        "date_of_birth": date(1940, 5, 17),
        "sex": "2",
        "initials": "É",
        "surname": "Günthér",
        "care": performances or (care(),),
    }
    return sample_files.SampleInsured(**(values | changes))  # type: ignore[arg-type]


def content(*people: sample_files.SampleInsured, spec: sample_files.FileSpec = SPEC) -> bytes:
    """A correct file with these people."""
    return b"".join(sample_files.build(spec, people))


def random_content(persons: int, *, seed: int = 1, performances: int = 4) -> bytes:
    """A correct file with a fictional population."""
    wanted = sample_files.Population(persons, performances, comments_every=3, seed=seed)
    return b"".join(sample_files.build(SPEC, sample_files.population(SPEC, wanted)))


class Draft:
    """A file as a list of records of 310 bytes that a test spoils. Lines are counted from 1."""

    def __init__(self, original: bytes) -> None:
        self.records = original.removesuffix(LINE_END).split(LINE_END)

    def get(self, line: int, number: str) -> str:
        """The value of a field."""
        return FIELDS[number].of(self.records[line - 1]).decode(ENCODING)

    def put(self, line: int, number: str, value: str) -> Draft:
        """Overwrite a field; the value must have its exact length."""
        field = FIELDS[number]
        raw = value.encode(ENCODING)
        assert len(raw) == field.length, number
        record = self.records[line - 1]
        assert record[:2] == number[:2].encode(), number
        self.records[line - 1] = record[: field.start - 1] + raw + record[field.end :]
        return self

    def put_all(self, number: str, value: str) -> Draft:
        """Overwrite a field in every record that has it."""
        for line, record in enumerate(self.records, 1):
            if record[:2] == number[:2].encode():
                self.put(line, number, value)
        return self

    def insert(self, after: int, record: bytes) -> Draft:
        """Put a record behind a line, padded to its length."""
        self.records.insert(after, record.ljust(RECORD_LENGTH))
        return self

    def delete(self, line: int) -> Draft:
        """Take a record out."""
        del self.records[line - 1]
        return self

    def bytes(self) -> bytes:
        """The file."""
        return b"".join(record + LINE_END for record in self.records)


def checked(original: bytes | Draft, *, expected_agb: str | None = AGB) -> Report:
    """The checker's report on the day of these tests."""
    raw = original.bytes() if isinstance(original, Draft) else original
    return check(iter([raw]), today=TODAY, expected_agb=expected_agb)


def rules(original: bytes | Draft, *, expected_agb: str | None = AGB) -> list[str]:
    """The codes of the rules that a file breaks, in order of line."""
    return [finding.rule for finding in checked(original, expected_agb=expected_agb).findings]


def chunks(original: bytes, size: int) -> Iterator[bytes]:
    """The bytes in pieces of this size."""
    return (original[at : at + size] for at in range(0, len(original), size))
