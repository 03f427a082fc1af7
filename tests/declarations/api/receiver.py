"""A receiver of webhooks on this machine, which checks signatures with code of its own."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


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
        text = f"{headers['Draagvlak-Timestamp']}.".encode() + body
        wanted = "v1=" + hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        return self.right if hmac.compare_digest(wanted, headers["Draagvlak-Signature"]) else self.wrong


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Give a receiver that listens on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.answer(dict(self.headers.items()), body)
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", receiver.address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
