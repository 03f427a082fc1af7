"""Whose batch is next, so that nobody's many files keep another's few waiting. Pure."""

from collections import Counter, deque
from collections.abc import Iterable


class Turns:
    """Files with work, as (organisation, file).

    Next is the organisation that had the fewest batches, and of its files the one that waits longest;
    between equals the one that came first.
    """

    def __init__(self, work: Iterable[tuple[int, int]]) -> None:
        self._had: Counter[int] = Counter()
        self._files: dict[int, deque[int]] = {}
        for organisation_id, file_id in work:
            self.give_back(organisation_id, file_id)

    def __bool__(self) -> bool:
        return bool(self._files)

    def take(self) -> tuple[int, int]:
        """Take out the file that is next, for one batch."""
        organisation_id = min(self._files, key=self._had.__getitem__)
        files = self._files[organisation_id]
        file_id = files.popleft()
        if not files:
            del self._files[organisation_id]
        self._had[organisation_id] += 1
        return organisation_id, file_id

    def give_back(self, organisation_id: int, file_id: int) -> None:
        """Put a file with more work at the end of the line of its organisation."""
        self._files.setdefault(organisation_id, deque()).append(file_id)
