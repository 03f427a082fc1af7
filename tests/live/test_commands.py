"""The commands as programs use them: from an empty installation to a file with profiles.

The declaration file is written here position by position, apart from the product's own message package.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.live.site import Site, new_site

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


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Return an installation with one organisation, filled by commands; only its servers are running."""
    site = new_site(demo=False)
    with site.servers_kept():
        fill(site)
        yield site
    site.remove()


def fill(site: Site) -> None:
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


def write(site: Site, name: str, content: str | bytes) -> str:
    path = site.var / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def run(site: Site, *arguments: str) -> str:
    done = site.manage(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


Refuse = Callable[..., str]


@pytest.fixture
def refused(site: Site) -> Refuse:
    """Return a runner of commands that must be refused: it gives what stood on stderr."""

    def refuse(*arguments: str, code: int = 1) -> str:
        done = site.manage(*arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr

    return refuse


def test_a_file_goes_the_whole_way(site: Site, refused: Refuse) -> None:
    before = declaration()
    path = write(site, "declaratie.txt", before)
    file_id = run(site, "import_declarations", path, "--organisation", AGB).splitlines()[-1]
    assert file_id in refused("import_declarations", path, "--organisation", AGB)

    run(site, "attach_profiles", file_id)
    target = site.var / "result.txt"
    run(site, "export_declarations", file_id, str(target))
    after = target.read_bytes()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    assert len(new) == len(old) + 1  # Bep has no legal basis, Cees no profile
    extra = new[3].decode("latin-1")
    assert extra[:27] == f"04{3:012d}{ANNA}{FIRST}"
    assert extra[105:135] == f"{MONTH:%Y%m%d}{MONTH_END:%Y%m%d}990DK01 000100"
    assert extra[135:194] == AGB + "0" * 37 + "D" + "0" * 12 + "D"
    assert extra[194:196] == "DV"
    assert extra[214:310] == " " * 96
    assert new[:3] == old[:3]
    for behind, original in zip(new[4:-1], old[3:-1], strict=True):
        number = int(original[2:14]) + 1
        assert behind == original[:2] + b"%012d" % number + original[14:]
    assert new[-1] == old[-1][:14] + b"000004" + b"000000" + b"0000007" + old[-1][33:]

    again = site.var / "again.txt"
    run(site, "attach_profiles", file_id)
    run(site, "export_declarations", file_id, str(again))
    assert again.read_bytes() == after


def test_it_refuses_the_file_of_another_organisation(site: Site, refused: Refuse) -> None:
    path = write(site, "other.txt", declaration("F2", "75999124"))
    assert "0112" in refused("import_declarations", path, "--organisation", AGB)


def test_it_refuses_other_bytes_with_a_known_invoice_number(site: Site, refused: Refuse) -> None:
    run(site, "import_declarations", write(site, "f3.txt", declaration("F3")), "--organisation", AGB)
    changed = declaration("F3").replace(b"Naam", b"Noam")
    refused("import_declarations", write(site, "f3b.txt", changed), "--organisation", AGB)


def test_it_names_line_and_field_of_a_wrong_total(site: Site, refused: Refuse) -> None:
    wrong = declaration("F4").replace(b"00000039000D", b"00000039001D")
    reasons = refused("import_declarations", write(site, "f4.txt", wrong), "--organisation", AGB)
    assert "8" in reasons
    assert "9907" in reasons


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("truncated", lambda content: content[:-400]),
        ("lf", lambda content: content.replace(b"\r\n", b"\n")),
        ("encoding", lambda content: content.replace(b"Naam", b"N\x80am")),
        ("empty", lambda _content: b""),
    ],
)
def test_it_refuses_a_damaged_file_whole(
    site: Site, refused: Refuse, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    path = write(site, f"{name}.txt", spoil(declaration("F5")))
    assert refused("import_declarations", path, "--organisation", AGB)
    run(
        site,
        "import_declarations",
        write(site, f"good-{name}.txt", declaration(f"G{name}")),
        "--organisation",
        AGB,
    )


def test_wrong_use_and_unreadable_files_are_2(site: Site, refused: Refuse) -> None:
    refused("import_declarations", str(site.var / "nowhere.txt"), "--organisation", AGB, code=2)
    refused("import_clients", write(site, "odd.csv", "a;b\n1;2\n"), "--organisation", AGB, code=2)
    refused("export_declarations", code=2)


def test_it_exports_nothing_while_something_is_queued(site: Site, refused: Refuse) -> None:
    path = write(site, "f6.txt", declaration("F6"))
    file_id = run(site, "import_declarations", path, "--organisation", AGB).splitlines()[-1]
    target = Path(site.var / "f6-result.txt")
    assert refused("export_declarations", file_id, str(target))
    assert not target.exists()


def test_an_error_in_a_list_of_clients_imports_nothing(site: Site, refused: Refuse) -> None:
    rows = CLIENTS.replace("Fluithout", "Fluitbos").replace("999000019", "999000018")
    reasons = refused("import_clients", write(site, "c2.csv", rows), "--organisation", AGB)
    assert "3" in reasons
    assert "999000018" not in reasons
    query = "from care.models import *; from care import scope; o = Organisation.objects.get();"
    shown = run(
        site,
        "shell",
        "-v0",
        "-c",
        query + "\nwith scope.organisation(o.pk): print([c.surname for c in Client.objects.order_by('id')])",
    )
    assert shown.strip() == "['Dijkzicht', 'Eemhof', 'Fluithout']"


def test_a_repeated_list_of_anamneses_is_skipped_and_a_different_one_refused(
    site: Site, refused: Refuse
) -> None:
    run(site, "import_anamneses", write(site, "a2.csv", anamneses()), "--organisation", AGB)
    other = anamneses().replace(";1;1;1;1;1;1;1;1;1;1;1;1;", ";1;1;1;2;1;1;1;1;1;1;1;1;")
    assert refused("import_anamneses", write(site, "a3.csv", other), "--organisation", AGB)


def test_add_user_prints_a_link_on_its_last_line(site: Site) -> None:
    shown = run(
        site, "add_user", "anna@example.org", "--role", "nurse", "--organisation", AGB, "--team", "Team Oost"
    )
    assert shown.splitlines()[-1].startswith("http")
