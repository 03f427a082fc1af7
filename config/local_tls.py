"""A certificate of one's own for this machine, so that a real tablet in the same network can be tried.

A tablet keeps nothing for offline use on an address that it does not trust. `make run TLS=1` makes an
authority once, and with it a certificate for this machine; the tablet is told to trust the authority.
Not for the internet: there, a proxy with a public certificate stands in front.
"""

import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS, CERTIFICATE_DAYS, RENEW_DAYS = 3650, 397, 30
OWN_ADDRESSES = ("127.0.0.1", "::1")
PUBLIC_NAME = "draagvlak-ca.crt"
SOMEWHERE = ("10.255.255.255", 1)


@dataclass(frozen=True, slots=True)
class LocalTls:
    """Where the files are, and the address of this machine in its network."""

    folder: Path
    address: str

    @property
    def certificate(self) -> Path:
        """The certificate of this machine."""
        return self.folder / "machine.crt"

    @property
    def key(self) -> Path:
        """Its key."""
        return self.folder / "machine.key"

    @property
    def authority(self) -> Path:
        """The certificate that a tablet has to trust, in the folder that the website offers."""
        return public_folder(self.folder.parent) / PUBLIC_NAME

    def trusting(self) -> ssl.SSLContext:
        """Return a context for connections that trust this authority alone."""
        return ssl.create_default_context(cafile=str(self.authority))


def public_folder(var: Path) -> Path:
    """Return the folder whose files the website offers at its top."""
    return var / "tls" / "public"


def prepare(var: Path) -> LocalTls:
    """Make what is not there yet: the authority once, a certificate anew for another address or in time."""
    made = LocalTls(var / "tls", own_address())
    made.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made.authority.parent.mkdir(exist_ok=True)
    authority_key = made.folder / "authority.key"
    if not authority_key.exists() or not made.authority.exists():
        _make_authority(made, authority_key)
        made.certificate.unlink(missing_ok=True)
    if not _still_good(made):
        _make_certificate(made, authority_key)
    return made


def own_address() -> str:
    """Return the address of this machine in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            return OWN_ADDRESSES[0]


def _make_authority(made: LocalTls, authority_key: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("Draagvlak op deze computer")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(name, name, key, AUTHORITY_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    signed = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    _write_key(authority_key, key)
    made.authority.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _make_certificate(made: LocalTls, authority_key: Path) -> None:
    signer = serialization.load_pem_private_key(authority_key.read_bytes(), password=None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        message = f"{authority_key} is not a key that was made here"
        raise TypeError(message)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name("Draagvlak"), authority.subject, key, CERTIFICATE_DAYS)
    builder = builder.add_extension(x509.SubjectAlternativeName(_names(made.address)), critical=False)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    signed = builder.add_extension(usage, critical=False).sign(signer, hashes.SHA256())
    _write_key(made.key, key)
    made.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _still_good(made: LocalTls) -> bool:
    if not made.certificate.exists() or not made.key.exists():
        return False
    found = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_of_here = list(names) == _names(made.address)
    return is_of_here and found.not_valid_after_utc - datetime.now(UTC) > timedelta(days=RENEW_DAYS)


def _names(address: str) -> list[x509.GeneralName]:
    addresses = dict.fromkeys((*OWN_ADDRESSES, address))
    return [x509.DNSName("localhost"), *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses)]


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    # A tablet's clock may run behind.
    return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=days))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
