"""What our checker found in a file that came in all the same: kept with it, to be seen at any time after."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from declarations.aw319 import RULES, Finding
from declarations.schema.constants import ChunkKind
from declarations.schema.exceptions import codes_in_words
from declarations.schema.models import DeclarationFile, FileChunk
from declarations.storage import chunks

KEPT = 1_000


@dataclass(frozen=True, slots=True)
class WarningGroup:
    """How often one rule was broken, and in which lines first; `sentence` is that of the first."""

    rule: str
    return_code: str
    sentence: str
    count: int
    lines: tuple[int, ...]

    @property
    def codes(self) -> str:
        """The code of the rule, and what an insurer answers to it where a code says the same."""
        return codes_in_words(self.rule, self.return_code)

    @property
    def more(self) -> int:
        """How many lines are not named."""
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class FileWarnings:
    """All warnings of a file: `total` of them, the first KEPT by line, and how many of each rule."""

    total: int
    found: tuple[Finding, ...]
    counts: dict[str, int]

    def groups(self, most: int) -> list[WarningGroup]:
        """Return what was found by rule, with at most so many lines of each; without any it is left out."""
        by_rule: dict[str, list[Finding]] = {}
        for each in self.found:
            by_rule.setdefault(each.rule, []).append(each)
        return [
            WarningGroup(
                rule,
                found[0].return_code,
                found[0].told(gettext),
                self.counts[rule],
                tuple(each.line for each in found[:most]),
            )
            for rule, found in by_rule.items()
        ]


def keep(file: DeclarationFile, found: Sequence[Finding], counts: dict[str, int]) -> None:
    """Keep the warnings of a file that comes in: the first of them, and how many there are of each rule."""
    if not counts:
        return
    rows = [[each.line, each.field, each.rule, *each.details] for each in sorted(found)[:KEPT]]
    content = json.dumps({"counts": counts, "found": rows}, ensure_ascii=False).encode()
    chunks.store(file, ChunkKind.FINDINGS, [content])


def warnings_of(file: DeclarationFile) -> FileWarnings:
    """Return the warnings of a file as they were when it came in; none for one from before they were kept."""
    if not FileChunk.objects.filter(file=file, kind=ChunkKind.FINDINGS).exists():
        return FileWarnings(0, (), {})
    stored = json.loads(b"".join(chunks.read(file, ChunkKind.FINDINGS)))
    found = tuple(
        Finding(line, field, rule, tuple(details))
        for line, field, rule, *details in stored["found"]
        if rule in RULES
    )
    counts = {rule: count for rule, count in stored["counts"].items() if rule in RULES}
    return FileWarnings(sum(counts.values()), found, counts)
