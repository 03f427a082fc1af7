"""From content to a tagged PDF (PDF/UA-1), by Typst and a template of our own.

Names and answers go in as data: nothing of them is ever read as a template. No network, no fonts but those
that Typst brings along, no file but the templates in this folder.
"""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

import typst

TEMPLATES = Path(__file__).parent
STANDARD: Literal["ua-1"] = "ua-1"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A word and what it is about."""

    name: str
    value: str


class PaperError(Exception):
    """The template and the content do not fit; the text is Typst's, and holds nothing of the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has: its title, whose it is, its facts, the day it is printed, and its template."""

    title: str
    organisation: str
    facts: tuple[PaperFact, ...]
    printed: date
    template: str


def render(content: Page) -> bytes:
    """Return the page as PDF/UA-1. Raises PaperError.

    A name with a sign that no font knows is printed without the claim of that standard, still tagged:
    better than no paper.
    """
    try:
        return _compiled(content, STANDARD)
    except typst.TypstError:
        log.warning("paper_without_standard template=%s", content.template)
    try:
        return _compiled(content, None)
    except typst.TypstError:
        message = f"{content.template} cannot be set"
        raise PaperError(message) from None  # Typst may quote what it could not set


def _compiled(content: Page, standard: Literal["ua-1"] | None) -> bytes:
    compiled = typst.compile(
        TEMPLATES / content.template,
        root=TEMPLATES,
        font_paths=[],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"content": as_json(content)},
        pdf_standards=standard or [],
        # Packages would be fetched; here there are none to find.
        package_path=TEMPLATES,
        package_cache_path=TEMPLATES,
        timestamp=int(datetime.combine(content.printed, time(), UTC).timestamp()),
    )
    assert isinstance(compiled, bytes)  # noqa: S101 - so it is for a PDF that is not written to a file
    return compiled


def as_json(content: Page) -> str:
    """Return the content as a template reads it."""
    return json.dumps(asdict(content), default=_plain)


def _plain(value: object) -> str:
    """Write what JSON has no form for: days, and texts that wait for a language."""
    return value.isoformat() if isinstance(value, date) else str(value)
