"""What the product does in one way is done there only: a second one is refused by its words in the source."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from config import environment
from tests.direction import APPS

_LOCKS: Final = {"care/tenancy/locks.py", "care/tenancy/rowsecurity.py"}  # the second makes triggers
_JSON: Final = {"care/json_errors.py", "config/web/refusals.py"}  # the second speaks before Django does
_SIGNATURES: Final = {"exchange/webhooks/signing.py", "exchange/rest/openapi_webhooks.py"}
_WHOLE_FILES: Final = (
    r"mkstemp|NamedTemporaryFile|os\.(?:replace|link|rename)\b|\b(?:draft|scratch|unfinished)\.replace\("
)
#: What it is, the words by which a second one would show, and the modules that may have them.
ONE_OF_EACH: Final[tuple[tuple[str, str, set[str]], ...]] = (
    ("waiting longer each time", r"\*\* ?\(?\w*(?:\.\w*)?attempt|\bpause \*=", {"care/backoff.py"}),
    ("JSON errors", r"[\"']error[\"']: ", _JSON),
    ("OS errors in words", r"\bimport errno\b|\.strerror\b", {"care/tenancy/commands.py"}),
    ("files that are there whole or not at all", _WHOLE_FILES, {"config/atomic.py"}),
    ("advisory locks", r"pg_(?:try_)?advisory", _LOCKS),
    ("announcing work", r"send_task|on_commit", {"declarations/progress/announcing.py"}),
    ("writing CSV", r"csv\.(?:writer|DictWriter)", {"care/tables.py"}),
    ("telling receivers", r"INTO declarations_webhookdelivery", {"exchange/webhooks/telling.py"}),
    ("signatures", r"\bimport Webhook\b|Draagvlak-Signature", _SIGNATURES),
    ("states of files", r"\.(?:state|handover) = (?:FileState|Handover)\.", set()),
)


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """Yield path and text of each module of the product."""
    for folder in (*APPS, "config"):
        for file in sorted((root / folder).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file.relative_to(root).as_posix(), file.read_text("utf-8")


def homes(words: str, root: Path) -> set[str]:
    """Return the modules that have some words."""
    return {path for path, text in sources(root) if re.search(words, text)}


@pytest.mark.parametrize(("what", "words", "expected"), ONE_OF_EACH)
def test_there_is_one_of_each(what: str, words: str, expected: set[str]) -> None:
    assert homes(words, environment.ROOT) == expected, what


@pytest.mark.parametrize(
    ("what", "second"),
    [
        ("waiting longer each time", "pause = FIRST * 2 ** (row.attempts - 1)"),
        ("JSON errors", 'return JsonResponse({"error": "busy"}, status=503)'),
        ("OS errors in words", "text = os.strerror(error.errno)"),
        ("files that are there whole or not at all", "handle, name = tempfile.mkstemp()"),
        ("advisory locks", 'cursor.execute("select pg_advisory_xact_lock(1)")'),
        ("announcing work", "transaction.on_commit(send)"),
        ("writing CSV", "rows = csv.writer(text)"),
        ("telling receivers", "INSERT INTO declarations_webhookdelivery (public_id)"),
        ("signatures", "from standardwebhooks import Webhook"),
        ("states of files", "file.handover = Handover.BLOCKED"),
    ],
)
def test_a_second_one_is_found(what: str, second: str, tmp_path: Path) -> None:
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "another.py").write_text(second, "utf-8")
    words = next(words for name, words, _homes in ONE_OF_EACH if name == what)
    assert homes(words, tmp_path) == {"care/another.py"}
