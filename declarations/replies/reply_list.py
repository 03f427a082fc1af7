"""Reading an insurer's answer as a list: one line per record, matched on its reference number (0431). Pure.

No public text of the return standard (AW320) is known, so the list is ours: CSV with `;` and the columns
`referentie`, `status` (aanvaard or afgekeurd) and `reden`. Lines about records that are not profile records
of ours may stand in it: a return tells of the whole file.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Final

from django.utils.translation import gettext as _

from declarations.aw319.references import LENGTH, PROFILE_PREFIX
from declarations.schema.delivery_constants import ReplyStatus
from declarations.schema.exceptions import FileProblem

HEADING: Final = ("referentie", "status", "reden")
LONGEST_REASON: Final = 500
#: How a workbook or any other zipped file begins; no CSV does.
_ZIPPED: Final = b"PK\x03\x04"
_UNREADABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_STATUSES: Final = {status.value: status for status in ReplyStatus}
_OURS: Final = re.compile(rf"{PROFILE_PREFIX}[A-Z2-7]{{{LENGTH - len(PROFILE_PREFIX)}}}")


@dataclass(frozen=True, slots=True)
class InsurerAnswer:
    """What the insurer said of one record: the line of the list, and 0431."""

    line: int
    reference: str
    status: ReplyStatus
    reason: str


@dataclass(frozen=True, slots=True)
class ReplyList:
    """A list that was read: answers about records of ours, how many others it holds, and what is wrong."""

    answers: tuple[InsurerAnswer, ...]
    others: int
    problems: tuple[FileProblem, ...]


def read_list(content: bytes, *, unsent: int = 0) -> ReplyList:
    """Read a list. With a problem in it, none of it counts. Lines count from behind the `unsent` ones."""
    if not_text := text_problem(content):
        return _unreadable(not_text)
    return _Reading(decoded(content), unsent).read()


def text_problem(content: bytes) -> str:
    """Return in a sentence why a content is no text that can be read as a list; empty where it is."""
    if content.startswith(_ZIPPED):
        return _(
            "Dit is geen CSV-bestand, maar bijvoorbeeld een Excel-bestand. "
            "Kies in Excel ‘Opslaan als’ en dan CSV UTF-8."
        )
    try:
        decoded(content)
    except UnicodeDecodeError:
        return _("Sla de lijst op als UTF-8. Kies in Excel ‘Opslaan als’ en dan CSV UTF-8.")
    return ""


def decoded(content: bytes) -> str:
    """Return a list that was read as text, without its byte order mark."""
    return content.decode("utf-8-sig")


def _unreadable(sentence: str, line: int = 0) -> ReplyList:
    return ReplyList((), 0, (FileProblem(line, "", "", sentence),))


def on_one_line(text: str) -> str:
    """Return a reason as it is kept: a line end, and every other sign of room, is one space."""
    return " ".join(text.split())


class _Reading:
    """The state of one list being read."""

    def __init__(self, text: str, unsent: int) -> None:
        self._unsent = unsent
        # Only CR and LF end rows: str.splitlines() would also end one at U+2028, a vertical tab and others.
        self._reader = csv.reader(StringIO(text, newline=""), delimiter=";", strict=True)
        self._first = 1
        self._problems: list[FileProblem] = []
        self._seen: dict[str, int] = {}
        self._others = 0

    def read(self) -> ReplyList:
        """Return the whole list."""
        try:
            if tuple(cell.strip().lower() for cell in next(self._reader, [])) != HEADING:
                return _unreadable(_("De eerste regel moet zijn: referentie;status;reden."), 1)
            answers = tuple(self._answers())
        except csv.Error:
            return _unreadable(_("Deze regel is niet te lezen. Kijk de aanhalingstekens na."), self._line)
        if not answers and not self._problems:
            return _unreadable(_("In de lijst staat geen enkele profielregel van ons."))
        return ReplyList(answers, self._others, tuple(self._problems))

    @property
    def _line(self) -> int:
        """The line on which the row at hand begins: a reason in quotes may run over several."""
        return self._first - self._unsent

    def _rows(self) -> Iterator[list[str]]:
        self._first = self._reader.line_num + 1
        for cells in self._reader:
            yield cells
            self._first = self._reader.line_num + 1

    def _answers(self) -> Iterator[InsurerAnswer]:
        for cells in self._rows():
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(HEADING):
                self._wrong("", _("Deze regel moet drie waarden hebben, met een ; ertussen."))
                continue
            reference, status, reason = cells
            answer = self._answer(reference.strip(), status.strip(), on_one_line(reason))
            if answer is not None:
                yield answer

    def _answer(self, reference: str, status: str, reason: str) -> InsurerAnswer | None:
        if not _OURS.fullmatch(reference):
            self._others += 1
            return None
        before = self._seen.setdefault(reference, self._line)
        if before != self._line:
            self._wrong("referentie", _("Dit nummer staat ook al op regel %(line)d.") % {"line": before})
        said = _STATUSES.get(status.lower())
        if said is None:
            self._wrong("status", _("Hier hoort aanvaard of afgekeurd te staan."))
            return None
        return self._with_reason(reference, said, reason)

    def _with_reason(self, reference: str, status: ReplyStatus, reason: str) -> InsurerAnswer:
        if status == ReplyStatus.REJECTED and not reason:
            self._wrong("reden", _("Bij afgekeurd hoort een reden."))
        if _UNREADABLE.search(reason):
            self._wrong("reden", _("In de reden staat een teken dat niet te lezen is."))
        if len(reason) > LONGEST_REASON:
            self._wrong("reden", _("De reden mag hoogstens %(most)d tekens zijn.") % {"most": LONGEST_REASON})
        return InsurerAnswer(self._line, reference, status, reason)

    def _wrong(self, column: str, sentence: str) -> None:
        self._problems.append(FileProblem(self._line, column, "", sentence))
