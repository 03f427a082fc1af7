"""What was found wrong in a file: findings, and a bounded list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

from declarations.aw319.layout import FIELDS
from declarations.aw319.return_codes import return_code
from declarations.aw319.rules import RULES, TOO_MANY, Severity

KEPT_FINDINGS: Final = 1_000
# Nobody mends more than this one by one; what follows is the same thing over and over, or no AW319 at all.
MOST_ERRORS: Final = 100_000


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One broken rule. `line` is 1-based; `field` is empty when the whole line or file is meant.

    `details` holds lengths, counts, record numbers and control totals, never a value of a person. `value` is
    filled on request only and stays out of the repr.
    """

    line: int
    field: str
    rule: str
    details: tuple[str, ...] = ()
    value: str = dataclass_field(default="", repr=False)

    @property
    def severity(self) -> Severity:
        """Error or warning, as the rule says."""
        return RULES[self.rule].severity

    @property
    def is_error(self) -> bool:
        """True when this finding refuses the file."""
        return self.severity is Severity.ERROR

    @property
    def name(self) -> str:
        """Dutch name of the field; empty without a field."""
        return FIELDS[self.field].name if self.field else ""

    @property
    def return_code(self) -> str:
        """What insurers answer to this (Vektis list COD954); empty where no code of that list fits."""
        return return_code(self.rule, self.field)

    @property
    def sentence(self) -> str:
        """The rule's Dutch sentence with the details filled in."""
        return self.told(str)

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language that `translate` (gettext) gives."""
        return translate(RULES[self.rule].sentence).format(*self.details)


class EnoughError(Exception):
    """So many errors were found that there is no use in reading on."""


class FindingLog:
    """Counts all findings and keeps the first ones of each severity, so that memory stays flat.

    `errors` and `warnings` are the numbers counted, kept or not.
    """

    def __init__(self, *, keep: int = KEPT_FINDINGS, most: int = MOST_ERRORS) -> None:
        self._keep, self._most = keep, most
        self._kept: dict[Severity, list[Finding]] = {Severity.ERROR: [], Severity.WARNING: []}
        self._last: tuple[Finding, ...] = ()
        self.errors = self.warnings = 0
        self.warnings_by_rule: dict[str, int] = {}

    def add(self, finding: Finding) -> None:
        """Count the finding, keep it while there is room. Raises EnoughError after the last useful one."""
        severity = finding.severity
        if severity is Severity.ERROR:
            self.errors += 1
        else:
            self.warnings += 1
            self.warnings_by_rule[finding.rule] = self.warnings_by_rule.get(finding.rule, 0) + 1
        if len(self._kept[severity]) < self._keep:
            self._kept[severity].append(finding)
        if self.errors >= self._most:
            raise EnoughError

    def close(self, line: int) -> None:
        """Say that it was enough at this line: the last finding, always kept."""
        if not self._last:
            self._last = (Finding(line, "", TOO_MANY, (str(self._most),)),)
            self.errors += 1

    def kept(self) -> tuple[Finding, ...]:
        """At most `keep` findings, errors before warnings when there is no room for all, in order of line."""
        room = max(self._keep - len(self._last), 0)
        chosen = (self._kept[Severity.ERROR] + self._kept[Severity.WARNING])[:room]
        return (*sorted(chosen), *self._last[: self._keep])
