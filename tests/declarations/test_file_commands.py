"""The commands around a file: exit codes, what goes to which stream, and OUT written whole or not at all."""

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from declarations.delivery import exporting
from declarations.queries import commands
from declarations.schema.constants import ChunkKind, FileState
from declarations.schema.exceptions import BrokenFileError
from declarations.schema.models import DeclarationFile
from declarations.storage import chunks
from tests.declarations.fictional import Draft, insured
from tests.declarations.office import Office
from tests.declarations.shell import Answer, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(office: Office, tmp_path: Path) -> Callable[[bytes], Path]:
    """Return a maker of files on disk."""

    def write(content: bytes) -> Path:
        path = tmp_path / "declaratie.txt"
        path.write_bytes(content)
        return path

    return write


def import_file(office: Office, path: Path) -> Answer:
    return run("import_declarations", path, "--organisation", office.house.organisation.agb)


def test_import_prints_the_id_alone_on_the_last_line(office: Office, given: Callable[[bytes], Path]) -> None:
    answer = import_file(office, given(office.content()))
    assert (answer.code, answer.err) == (0, [])
    with office.facts():
        assert DeclarationFile.objects.get().public_id == UUID(answer.out[-1])


def test_import_says_how_many_warnings_there_are(office: Office, given: Callable[[bytes], Path]) -> None:
    answer = import_file(office, given(office.content().removesuffix(b"\r\n")))
    assert answer.out[-2] == "1 waarschuwing: check_declarations noemt haar."
    with office.facts():
        file = DeclarationFile.objects.get()
        assert (file.public_id, file.warning_count) == (UUID(answer.out[-1]), 1)


def test_import_names_the_file_that_has_the_same_bytes(
    office: Office, given: Callable[[bytes], Path]
) -> None:
    file = office.imported()
    answer = import_file(office, given(office.content()))
    assert (answer.code, answer.out) == (1, [])
    assert len(answer.err) == 1
    assert str(file.public_id) in answer.err[0]


def test_import_refuses_a_known_invoice_number(office: Office, given: Callable[[bytes], Path]) -> None:
    office.imported(insured(0))
    answer = import_file(office, given(office.content(insured(1))))
    assert answer.code == 1
    assert "0116" in answer.err[0]


def test_import_tells_every_problem_on_a_line_of_its_own(
    office: Office, given: Callable[[bytes], Path]
) -> None:
    bad = Draft(office.content(insured(0), insured(1))).put(3, "0420", "00000000").put(4, "0223", "9")
    answer = import_file(office, given(bad.bytes()))
    assert answer.code == 1
    assert answer.err[0] == "Het bestand is niet ingelezen: er zitten 2 fouten in."
    assert [line.split(":")[0] for line in answer.err[1:]] == [
        "regel 3, 0420 Zorgverlenerscode behandelaar/uitvoerder",
        "regel 4, 0223 Indicatie cliënt overleden",
    ]


