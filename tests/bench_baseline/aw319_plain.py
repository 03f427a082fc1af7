"""A plain AW319 reader and writer: one object per field, a list of records, as public libraries do it.

Honest and ordinary: no trick to slow it down, none to speed it up. It decodes, cuts, converts by type and
validates the type; it knows none of the rules between fields and records.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from declarations.aw319 import Insertion, ProfileRecordFields
from declarations.aw319.fields import RecordLayout
from declarations.aw319.layout import LAYOUTS


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


def insert_plain(content: bytes, insertions: Iterable[Insertion]) -> bytes:
    """Read a file, put profile records in, renumber, raise the counts, write it."""
    due = {insertion.after_line: insertion.fields for insertion in insertions}
    result: list[PlainRecord] = []
    parent = trailer = None
    number = 0
    for line, record in enumerate(read_plain(content), 1):
        if record.code in {"02", "04"}:
            number += 1
            record[f"{record.code}02"] = number
        if record.code == "98":
            record["9802"] = number
        parent = record if record.code == "02" else parent
        trailer = record
        result.append(record)
        if line in due and parent is not None:
            number += 1
            result.append(_profile_record(parent, number, due[line]))
    if trailer is not None:
        trailer["9904"] = int(trailer["9904"]) + len(due)
        trailer["9906"] = int(trailer["9906"]) + len(due)
    return write_plain(result)


def _profile_record(parent: PlainRecord, number: int, fields: ProfileRecordFields) -> PlainRecord:
    layout = LAYOUTS[b"04"]
    empty = [
        PlainField(item.number, item.name, item.type, item.length, 0 if item.type == "N" else "")
        for item in layout.fields
    ]
    record = PlainRecord(layout.code, empty)
    copied = {"0403": "0203", "0404": "0204", "0405": "0205", "0408": "0224", "0409": "0225"}
    for target, source in copied.items():
        record[target] = parent[source]
    filled: dict[str, str | int] = {
        "0401": 4,
        "0402": number,
        "0407": 1,
        "0414": int(f"{fields.first_day:%Y%m%d}"),
        "0415": int(f"{fields.last_day:%Y%m%d}"),
        "0416": int(fields.list_code),
        "0417": fields.performance_code,
        "0418": 1,
        "0419": int(fields.time_unit),
        "0420": int(fields.performer),
        "0427": "D",
        "0430": "D",
        "0431": fields.reference,
    }
    for target, value in filled.items():
        record[target] = value
    return record
