"""A receiver of webhooks on this machine, which checks signatures with code of its own."""

import base64
import hashlib
import hmac
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class Receiver:
    """What came in, and how to answer: `secret` is what it checks with, none: it checks nothing."""

    port: int
    secret: str | None = None
    right: int = 204
    wrong: int = 401
    came_in: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The address of this receiver."""
        return f"http://127.0.0.1:{self.port}/haak?van=draagvlak"

    def answer(self, headers: dict[str, str], body: bytes) -> int:
        """Return the status for a message."""
        self.came_in.append((headers, body))
        if self.secret is None:
            return self.right
        return self.right if is_signed(self.secret, headers, body) else self.wrong


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check by hand, as the documentation says: by the standard, or as before it."""
    if "webhook-signature" in headers:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.digest(key, text, "sha256")).decode()
        return hmac.compare_digest(wanted, headers["webhook-signature"])
    text = f"{headers['Draagvlak-Timestamp']}.".encode() + body
    wanted = "v1=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, headers["Draagvlak-Signature"])


@contextmanager
def receiving(*, tls: tuple[Path, Path] | None = None) -> Iterator[Receiver]:
    """Give a receiver that listens on a free port; with `tls` (certificate and key) over TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.answer(dict(self.headers.items()), body)
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", receiver.address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def handle(self) -> None:
            with suppress(ssl.SSLError):  # who does not trust the certificate goes away
                super().handle()

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver = Receiver(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def never_ending() -> Iterator[str]:
    """Give the address of a receiver that sends headers for as long as anybody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_drip, args=[server])
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


def _drip(server: socket.socket) -> None:
    line, _address = server.accept()
    pause = Event()
    with line, suppress(OSError):
        line.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while True:
            line.sendall(b"x")
            pause.wait(0.02)


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """Write a certificate for a name, signed by itself, and its key; return both places."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, secret