def test_import_counts_the_problems_that_it_does_not_list(
    office: Office, given: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("declarations.intake.importing.LISTED_PROBLEMS", 1)
    bad = Draft(office.content(insured(0), insured(1))).put_all("0420", "00000000")
    assert import_file(office, given(bad.bytes())).err[-1] == "… en nog 1 fout."


def test_import_refuses_a_file_of_another_organisation(
    office: Office, office_elsewhere: Office, given: Callable[[bytes], Path]
) -> None:
    answer = import_file(office_elsewhere, given(office.content()))
    assert answer.code == 1
    assert "0112" in answer.err[1]


@pytest.mark.parametrize("name", ["is er niet.txt", "."])
def test_import_leaves_with_2_where_there_is_no_file(office: Office, tmp_path: Path, name: str) -> None:
    answer = import_file(office, tmp_path / name)
    assert answer.code == 2
    assert len(answer.err) == 1


def test_import_wants_an_organisation_that_exists(office: Office, given: Callable[[bytes], Path]) -> None:
    answer = run("import_declarations", given(office.content()), "--organisation", "41999999")
    assert answer.code == 1
    assert "41999999" in answer.err[0]


def test_attach_says_how_it_came_out(office: Office) -> None:
    office.client(0)
    file = office.imported(insured(0), insured(1))
    answer = run("attach_profiles", file.public_id)
    assert (answer.code, answer.err) == (0, [])
    assert answer.out == [
        "1 toegevoegd, 1 aangehouden, 0 overgeslagen.",
        "  1 aangehouden: cliënt onbekend",
    ]
    assert office.balance(file).queued == 0


@pytest.mark.parametrize("name", ["attach_profiles", "export_declarations"])
def test_an_unknown_file_is_refused(office: Office, tmp_path: Path, name: str) -> None:
    arguments = [uuid4()] + ([tmp_path / "uit.txt"] if name == "export_declarations" else [])
    answer = run(name, *arguments)
    assert answer.code == 1
    assert str(arguments[0]) in answer.err[0]
    assert list(tmp_path.iterdir()) == []


def test_something_that_is_no_id_is_wrong_use(office: Office) -> None:
    with pytest.raises(CommandError, match="geen id"):
        call_command("attach_profiles", "999000007")


def test_a_withdrawn_file_is_refused(office: Office, tmp_path: Path) -> None:
    file = office.imported()
    with office.facts():
        DeclarationFile.objects.update(state=FileState.WITHDRAWN)
    assert run("attach_profiles", file.public_id).code == 1
    assert run("export_declarations", file.public_id, tmp_path / "uit.txt").code == 1
    assert list(tmp_path.iterdir()) == []


def test_export_refuses_while_anybody_is_queued(office: Office, tmp_path: Path) -> None:
    file = office.imported(insured(0), insured(1))
    answer = run("export_declarations", file.public_id, tmp_path / "uit.txt")
    assert answer.code == 1
    assert "2 verzekerden staan in de wachtrij" in answer.err[0]
    assert list(tmp_path.iterdir()) == []


def test_export_writes_the_same_bytes_every_time(office: Office, tmp_path: Path) -> None:
    office.client(0)
    file = office.attached()
    outs = [tmp_path / "een.txt", tmp_path / "twee.TXT", tmp_path / "een.txt"]
    answers = [run("export_declarations", file.public_id, out) for out in outs]
    assert [answer.code for answer in answers] == [0, 0, 0]
    content = outs[0].read_bytes()
    assert outs[1].read_bytes() == content == office.written(file)
    assert hashlib.sha256(content).hexdigest() in answers[0].out[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["een.txt", "twee.TXT"]


def test_export_lets_nobody_else_read_along(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "uit.txt"
    run("export_declarations", office.attached().public_id, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_export_says_of_a_test_file_that_it_goes_nowhere(office: Office, tmp_path: Path) -> None:
    file = office.attached(is_test=True)
    assert "proefbestand" in run("export_declarations", file.public_id, tmp_path / "uit.txt").out[-1]


@pytest.mark.parametrize("name", ["geen map/uit.txt", "."])
def test_export_that_cannot_be_written_makes_nothing(office: Office, tmp_path: Path, name: str) -> None:
    file = office.attached()
    assert run("export_declarations", file.public_id, tmp_path / name).code == 2
    assert office.fresh(file).state == FileState.IMPORTED


def test_export_leaves_what_was_there_when_writing_fails(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.attached()
    office.make(file)
    out = tmp_path / "uit.txt"
    out.write_text("eerder")

    def full(*_arguments: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(chunks, "read", full)
    answer = run("export_declarations", file.public_id, out)
    assert (answer.code, len(answer.err)) == (2, 1)
    assert out.read_text() == "eerder"
    assert [path.name for path in tmp_path.iterdir()] == ["uit.txt"]


def test_a_defect_is_loud_and_says_where(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.attached()

    def broken(**_: object) -> object:
        raise BrokenFileError("export is not sound", "line 3: something")

    monkeypatch.setattr(exporting, "export_file", broken)
    answer = run("export_declarations", file.public_id, tmp_path / "uit.txt")
    assert answer.code == 1
    assert "export is not sound; line 3: something" in answer.err[0]
    assert list(tmp_path.iterdir()) == []


def test_a_file_on_disk_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "uit.txt"

    def stopped_half_way() -> None:
        with commands.written_at_once(out) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped_half_way()
    assert list(tmp_path.iterdir()) == []


def test_the_original_stays_what_it_was(office: Office, tmp_path: Path) -> None:
    office.client(0)
    content = office.content()
    file = office.take_in(content)
    run("attach_profiles", file.public_id)
    run("export_declarations", file.public_id, tmp_path / "uit.txt")
    assert office.written(file, ChunkKind.ORIGINAL) == content
