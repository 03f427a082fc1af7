"""The demo's organisations, teams and people, each with a role to look at the product with."""

from dataclasses import dataclass

from care.accounts import organisations, people
from care.schema.constants import Phase, Role
from care.schema.models import Insurer, Organisation, Team, User
from care.tenancy import scope

PASSWORD = "thee-met-een-koekje"  # noqa: S105 - printed for whoever tries the demo
INSURERS = (("9991", "Zorgverzekeraar Meander"), ("9992", "Zorgverzekeraar Waterkant"))


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """One provider of the demo; `domain` ends the e-mail addresses of its people."""

    agb: str
    name: str
    domain: str
    teams: tuple[organisations.TeamName, organisations.TeamName]
    nurses: tuple[str, str]
    lead: str
    officer: str
    administrator: str
    privacy_officer: str


ORGANISATIONS = (
    DemoOrganisation(
        agb="75999001",
        name="Thuiszorg De Lindeboom",
        domain="lindeboom.example",
        teams=(
            organisations.TeamName("Team Noord", "Lindedam"),
            organisations.TeamName("Team Zuid", "Lindedam"),
        ),
        nurses=("Sanne de Vries", "Mo Idrissi"),
        lead="Greetje Postma",
        officer="Daan Kuiper",
        administrator="Fatma Yildiz",
        privacy_officer="Iris Blom",
    ),
    DemoOrganisation(
        agb="75999002",
        name="Wijkzorg Zilverdijk",
        domain="zilverdijk.example",
        teams=(
            organisations.TeamName("Team Haven", "Zilverdijk"),
            organisations.TeamName("Team Duin", "Duinoord"),
        ),
        nurses=("Lotte Jansen", "Ruben Bakker"),
        lead="Anneke Smit",
        officer="Pim Hoekstra",
        administrator="Joost Vermeer",
        privacy_officer="Noor Willems",
    ),
)
INSURERS_PEOPLE = (
    ("9991", "Marit Oosterhuis", "meander.example"),
    ("9992", "Bas Rietkerk", "waterkant.example"),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A log-in to try, with where it leads."""

    email: str
    role: str
    of: str


def accounts() -> tuple[DemoAccount, ...]:
    """Return the log-ins of the demo, in the order of the way of an answer."""
    own = [
        DemoAccount(_email(name, demo.domain), str(role.label), of)
        for demo in ORGANISATIONS
        for name, role, of in _roles(demo)
    ]
    theirs = [
        DemoAccount(_email(name, domain), str(Role.INSURER.label), dict(INSURERS)[uzovi])
        for uzovi, name, domain in INSURERS_PEOPLE
    ]
    return (*own, *theirs)


def make_insurers() -> list[Insurer]:
    """Write the insurers and their people."""
    insurers = [organisations.add_insurer(uzovi=uzovi, name=name)[0] for uzovi, name in INSURERS]
    by_uzovi = {insurer.uzovi: insurer for insurer in insurers}
    for uzovi, name, domain in INSURERS_PEOPLE:
        with scope.activate(scope.Scope(insurer_id=by_uzovi[uzovi].pk)):
            people.add_membership(
                user=_user(name, domain), role=Role.INSURER, by=None, insurer=by_uzovi[uzovi]
            )
    return insurers


def make_organisation(demo: DemoOrganisation) -> Organisation:
    """Write an organisation with its teams, and a person for every role; the lead is a nurse as well."""
    organisation, _new = organisations.add_organisation(
        agb=demo.agb, name=demo.name, teams=demo.teams, phase=Phase.DECLARE, is_demo=True
    )
    with scope.organisation(organisation.pk):
        teams = {team.name: team for team in Team.objects.filter(organisation=organisation)}
        own = [teams[team.name] for team in demo.teams]
        for name, team in zip(demo.nurses, own, strict=True):
            _member(_user(name, demo.domain), Role.NURSE, organisation, [team])
        lead = _user(demo.lead, demo.domain)
        _member(lead, Role.TEAM_LEAD, organisation, own)
        _member(lead, Role.NURSE, organisation, own[:1])
        _member(_user(demo.officer, demo.domain), Role.DECLARATION_OFFICER, organisation, [])
        _member(_user(demo.administrator, demo.domain), Role.ADMINISTRATOR, organisation, [])
        _member(_user(demo.privacy_officer, demo.domain), Role.PRIVACY_OFFICER, organisation, [])
    return organisation


def _roles(demo: DemoOrganisation) -> list[tuple[str, Role, str]]:
    nurses = [
        (name, Role.NURSE, f"{demo.name}, {team.name}")
        for name, team in zip(demo.nurses, demo.teams, strict=True)
    ]
    others = [
        (demo.lead, Role.TEAM_LEAD),
        (demo.officer, Role.DECLARATION_OFFICER),
        (demo.administrator, Role.ADMINISTRATOR),
        (demo.privacy_officer, Role.PRIVACY_OFFICER),
    ]
    return [*nurses, *((name, role, demo.name) for name, role in others)]


def _member(user: User, role: Role, organisation: Organisation, teams: list[Team]) -> None:
    people.add_membership(user=user, role=role, by=None, organisation=organisation, teams=teams)


def _user(name: str, domain: str) -> User:
    user, created = people.add_user(email=_email(name, domain), name=name)
    if created:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return user


def _email(name: str, domain: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@{domain}"
