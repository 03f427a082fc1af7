"""Clients by form: adding and changing one. Files of clients: care.clients.client_import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care.accounts.selectors import organisation_of, teams_of
from care.audit import access
from care.clients import selectors, target_groups
from care.clients.dated_values import value_on
from care.clients.deaths import end_of_care_problem
from care.clients.moves import insurer_history, move_to_insurer, move_to_team, team_history
from care.names import composed
from care.registries.domain_events import publish
from care.schema import crypto
from care.schema.constants import AccessAction, Sex
from care.schema.domain_events import BirthDatesCorrected
from care.schema.identifiers import is_bsn
from care.schema.models import Client, Membership

OLDEST = 130
#: A move can be planned so many days ahead.
PLANNED_AHEAD = timedelta(days=366)
MAX_LENGTHS = {"initials": 20, "prefix": 20, "surname": 80, "insured_number": 15}


@dataclass(frozen=True, slots=True)
class ClientDetails:
    """What is known of a client; care is given in [in_care_from, in_care_until).

    `moved_on` is from which day another team or insurer holds (today); with the team and insurer of today it
    takes back what was planned for that day. `target_group` is the ZN-doelgroep from today on, empty for
    none; None leaves it as it is.
    """

    bsn: str
    initials: str
    prefix: str
    surname: str
    date_of_birth: date
    sex: Sex
    insurer_id: int
    insured_number: str
    team_id: int
    in_care_from: date
    in_care_until: date | None
    moved_on: date | None = None
    target_group: str | None = None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: its name in ClientDetails, and a Dutch sentence without its value."""

    field: str
    sentence: str


def problems_of(details: ClientDetails, today: date) -> list[FieldProblem]:
    """Return what contradicts itself or cannot be, all of it at once."""
    texts = {field: str(getattr(details, field)) for field in MAX_LENGTHS}
    return [
        *identity_problems(details.bsn, texts),
        *date_problems(details.date_of_birth, details.in_care_from, details.in_care_until, today),
    ]


def identity_problems(bsn: str, texts: Mapping[str, str]) -> list[FieldProblem]:
    """Return what is wrong with a BSN and with the texts of the fields of MAX_LENGTHS."""
    problems = []
    if not is_bsn(bsn):
        problems.append(
            FieldProblem("bsn", _("Dit is geen geldig BSN: 9 cijfers die aan de 11-proef voldoen."))
        )
    if not texts["surname"]:
        problems.append(FieldProblem("surname", _("Vul een achternaam in.")))
    for field, length in MAX_LENGTHS.items():
        if len(texts[field]) > length:
            problems.append(FieldProblem(field, _("Gebruik hier ten hoogste %d tekens.") % length))
        if not texts[field].isprintable():
            problems.append(FieldProblem(field, _("Hier staan tekens in die niet te lezen zijn.")))
    return problems


def date_problems(
    born: date | None, care_from: date | None, care_until: date | None, today: date
) -> list[FieldProblem]:
    """Return what is wrong with dates; one that is not known is not judged."""
    problems = []
    if born and born > today:
        problems.append(FieldProblem("date_of_birth", _("De geboortedatum ligt in de toekomst.")))
    elif born and today.year - born.year > OLDEST:
        problems.append(FieldProblem("date_of_birth", _("Kijk het geboortejaar na: zo oud wordt niemand.")))
    elif born and care_from and born > care_from:
        problems.append(FieldProblem("in_care_from", _("De zorg begint vóór de geboortedatum.")))
    if care_from and care_until and care_until < care_from:
        problems.append(FieldProblem("in_care_until", _("De zorg eindigt vóór de dag waarop zij begint.")))
    return problems


def move_problem(day: date | None, *, in_care_from: date | None, today: date) -> FieldProblem | None:
    """Return what is wrong with the day of a move; a day that is not given is today."""
    if day is None:
        return None
    if day > today + PLANNED_AHEAD:
        return FieldProblem("moved_on", _("Kies een dag binnen een jaar."))
    if in_care_from and day < in_care_from:
        return FieldProblem("moved_on", _("Toen was de cliënt nog niet in zorg. Kies een latere dag."))
    return None


def create_client(*, details: ClientDetails, by: Membership) -> Client:
    """Add a client to the organisation of the person who does so. Raises ValidationError per field."""
    organisation = organisation_of(by)
    new = Client(organisation=organisation, team_id=details.team_id, insurer_id=details.insurer_id)
    return _store(new, details, by)


@transaction.atomic
def update_client(*, client: Client, details: ClientDetails, by: Membership) -> Client:
    """Change a client; another team or insurer holds from `moved_on`. Raises ValidationError per field."""
    stored = _store(client, details, by)
    _move(stored, details)
    return stored


