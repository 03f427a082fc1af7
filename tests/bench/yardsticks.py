"""Plain work of the same size in the same run, to hold the product's time against on any machine.

Each is what anybody would write who only has to get the rows in and out: no right is asked, nothing is
checked, explained or proven, no history is kept.
"""

import csv
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TypeAlias

import psycopg

from config import environment
from config.embedded import paths
from declarations.aw319.layout import ENCODING, LAYOUTS

TABLES = {
    "plain_line": "number bigint primary key, code text, bsn text, content text",
    "plain_record": "reference text primary key, number bigint unique, status text",
    "plain_reply": "id bigserial primary key, reference text, status text, reason text",
}
WRITTEN = """
    select line.content, record.reference from plain_line line left join plain_record record using (number)
    order by line.number
"""
PERSON = "02"
#: Number, code, BSN and all of a record.
Row: TypeAlias = tuple[int, str, str, str]


def clocked(work: Callable[[], object]) -> float:
    """Return the seconds that something takes by the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def plain_tables() -> Iterator[psycopg.Connection]:
    """Open the database of the installation with three plain tables, which go when it is closed."""
    with psycopg.connect(paths.postgres_url(environment.var_folder(), "draagvlak_owner")) as line:
        for name, columns in TABLES.items():
            line.execute(f"create table {name} ({columns})".encode())
        line.commit()
        yield line
        line.execute(f"drop table {', '.join(TABLES)}".encode())


def plain_month(source: Path, target: Path) -> float:
    """Read a file into a table, insert a record for each person, write all of it; return the seconds."""
    with plain_tables() as line:
        return clocked(lambda: _plain_month(line, source, target))


def _plain_month(line: psycopg.Connection, source: Path, target: Path) -> None:
    persons: list[tuple[str, int, str]] = []
    copy_rows(line, "copy plain_line from stdin", _noting_persons(_cut(source), persons))
    with line.cursor() as cursor:
        cursor.executemany("insert into plain_record values (%s, %s, %s)", persons)
    line.commit()
    # Row by row: a process that this one starts is never measured to have had less memory than this one.
    with line.cursor("written") as found, target.open("w", encoding=ENCODING, newline="") as file:
        for content, reference in found.execute(WRITTEN):
            file.write(content + "\r\n" + (f"{reference:<310}\r\n" if reference else ""))
    line.commit()


def _noting_persons(rows: Iterable[Row], persons: list[tuple[str, int, str]]) -> Iterator[Row]:
    for number, code, bsn, content in rows:
        if code == PERSON:
            persons.append((f"R{number}", number, ""))
        yield number, code, bsn, content


def _cut(source: Path) -> Iterator[Row]:
    """Cut every record into all of its fields, and keep what a table needs of it."""
    slices = {
        code.decode(): [slice(field.start - 1, field.end) for field in layout.fields]
        for code, layout in LAYOUTS.items()
    }
    with source.open(encoding=ENCODING, newline="\r\n") as file:
        for number, content in enumerate(file, 1):
            fields = [content[each].strip() for each in slices[content[:2]]]
            yield number, fields[0], fields[2], content.rstrip("\r\n")


def copy_rows(line: psycopg.Connection, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Copy rows into a table."""
    with line.cursor() as cursor, cursor.copy(statement.encode()) as into:
        for row in rows:
            into.write_row(row)
    line.commit()


def plain_replies(content: bytes) -> tuple[float, float]:
    """Look up what each line of a list of answers is about, and write all down; return both in seconds."""
    with plain_tables() as line:
        numbers = count(1)
        known = [(reference, next(numbers), "") for reference, _status, _reason in _answers(content)]
        copy_rows(line, "copy plain_record from stdin", known)
        line.execute("analyze plain_record")
        return clocked(lambda: _look(line, content)), clocked(lambda: _write_down(line, content))


def _answers(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode().splitlines()[1:], delimiter=";"))


def _look(line: psycopg.Connection, content: bytes) -> int:
    answers = _answers(content)
    wanted = [reference for reference, _status, _reason in answers]
    found = line.execute("select reference, status from plain_record where reference = any(%s)", [wanted])
    before: dict[str, str] = dict(found.fetchall())
    return sum(before[reference] != status for reference, status, _reason in answers)


def _write_down(line: psycopg.Connection, content: bytes) -> None:
    answers = _answers(content)
    with line.cursor() as cursor:
        cursor.executemany("insert into plain_reply (reference, status, reason) values (%s, %s, %s)", answers)
        states = [(status, reference) for reference, status, _reason in answers]
        cursor.executemany("update plain_record set status = %s where reference = %s", states)
    line.commit()
