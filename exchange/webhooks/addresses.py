"""Where a webhook may go: a public server over TLS, looked at again before every call.

A name can point elsewhere a minute later, so the call goes to an address that was looked at, not to the name.
"""

import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Thread
from urllib.parse import urlsplit

from django.conf import settings

from exchange.webhooks.constants import Fault

LONGEST = 500
RESOLVE_SECONDS = 3.0
PORTS = {"https": 443, "http": 80}
UNICAST = IPv6Network("2000::/3")  # all that IANA ever gave out to servers


class CallFailedError(Exception):
    """A call cannot be made, or brought nothing; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Target:
    """A receiver: the name and port that it is called by, the path, and the address that is connected to."""

    host: str
    port: int
    path: str
    is_secure: bool
    address: str


def target(url: str) -> Target:
    """Return the receiver behind a webhook's address. Raises CallFailedError when it may not be called."""
    scheme, host, port, path = _parts(url)
    addresses = _resolved(host, port)
    is_local = settings.EMBEDDED and all(address.is_loopback for address in addresses)
    if scheme == "http" and not is_local:
        raise CallFailedError(Fault.ADDRESS_INSECURE)
    if not settings.EMBEDDED and not all(_is_public(address) for address in addresses):
        raise CallFailedError(Fault.ADDRESS_PRIVATE)
    return Target(host, port, path, scheme == "https", str(addresses[0]))


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise CallFailedError(Fault.ADDRESS_SHAPE) from None
    host = parts.hostname or ""
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    if not (is_plain and host and port) or parts.username is not None or parts.fragment:
        raise CallFailedError(Fault.ADDRESS_SHAPE)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port, path


def _resolved(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """Look a name up within RESOLVE_SECONDS. Raises CallFailedError.

    The resolver of the system knows no deadline: it is left behind in a thread that holds up nothing.
    """
    found: list[IPv4Address | IPv6Address] = []

    def look_up() -> None:
        with suppress(OSError, ValueError):
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend([ip_address(str(entry[4][0])) for entry in entries])

    resolver = Thread(target=look_up, daemon=True)
    resolver.start()
    resolver.join(RESOLVE_SECONDS)
    addresses = list(found)
    if not addresses:
        raise CallFailedError(Fault.ADDRESS_UNKNOWN)
    return addresses


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    judged = inner or address
    if isinstance(judged, IPv6Address) and (judged not in UNICAST or judged.sixtofour or judged.teredo):
        return False  # the rest of these holds old and translated ways to an address of IPv4
    return judged.is_global and not judged.is_multicast
