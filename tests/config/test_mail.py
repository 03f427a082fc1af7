"""Where e-mail goes, by what the environment says."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from config import mail
from config.environment import WrongSettingError

VAR = Path("/var/draagvlak")
SERVER = {"HOST": "mail.voorbeeld.test"}


def settle(
    monkeypatch: pytest.MonkeyPatch, values: Mapping[str, str], *, in_files: bool = False
) -> mail.Mail:
    for name in ("HOST", "PORT", "USER", "PASSWORD", "SAFETY"):
        monkeypatch.delenv(f"DRAAGVLAK_SMTP_{name}", raising=False)
    for name, value in values.items():
        monkeypatch.setenv(f"DRAAGVLAK_SMTP_{name}", value)
    return mail.load(in_files=in_files, var=VAR)


def test_the_demo_writes_files(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settle(monkeypatch, {}, in_files=True)
    assert (found.backend, found.folder, found.is_on) == (mail.FILES, VAR / "mail", True)


def test_without_a_server_nothing_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settle(monkeypatch, {}).is_on


@pytest.mark.parametrize(("safety", "port"), [("", 587), ("starttls", 587), ("tls", 465)])
def test_a_server_is_spoken_to_safely(monkeypatch: pytest.MonkeyPatch, safety: str, port: int) -> None:
    values = {"SAFETY": safety} if safety else {}
    found = settle(monkeypatch, {**SERVER, "USER": "wij", "PASSWORD": "geheim", **values})
    assert (found.backend, found.port, found.safety) == (mail.SMTP, port, safety or "starttls")


@pytest.mark.parametrize(
    "values",
    [
        {"SAFETY": "misschien"},
        {"USER": "wij"},
        {"PASSWORD": "geheim"},
        {"USER": "wij", "PASSWORD": "geheim", "SAFETY": "none"},
        {"PORT": "70000"},
    ],
)
def test_nonsense_stops_the_start(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    with pytest.raises(WrongSettingError):
        settle(monkeypatch, {**SERVER, **values})
