"""Files that are there whole or not at all, also when the process or the machine stops halfway."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replaced(path: Path, *, is_private: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write that takes the place of `path` at the end, and is on disk by then.

    Nobody but the owner may read it unless it is not private. Raises OSError.
    """
    with _draft(path, is_private=is_private) as draft:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)


def written_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there: of several processes at once exactly one wins. Raises OSError."""
    with _draft(path, is_private=True) as draft:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)


@contextmanager
def _draft(path: Path, *, is_private: bool) -> Iterator[Path]:
    """Give an empty file beside `path`, which is gone at the end unless it took another name."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    os.close(handle)
    draft = Path(name)
    try:
        if not is_private:
            draft.chmod(0o666 & ~_umask())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    before = os.umask(0o077)
    os.umask(before)
    return before


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
