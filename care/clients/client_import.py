"""Clients from a CSV file: checked row by row, stored in bulk, in memory that does not grow with the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care.clients import target_groups
from care.clients.deaths import end_of_care_problem
from care.clients.moves import move_staged
from care.clients.registration import date_problems, identity_problems
from care.names import composed
from care.registries.domain_events import publish
from care.schema import crypto
from care.schema.constants import Sex
from care.schema.domain_events import BirthDatesCorrected
from care.schema.fields import EncryptedTextField
from care.schema.identifiers import is_bsn
from care.schema.models import Client, Insurer, Organisation, Team
from care.tenancy import locks
from care.tenancy.commands import ImportProblems, Row, parse_date

COLUMNS = (
    "bsn",
    "voorletters",
    "voorvoegsel",
    "achternaam",
    "geboortedatum",
    "geslacht",
    "uzovi",
    "verzekerdennummer",
    "team",
    "in_zorg_vanaf",
    "in_zorg_tot",
)
#: May stand behind the others; a file without it leaves the groups as they are.
EXTRA_COLUMNS = ("zn_doelgroep",)
COLUMN_OF = {
    "bsn": "bsn",
    "initials": "voorletters",
    "prefix": "voorvoegsel",
    "surname": "achternaam",
    "date_of_birth": "geboortedatum",
    "insured_number": "verzekerdennummer",
    "in_care_from": "in_zorg_vanaf",
    "in_care_until": "in_zorg_tot",
}
DATE_COLUMNS = ("geboortedatum", "in_zorg_vanaf", "in_zorg_tot")
TEXT_FIELDS = ("initials", "prefix", "surname", "insured_number")
ENCRYPTED_FIELDS = ("bsn", *TEXT_FIELDS)
STORED = (*ENCRYPTED_FIELDS, "date_of_birth", "sex", "insurer_id", "team_id", "in_care_from", "in_care_until")

_PURPOSES = {
    field.name: field.purpose for field in Client._meta.get_fields() if isinstance(field, EncryptedTextField)
}


@dataclass(frozen=True)
class ImportCount:
    """How many clients came in."""

    added: int
    updated: int


@dataclass(frozen=True)
class Register:
    """What a row may refer to: ids of teams by name, of insurers by UZOVI number; and the day of today."""

    teams: dict[str, int]
    insurers: dict[str, int]
    today: date
    asks_group: bool


@transaction.atomic
def import_clients(
    *, organisation: Organisation, rows: Iterable[Row], problems: ImportProblems
) -> ImportCount:
    """Add or (same BSN) update the clients in rows. Raises Refusal with all problems, and changes nothing."""
    register = Register(
        teams=dict(Team.objects.filter(organisation=organisation).values_list("name", "id")),
        insurers=dict(Insurer.objects.values_list("uzovi", "id")),
        today=timezone.localdate(),
        asks_group=target_groups.is_asked(organisation, timezone.localdate()),
    )
    _stage(organisation, rows, register, problems)
    _wait_for_others(organisation)
    _note_duplicates(problems)
    _note_deaths(organisation, problems)
    problems.refuse_if_any()
    return _store(organisation, register.today)


def _stage(
    organisation: Organisation, rows: Iterable[Row], register: Register, problems: ImportProblems
) -> None:
    """Copy the rows into a temporary table: COPY into a table with row policies is refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table staged_client on commit drop as"
            " select 0 as line, client.*, null::varchar as target_group from care_client client with no data"
        )
        columns = ", ".join(("line", "bsn_hash", "target_group", *STORED))
        with cursor.cursor.copy(f"copy staged_client ({columns}) from stdin") as copy:
            for row in rows:
                record, group = _checked(row, register, problems), _group(row, register, problems)
                bsn = row.cells[0]
                if is_bsn(bsn):  # rows with other problems count when duplicates are looked for
                    hashed = crypto.bsn_hash(bsn, organisation_id=organisation.pk)
                    copy.write_row((row.line, hashed, group, *record))


def _checked(row: Row, register: Register, problems: ImportProblems) -> tuple[Any, ...]:
    """Return the values of STORED, and note every problem of the row."""
    cells = dict(zip(COLUMNS, row.cells, strict=False))
    texts = {field: composed(cells[COLUMN_OF[field]].strip()) for field in TEXT_FIELDS}
    born, care_from, care_until = (_date(row, column, cells, problems) for column in DATE_COLUMNS)
    for problem in identity_problems(cells["bsn"], texts):
        _note(problems, row, COLUMN_OF[problem.field], problem.sentence)
    for problem in date_problems(born, care_from, care_until, register.today):
        _note(problems, row, COLUMN_OF[problem.field], problem.sentence)
    team, insurer, sex = _references(row, cells, register, problems)
    sealed = (_sealed(field, value) for field, value in {"bsn": cells["bsn"], **texts}.items())
    return (*sealed, born, sex, insurer, team, care_from, care_until)


