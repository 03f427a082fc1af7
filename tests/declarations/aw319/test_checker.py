"""The checker as a whole: bounded findings, flat memory, values only on request, early stops."""

import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from declarations.aw319 import RULES, FileFacts, Severity, check, sample_files
from declarations.aw319.findings import FindingLog
from tests.declarations.fictional import BSNS, SPEC, TODAY, Draft, checked, content, insured, random_content


def test_it_keeps_a_bounded_number_of_findings_and_counts_all() -> None:
    spoiled = Draft(random_content(40)).put_all("0407", "2")
    report = check([spoiled.bytes()], today=TODAY, keep=10)
    assert len(report.findings) == 10
    assert (report.errors, report.hidden) == (160, 150)


def test_it_stops_reading_when_there_is_no_end_to_the_errors() -> None:
    """Ten million bare line ends would keep a process busy for minutes, to say the same thing each time."""
    read = []

    def pieces() -> Iterator[bytes]:
        yield content(insured(0))[:312]
        for number in range(100):
            read.append(number)
            yield b"\n" * 100_000

    report = check(pieces(), today=TODAY)
    last = report.findings[-1]
    assert (last.rule, last.details, report.errors) == ("file.too_many", ("100000",), 100_001)
    assert last.line == report.lines == 100_001
    assert len(read) <= 2
    assert len(report.findings) == 1_000


def test_no_number_of_warnings_refuses_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FindingLog.__init__, "__kwdefaults__", {"keep": 10, "most": 3})
    spoiled = Draft(random_content(40)).put(1, "0115", "20240101")
    report = check([spoiled.bytes()], today=TODAY)
    assert report.warnings > 5
    assert report.is_accepted


def test_it_also_stops_at_the_end_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """References that occur twice are only found there."""
    monkeypatch.setattr(FindingLog.__init__, "__kwdefaults__", {"keep": 10, "most": 2})
    spoiled = Draft(random_content(10)).put_all("0431", "X".ljust(20))
    report = check([spoiled.bytes()], today=TODAY)
    assert [finding.rule for finding in report.findings] == ["reference.duplicate"] * 2 + ["file.too_many"]


def test_errors_are_kept_before_warnings() -> None:
    spoiled = Draft(random_content(40)).put(1, "0115", "20240101").put_all("9908", "C")
    report = check([spoiled.bytes()], today=TODAY, keep=5)
    assert report.warnings > 5
    assert [finding.severity for finding in report.findings].count(Severity.ERROR) == 1


def test_findings_come_in_order_of_line() -> None:
    spoiled = Draft(random_content(10)).put(3, "0431", "X".ljust(20)).put(4, "0431", "X".ljust(20))
    report = checked(spoiled.put_all("0223", "3"))
    lines = [finding.line for finding in report.findings]
    assert lines == sorted(lines)
    assert "reference.duplicate" in {finding.rule for finding in report.findings}


def test_a_finding_has_no_value_unless_asked() -> None:
    spoiled = Draft(content(insured(0))).put(3, "0403", BSNS[4]).bytes()
    for finding in check([spoiled], today=TODAY).findings:
        assert finding.value == ""
        assert BSNS[4] not in finding.sentence
    (asked,) = check([spoiled], today=TODAY, with_values=True).findings
    assert asked.value == BSNS[4]
    assert BSNS[4] not in repr(asked)


def test_a_finding_tells_field_and_sentence() -> None:
    spoiled = Draft(content(insured(0))).put(4, "9904", "000007")
    (finding,) = checked(spoiled).findings
    assert (finding.line, finding.field, finding.name) == (4, "9904", "Aantal prestatierecords")
    assert finding.sentence == "Hier staat 7, maar geteld is: 1 (prestatierecords)."
    assert finding.told(str.upper) == "HIER STAAT 7, MAAR GETELD IS: 1 (PRESTATIERECORDS)."


def test_every_sentence_is_dutch_text_ending_in_a_full_stop() -> None:
    for code, rule in RULES.items():
        assert re.fullmatch(r"[a-z]+(\.[a-z0-9_]+)+", code)
        assert rule.sentence.endswith(".")


def test_every_rule_is_explained_to_maintainers() -> None:
    told = (Path(__file__).parents[3] / "docs" / "aw319.md").read_text(encoding="utf-8")
    assert [code for code in RULES if f"`{code}`" not in told] == []


def test_a_strange_record_code_is_not_repeated() -> None:
    """It may be part of a name when lines have shifted."""
    (finding,) = checked(Draft(content(insured(0))).insert(2, b"Jansen")).findings
    assert finding.details == ("onbekend",)


def test_it_stops_reading_what_is_no_declaration_file() -> None:
    seen: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            seen.append(1)
            yield b"PK\x03\x04\r\n" * 100

    assert not check(endless(), today=TODAY).is_accepted
    assert len(seen) == 1


def test_a_repeated_wrong_encoding_is_told_once() -> None:
    wrong = random_content(20).decode("iso-8859-1").encode("utf-8")
    assert [finding.rule for finding in checked(wrong).findings] == ["bytes.utf8"]


def test_memory_stays_flat() -> None:
    """25,000 records are 7.8 MB; what is kept of them is a small part of that."""
    people = sample_files.population(SPEC, sample_files.Population(5_000, 4))
    tracemalloc.start()
    report = check(sample_files.build(SPEC, people), today=TODAY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(report.facts, FileFacts)
    assert len(report.facts.persons) == 5_000
    assert peak < 8_000_000
