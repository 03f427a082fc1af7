"""The address that commands print in their links."""

from pathlib import Path

import pytest

from config import address


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRAAGVLAK_URL", raising=False)
    monkeypatch.delenv("PORT", raising=False)


def test_it_is_where_the_site_last_ran(tmp_path: Path) -> None:
    assert address.of_site(tmp_path) == "http://localhost:8000"
    address.remember(tmp_path, "http://localhost:8123")
    assert address.of_site(tmp_path) == "http://localhost:8123"
    address.remember(tmp_path, "https://10.0.0.5:8443/")
    assert address.of_site(tmp_path) == "https://10.0.0.5:8443"


def test_what_is_set_goes_before_what_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address.remember(tmp_path, "http://localhost:8123")
    monkeypatch.setenv("PORT", "8200")
    assert address.of_site(tmp_path) == "http://localhost:8200"
    monkeypatch.setenv("DRAAGVLAK_URL", "https://draagvlak.voorbeeld.nl/")
    assert address.of_site(tmp_path) == "https://draagvlak.voorbeeld.nl"


def test_a_file_that_is_not_readable_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / address.NAME).write_bytes(b"\xff\xfe")
    assert address.of_site(tmp_path) == "http://localhost:8000"
