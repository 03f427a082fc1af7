"""The commands as programs use them: from an empty installation to a file with profiles."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.site import Site, new_site
from tests.live.small_office import (
    AGB,
    ANNA,
    CLIENTS,
    FIRST,
    MONTH,
    MONTH_END,
    anamneses,
    declaration,
    fill,
    run,
    write,
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Return an installation with one organisation, filled by commands; only its servers are running."""
    site = new_site(demo=False)
    with site.servers_kept():
        fill(site)
        yield site
    site.remove()


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
    query = (
        "from care.schema.models import *; from care.tenancy import scope; o = Organisation.objects.get();"
    )
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
