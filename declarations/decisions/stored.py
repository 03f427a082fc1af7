"""How performances and details of an item stand in the database as JSON, and back.

A performance is a list (a file has many): line, first day, last day, debit, zero, list code, code, and a 1
where the file takes it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from care.days import Span
from declarations.decisions.decision import Decision
from declarations.decisions.inputs import Performance
from declarations.schema.constants import MissingPart, Reason

_day = lru_cache(maxsize=4096)(date.fromisoformat)


@dataclass(frozen=True, slots=True)
class Detail:
    """More about a reason: the days and profile codes concerned, and the reason before this one.

    `before` is filled where a file was exported without the person; `fault` is the kind of technical error;
    `left_out` are performances of before the phase in which codes are sent.
    """

    days: tuple[Span, ...] = ()
    codes: tuple[str, ...] = ()
    before: Reason = Reason.NONE
    fault: str = ""
    missing: MissingPart = MissingPart.NONE
    left_out: tuple[Span, ...] = ()


def performances_to_json(performances: Iterable[Any]) -> list[list[Any]]:
    """Return performances of `declarations.aw319` as they are stored."""
    return [
        [
            line.line,
            line.first_day.isoformat(),
            line.last_day.isoformat(),
            int(line.is_debit),
            int(line.is_zero),
            line.list_code,
            line.performance_code,
            *([1] if line.is_taken_back else []),
        ]
        for line in performances
    ]


def performances_from_json(stored: Iterable[list[Any]]) -> tuple[Performance, ...]:
    """Return stored performances."""
    return tuple(
        Performance(line, Span(_day(first), _day(last)), bool(debit), bool(zero), list_code, code, any(back))
        for line, first, last, debit, zero, list_code, code, *back in stored
    )


def detail_of(outcome: Decision) -> dict[str, Any]:
    """Return what is stored beside the reason of an outcome."""
    return detail_to_json(
        Detail(
            days=outcome.days,
            codes=outcome.codes,
            before=outcome.before,
            missing=outcome.missing,
            left_out=outcome.left_out,
        )
    )


def detail_to_json(detail: Detail) -> dict[str, Any]:
    """Return a detail as it is stored; what is empty is left out."""
    full = {
        "days": _spans_to_json(detail.days),
        "codes": list(detail.codes),
        "before": str(detail.before),
        "fault": detail.fault,
        "missing": str(detail.missing),
        "left_out": _spans_to_json(detail.left_out),
    }
    return {name: value for name, value in full.items() if value}


def detail_from_json(stored: dict[str, Any]) -> Detail:
    """Return a stored detail."""
    return Detail(
        days=_spans_from_json(stored.get("days", [])),
        codes=tuple(stored.get("codes", [])),
        before=Reason(stored.get("before", "")),
        fault=stored.get("fault", ""),
        missing=MissingPart(stored.get("missing", "")),
        left_out=_spans_from_json(stored.get("left_out", [])),
    )


def _spans_to_json(spans: Iterable[Span]) -> list[list[str]]:
    return [[span.first.isoformat(), span.last.isoformat()] for span in spans]


def _spans_from_json(stored: Iterable[list[str]]) -> tuple[Span, ...]:
    return tuple(Span(_day(first), _day(last)) for first, last in stored)
