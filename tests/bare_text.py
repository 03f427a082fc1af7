"""Text in a template that people read, and that gettext never sees.

Looks at what is left of a template when everything that Django fills in is taken out: the words between the
tags, and those in the attributes that are read out or shown. An element with `translate="no"` holds what is
the same in every language, such as an example of a file.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import DebugLexer, Token, TokenType

from config import environment

FOLDER = environment.ROOT / "templates"
SHOWN = {"alt", "aria-label", "aria-description", "data-busy", "data-label", "placeholder", "title"}
UNSEEN = ("blocktranslate", "blocktrans", "comment")
SEEN_AGAIN = tuple(f"end{tag}" for tag in UNSEEN)
#: Stands for what Django fills in, which may be the name of a tag.
VALUE = "xx"
#: Names, abbreviations and units that are the same in every language.
NAMES = {"", "Draagvlak", "DK", "DL", "OB", "AGB", "BSN", "UZOVI", "SHA", "csv", "json", "pdf", "s"}
WORD = re.compile(r"[^\W\d_]+")
PLACE = re.compile(r"\{\w+\}")
HIDDEN = ("script", "style")
QUOTED = re.compile(r"""(?:default|yesno|default_if_none|pluralize|join):(?:"([^"]*)"|'([^']*)')""")


def bare_texts() -> Iterator[str]:
    """Yield each bare text of each template, with the place it stands in."""
    for file in sorted(FOLDER.rglob("*.html")):
        name = str(file.relative_to(FOLDER))
        yield from (f"{name}:{line}: {text}" for line, text in bare_texts_of(file))


def bare_texts_of(file: Path) -> list[tuple[int, str]]:
    """Return the bare texts of one template by line."""
    reader = _Reader()
    reader.feed("".join(_left_over(file.read_text("utf-8"))))
    reader.close()
    return reader.found


def _left_over(source: str) -> Iterator[str]:
    """Yield a template without what Django fills in; lines stay where they are."""
    unseen = False
    for token in DebugLexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            tag = token.contents.split()[0] if token.contents else ""
            unseen = tag in UNSEEN or (unseen and tag not in SEEN_AGAIN)
        if token.token_type is TokenType.TEXT and not unseen:
            yield token.contents
        else:
            yield _fallback(token) + "\n" * token.contents.count("\n")


def _fallback(token: Token) -> str:
    """Return what stands for a value, with the words that the template itself gives where it is absent."""
    if token.token_type is not TokenType.VAR:
        return ""
    return " ".join([VALUE, *(one or other for one, other in QUOTED.findall(token.contents))])


class _Reader(HTMLParser):
    """Collects words between tags and in the attributes that people meet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._unread = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._unread and (tag in HIDDEN or ("translate", "no") in attrs):
            self._unread = tag
        for name, value in attrs:
            if name in SHOWN:
                self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unread:
            self._unread = ""

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._look(data)

    def _look(self, text: str) -> None:
        words = [word for word in WORD.findall(PLACE.sub(" ", text)) if word.replace(VALUE, "") not in NAMES]
        if words:
            self.found.append((self.getpos()[0], " ".join(text.split())))
