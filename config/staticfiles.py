"""How static files are named and sent: by their content, and scripts without what only people read."""

import re
from collections.abc import Iterator
from typing import Any

import rjsmin
from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS = "js/"
#: Every import in a script carries one, and a hash does not get smaller by compressing.
HASH_SIGNS = 6
#: What formatting puts behind the last of several, on lines of their own. No text of ours holds it: a test
#: compares them.
LAST_COMMA = re.compile(r",(?=[\]})])")
#: What a block need not end with: every statement has its semicolon, so that a line end says nothing.
END_OF_BLOCK = re.compile(r";(?=})|(?<=})\n")
#: A type that is said of a name or a call needs brackets, which nothing else does.
SAID_TYPE = re.compile(
    r"/\*\* @type \{[^*]*\} \*/\s*"
    r"\(([\w.$#]+(?:(?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])[\w.$#]*)*)\)"
)


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
            content = ContentFile(as_sent(b"".join(content.chunks()).decode()).encode())
        return super()._save(name, content)  # type: ignore[no-any-return]


def as_sent(script: str) -> str:
    """Return a script without the comments and spaces that only people need."""
    # Twice, as one may be said of another.
    shorter: str = rjsmin.jsmin(SAID_TYPE.sub(r"\1", SAID_TYPE.sub(r"\1", script)))
    return END_OF_BLOCK.sub("", LAST_COMMA.sub("", shorter))
