"""Rules for lines as lines: line ends, length, encoding, and what is no AW319 file at all."""

from __future__ import annotations

from typing import Final

from declarations.aw319.fieldrules import looks_like_utf8
from declarations.aw319.findings import Finding, FindingLog
from declarations.aw319.layout import ENCODING, LINE_END, RECORD_LENGTH

_EOF_MARK: Final = b"\x1a"
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class LineRules:
    """Turns a line that is not plainly right into one of 312 bytes, or reports why that cannot be.

    One wrong habit of a whole file (line ends, UTF-8) is reported once, not a thousand times.
    """

    __slots__ = ("_first_lf", "_lf", "_log", "_utf8", "truncated")

    def __init__(self, log: FindingLog) -> None:
        self._log = log
        self._lf = self._first_lf = 0
        self._utf8 = False
        self.truncated = False

    def opening(self, line: bytes) -> bytes | None:
        """The first line without a BOM; None when there is no use in reading on."""
        if line.startswith(_BOMS):
            self._find(1, "file.bom")
            line = line.removeprefix(_BOMS[0])
            if line.startswith(_BOMS[1:]):
                return None
        if not line.startswith(b"01"):
            self._find(1, "file.not_aw319")
            return None
        if line[RECORD_LENGTH : RECORD_LENGTH + 2] == b"02" or _ends_in_cr_only(line):
            self._find(1, "file.no_line_ends")
            return None
        return line

    def normalise(self, number: int, line: bytes) -> bytes | None:
        """The record with CR LF behind it, or None after reporting that the line is no record."""
        body = line.removesuffix(b"\n").removesuffix(b"\r")
        body = self._without_eof_mark(number, body)
        if not body:
            return None
        body = self._decoded(number, body)
        if len(body) != RECORD_LENGTH:
            self._wrong_length(number, body, is_last=not line.endswith(b"\n"))
            return None
        if not line.endswith(b"\n"):
            self._find(number, "line.last_end_missing")
        elif not line.endswith(LINE_END):
            self._lf += 1
            self._first_lf = self._first_lf or number
        return body + LINE_END

    def finish(self) -> None:
        """Report what could only be counted."""
        if self._lf:
            self._find(self._first_lf, "line.ends_lf", str(self._lf))

    def _without_eof_mark(self, number: int, body: bytes) -> bytes:
        if body.endswith(_EOF_MARK) and (len(body) > RECORD_LENGTH or not body.strip(_EOF_MARK)):
            self._find(number, "file.eof_mark")
            return body.rstrip(_EOF_MARK)
        if not body:
            self._find(number, "line.empty")
        return body

    def _decoded(self, number: int, body: bytes) -> bytes:
        """Read a UTF-8 line as what it was meant to be, so that the rest of the check still makes sense."""
        if not looks_like_utf8(body):
            return body
        if not self._utf8:
            self._find(number, "bytes.utf8")
        self._utf8 = True
        text = body.decode("utf-8")
        return text.encode(ENCODING, "replace") if len(text) == RECORD_LENGTH else body

    def _wrong_length(self, number: int, body: bytes, *, is_last: bool) -> None:
        self.truncated = is_last and len(body) < RECORD_LENGTH
        self._find(number, "file.truncated" if self.truncated else "line.length", str(len(body)))

    def _find(self, line: int, rule: str, *details: str) -> None:
        self._log.add(Finding(line, "", rule, details))


def _ends_in_cr_only(line: bytes) -> bool:
    return line[RECORD_LENGTH : RECORD_LENGTH + 1] == b"\r" and len(line) > RECORD_LENGTH + 2
