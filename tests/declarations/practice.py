"""Taking a small file from practice the whole way: the commands that an organisation would give."""

import csv
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client as Browser
from django.urls import reverse

from care.schema.constants import Role
from care.schema.models import Organisation, Team
from care.tenancy import scope
from declarations.aw319.layout import FIELDS
from declarations.delivery import deliveries
from declarations.handover import services as handover
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.actors import House, actor
from tests.declarations.shell import Answer, run

CASES = Path(__file__).parent / "cases"
CLIENTS = (
    "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;"
    "in_zorg_vanaf;in_zorg_tot\n"
)
ANAMNESES = "bsn;datum;Q1;Q2;Q3;Q4;Q5;Q6;Q7;Q8;Q9;Q10;Q11;Q12;Q13\n"
EASY = ";".join(("", *"11111111111", ""))
SINCE = "2013-01-01"


def case(name: str) -> bytes:
    """Return a file as it was sent in, two years earlier: all of it has to lie in the past when this runs."""
    content = (CASES / name).read_bytes()
    return content.replace(b"2025", b"2023").replace(b"2026", b"2024")


def of(name: str, field: str) -> str:
    """Return a field of the first record of a declaration file, 01 or 02."""
    whole = case(name)
    record = whole if field.startswith("01") else whole[312:]
    whose = FIELDS[field]
    return record[whose.start - 1 : whose.end].decode().strip()


@dataclass(frozen=True)
class Practice:
    """The organisation of a file (0112), with the insurer of its persons, team Noord, and an office."""

    house: House
    officer: Browser
    folder: Path

    def scope(self) -> AbstractContextManager[None]:
        """Return the scope in which its rows are read."""
        return self.house.scope()

    def command(self, name: str, *arguments: object) -> Answer:
        """Give a command about this organisation, which succeeds."""
        answer = run(name, *arguments, "--organisation", self.house.organisation.agb)
        assert (answer.code, answer.err) == (0, [])
        return answer

    def table(self, name: str, content: str | bytes) -> Answer:
        """Import a table of clients or anamneses."""
        path = self.folder / f"{name}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.command(name, path)

    def person(
        self, bsn: str, born: str, *, uzovi: str = "9991", since: str = "2022-01-01", until: str = ""
    ) -> None:
        """Make somebody a client in care from a day, until another, with DKDL-01 since September 2024."""
        line = f"{bsn};A;;Proef;{born};2;{uzovi};{bsn};Noord;{since};{until}\n"
        self.table("import_clients", CLIENTS + line)
        self.table("import_anamneses", f"{ANAMNESES}{bsn};2024-09-01;{EASY}\n")

    def import_file(self, name: str) -> Answer:
        """Try to read a declaration file in."""
        path = self.folder / name
        path.write_bytes(case(name))
        return run("import_declarations", path, "--organisation", self.house.organisation.agb)

    def taken_in(self, name: str) -> DeclarationFile:
        """Read a declaration file in, and attach."""
        answer = self.import_file(name)
        assert (answer.code, answer.err) == (0, [])
        assert run("attach_profiles", answer.out[-1]).code == 0
        return self.file(UUID(answer.out[-1]))

    def file(self, public_id: UUID) -> DeclarationFile:
        """Return a file as it is now."""
        with self.scope():
            return DeclarationFile.objects.get(public_id=public_id)

    def made(self, file: DeclarationFile) -> bytes:
        """Make a file and return it as it is written out."""
        out = self.folder / "uit.txt"
        assert run("export_declarations", file.public_id, out).code == 0
        return out.read_bytes()

    def delivered(self, name: str) -> DeclarationFile:
        """Take a file in, make it, and hand it over."""
        file = self.taken_in(name)
        self.made(file)
        with self.scope():
            handover.release(file=self.file(file.public_id))
            row = self.file(file.public_id)
            deliveries.record_delivery(file=row, delivered_at=row.export.made_at)
        return self.file(file.public_id)

    def days(self, file: DeclarationFile) -> list[tuple[str, str]]:
        """Return the first and last day of every profile record of a file."""
        with self.scope():
            records = ProfileRecord.objects.filter(attachment__file=file).order_by(
                "attachment__number", "number"
            )
            rows = records.values_list("first_day", "last_day")
            return [(f"{first:%m-%d}", f"{last:%m-%d}") for first, last in rows]

    def page(self, name: str, *arguments: Any) -> str:
        """Return what an officer reads at an address, or fetches there."""
        response: Any = self.officer.get(reverse(name, args=arguments))
        assert response.status_code == 200
        parts = response.streaming_content if response.streaming else [response.content]
        return b"".join(parts).decode()

    def cells(self, name: str, *arguments: Any) -> list[str]:
        """Return every cell of a table that an officer fetches."""
        rows = csv.reader(StringIO(self.page(name, *arguments)), delimiter=";")
        return [cell for row in rows for cell in row]


def practice(agb: str, folder: Path, *insurers: str) -> Practice:
    """Set up the organisation with an AGB, and a basis for 9991 and for each of insurers since 2013."""
    assert run("add_organisation", agb, "Zorg uit de praktijk", "--team", "Noord").code == 0
    organisation = Organisation.objects.get(agb=agb)
    with scope.organisation(organisation.pk):
        north = Team.objects.get(name="Noord")
    house = House(organisation, north, north)
    office = Practice(house, actor(Role.DECLARATION_OFFICER, house).browser, folder)
    for uzovi in dict.fromkeys(("9991", *insurers)):
        assert run("add_insurer", uzovi, f"Verzekeraar {uzovi}").code == 0
        office.command("add_legal_basis", "--uzovi", uzovi, "--reference", "Proef", "--from", SINCE)
    return office
