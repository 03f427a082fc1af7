"""What can go wrong with a declaration file, each with what to do about it. Never a value of a person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def codes_in_words(rule: str, return_code: str) -> str:
    """Return the code of a rule, and what an insurer answers to it where a return code says the same."""
    return _("%(rule)s, retourcode %(code)s") % {"rule": rule, "code": return_code} if return_code else rule


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One error in a file that was offered: line (from 1), field number and name where one field is meant.

    `rule` is the stable code of the rule of our checker that was broken; empty for any other. `return_code`:
    what an insurer answers to it (Vektis list COD954), if a code says the same.
    """

    line: int
    field: str
    name: str
    sentence: str
    rule: str = ""
    return_code: str = ""

    @property
    def codes(self) -> str:
        """The code of the rule, with the return code where there is one; empty for what breaks no rule."""
        return codes_in_words(self.rule, self.return_code)

    def __str__(self) -> str:
        place = _("regel %(line)d") % {"line": self.line} if self.line else _("bestand")
        where = f"{place}, {self.field} {self.name}" if self.field else place
        return f"{where}: {self.sentence} [{self.codes}]" if self.rule else f"{where}: {self.sentence}"


class DeclarationError(Exception):
    """The step is refused and nothing has changed. `sentence` is Dutch, for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class FileRefusedError(DeclarationError):
    """The file has errors. `problems` are the first of them, `total` counts all."""

    def __init__(self, problems: tuple[FileProblem, ...], total: int) -> None:
        sentence = ngettext(
            "Het bestand is niet ingelezen: er zit %(total)d fout in.",
            "Het bestand is niet ingelezen: er zitten %(total)d fouten in.",
            total,
        )
        super().__init__(sentence % {"total": total})
        self.problems = problems
        self.total = total

    @property
    def hidden(self) -> int:
        """Number of errors that are not in the list."""
        return self.total - len(self.problems)


class KnownFileError(DeclarationError):
    """An earlier import stands in the way: the file with this public id, which a page shows as a link."""

    def __init__(self, sentence: str, public_id: UUID) -> None:
        super().__init__(sentence)
        self.public_id = public_id


class AlreadyImportedError(KnownFileError):
    """The very same bytes were imported before."""

    def __init__(self, public_id: UUID) -> None:
        super().__init__(_("Dit bestand is al ingelezen. Je hoeft niets te doen."), public_id)


class InvoiceNumberTakenError(KnownFileError):
    """Another file with this invoice number (0116) was imported before."""

    def __init__(self, public_id: UUID) -> None:
        sentence = _(
            "Er is al een ander bestand met dit factuurnummer (0116) ingelezen. "
            "Geef dit bestand een eigen nummer. Is het andere bestand nog niet gemaakt? Dan kun je dat ook "
            "eerst intrekken."
        )
        super().__init__(sentence, public_id)


class NumbersUsedUpError(DeclarationError):
    """The series of numbers of separate files has none left for this year: no attempt more helps."""

    def __init__(self, start: str) -> None:
        sentence = _(
            "Alle nummers die met %(start)s beginnen zijn op. Laat de beheerder bij Grondslagen een ander "
            "voorvoegsel kiezen, en het bestand dan opnieuw maken."
        )
        super().__init__(sentence % {"start": start})


class FileTooLongError(DeclarationError):
    """The file that was asked for would have more records than its closing record can count."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Met de profielregels erbij past het aantal records niet meer in het sluitrecord. Laat de "
                "declaratie over meer bestanden verdelen, of sla verzekerden over."
            )
        )


class WrongStateError(DeclarationError):
    """The file or item is not in a state in which this can be done."""


class StillQueuedError(WrongStateError):
    """Persons of the file wait for their decision."""

    def __init__(self, waiting: int) -> None:
        super().__init__(
            ngettext(
                "Nog %(waiting)d verzekerde staat in de wachtrij. Laat eerst de profielen toevoegen.",
                "Nog %(waiting)d verzekerden staan in de wachtrij. Laat eerst de profielen toevoegen.",
                waiting,
            )
            % {"waiting": waiting}
        )
        self.waiting = waiting


class FactsChangedError(WrongStateError):
    """Attached profiles no longer hold: those of the persons (rows of the queue) with these ids."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__(
            ngettext(
                "Van %(changed)d verzekerde zijn de gegevens veranderd nadat het profiel is toegevoegd. "
                "Laat de profielen opnieuw toevoegen en maak dan het bestand.",
                "Van %(changed)d verzekerden zijn de gegevens veranderd nadat het profiel is toegevoegd. "
                "Laat de profielen opnieuw toevoegen en maak dan het bestand.",
                len(ids),
            )
            % {"changed": len(ids)}
        )
        self.ids = ids


class BlockedError(WrongStateError):
    """A made file holds codes that may no longer go. `reasons`: why, and of how many persons."""

    def __init__(self, reasons: list[tuple[str, int]]) -> None:
        persons = sum(count for _reason, count in reasons)
        told = ", ".join(f"{count} × {reason}" for reason, count in reasons)
        sentence = ngettext(
            "Dit bestand is geblokkeerd: de code van %(persons)d verzekerde mag niet meer mee (%(told)s). "
            "Lever het niet aan en maak het opnieuw.",
            "Dit bestand is geblokkeerd: de code van %(persons)d verzekerden mag niet meer mee (%(told)s). "
            "Lever het niet aan en maak het opnieuw.",
            persons,
        )
        super().__init__(sentence % {"persons": persons, "told": told})
        self.reasons, self.persons = reasons, persons


class BrokenFileError(Exception):
    """What is stored or was made is not what it should be: a defect, never the fault of who asked.

    `problems` name lines, never values.
    """

    def __init__(self, what: str, *problems: Any) -> None:
        super().__init__("; ".join((what, *map(str, problems))))
        self.problems = problems


class UnsoundExportError(BrokenFileError):
    """Our own checker has something against a file that was made, or it is not the original plus records.

    `findings` are for the person who asked: the file is not released.
    """

    def __init__(self, what: str, findings: tuple[FileProblem, ...], *problems: Any) -> None:
        super().__init__(what, *problems)
        self.findings = findings
