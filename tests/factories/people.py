"""People and organisations for tests. Each function writes one row inside the scope that is open.

Fictional: a BSN lies in 999xxxxxx and passes the 11-test, UZOVI numbers are 999x.
"""

from collections.abc import Sequence
from datetime import date
from itertools import count

from care.accounts.organisations import FIRST_DAY, add_insurer, set_phase
from care.registries.domain_events import publish
from care.schema import crypto
from care.schema.constants import Phase, Role, Sex
from care.schema.domain_events import BirthDatesCorrected
from care.schema.identifiers import is_bsn
from care.schema.models import Client, Insurer, Membership, Organisation, Team, User
from care.tenancy import scope

PASSWORD = "een-lang-wachtwoord-voor-de-test"
FIRST_BSN = 999_000_000

_number = count(1)
_bsns = (str(number) for number in count(FIRST_BSN) if is_bsn(str(number)))


def bsn() -> str:
    """Return a fictional BSN that no other call returns."""
    return next(_bsns)


def organisation(
    *, agb: str = "", name: str = "", phase: Phase | None = Phase.DECLARE, reassess_months: int = 6
) -> Organisation:
    """Return a new organisation, in a phase since long (or, with none, still preparing)."""
    number = next(_number)
    made = Organisation.objects.create(
        agb=agb or f"{41_000_000 + number}",
        name=name or f"Zorg {number}",
        reassess_months=reassess_months,
    )
    if phase:
        with scope.organisation(made.pk):
            set_phase(organisation=made, phase=phase, valid_from=FIRST_DAY)
    return made


def insurer(*, uzovi: str = "9991", name: str = "") -> Insurer:
    """Return the insurer with this number, made when it is not there."""
    there = Insurer.objects.filter(uzovi=uzovi).first()
    return there or add_insurer(uzovi=uzovi, name=name or f"Verzekeraar {uzovi}")[0]


def correct_birth(client: Client, born: date) -> None:
    """Correct a date of birth, with what follows from it."""
    Client.objects.filter(pk=client.pk).update(date_of_birth=born)
    publish(BirthDatesCorrected([client.pk]))


def team(organisation: Organisation, *, name: str = "", municipality: str = "Voorbeeldstad") -> Team:
    """Return a new team."""
    return Team.objects.create(
        organisation=organisation, name=name or f"Team {next(_number)}", municipality=municipality
    )


def user(*, email: str = "", name: str = "", password: str | None = PASSWORD) -> User:
    """Return a new user with PASSWORD; with none, one who still has to set it."""
    number = next(_number)
    return User.objects.create_user(
        email or f"persoon{number}@voorbeeld.test", name=name or f"Persoon {number}", password=password
    )


# Arguments below carry the same names as the functions above.
_bsn, _insurer, _user = bsn, insurer, user


def membership(
    role: Role,
    *,
    organisation: Organisation | None = None,
    insurer: Insurer | None = None,
    user: User | None = None,
    teams: Sequence[Team] = (),
    is_active: bool = True,
) -> Membership:
    """Return a new role of a person (a new one unless given); for all teams where none is named."""
    made = Membership.objects.create(
        user=user or _user(),
        role=role,
        organisation=organisation,
        insurer=insurer,
        is_active=is_active,
    )
    made.teams.set(teams)
    return made


def client(
    team: Team,
    *,
    bsn: str = "",
    surname: str = "Voorbeeld",
    initials: str = "A.",
    prefix: str = "",
    date_of_birth: date = date(1941, 3, 14),
    sex: Sex = Sex.FEMALE,
    insurer: Insurer | None = None,
    insured_number: str = "",
    in_care_from: date = date(2023, 1, 1),
    in_care_until: date | None = None,
) -> Client:
    """Return a new client of a team: adult and in care since 2023, insured with 9991 unless given."""
    number = bsn or _bsn()
    return Client.objects.create(
        organisation=team.organisation,
        team=team,
        insurer=insurer or _insurer(),
        bsn=number,
        bsn_hash=crypto.bsn_hash(number, organisation_id=team.organisation_id),
        initials=initials,
        prefix=prefix,
        surname=surname,
        insured_number=insured_number,
        date_of_birth=date_of_birth,
        sex=sex,
        in_care_from=in_care_from,
        in_care_until=in_care_until,
    )
