"""The message package beside a plain reader and writer, on one file in one run; time of one processor."""

import gc
import time
from collections.abc import Callable, Iterator
from operator import itemgetter
from struct import Struct
from typing import TypeAlias

from declarations import aw319
from declarations.aw319 import sample_files
from declarations.aw319.fieldrules import LINE_PATTERNS
from declarations.aw319.fields import RecordLayout
from declarations.aw319.layout import ENCODING, LAYOUTS
from tests.bench.figures import Figure
from tests.bench.installation import spec
from tests.bench_baseline import aw319_plain
from tests.declarations.exactness import insertions
from tests.declarations.fictional import TODAY

SMALL = sample_files.Population(4_000)
ROUNDS = 5
AS_VALUES = "reader: the same fields, as numbers and texts"
WITH_RATIO = ("reader: the same fields as bytes", AS_VALUES, "checker: all rules", "writer")
LEAST_RATIO = 10.0
Values: TypeAlias = tuple[tuple[int, ...], tuple[str, ...]]


def _numbers(layout: RecordLayout) -> Struct:
    """Return what cuts the numeric fields out of a line of 312 bytes."""
    sizes = (f"{field.length}{'s' if field.is_numeric else 'x'}" for field in layout.fields)
    return Struct("".join([*sizes, "2x"]))


def _texts(layout: RecordLayout) -> Callable[[str], tuple[str, ...]]:
    """Return what cuts the other fields out of a line."""
    wanted = [field for field in layout.fields if not field.is_numeric]
    return itemgetter(*(slice(field.start - 1, field.end) for field in wanted))


TAKE = {code: (_numbers(layout).unpack, _texts(layout)) for code, layout in LAYOUTS.items()}


def measure() -> Iterator[Figure]:
    """Yield rates, and, judged, how many times as fast as plain ones: like for like, then all rules."""
    content = b"".join(sample_files.build(spec("METING"), sample_files.population(spec("METING"), SMALL)))
    report = aw319.check([content], today=TODAY)
    assert report.facts is not None
    records = insertions(report.facts)
    assert list(_values(content)) == [_of_plain(record) for record in aw319_plain.read_plain(content)]
    found = _best(
        {
            "plain reader": lambda: aw319_plain.read_plain(content),
            "reader: the same fields as bytes": lambda: _drain(map(aw319.split, _right(content))),
            AS_VALUES: lambda: _drain(_values(content)),
            "checker: all rules": lambda: aw319.check([content], today=TODAY),
            "checker: all rules, and each person and performance": lambda: _facts(content),
            "plain writer": lambda: aw319_plain.insert_plain(content, records),
            "writer": lambda: _drain(aw319.write_with_profiles(aw319.read([content]), records)),
        }
    )
    yield from _figures({name: report.lines / seconds for name, seconds in found.items()})


def _figures(rates: dict[str, float]) -> Iterator[Figure]:
    for name, rate in rates.items():
        yield Figure(f"{name}, records a second", rate, "")
    for name, rate in rates.items():
        if not name.startswith("plain"):
            plain = rates["plain writer" if name == "writer" else "plain reader"]
            limit = LEAST_RATIO if name in WITH_RATIO else None
            yield Figure(f"{name}, times as fast as a plain one", rate / plain, "x", least=limit)


def _right(content: bytes) -> Iterator[bytes]:
    """Read records that are right by their types, which the plain reader looks at as well."""
    for line in aw319.read([content]):
        if not LINE_PATTERNS[line[:2]].fullmatch(line):
            raise ValueError(line[:2])
        yield line


def _values(content: bytes) -> Iterator[Values]:
    """Read into numbers and into texts without the spaces behind them: the values of the plain reader."""
    for line in _right(content):
        numbers, texts = TAKE[line[:2]]
        yield tuple(map(int, numbers(line))), tuple(map(str.rstrip, texts(line.decode(ENCODING))))


def _of_plain(record: aw319_plain.PlainRecord) -> Values:
    numbers = tuple(field.value for field in record.fields if isinstance(field.value, int))
    return numbers, tuple(field.value for field in record.fields if isinstance(field.value, str))


def _facts(content: bytes) -> int:
    facts = aw319.check([content], today=TODAY).facts
    assert facts is not None
    return sum(len(person.performances) for person in facts.persons)


def _drain(values: Iterator[object]) -> None:
    for _ in values:
        pass


def _best(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least time of one processor of each; in rounds, so that all share what the machine does."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            gc.collect()
            start = time.process_time()
            work()
            found[name].append(time.process_time() - start)
    return {name: min(seconds) for name, seconds in found.items()}