def _group(row: Row, register: Register, problems: ImportProblems) -> str | None:
    """Return the ZN-doelgroep; none where the file has no such column, or it is not kept up any more."""
    if len(row.cells) == len(COLUMNS) or not register.asks_group:
        return None
    code = row.cells[len(COLUMNS)].strip()
    problem = target_groups.problem_of(code)
    if problem:
        _note(problems, row, EXTRA_COLUMNS[0], problem)
        return None
    return code


def _date(row: Row, column: str, cells: dict[str, str], problems: ImportProblems) -> date | None:
    if column == "in_zorg_tot" and not cells[column]:
        return None
    try:
        return parse_date(cells[column])
    except ValueError:
        _note(problems, row, column, _("Schrijf een bestaande datum als JJJJ-MM-DD."))
        return None


def _references(
    row: Row, cells: dict[str, str], register: Register, problems: ImportProblems
) -> tuple[int | None, int | None, str]:
    team = register.teams.get(cells["team"])
    if team is None:
        _note(problems, row, "team", _("Dit team is er niet in de organisatie."))
    insurer = register.insurers.get(cells["uzovi"])
    if insurer is None:
        _note(problems, row, "uzovi", _("Er is geen zorgverzekeraar met dit UZOVI-nummer."))
    if cells["geslacht"] not in Sex.values:
        _note(problems, row, "geslacht", _("Gebruik 0, 1, 2 of 9."))
        return team, insurer, Sex.UNKNOWN
    return team, insurer, cells["geslacht"]


def _note(problems: ImportProblems, row: Row, column: str, sentence: str) -> None:
    problems.add(row.line, f"{column}: {sentence}")


def _sealed(field: str, value: str) -> bytes:
    return crypto.encrypt(value.encode(), purpose=_PURPOSES[field])


def _note_duplicates(problems: ImportProblems) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select line, first from (select line, min(line) over (partition by bsn_hash) as first"
            " from staged_client) staged where line <> first"
        )
        for line, first in cursor:
            problems.add(line, "bsn: " + _("Dit BSN staat ook al in regel %d.") % first)


def _note_deaths(organisation: Organisation, problems: ImportProblems) -> None:
    """Note who would be in care after a death that somebody recorded: no file takes that back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select line, client.died_on, staged.in_care_until from staged_client staged"
            " join care_client client using (bsn_hash)"
            " where client.organisation_id = %s and client.died_on is not null order by line",
            [organisation.pk],
        )
        for line, died_on, care_until in cursor.fetchall():
            problem = end_of_care_problem(died_on, care_until)
            if problem:
                problems.add(line, f"{COLUMN_OF['in_care_until']}: {problem}")


def _wait_for_others(organisation: Organisation) -> None:
    """Be the only one who adds clients, and hold the known ones in the order in which everybody does.

    Rows are written in the order of the file: two files with the same people would wait for each other.
    """
    locks.wait_for(f"clients of organisation {organisation.pk}")
    with connection.cursor() as cursor:
        cursor.execute(
            "select from care_client client where organisation_id = %s"
            " and bsn_hash in (select bsn_hash from staged_client) order by id for no key update",
            [organisation.pk],
        )


def _store(organisation: Organisation, today: date) -> ImportCount:
    """Write what is staged; another team or insurer than was known holds from today on."""
    columns = ", ".join(("bsn_hash", *STORED))
    changes = ", ".join(f"{column} = excluded.{column}" for column in STORED)
    corrected = _corrected_births(organisation)
    with connection.cursor() as cursor:
        cursor.execute(
            f"with stored as (insert into care_client (public_id, organisation_id, {columns})"  # noqa: S608
            f" select gen_random_uuid(), %s, {columns} from staged_client order by line"
            f" on conflict (organisation_id, bsn_hash) do update set {changes} returning xmax = 0 as added)"
            " select count(*) filter (where added), count(*) filter (where not added) from stored",
            [organisation.pk],
        )
        added, updated = cursor.fetchone()
        move_staged(day=today)
        target_groups.set_staged(day=today)
        cursor.execute("drop table staged_client")
    if corrected:
        publish(BirthDatesCorrected(corrected))
    return ImportCount(added=added, updated=updated)


def _corrected_births(organisation: Organisation) -> list[int]:
    """Return the clients whose date of birth is another in the file, before it is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select client.id from staged_client staged join care_client client using (bsn_hash)"
            " where client.organisation_id = %s and client.date_of_birth <> staged.date_of_birth",
            [organisation.pk],
        )
        return [found for (found,) in cursor.fetchall()]
