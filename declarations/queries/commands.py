"""What the commands about declaration files share."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.tenancy import scope
from care.tenancy.commands import CommandRefused, Unreadable, what_failed
from config.atomic import replaced
from declarations.queries import selectors
from declarations.schema.exceptions import BrokenFileError, DeclarationError, FileRefusedError, KnownFileError
from declarations.schema.models import DeclarationFile


def file_argument(text: str) -> UUID:
    """Return the id of a command line argument; argparse says what is wrong and leaves with 2."""
    try:
        return UUID(text)
    except ValueError as error:
        raise ArgumentTypeError(_("dit is geen id van een bestand")) from error


def known_file(public_id: UUID) -> DeclarationFile:
    """Return a declaration file, found without a scope. Raises Refusal when there is none."""
    organisation_id = selectors.organisation_of_file(public_id)
    if organisation_id is None:
        raise CommandRefused(_("Er is geen declaratiebestand met id %(id)s.") % {"id": public_id})
    with scope.organisation(organisation_id):
        return DeclarationFile.objects.get(public_id=public_id)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what services refuse into lines on stderr and exit code 1."""
    try:
        yield
    except FileRefusedError as error:
        raise CommandRefused(*_problems(error)) from error
    except KnownFileError as error:
        raise CommandRefused(f"{error.sentence} {error.public_id}") from error
    except DeclarationError as error:
        raise CommandRefused(error.sentence) from error
    except BrokenFileError as error:
        sentence = _("Er is iets mis met de opgeslagen gegevens; er is niets veranderd. Meld dit:")
        raise CommandRefused(f"{sentence} {error}") from error


def _problems(error: FileRefusedError) -> Iterator[str]:
    yield error.sentence
    yield from map(str, error.problems)
    if error.hidden:
        sentence = ngettext("… en nog %(hidden)d fout.", "… en nog %(hidden)d fouten.", error.hidden)
        yield sentence % {"hidden": error.hidden}


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file that can be read more than once. Raises Unreadable."""
    if path.exists() and not path.is_file():
        raise Unreadable(_("%(path)s is geen gewoon bestand.") % {"path": path})
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unusable(path, error) from error
    with file:
        yield file


@contextmanager
def written_at_once(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that appears as `path` when all is well, whole and on disk, and else not at all.

    Nobody but the owner may read it: it holds personal data. Raises Unreadable where it cannot be written.
    """
    if path.is_dir():
        raise Unreadable(_("%(path)s is een map.") % {"path": path})
    try:
        with replaced(path) as file:
            yield file
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> Unreadable:
    values = {"path": path, "reason": what_failed(error)}
    return Unreadable(_("%(path)s kan niet worden gebruikt: %(reason)s.") % values)


class Counted:
    """A source of bytes that tells how many were read; otherwise the file itself."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], object]) -> None:
        self._file, self._tell = file, tell
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """Return at most size bytes."""
        block = self._file.read(size)
        self._tell(len(block))
        return block
