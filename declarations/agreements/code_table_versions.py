"""Code tables as people keep them: versions taken in from CSV, compared, and in use by agreements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import Insurer, Organisation, User
from care.tenancy.commands import ImportProblems, Row
from declarations.agreements import services
from declarations.aw319.layout import ENCODING, LIST_CODES, SHORT_STAY_LIST, TIME_UNITS
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import AttachmentState, FileState
from declarations.schema.models import ProfileRecord
from profiles.timeline.selectors import codes_of_all

COLUMNS: Final = ("profiel", "codelijst", "prestatiecode", "tijdseenheid")
LISTS: Final = tuple(code for code in LIST_CODES if code != SHORT_STAY_LIST)
LONGEST_CODE: Final = 5


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A table, and whether it is new."""

    table: CodeTable
    is_new: bool


@dataclass(slots=True)
class _Reading:
    """What the rows said so far, and the codes that there are."""

    known: frozenset[str]
    list_code: str = ""
    time_unit: str = ""
    codes: dict[str, str] | None = None


@transaction.atomic
def take_in(
    *,
    organisation: Organisation,
    name: str,
    version: str,
    rows: Iterable[Row],
    problems: ImportProblems,
    user: User | None = None,
) -> TakenIn:
    """Store a version of a code table; it is not in use until an agreement names it, and never changes.

    The same content again changes nothing. Raises Refusal with every problem by line, and for other content
    under a name and version that are known.
    """
    found = _read(rows, problems)
    problems.refuse_if_any()
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    known = CodeTable.objects.filter(organisation=organisation, name=name, version=version).first()
    if known is not None:
        before = (known.list_code, known.time_unit, known.codes)
        if before != (found.list_code, found.time_unit, found.codes):
            problems.add(1, _("Deze versie is er al, met andere codes. Geef deze een eigen versie."))
            problems.refuse_if_any()
        return TakenIn(known, is_new=False)
    table = CodeTable.objects.create(
        organisation=organisation,
        name=name,
        version=version,
        list_code=found.list_code,
        time_unit=found.time_unit,
        codes=found.codes,
        made_by=user,
    )
    return TakenIn(table, is_new=True)


def _read(rows: Iterable[Row], problems: ImportProblems) -> _Reading:
    found, codes = _Reading(frozenset(profiles())), dict[str, str]()
    for row in rows:
        profile, list_code, code, unit = (cell.strip() for cell in row.cells)
        for column, sentence in _row_problems(profile, list_code, code, unit, codes, found):
            problems.add(row.line, f"{column}: {sentence}")
        codes.setdefault(profile, code)
        found.list_code, found.time_unit = found.list_code or list_code, found.time_unit or unit
    if not codes:
        problems.add(1, _("Er staan geen codes in dit bestand."))
    found.codes = codes
    return found


def _row_problems(
    profile: str, list_code: str, code: str, unit: str, codes: dict[str, str], found: _Reading
) -> list[tuple[str, str]]:
    is_known = profile in found.known
    checks = (
        ("profiel", not is_known, _("Dit profiel bestaat niet. Kijk naar de lijst op de pagina.")),
        ("profiel", profile in codes, _("Dit profiel staat al eerder in het bestand.")),
        ("codelijst", list_code not in LISTS, _("Gebruik 065 (wijkverpleging) of 990 (zelf afgesproken).")),
        ("codelijst", list_code != (found.list_code or list_code), _("In één tabel staat één codelijst.")),
        ("prestatiecode", not _is_code(code), _("Een prestatiecode heeft 1 tot en met 5 tekens.")),
        ("tijdseenheid", unit not in TIME_UNITS, _("Deze tijdseenheid bestaat niet. Gebruik liefst 00.")),
        ("tijdseenheid", unit != (found.time_unit or unit), _("In één tabel staat één tijdseenheid.")),
    )
    wrong = [(column, sentence) for column, is_wrong, sentence in checks if is_wrong]
    # One sentence per column: the first says enough.
    return list(dict(reversed(wrong)).items())[::-1]


