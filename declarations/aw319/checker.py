"""Checks a file in one pass and in flat memory: fields, order, sequence, counts, total, references."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, TypeAlias

from declarations.aw319.fieldrules import LINE_PATTERNS, broken_fields, looks_like_utf8
from declarations.aw319.fields import Field
from declarations.aw319.findings import KEPT_FINDINGS, EnoughError, Finding, FindingLog
from declarations.aw319.layout import ENCODING, FIELDS, LAYOUTS
from declarations.aw319.linerules import LineRules
from declarations.aw319.recordrules import (
    HEADER_RULES,
    INSURED_RULES,
    LONG_AGO,
    PERFORMANCE_RULES,
    RecordRule,
    Surroundings,
    Values,
    View,
    broken_rules,
    insured_is_fine,
    performance_is_fine,
    performance_values,
)
from declarations.aw319.records import Source, read
from declarations.aw319.references import References
from declarations.aw319.report import FileFacts, Report, header_of
from declarations.aw319.sequence import Sequence
from declarations.aw319.summary import DEBIT, ZERO, PersonTable
from declarations.aw319.tally import NO_VAT, VAT, Tally

_Test: TypeAlias = Callable[[bytes], object]
_Handler: TypeAlias = Callable[[bytes, frozenset[str]], None]

_NONE_BAD: Final[frozenset[str]] = frozenset()
_NO_WAY: Final[tuple[_Test, _Handler]] = (lambda _line: False, lambda _line, _bad: None)
_ZEROS: Final = b"00000000"
_OTHER_MESSAGES: Final = {b"187": "187 (Wlz)", b"430": "430 (zintuiglijk gehandicapten)"}
_PARENT_FIELDS: Final = {"0403": "0203", "0404": "0204", "0405": "0205"}


def check(
    source: Source,
    *,
    today: date,
    expected_agb: str | None = None,
    keep: int = KEPT_FINDINGS,
    with_values: bool = False,
) -> Report:
    """Check a whole file, handed in as a binary file or as chunks of bytes of any size.

    `today` is the day that dates may not be after; 0112 must be `expected_agb` when that is given. At most
    `keep` findings are kept, all are counted. Findings carry the value of the field only `with_values`. When
    it is clear that the bytes are no AW319 file of message 428, the rest is not read.
    """
    return check_lines(
        read(source), today=today, expected_agb=expected_agb, keep=keep, with_values=with_values
    )


def check_lines(
    lines: Iterable[bytes],
    *,
    today: date,
    expected_agb: str | None = None,
    keep: int = KEPT_FINDINGS,
    with_values: bool = False,
) -> Report:
    """As `check`, for lines that `read` gave."""
    around = Surroundings(f"{today:%Y%m%d}".encode(), expected_agb=(expected_agb or "").encode())
    run = _Run(FindingLog(keep=keep), around, with_values=with_values)
    try:
        run.take_all(lines)
    except EnoughError:
        run.stop_reading()
    return run.report()


class _Run:
    """The state of one pass."""

    def __init__(self, log: FindingLog, around: Surroundings, *, with_values: bool) -> None:
        self._log, self._around, self._with_values = log, around, with_values
        self._lines = LineRules(log)
        self._sequence = Sequence()
        self._references = References()
        self._persons = PersonTable()
        self._tally = Tally()
        self._counts = self._tally.counted
        self._handlers = {
            b"01": self._header,
            b"02": self._insured,
            b"04": self._performance,
            b"98": self._comment,
            b"99": self._trailer,
        }
        self._number = 0
        self._above = b""
        self._group_line = 0
        self._parent: bytes | None = None
        self._parent_bad = _NONE_BAD
        self._header_line = self._trailer_line = b""
        self.stopped = False

    def take_all(self, lines: Iterable[bytes]) -> None:
        """Take line after line, until the end or until there is no use in reading on."""
        ways = {code: (pattern.fullmatch, self._handlers[code]) for code, pattern in LINE_PATTERNS.items()}
        for self._number, line in enumerate(lines, 1):
            is_right, handle = ways.get(line[:2], _NO_WAY)
            if (
                is_right(line)
                and not self._trailer_line
                and self._number > 1
                and (line.isascii() or not looks_like_utf8(line))
            ):
                handle(line, _NONE_BAD)
            else:
                self._take_slowly(line)
            if self.stopped:
                break

    def stop_reading(self) -> None:
        """Enough was found: say so, and look at nothing that needs the whole file."""
        self.stopped = True
        self._log.close(self._number)

    def _take_slowly(self, line: bytes) -> None:
        opened = self._lines.opening(line) if self._number == 1 else line
        if opened is None:
            self.stopped = True
            return
        if self._trailer_line and opened.strip(b"\r\n\x1a"):
            self._find("", "order.after_trailer")
            self.stopped = True
            return
        whole = self._lines.normalise(self._number, opened)
        kind = (whole or opened)[:2]
        if whole is None:
            self._unreadable(kind)
        elif kind not in LAYOUTS:
            self._unknown(kind)
        elif self._number == 1 and self._is_other_message(whole):
            self.stopped = True
        else:
            self._handlers[kind](whole, self._bad_fields(whole))

    def _unreadable(self, kind: bytes) -> None:
        """A line without the right length: count it, but believe nothing else of it."""
        if kind == b"99":
            self._trailer_line = kind
        if kind not in self._counts:
            self._tally.counts_known = self._tally.counts_known and not kind.strip(b"\r\n\x1a")
            return
        self._counts[kind] += 1
        if kind == b"02":
            self._open_group(None, _NONE_BAD, LONG_AGO)
        if kind == b"04":
            self._tally.total_known = False
        if kind != b"98":
            self._sequence.skip()
            self._above = kind

    def _unknown(self, kind: bytes) -> None:
        self._find("", "order.unknown_record", _shown(kind))
        self._tally.counts_known = self._tally.total_known = False
        self._sequence.skip()

    def _header(self, line: bytes, bad: frozenset[str]) -> None:
        if self._number > 1:
            self._find("", "order.second_header")
            return
        self._above = b"01"
        self._header_line = line
        self._report(HEADER_RULES, line, bad)
        if "0115" not in bad:
            self._around.period_last = line[72:80]
        if "0117" not in bad:
            self._around.invoice_day = FIELDS["0117"].of(line)
        self._tally.has_vat_number = bool(FIELDS["0118"].of(line).strip(b" "))

    def _is_other_message(self, line: bytes) -> bool:
        code, version = line[2:5], line[5:9]
        if code.isdigit() and code != b"428":
            self._find("0102", "message.code", _OTHER_MESSAGES.get(code, _shown(code)))
            return True
        if version.isdigit() and version != b"0104":
            wrong = "0104" if version[:2] == b"01" else "0103"
            self._find(wrong, "message.version", f"{int(version[:2])}.{int(version[2:])}")
            return True
        return False

    def _insured(self, line: bytes, bad: frozenset[str]) -> None:
        self._counts[b"02"] += 1
        born = line[53:61]
        known = "0207" not in bad and born <= self._around.today
        self._open_group(line[14:42], bad, born if known else LONG_AGO)
        if bad or not insured_is_fine(line, self._around.today):
            self._report(INSURED_RULES, line, bad)
        if due := self._sequence.detail_due(line[2:14]):
            self._find("0202", "sequence.detail", str(due))
        self._above = b"02"
        if self._log.errors:
            return
        if not self._persons.open_group(self._number, line[14:27], born, line[180:181]):
            self._same_person_other_birth(line)

    def _same_person_other_birth(self, line: bytes) -> None:
        """Several people share the dummy number: their birth dates differ of course."""
        if line[14:23] != b"9" * 9:
            self._find("0207", "person.birth_differs", line=line)

    def _open_group(self, key: bytes | None, bad: frozenset[str], born: bytes) -> None:
        self._close_group()
        self._parent, self._parent_bad = key, bad
        self._references.open_group(key[:13] if key and not bad else b"0" * 13)
        self._around.born = born
        self._group_line = self._number

    def _close_group(self) -> None:
        """A 02 that no 04 followed; `_above` tells, for it is 04 after the first performance."""
        if self._group_line and self._above == b"02":
            self._log.add(Finding(self._group_line, "", "order.insured_without_performance"))

    def _performance(self, line: bytes, bad: frozenset[str]) -> None:
        self._counts[b"04"] += 1
        values = performance_values(line)
        if bad or not performance_is_fine(values, self._around):
            self._report(PERFORMANCE_RULES, line, bad)
        if values[1] != self._parent:
            self._check_parent(line, bad)
        if due := self._sequence.detail_due(line[2:14]):
            self._find("0402", "sequence.detail", str(due))
        self._above = b"04"
        self._tally.add_up(values, bad)
        if bad:
            self._references.add_in_part(line, self._number, bad)
        else:
            self._references.add(line, self._number)
            if line[VAT] != NO_VAT:
                self._tally.count_vat(self._number)
        if not self._log.errors:
            self._remember(values)

    def _check_parent(self, line: bytes, bad: frozenset[str]) -> None:
        if not self._group_line:
            self._find("", "order.performance_without_insured")
        if self._parent is None:
            return
        for number, above in _PARENT_FIELDS.items():
            field = FIELDS[number]
            if number in bad or above in self._parent_bad:
                continue
            if field.of(line) != self._parent[field.start - 15 : field.end - 14]:
                self._find(number, "parent.differs", line=line)

    def _remember(self, values: Values) -> None:
        """Only while there is no error: so all three amounts are zero when the last one is."""
        _, _, first, last, code_list, code, _, _, performer, _, _, _, declared, sign, _, _ = values
        flags = (DEBIT if sign == b"D" else 0) | (ZERO if declared == _ZEROS else 0)
        self._persons.add_performance(self._number, first, last, code_list + code, performer, flags)

    def _comment(self, line: bytes, bad: frozenset[str]) -> None:
        self._counts[b"98"] += 1
        if self._above not in {b"02", b"04"}:
            self._find("", "order.comment_without_record")
            return
        if "9802" not in bad and not self._sequence.comment_belongs(line[2:14]):
            self._find("9802", "sequence.comment", str(self._sequence.current))
        if "9803" not in bad and (due := self._sequence.comment_line_due(line[14:18])):
            self._find("9803", "sequence.comment_line", f"{due:04d}")
        if not self._log.errors:
            self._persons.add_comment(self._number)

    def _trailer(self, line: bytes, bad: frozenset[str]) -> None:
        self._close_group()
        self._trailer_line = line
        self._above = b"99"
        self._tally.hold_against(line, bad, self._find)
        if not self._tally.counts.insured:
            self._find("", "order.no_insured")

    def _bad_fields(self, line: bytes) -> frozenset[str]:
        """Report the wrong fields of a line and give their numbers."""
        bad = set()
        for field, rule in broken_fields(line):
            bad.add(field.number)
            self._find(field.number, rule, line=line)
        return frozenset(bad)

    def _report(self, rules: tuple[RecordRule, ...], line: bytes, bad: frozenset[str]) -> None:
        for rule in broken_rules(rules, View(line, self._around), bad):
            self._find(rule.field, rule.rule, *rule.details, line=line)

    def _find(self, field: str, rule: str, *details: str, line: bytes = b"") -> None:
        value = _value(FIELDS[field], line) if self._with_values and field and line else ""
        self._log.add(Finding(self._number, field, rule, details, value))

    def report(self) -> Report:
        """Close the file: what is missing, what occurs twice, and the facts when there is no error."""
        if not self._number:
            self._find("", "file.empty")
        elif not self.stopped:
            try:
                self._finish()
            except EnoughError:
                self.stop_reading()
        log = self._log
        facts = None if log.errors else self._facts()
        return Report(log.kept(), log.errors, log.warnings, self._number, facts, log.warnings_by_rule)

    def _finish(self) -> None:
        if not self._trailer_line and not self._lines.truncated:
            self._close_group()
            self._find("", "order.no_trailer")
        for line, first in self._references.duplicates():
            self._log.add(Finding(line, "0431", "reference.duplicate", (str(first),)))
        for line, rule, other in self._references.wrong_credits():
            self._log.add(Finding(line, "0432", rule, (str(other),)))
        for line, first in self._references.repeats():
            self._log.add(Finding(line, "", "performance.twice", (str(first),)))
        if self._tally.vat_lines and not self._tally.has_vat_number:
            details = (str(self._tally.vat_lines),)
            self._log.add(Finding(self._tally.first_vat_line, "0428", "vat.number_missing", details))
        self._lines.finish()

    def _facts(self) -> FileFacts:
        control_total = self._trailer_line[33:45].decode()
        self._persons.take_back(self._references.taken_back)
        return FileFacts(header_of(self._header_line), self._tally.counts, control_total, self._persons)


def _shown(code: bytes) -> str:
    """A record or message code for a sentence: digits only, for anything else might be part of a name."""
    return code.decode() if code.isdigit() else "onbekend"


def _value(field: Field, line: bytes) -> str:
    return field.of(line).decode(ENCODING)
