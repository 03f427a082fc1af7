"""The certificate of one's own for trying a real tablet."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from config import local_tls


@pytest.fixture(autouse=True)
def in_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_tls, "own_address", lambda: "192.0.2.7")


def certificate(made: local_tls.LocalTls) -> x509.Certificate:
    return x509.load_pem_x509_certificate(made.certificate.read_bytes())


def test_it_holds_for_this_machine_and_its_address(tmp_path: Path) -> None:
    made = local_tls.prepare(tmp_path)
    names = certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert {str(one) for one in names.get_values_for_type(x509.IPAddress)} == {
        "127.0.0.1",
        "::1",
        "192.0.2.7",
    }


def test_it_is_signed_by_the_authority_that_the_tablet_trusts(tmp_path: Path) -> None:
    made = local_tls.prepare(tmp_path)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    certificate(made).verify_directly_issued_by(authority)
    assert made.trusting().verify_mode == ssl.CERT_REQUIRED
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_nobody_else_can_read_the_keys(tmp_path: Path) -> None:
    made = local_tls.prepare(tmp_path)
    for key in made.folder.glob("*.key"):
        assert key.stat().st_mode & 0o077 == 0
    assert [file.name for file in made.authority.parent.iterdir()] == [local_tls.PUBLIC_NAME]


def test_it_stays_until_the_address_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = local_tls.prepare(tmp_path)
    kept, authority = first.certificate.read_bytes(), first.authority.read_bytes()
    assert local_tls.prepare(tmp_path).certificate.read_bytes() == kept
    monkeypatch.setattr(local_tls, "own_address", lambda: "192.0.2.8")
    again = local_tls.prepare(tmp_path)
    assert again.certificate.read_bytes() != kept
    assert again.authority.read_bytes() == authority


def test_it_is_made_anew_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_tls, "CERTIFICATE_DAYS", local_tls.RENEW_DAYS - 1)
    kept = local_tls.prepare(tmp_path).certificate.read_bytes()
    assert local_tls.prepare(tmp_path).certificate.read_bytes() != kept
