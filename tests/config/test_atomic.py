"""Files that are there whole or not at all."""

from pathlib import Path

import pytest

from config import atomic


def test_it_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "uit.csv"
    path.write_bytes(b"oud")
    with atomic.replaced(path) as file:
        file.write(b"nieuw")
        assert path.read_bytes() == b"oud"
    assert path.read_bytes() == b"nieuw"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_goes_wrong_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "uit.csv"
    with pytest.raises(ZeroDivisionError), atomic.replaced(path) as file:
        file.write(bytes([1 // 0]))
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_private_is_as_others_are(tmp_path: Path) -> None:
    plain, written = tmp_path / "plain", tmp_path / "written"
    plain.touch()
    with atomic.replaced(written, is_private=False):
        pass
    assert written.stat().st_mode == plain.stat().st_mode


def test_of_several_writers_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "sleutels"
    for content in (b"eerst", b"daarna"):
        atomic.written_once(path, content)
    assert path.read_bytes() == b"eerst"
    assert list(tmp_path.iterdir()) == [path]
