"""One small organisation and its declaration, as commands take them: people, anamneses and a file.

The file is written here position by position, apart from the product's own message package.
"""

import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

AGB, FIRST, SECOND = "75999123", "9993", "9994"
TODAY = date.today()  # noqa: DTZ011 - the day on this machine, as the commands see it
MONTH_END = TODAY.replace(day=1) - timedelta(days=1)
MONTH = MONTH_END.replace(day=1)
EARLIER = MONTH - timedelta(days=40)
ANNA, BEP, CEES = "999000007", "999000019", "999000032"

CLIENTS = """bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;\
in_zorg_vanaf;in_zorg_tot
999000007;A.;van;Dijkzicht;1941-02-03;2;9993;77;Team Oost;2024-01-01;
999000019;B.;;Eemhof;1938-12-31;2;9994;78;Team Oost;2024-01-01;
999000032;C.;;Fluithout;1950-06-30;1;9993;79;Team West;2024-01-01;
"""
QUESTIONS = ";".join(f"Q{number}" for number in range(1, 14))


def fields(*parts: tuple[int, str]) -> bytes:
    """Return a record of 310 positions with each text at its first position."""
    line = bytearray(b" " * 310)
    for start, text in parts:
        line[start - 1 : start - 1 + len(text)] = text.encode("latin-1")
    return bytes(line) + b"\r\n"


def header(invoice: str, agb: str = AGB) -> bytes:
    numbers = f"01428{'01'}{'04'}P000000"
    return fields(
        (1, numbers), (27, FIRST), (31, "0" * 24), (55, agb), (63, "04"), (65, f"{MONTH:%Y%m%d}"),
        (73, f"{MONTH_END:%Y%m%d}"), (81, invoice), (93, f"{MONTH_END:%Y%m%d}"), (115, "EUR"),
    )  # fmt: skip


def insured(number: int, bsn: str, uzovi: str, born: str, insured_number: str) -> bytes:
    return fields(
        (1, f"02{number:012d}{bsn}{uzovi}{insured_number}"), (54, f"{born}21Naam"), (99, "0"),
        (135, "A"), (141, "0"), (142, "9999ZZ"), (157, "00001"), (168, "NL"), (181, "20000"),
    )  # fmt: skip


def care(number: int, bsn: str, uzovi: str, insured_number: str, reference: str) -> bytes:
    days = f"{MONTH:%Y%m%d}{MONTH_END:%Y%m%d}"
    return fields(
        (1, f"04{number:012d}{bsn}{uzovi}{insured_number}"), (58, "10000"), (83, "0" * 23), (106, days),
        (122, "065W0104"), (130, f"000204{AGB}"), (144, "0" * 21), (165, "00006500"), (173, "00013000D0000"),
        (186, "00013000D"), (195, reference),
    )  # fmt: skip


def declaration(invoice: str = "F1", agb: str = AGB) -> bytes:
    people = [
        (ANNA, FIRST, "19410203", "77"),
        (BEP, SECOND, "19381231", "78"),
        (CEES, FIRST, "19500630", "79"),
    ]
    lines = [header(invoice, agb)]
    for index, (bsn, uzovi, born, insured_number) in enumerate(people):
        lines.append(insured(2 * index + 1, bsn, uzovi, born, insured_number))
        lines.append(care(2 * index + 2, bsn, uzovi, insured_number, f"{invoice}-{index}"))
    lines.append(fields((1, "99000003000000000003000000000000600000039000D")))
    return b"".join(lines)


class Managed(Protocol):
    """An installation that takes management commands; `var` is its data folder."""

    var: Path

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command against it."""


def fill(site: Managed) -> None:
    run(site, "add_organisation", AGB, "Zorg Oostwest", "--team", "Team Oost:Lindedam", "--team", "Team West")
    for uzovi in (FIRST, SECOND):
        run(site, "add_insurer", uzovi, f"Verzekeraar {uzovi}")
    basis = ("--organisation", AGB, "--uzovi", FIRST, "--reference", "Contract 1", "--from", "2024-01-01")
    run(site, "add_legal_basis", *basis)
    run(site, "import_clients", write(site, "clients.csv", CLIENTS), "--organisation", AGB)
    run(site, "import_anamneses", write(site, "anamneses.csv", anamneses()), "--organisation", AGB)


def anamneses() -> str:
    rows = [f"{ANNA};{EARLIER};1;1;1;1;1;1;1;1;1;1;1;1;", f"{BEP};{EARLIER};1;2;;;;;;;;;;;"]
    return "\n".join([f"bsn;datum;{QUESTIONS}", *rows, ""])


def write(site: Managed, name: str, content: str | bytes) -> str:
    path = site.var / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def run(site: Managed, *arguments: str) -> str:
    done = site.manage(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout
