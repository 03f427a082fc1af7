"""How static files are named and sent: by their content, and scripts without what only people read."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS = "js/"
COMMENTS = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)
INDENTS = re.compile(r"^[ \t]+", re.MULTILINE)
#: After a semicolon a line may go on; not behind a comment, which ends with its line.
LINE_ENDS = re.compile(r"^((?:(?!//)[^\n])*;)\n", re.MULTILINE)
#: What a script says literally, and a comment behind a line: these stay as they are. And the spaces around a
#: sign that needs none; not around + and -, which mean something else when they meet.
LITERALS = r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
PATTERNS = r"""|/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\\\n\[])+/[a-z]*|//[^\n]*)"""
SPACES = re.compile(LITERALS + PATTERNS + r"|( *[=>&|?:,{}()\[\];<!*] *)")
#: Every import in a script carries one, and a hash does not get smaller by compressing.
HASH_SIGNS = 8


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A file that changed has another name, so a page never gets a mix of old scripts and new ones.

    Each pass settles the names of files whose imports are settled; as many passes as imports go deep.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 12

    def post_process(self, paths: dict[str, Any], *arguments: Any, **options: Any) -> Iterator[Any]:
        """Name and compress the files as they were gathered, not as they stand in the sources."""
        gathered = {name: (self, name) for name in paths}
        return super().post_process(gathered, *arguments, **options)  # type: ignore[no-any-return]

    def file_hash(self, name: str, content: "File[bytes] | None" = None) -> str | None:
        """Name a file by the first signs of its content's hash."""
        found: str | None = super().file_hash(name, content)
        return found and found[:HASH_SIGNS]

    def _save(self, name: str, content: "File[bytes]") -> str:
        if name.startswith(OWN_SCRIPTS) and name.endswith(".js"):
            script = b"".join(content.chunks()).decode()
            content = ContentFile(on_fewer_lines(without_spaces(without_comments(script))).encode())
        return super()._save(name, content)  # type: ignore[no-any-return]


def without_comments(script: str) -> str:
    """Return a script without its comments that stand on lines of their own, and without indents.

    Texts over several lines would lose their indents too: the scripts have none.
    """
    return INDENTS.sub("", COMMENTS.sub("", script))


def without_spaces(script: str) -> str:
    """Return a script without the spaces that only people need.

    A text within a text (a template in a template) would be taken for code: the scripts have none.
    """
    return SPACES.sub(lambda found: found[1] or found[2].strip(), script)


def on_fewer_lines(script: str) -> str:
    """Return a script in which what stands behind a semicolon follows on the same line."""
    return LINE_ENDS.sub(r"\1", script)
