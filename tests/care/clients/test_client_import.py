"""Clients from a CSV file."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from care.clients.client_import import COLUMNS
from care.clients.selectors import client_by_bsn
from care.schema.constants import Sex
from care.schema.models import Client
from tests.actors import House
from tests.care.tenancy.test_commands import run
from tests.factories import people

HEADER = ";".join(COLUMNS)


def row(bsn: str, **changes: str) -> str:
    """Return a right row with changes in the named columns."""
    cells = {
        "bsn": bsn,
        "voorletters": "B.C.",
        "voorvoegsel": "van der",
        "achternaam": "Wilgen",
        "geboortedatum": "1938-05-04",
        "geslacht": "2",
        "uzovi": "9991",
        "verzekerdennummer": "12345678",
        "team": "Noord",
        "in_zorg_vanaf": "2023-01-01",
        "in_zorg_tot": "",
    }
    return ";".join((cells | changes).values())


@pytest.fixture(autouse=True)
def insurers(db: None) -> None:
    for uzovi in ("9991", "9992"):
        people.insurer(uzovi=uzovi)


def load(house: House, tmp_path: Path, *rows: str, start: str = "") -> tuple[int, str, str]:
    path = tmp_path / "clients.csv"
    path.write_text(start + "\n".join((HEADER, *rows)) + "\n", "utf-8")
    return run("import_clients", str(path), "--organisation", house.organisation.agb)


def test_it_adds_clients(thuis: House, tmp_path: Path) -> None:
    first, second = people.bsn(), people.bsn()
    code, out, err = load(
        thuis,
        tmp_path,
        row(first),
        row(second, achternaam="Éénhoorn", in_zorg_tot="2024-01-01"),
        start="\ufeff",
    )
    assert (code, err) == (0, "")
    assert "2 cliënten toegevoegd, 0 bijgewerkt" in out
    with thuis.scope():
        client = client_by_bsn(thuis.organisation.pk, first)
        other = client_by_bsn(thuis.organisation.pk, second)
    assert client is not None
    assert other is not None
    assert (client.bsn, client.name, client.sex) == (first, "B.C. van der Wilgen", Sex.FEMALE)
    assert (client.date_of_birth, client.in_care_until) == (date(1938, 5, 4), None)
    assert (other.surname, other.in_care_until) == ("Éénhoorn", date(2024, 1, 1))
    assert (client.insured_number, client.team_id) == ("12345678", thuis.north.pk)


def test_the_same_bsn_is_updated_and_keeps_its_place(thuis: House, tmp_path: Path) -> None:
    with thuis.scope():
        known = people.client(thuis.north)
    code, out, _err = load(thuis, tmp_path, row(known.bsn, team="Zuid", uzovi="9992", voorvoegsel=""))
    assert code == 0
    assert "0 cliënten toegevoegd, 1 bijgewerkt" in out
    with thuis.scope():
        now = Client.objects.get()
    assert (now.pk, now.public_id) == (known.pk, known.public_id)
    assert (now.name, now.team_id, now.insurer.uzovi) == ("B.C. Wilgen", thuis.south.pk, "9992")


def test_the_same_bsn_in_another_organisation_is_another_client(
    thuis: House, elders: House, tmp_path: Path
) -> None:
    bsn = people.bsn()
    load(thuis, tmp_path, row(bsn))
    load(elders, tmp_path, row(bsn, achternaam="Anders"))
    with thuis.scope():
        assert Client.objects.get().surname == "Wilgen"
    with elders.scope():
        assert Client.objects.get().surname == "Anders"


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("bsn", "999000001"),
        ("bsn", "99900000"),
        ("bsn", ""),
        ("bsn", "000000000"),
        ("achternaam", ""),
        ("achternaam", "W" * 81),
        ("achternaam", "Wil\tgen"),
        ("voorletters", "A" * 21),
        ("geboortedatum", "04-05-1938"),
        ("geboortedatum", "1938-02-30"),
        ("geboortedatum", ""),
        ("geboortedatum", "1738-05-04"),
        ("geslacht", "3"),
        ("geslacht", ""),
        ("uzovi", "9997"),
        ("verzekerdennummer", "1" * 16),
        ("team", "Nergens"),
        ("in_zorg_vanaf", ""),
        ("in_zorg_tot", "2022-12-31"),
        ("in_zorg_tot", "straks"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column_and_nothing_is_imported(
    thuis: House, tmp_path: Path, column: str, value: str
) -> None:
    wrong = {column: value} if column != "bsn" else {}
    code, out, err = load(
        thuis, tmp_path, row(people.bsn()), row(value if column == "bsn" else people.bsn(), **wrong)
    )
    assert (code, out) == (1, "")
    assert [line for line in err.splitlines() if line.startswith(f"regel 3: {column}: ")] == err.splitlines()
    assert len(err.splitlines()) == 1
    with thuis.scope():
        assert not Client.objects.exists()


def test_birth_in_the_future_or_after_care_began_is_refused(thuis: House, tmp_path: Path) -> None:
    code, _out, err = load(
        thuis,
        tmp_path,
        row(people.bsn(), geboortedatum=tomorrow(), in_zorg_vanaf=tomorrow()),
        row(people.bsn(), geboortedatum="2023-01-02"),
    )
    assert code == 1
    assert [line.split(": ")[:2] for line in err.splitlines()] == [
        ["regel 2", "geboortedatum"],
        ["regel 3", "in_zorg_vanaf"],
    ]


def test_all_problems_of_all_lines_are_told_in_the_order_of_the_file(thuis: House, tmp_path: Path) -> None:
    twice = people.bsn()
    code, _out, err = load(
        thuis,
        tmp_path,
        row(twice),
        row("123", geslacht="x", team="y", uzovi="z", in_zorg_vanaf="w"),
        "te;weinig",
        row(twice, team="Nergens"),
    )
    assert code == 1
    assert [line.split(":")[0] for line in err.splitlines()] == ["regel 3"] * 5 + ["regel 4"] + [
        "regel 5"
    ] * 2
    assert "Dit BSN staat ook al in regel 2." in err
    assert twice not in err
    assert "Wilgen" not in err


def test_a_wrong_header_leaves_with_2(thuis: House, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("bsn;naam\n", "utf-8")
    code, _out, err = run("import_clients", str(path), "--organisation", thuis.organisation.agb)
    assert code == 2
    assert HEADER in err


def test_a_file_that_breaks_off_changes_nothing(thuis: House, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(f"{HEADER}\n{row(people.bsn())}\n".encode() + b"\xff\xfe\n")
    code, _out, err = run("import_clients", str(path), "--organisation", thuis.organisation.agb)
    assert code == 2
    assert err.startswith("regel 3")
    with thuis.scope():
        assert not Client.objects.exists()


def test_two_files_can_be_imported_in_one_connection(thuis: House, tmp_path: Path) -> None:
    assert load(thuis, tmp_path, row(people.bsn()))[0] == 0
    assert load(thuis, tmp_path, row("123"))[0] == 1
    assert load(thuis, tmp_path, row(people.bsn()))[0] == 0
    with thuis.scope():
        assert Client.objects.count() == 2


def test_what_was_imported_is_encrypted(thuis: House, tmp_path: Path) -> None:
    bsn = people.bsn()
    load(thuis, tmp_path, row(bsn))
    with thuis.scope(), connection.cursor() as cursor:
        cursor.execute("select * from care_client")
        stored = b"".join(
            bytes(value) for value in cursor.fetchone() if isinstance(value, memoryview | bytes)
        )
    assert stored
    assert bsn.encode() not in stored
    assert b"Wilgen" not in stored
