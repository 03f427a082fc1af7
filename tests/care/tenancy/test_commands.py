"""Reading CSV files, and the commands for organisations, insurers and people."""

from argparse import ArgumentTypeError
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from care.accounts.selectors import memberships_of
from care.schema.constants import Phase, Role
from care.schema.models import Insurer, Membership, Organisation, PhasePeriod, Team, User
from care.tenancy import scope
from care.tenancy.commands import (
    CommandRefused,
    ImportProblems,
    Row,
    Unreadable,
    date_argument,
    read_rows,
    rows_of,
)
from tests.actors import House
from tests.factories import people

COLUMNS = ("a", "b")


def run(*arguments: str) -> tuple[int, str, str]:
    """Run a command; return exit code, stdout and stderr."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue(), err.getvalue()
    except CommandError as error:  # argparse: on a real command line it leaves with 2
        return 2, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def read(tmp_path: Path, content: bytes) -> tuple[list[Row], ImportProblems]:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    problems = ImportProblems()
    return list(read_rows(path, COLUMNS, problems)), problems


def test_it_reads_rows_with_line_numbers_after_a_byte_order_mark(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, '\ufeffa;b\n1;2\n\n"x;y";"zegt ""ja"""\n'.encode())
    assert rows == [Row(2, ("1", "2")), Row(4, ("x;y", 'zegt "ja"'))]
    problems.refuse_if_any()


def test_a_row_over_two_lines_is_named_by_its_first(tmp_path: Path) -> None:
    rows, _problems = read(tmp_path, b'a;b\n"een\ntwee";3\n4;5\n')
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_only_a_line_end_ends_a_row_and_in_quotes_it_stays(tmp_path: Path, sign: str) -> None:
    rows, _problems = read(tmp_path, f'a;b\nvoor{sign}na;"een\r\ntwee"\n3;4\n'.encode())
    assert rows == [Row(2, (f"voor{sign}na", "een\r\ntwee")), Row(4, ("3", "4"))]


@pytest.mark.parametrize("sign", ["\x0b", "\x1c", "\x85", "\u2028"])
def test_an_upload_is_read_as_a_file_is(sign: str) -> None:
    sent = SimpleUploadedFile("tabel.csv", f'a;b\nvoor{sign}na;"een\ntwee"\n3;4\n'.encode())
    assert list(rows_of(sent, COLUMNS, ImportProblems())) == [
        Row(2, (f"voor{sign}na", "een\ntwee")),
        Row(4, ("3", "4")),
    ]


def test_it_accepts_windows_line_ends(tmp_path: Path) -> None:
    rows, _problems = read(tmp_path, b"a;b\r\n1;2\r\n")
    assert rows == [Row(2, ("1", "2"))]


def test_a_row_with_another_number_of_cells_is_a_problem_of_its_line(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, b"a;b\n1;2;3\n4;5\n6\n")
    assert [row.line for row in rows] == [3]
    with pytest.raises(CommandRefused) as refusal:
        problems.refuse_if_any()
    assert [reason.split(":")[0] for reason in refusal.value.reasons] == ["regel 2", "regel 4"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "a;b"),
        (b"b;a\n", "a;b"),
        (b"a;b;c\n", "a;b"),
        (b"a,b\n", "a;b"),
        (b"a;b\n1;2\n\xff;4\n", "regel 3"),
        (b'a;b\n1;"2\n', "CSV"),
        (b'a;b\n1;"2"3\n', "regel 2"),
    ],
)
def test_it_refuses_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(tmp_path, content)


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="kan niet worden gelezen: het bestand of de map bestaat niet"):
        list(read_rows(tmp_path / "nergens.csv", COLUMNS, ImportProblems()))
    with pytest.raises(Unreadable, match="het is een map"):
        list(read_rows(tmp_path, COLUMNS, ImportProblems()))


@pytest.mark.parametrize("text", ["20240101", "2024-1-1", "2024-02-30", "01-01-2024", "", "2024-W01-1"])
def test_a_date_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="JJJJ-MM-DD"):
        date_argument(text)


@pytest.mark.django_db
def test_it_adds_an_organisation_that_declares_from_2013() -> None:
    code, _out, _err = run(
        "add_organisation",
        "41234567",
        "Zorg",
        "--team",
        "Noord:Stad",
        "--team",
        "Zuid",
        "--phase",
        "register",
    )
    assert code == 0
    organisation = Organisation.objects.get(agb="41234567")
    with scope.organisation(organisation.pk):
        found = list(Team.objects.order_by("name").values_list("name", "municipality"))
        phase = PhasePeriod.objects.get()
    assert found == [("Noord", "Stad"), ("Zuid", "")]
    assert (phase.phase, str(phase.valid_from)) == (Phase.REGISTER, "2013-01-01")


@pytest.mark.django_db
def test_an_organisation_that_exists_gets_the_name_and_keeps_teams_that_are_not_named() -> None:
    run("add_organisation", "41234567", "Zorg", "--team", "Noord:Stad", "Zuid:Dorp")
    code, _out, _err = run(
        "add_organisation", "41234567", "Betere zorg", "--team", "noord", "--team", "Oost:Gat"
    )
    assert code == 0
    organisation = Organisation.objects.get(agb="41234567")
    with scope.organisation(organisation.pk):
        found = set(Team.objects.values_list("name", "municipality"))
        phase = PhasePeriod.objects.get().phase
    assert organisation.name == "Betere zorg"
    assert found == {("Noord", "Stad"), ("Zuid", "Dorp"), ("Oost", "Gat")}
    assert phase == Phase.DECLARE


