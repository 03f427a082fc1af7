"""One call to a receiver: short, without redirects, and what it answers is not read."""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from threading import Timer

from exchange.webhooks.addresses import CallFailedError, Target
from exchange.webhooks.constants import Fault

CONNECT_SECONDS = 3.0
CALL_SECONDS = 5.0
OK = range(200, 300)
REDIRECT = range(300, 400)
REFUSAL = range(400, 500)


def post(target: Target, headers: Mapping[str, str], body: bytes) -> int:
    """Send a message and return the status of the answer. Raises CallFailedError where there is none."""
    connection = _Deadline(target)
    try:
        connection.connect()
        connection.request("POST", target.path, body=body, headers=dict(headers))
        status = connection.getresponse().status
    except ssl.SSLCertVerificationError:
        raise CallFailedError(Fault.CERTIFICATE) from None
    except (OSError, HTTPException, ValueError):
        raise CallFailedError(Fault.UNREACHABLE) from None
    finally:
        connection.close()
    if connection.was_cut:  # half of an answer reads like a whole one
        raise CallFailedError(Fault.UNREACHABLE)
    return status


class _Deadline(HTTPConnection):
    """A connection to the address of a target that is cut after CALL_SECONDS, whatever is going on.

    A receiver that sends a byte now and then would outlive a time-out per read. The line is cut through a
    handle of its own, which nobody else closes.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._line: socket.socket | None = None
        self.was_cut = False
        self._timer = Timer(CALL_SECONDS, self._cut)

    def connect(self) -> None:
        self._timer.start()
        place = (self._target.address, self._target.port)
        plain = socket.create_connection(place, timeout=CONNECT_SECONDS)
        self.sock = plain
        self._line = plain.dup()
        if self.was_cut:
            raise TimeoutError
        plain.settimeout(CALL_SECONDS)
        if self._target.is_secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)

    def close(self) -> None:
        self._timer.cancel()
        super().close()
        if self._line is not None:
            self._line.close()

    def _cut(self) -> None:
        self.was_cut = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