@transaction.atomic
def return_to_care(*, client: Client, day: date, team_id: int, insurer_id: int, by: Membership) -> Client:
    """Take a client into care again from a day on, keeping file and history. Raises ValidationError."""
    today = timezone.localdate()
    _refuse([_return_problem(client, day, today), _team_problem(team_id, by)])
    client.in_care_from, client.in_care_until = day, None
    client.save(update_fields=["in_care_from", "in_care_until"])
    if team_id != _team_on(client, day):
        move_to_team(client=client, team_id=team_id, day=day)
    if insurer_id != _insurer_on(client, day):
        move_to_insurer(client=client, insurer_id=insurer_id, day=day)
    access.record(membership=by, action=AccessAction.CHANGED, clients=[client])
    return client


def _return_problem(client: Client, day: date, today: date) -> FieldProblem | None:
    if client.died_on is not None:
        return FieldProblem("day", end_of_care_problem(client.died_on, None) or "")
    if client.in_care_until is None:
        return FieldProblem("day", _("Deze cliënt is al in zorg."))
    if day < client.in_care_until:
        return FieldProblem("day", _("Op deze dag was de cliënt nog in zorg. Kies een latere dag."))
    if day > today + PLANNED_AHEAD:
        return FieldProblem("day", _("Kies een dag binnen een jaar."))
    return None


def _move(client: Client, details: ClientDetails) -> None:
    """Record what changed; a day with nothing that changed takes back what was planned for it."""
    today = timezone.localdate()
    day = details.moved_on or today
    other_team = details.team_id != _team_on(client, today)
    other_insurer = details.insurer_id != _insurer_on(client, today)
    takes_back = details.moved_on is not None and not other_team and not other_insurer
    if other_team or takes_back:
        move_to_team(client=client, team_id=details.team_id, day=day)
    if other_insurer or takes_back:
        move_to_insurer(client=client, insurer_id=details.insurer_id, day=day)


def _team_on(client: Client, day: date) -> int:
    return value_on(team_history(client), day)


def _insurer_on(client: Client, day: date) -> int:
    return value_on(insurer_history(client), day)


def known_bsn_problem(organisation_id: int, bsn: str, *, client: Client | None = None) -> FieldProblem | None:
    """Return the problem that the organisation has another client with this BSN, if it has."""
    known = selectors.client_by_bsn(organisation_id, bsn)
    if known is None or known == client:
        return None
    return FieldProblem(
        "bsn",
        _(
            "Er is in je organisatie al een cliënt met dit BSN. "
            "Zie je die niet in je lijst, vraag dan je functioneel beheerder."
        ),
    )


@transaction.atomic
def _store(client: Client, details: ClientDetails, by: Membership) -> Client:
    """Check, write, and log that this person changed (and so saw) the client."""
    _refuse(_all_problems(client, details, by))
    born_before = _date_of_birth(client)
    _fill(client, details)
    try:
        with transaction.atomic():
            client.save()
    except IntegrityError:  # somebody added the same BSN between looking and saving
        _refuse([known_bsn_problem(client.organisation_id, details.bsn, client=client)])
        raise
    if born_before not in {None, client.date_of_birth}:
        publish(BirthDatesCorrected([client.pk]))
    if details.target_group is not None:
        target_groups.set_group(client=client, code=details.target_group, day=timezone.localdate())
    access.record(membership=by, action=AccessAction.CHANGED, clients=[client])
    return client


def _date_of_birth(client: Client) -> date | None:
    """Return what is written now, which nobody changes meanwhile; nothing of a new client."""
    rows = Client.objects.filter(pk=client.pk).select_for_update(no_key=True, of=("self",))
    return rows.values_list("date_of_birth", flat=True).first()


def _all_problems(client: Client, details: ClientDetails, by: Membership) -> list[FieldProblem | None]:
    problems: list[FieldProblem | None] = [*problems_of(details, timezone.localdate())]
    problems.append(known_bsn_problem(client.organisation_id, details.bsn, client=client))
    problems.append(_team_problem(details.team_id, by))
    death = end_of_care_problem(client.died_on, details.in_care_until)
    problems.append(FieldProblem("in_care_until", death) if death else None)
    group = target_groups.problem_of(details.target_group or "")
    problems.append(FieldProblem("target_group", group) if group else None)
    problems.append(
        move_problem(details.moved_on, in_care_from=details.in_care_from, today=timezone.localdate())
    )
    return problems


def _team_problem(team_id: int, by: Membership) -> FieldProblem | None:
    if teams_of(by).filter(pk=team_id).exists():
        return None
    return FieldProblem("team", _("Dit is geen team van jou."))


def _refuse(problems: list[FieldProblem | None]) -> None:
    found = {problem.field: problem.sentence for problem in problems if problem}
    if found:
        raise ValidationError(found)


def _fill(client: Client, details: ClientDetails) -> None:
    """Write all but team and insurer, which change by a move."""
    client.bsn = details.bsn
    client.bsn_hash = crypto.bsn_hash(details.bsn, organisation_id=client.organisation_id)
    parts = (details.initials, details.prefix, details.surname)
    client.initials, client.prefix, client.surname = map(composed, parts)
    client.date_of_birth, client.sex = details.date_of_birth, details.sex
    client.insured_number = details.insured_number
    client.in_care_from, client.in_care_until = details.in_care_from, details.in_care_until