@pytest.mark.django_db
def test_a_phase_named_for_an_organisation_that_exists_replaces_the_first() -> None:
    run("add_organisation", "41234567", "Zorg", "--team", "Noord")
    run("add_organisation", "41234567", "Zorg", "--phase", "prepare")
    with scope.organisation(Organisation.objects.get(agb="41234567").pk):
        assert PhasePeriod.objects.get().phase == Phase.PREPARE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("add_organisation", "4123456", "Zorg"),
        ("add_organisation", "41234567", "Zorg", "--phase", "later"),
        ("add_insurer", "99911", "Zeker"),
        ("add_insurer", "٣٣٣٣", "Zeker"),
        ("add_user", "a@b.test", "--role", "nurse"),
        ("add_user", "a@b.test", "--role", "nurse", "--uzovi", "9991"),
        ("add_user", "a@b.test", "--role", "insurer", "--organisation", "41234567"),
        ("add_user", "a@b.test", "--role", "insurer", "--uzovi", "9991", "--team", "Noord"),
        ("add_user", "geen-adres", "--role", "nurse", "--organisation", "41234567"),
        ("add_user", "a@b.test", "--role", "boss", "--organisation", "41234567"),
    ],
)
def test_wrong_use_leaves_with_2_and_changes_nothing(arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert err.strip()
    assert not User.objects.exists()
    assert not Organisation.objects.filter(agb__startswith="4123456").exists()


@pytest.mark.django_db
def test_a_name_too_long_is_refused_with_a_sentence() -> None:
    code, _out, err = run("add_organisation", "41234567", "Z" * 121)
    assert code == 1
    assert "120" in err
    assert not Organisation.objects.filter(agb="41234567").exists()


@pytest.mark.django_db
def test_it_adds_an_insurer_and_updates_its_name() -> None:
    assert run("add_insurer", "9995", "Zeker")[0] == 0
    assert run("add_insurer", "9995", "Zekerder")[0] == 0
    assert Insurer.objects.get(uzovi="9995").name == "Zekerder"


def test_the_last_line_of_add_user_is_a_link_that_sets_a_password_once(thuis: House) -> None:
    code, out, _err = run(
        "add_user", "Ann@Voorbeeld.Test", "--role", "nurse", "--organisation", thuis.organisation.agb,
        "--team", "Zuid", "--team", "Noord",
    )  # fmt: skip
    assert code == 0
    link = out.strip().splitlines()[-1]
    assert link.startswith("http://localhost")
    user = User.objects.get(email="ann@voorbeeld.test")
    with thuis.scope():
        membership = Membership.objects.get(user=user)
        assert {team.name for team in membership.teams.all()} == {"Noord", "Zuid"}
    path = link.removeprefix("http://localhost").partition("/")[2]
    browser = Browser()
    form = browser.get(f"/{path}", follow=True)
    words = "een heel nieuwe lange zin"
    where = form.redirect_chain[-1][0]
    done = browser.post(where, {"new_password1": words, "new_password2": words})
    assert done.status_code == 302
    assert browser.session["_auth_user_id"] == str(user.pk)
    again = Browser().get(f"/{path}")
    assert again.status_code == 200
    assert "werkt niet meer" in again.content.decode()


def test_a_person_who_exists_gets_another_role_and_the_same_role_twice_is_fine(thuis: House) -> None:
    agb = thuis.organisation.agb
    run("add_user", "ann@voorbeeld.test", "--role", "nurse", "--organisation", agb, "--team", "Noord")
    run("add_user", "ann@voorbeeld.test", "--role", "team_lead", "--organisation", agb)
    code, out, _err = run(
        "add_user", "ann@voorbeeld.test", "--role", "nurse", "--organisation", agb, "--team", "Zuid"
    )
    assert code == 0
    assert "http" in out.strip().splitlines()[-1]
    user = User.objects.get(email="ann@voorbeeld.test")
    with scope.activate(scope.Scope(user_id=user.pk)):
        roles = {role.role: role for role in memberships_of(user)}
    assert set(roles) == {Role.NURSE, Role.TEAM_LEAD}
    with thuis.scope():
        assert [team.name for team in roles[Role.NURSE].teams.all()] == ["Zuid"]


def test_an_unknown_team_refuses_the_whole_command(thuis: House) -> None:
    code, _out, err = run(
        "add_user", "ann@voorbeeld.test", "--role", "nurse", "--organisation", thuis.organisation.agb,
        "--team", "Noord", "--team", "Nergens", "--team", "Elders",
    )  # fmt: skip
    assert code == 1
    assert len(err.strip().splitlines()) == 2
    assert not User.objects.filter(email="ann@voorbeeld.test").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("where", [("--organisation", "49999999"), ("--uzovi", "9998")])
def test_an_unknown_organisation_or_insurer_is_refused(where: tuple[str, str]) -> None:
    role = "insurer" if where[0] == "--uzovi" else "nurse"
    code, _out, err = run("add_user", "ann@voorbeeld.test", "--role", role, *where)
    assert code == 1
    assert where[1] in err
    assert not User.objects.exists()


@pytest.mark.django_db
def test_somebody_of_an_insurer_gets_a_role_there() -> None:
    insurer = people.insurer()
    assert run("add_user", "ann@zeker.test", "--role", "insurer", "--uzovi", insurer.uzovi)[0] == 0
    with scope.activate(scope.Scope(insurer_id=insurer.pk)):
        assert Membership.objects.get().insurer == insurer
