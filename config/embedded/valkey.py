"""The embedded Valkey, which speaks the Redis protocol: it carries messages, and is kept on disk."""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from config.embedded import processes
from config.embedded.paths import Layout

DATABASES = 256


@dataclass(frozen=True)
class Valkey:
    """One server on a socket, working in `layout.redis_data`."""

    layout: Layout
    program: Path
    stop_signal: signal.Signals = signal.SIGTERM
    name: str = "valkey"

    def make_ready(self) -> None:
        """End what an earlier run left: a second server would take over the socket of the first."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            left = processes.working_in(self.layout.redis_data)
            if not left or processes.end(left, sent, within=5.0):
                break
        self.layout.redis_socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        return [
            str(self.program),
            *("--port", "0", "--unixsocket", str(self.layout.redis_socket), "--unixsocketperm", "700"),
            *("--dir", str(self.layout.redis_data), "--appendonly", "yes", "--save", ""),
            *("--maxmemory-policy", "noeviction", "--databases", str(DATABASES)),
            *("--daemonize", "no", "--loglevel", "warning"),
        ]

    def answers(self) -> bool:
        """Say whether the server takes orders."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1.0)
                line.connect(str(self.layout.redis_socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False
