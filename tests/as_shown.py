"""HTML as a browser reads it: how a template is broken into lines is nothing that a test should know."""

import re
from typing import Any

#: Elements at whose edges blanks do not show; a button's inside begins and ends like theirs.
BLOCKS = (
    "html|head|title|body|main|header|footer|nav|section|article|div|p|h[1-6]|ul|ol|li|dl|dt|dd|form|fieldset|legend|"
    "table|caption|thead|tbody|tr|th|td|details|summary|template|button|option|select|figure|svg|desc|br"
)
EDGE = re.compile(rf" ?(</?(?:{BLOCKS})\b[^>]*>) ?")
BLANKS = re.compile(r"[ \t\n\r\f]+")


def as_shown(page: Any) -> str:
    """Return a page or an answer with one blank for each run of them, and none where it would not show.

    What is no HTML (a table that is taken away) is returned as it is.
    """
    text: str = page if isinstance(page, str) else page.content.decode()
    if not isinstance(page, str) and not page["Content-Type"].startswith("text/html"):
        return text
    return EDGE.sub(r"\1", BLANKS.sub(" ", text).replace(" >", ">"))