def _is_code(code: str) -> bool:
    """Tell whether field 0417 can hold it."""
    try:
        code.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return 1 <= len(code) <= LONGEST_CODE and code.isprintable() and " " not in code


@dataclass(frozen=True, slots=True)
class CodeChange:
    """What becomes of one profile's code; empty: there is none."""

    profile: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Tell whether it is another code."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TableChange:
    """What another table would change for one insurer; `waiting` counts records that are still to be sent."""

    before: CodeTable | None
    after: CodeTable
    codes: tuple[CodeChange, ...]
    waiting: int

    @property
    def differs(self) -> bool:
        """Tell whether anything of what is sent becomes another."""
        if self.before is None:
            return not self.after.is_example
        return self.other_list or self.other_unit or any(change.differs for change in self.codes)

    @property
    def other_list(self) -> bool:
        """Tell whether the code list (0416) becomes another."""
        return self.before is not None and self.before.list_code != self.after.list_code

    @property
    def other_unit(self) -> bool:
        """Tell whether the time unit (0419) becomes another."""
        return self.before is not None and self.before.time_unit != self.after.time_unit

    @property
    def missing(self) -> list[str]:
        """Profiles that would have no code: who has one is held."""
        return [change.profile for change in self.codes if not change.after]


def change_for(*, organisation: Organisation, insurer: Insurer, table: CodeTable, day: date) -> TableChange:
    """Return what a table would change for an insurer if it were in use from a day on."""
    now = services.in_force(organisation=organisation, insurer=insurer, day=day)
    before = now.code_table if now else None
    return TableChange(before, table, _codes(before, table), _waiting(organisation, insurer, table, day))


def _codes(before: CodeTable | None, after: CodeTable) -> tuple[CodeChange, ...]:
    old = before.codes if before else {}
    return tuple(
        CodeChange(profile, old.get(profile, ""), after.codes.get(profile, "")) for profile in profiles()
    )


def profiles() -> list[str]:
    """Return the codes of all profiles, in order: of every model that was loaded."""
    return sorted(codes_of_all())


def _waiting(organisation: Organisation, insurer: Insurer, table: CodeTable, day: date) -> int:
    """Count the records that are attached but not sent, and that would be written otherwise."""
    records = ProfileRecord.objects.filter(
        organisation=organisation,
        attachment__uzovi=insurer.uzovi,
        attachment__state=AttachmentState.ATTACHED,
        first_day__gte=day,
    ).exclude(attachment__file__state=FileState.WITHDRAWN)
    counted = records.values_list("profile__code", "list_code", "performance_code", "time_unit")
    return sum(
        count
        for code, *written, count in counted.annotate(count=Count("id")).order_by()
        if written != [table.list_code, table.codes.get(code), table.time_unit]
    )


@dataclass(frozen=True, slots=True)
class Use:
    """An agreement by which a table is, was or will be in use."""

    agreement: Agreement
    status: str


def uses_of(organisation: Organisation, table: CodeTable) -> list[Use]:
    """Return by which agreements a table is in use, the last begun first."""
    today = timezone.localdate()
    rows = Agreement.objects.filter(organisation=organisation, code_table=table).select_related("insurer")
    return [Use(row, _status(row, today)) for row in rows.order_by("-valid_from", "insurer__uzovi")]


def _status(agreement: Agreement, today: date) -> str:
    if agreement.valid_from > today:
        return "queued"
    is_over = agreement.valid_until is not None and agreement.valid_until <= today
    return "ended" if is_over else "current"


def tables_of(organisation: Organisation) -> QuerySet[CodeTable]:
    """Return the tables that an organisation can use, newest first; `in_use` counts agreements of today."""
    today = timezone.localdate()
    now = Q(agreement__valid_from__lte=today, agreement__organisation=organisation) & (
        Q(agreement__valid_until__isnull=True) | Q(agreement__valid_until__gt=today)
    )
    own = Q(organisation=organisation) | Q(organisation=None)
    rows = CodeTable.objects.filter(own).select_related("made_by")
    return rows.annotate(in_use=Count("agreement", filter=now)).order_by("-id")
