"""`add_user EMAIL --role ROLE (--organisation AGB [--team NAME]… | --uzovi NNNN)`: give a person a role."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from care.accounts import people
from care.schema.constants import Role
from care.schema.models import Insurer, Organisation, Team
from care.tenancy import scope
from care.tenancy.commands import (
    CommandRefused,
    ShellCommand,
    Unreadable,
    agb_argument,
    insurer_by_uzovi,
    organisation_scope,
    uzovi_argument,
)


class Command(ShellCommand):
    """Exit 0: the person has the role; the last line of stdout is a one-time link. 1: refused. 2: wrong use.

    A person or role that exists already is no error: the teams are set to those named, a role that was
    switched off works again, and there is a new link.
    """

    help = "Geeft iemand een rol en drukt een eenmalige link af om een wachtwoord te kiezen."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare EMAIL, the role and where it holds."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", required=True, choices=Role.values)
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--organisation", metavar="AGB", type=agb_argument)
        where.add_argument("--uzovi", metavar="NNNN", type=uzovi_argument)
        parser.add_argument("--team", dest="teams", metavar="NAME", action="append", default=[])

    @transaction.atomic
    def carry_out(self, **options: Any) -> None:
        """Add what is not there yet, and print the link."""
        role = Role(options["role"])
        _refuse_wrong_use(role, options)
        user, new_user = people.add_user(email=options["email"])
        with _place(options) as (organisation, insurer):
            _membership, created = people.add_membership(
                user=user,
                role=role,
                by=None,
                organisation=organisation,
                insurer=insurer,
                teams=_teams(organisation, options["teams"]),
            )
        self.stdout.write(_outcome(new_user=new_user, new_role=created))
        self.stdout.write(people.password_link(user=user))


def _refuse_wrong_use(role: Role, options: dict[str, Any]) -> None:
    try:
        validate_email(options["email"])
    except ValidationError as error:
        raise Unreadable(_("%s is geen e-mailadres.") % options["email"]) from error
    if (role == Role.INSURER) != bool(options["uzovi"]):
        raise Unreadable(_("De rol insurer hoort bij --uzovi, elke andere rol bij --organisation."))
    if options["uzovi"] and options["teams"]:
        raise Unreadable(_("Bij --uzovi horen geen teams."))


@contextmanager
def _place(options: dict[str, Any]) -> Iterator[tuple[Organisation | None, Insurer | None]]:
    if options["uzovi"]:
        insurer = insurer_by_uzovi(options["uzovi"])
        with scope.activate(scope.Scope(insurer_id=insurer.pk)):
            yield None, insurer
    else:
        with organisation_scope(options["organisation"]) as organisation:
            yield organisation, None


def _teams(organisation: Organisation | None, names: list[str]) -> list[Team]:
    if organisation is None:
        return []
    known = {team.name: team for team in Team.objects.filter(organisation=organisation)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CommandRefused(*(_("Er is geen team %s in deze organisatie.") % name for name in unknown))
    return [known[name] for name in names]


def _outcome(*, new_user: bool, new_role: bool) -> str:
    if new_user:
        return _("Het account is gemaakt, met deze rol. De link werkt één keer, drie dagen lang:")
    if new_role:
        return _("Het account bestond al en heeft deze rol erbij. Een nieuwe link voor een wachtwoord:")
    return _("Het account had deze rol al; de teams zijn bijgewerkt. Een nieuwe link voor een wachtwoord:")
