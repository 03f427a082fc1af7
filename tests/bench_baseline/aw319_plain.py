"""A plain AW319 reader and writer: one object per field, a list of records, as public libraries do it.

Honest and ordinary: no trick to slow it down, none to speed it up. It decodes, cuts, converts by type and
validates the type; it knows none of the rules between fields and records.
"""

from __future__ import annotations

from dataclasses import dataclass

from declarations.aw319.layout import LAYOUTS, RecordLayout


@dataclass
class PlainField:
    number: str
    name: str
    type: str
    length: int
    value: str | int = ""

    def read(self, raw: str) -> None:
        if self.type == "N":
            if not raw.isdigit():
                raise ValueError(f"{self.number} is not numeric")
            self.value = int(raw)
        else:
            self.value = raw.rstrip()

    def write(self) -> str:
        if self.type == "N":
            return str(self.value).zfill(self.length)
        return str(self.value).ljust(self.length)


@dataclass
class PlainRecord:
    code: str
    fields: list[PlainField]

    def __getitem__(self, number: str) -> str | int:
        return self._field(number).value

    def __setitem__(self, number: str, value: str | int) -> None:
        self._field(number).value = value

    def _field(self, number: str) -> PlainField:
        return next(field for field in self.fields if field.number == number)

    def write(self) -> str:
        return "".join(field.write() for field in self.fields)


def read_plain(content: bytes) -> list[PlainRecord]:
    """All records of a file as objects."""
    layouts = {code.decode(): layout for code, layout in LAYOUTS.items()}
    lines = content.decode("iso-8859-1").removesuffix("\r\n").split("\r\n")
    return [_read_record(layouts[line[:2]], line) for line in lines]


def _read_record(layout: RecordLayout, line: str) -> PlainRecord:
    fields = []
    for item in layout.fields:
        field = PlainField(item.number, item.name, item.type, item.length)
        field.read(line[item.start - 1 : item.end])
        fields.append(field)
    return PlainRecord(layout.code, fields)


def write_plain(records: list[PlainRecord]) -> bytes:
    """The bytes of a list of records."""
    return "".join(record.write() + "\r\n" for record in records).encode("iso-8859-1")


def write_with_profiles_plain(records: list[PlainRecord], insertions: dict[int, PlainRecord]) -> bytes:
    """Put a record behind the ones at the 1-based lines given, renumber, raise the counts, write."""
    result: list[PlainRecord] = []
    number = 0
    for line, record in enumerate(records, 1):
        if record.code in {"02", "04"}:
            number += 1
            record[f"{record.code}02"] = number
        elif record.code == "98":
            record["9802"] = number
        elif record.code == "99":
            record["9904"] = int(record["9904"]) + len(insertions)
            record["9906"] = int(record["9906"]) + len(insertions)
        result.append(record)
        if line in insertions:
            number += 1
            insertions[line]["0402"] = number
            result.append(insertions[line])
    return write_plain(result)
