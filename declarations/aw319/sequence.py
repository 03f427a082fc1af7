"""The running numbers of a file: 0202/0402 over all detail records, 9802/9803 of the comments."""

from __future__ import annotations


class Sequence:
    """Knows which number comes next. One wrong or missing number is reported once, then the count goes on.

    Both the number by position and the one after the last found are accepted; whichever is met sets the pace.
    """

    __slots__ = ("_after_found", "_comment_line", "_due", "_expected", "current")

    def __init__(self) -> None:
        self._expected = self._after_found = 1
        self._comment_line = 1
        self._due = 0
        self.current = 0

    def detail_due(self, raw: bytes) -> int:
        """Take the number of a 02 or 04; the number that is due when it is wrong, else 0.

        A number that is not digits has its own finding and is passed over.
        """
        self._comment_line = 1
        if not raw.isdigit():
            self.skip()
            return 0
        found, due = int(raw), self._expected
        is_right = found in (due, self._after_found)
        self._expected = found + 1 if is_right else due + 1
        self._after_found = found + 1
        self.current, self._due = found, due
        return 0 if is_right else due

    def skip(self) -> None:
        """A detail record whose number cannot be read, or a record that may or may not have one."""
        self._after_found = self._expected
        self._expected += 1
        self._comment_line = 1
        self.current = 0

    def comment_belongs(self, raw: bytes) -> bool:
        """True when a 98 carries the number of the record above it, or the one that this should have had."""
        return not self.current or int(raw) in (self.current, self._due)

    def comment_line_due(self, raw: bytes) -> int:
        """Take the line number of a 98; the number that is due when it is wrong, else 0."""
        found, due = int(raw), self._comment_line
        self._comment_line = found + 1
        return 0 if found == due else due
