"""People who log in, and their memberships. Nobody changes rights of their own."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from care.accounts.selectors import works_elsewhere
from care.schema.constants import Role
from care.schema.models import Insurer, Membership, Organisation, Team, User

log = logging.getLogger(__name__)


def add_user(*, email: str, name: str = "") -> tuple[User, bool]:
    """Return the user with this e-mail address and whether it is new; a known one is left as it is.

    Without a name the part of the address before the @ serves, until somebody writes a better one.
    """
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user:
        return user, False
    shown = name.strip() or address.partition("@")[0]
    User(email=address, name=shown).clean_fields(exclude=["password"])
    return User.objects.create_user(address, name=shown), True


@transaction.atomic
def add_membership(
    *,
    user: User,
    role: Role,
    by: User | None,
    organisation: Organisation | None = None,
    insurer: Insurer | None = None,
    teams: Sequence[Team] = (),
) -> tuple[Membership, bool]:
    """Give a person a role, and return it and whether it is new; without teams it covers all of them.

    One that exists gets exactly these teams and works again if it was switched off. `by` is who gives it:
    nobody for a command. Raises PermissionDenied for rights of one's own, ValidationError for a first role
    here of somebody whose account others made: who made it may know the password, and would come in with it.
    """
    _refuse_own_rights(user, by)
    if by and organisation:
        _refuse_account_of_others(user, organisation)
    membership, created = Membership.objects.update_or_create(
        user=user, role=role, organisation=organisation, insurer=insurer, defaults={"is_active": True}
    )
    _set_teams(membership, teams)
    _note("role_given", membership, by)
    return membership, created


def change_teams(*, membership: Membership, teams: Sequence[Team], by: User) -> Membership:
    """Let a membership cover exactly these teams, or all where none is named. Raises PermissionDenied."""
    _refuse_own_rights(membership.user, by)
    _set_teams(membership, teams)
    _note("role_teams_changed", membership, by)
    return membership


def deactivate_membership(*, membership: Membership, by: User) -> None:
    """Take a role away from the next request on; what was done with it stays known."""
    _switch(membership, by, is_active=False)


def activate_membership(*, membership: Membership, by: User) -> None:
    """Give a role that was taken away back."""
    _switch(membership, by, is_active=True)


def choose_daily_summary(*, user: User, wanted: bool) -> None:
    """Let a person have the summary of the morning by e-mail, or not."""
    user.wants_daily_summary = wanted
    user.save(update_fields=["wants_daily_summary"])


def choose_language(*, user: User, language: str) -> None:
    """Let a person have the screens in another language: one of settings.LANGUAGES."""
    user.language = language
    user.save(update_fields=["language"])


def rename_user(*, user: User, name: str, organisation: Organisation) -> User:
    """Change the name that colleagues see. Raises PermissionDenied where it is not this organisation's."""
    _refuse_people_elsewhere(user, organisation)
    user.name = name
    user.save(update_fields=["name"])
    return user


def password_link(*, user: User, organisation: Organisation | None = None) -> str:
    """Return a link with which this person can set a password once.

    It opens everything this person can open: an administrator (who names the organisation) gets it only
    for people who work nowhere else. Raises PermissionDenied.
    """
    if organisation:
        _refuse_people_elsewhere(user, organisation)
    token = default_token_generator.make_token(user)
    log.info("password_link_made user=%s", user.public_id)
    return settings.BASE_URL + reverse("password_set", args=[user.public_id, token])


def _refuse_own_rights(user: User, by: User | None) -> None:
    if user == by:
        raise PermissionDenied(
            _("Je eigen rollen kun je niet wijzigen. Vraag een andere functioneel beheerder.")
        )


def _refuse_account_of_others(user: User, organisation: Organisation) -> None:
    is_known = Membership.objects.filter(user=user, organisation=organisation).exists()
    if not is_known and works_elsewhere(user, organisation):
        sentence = _(
            "Dit e-mailadres hoort bij een account van een andere organisatie. "
            "Vraag de beheerder van de hele installatie om deze persoon hier een rol te geven."
        )
        raise ValidationError({"email": sentence})


def _refuse_people_elsewhere(user: User, organisation: Organisation) -> None:
    if works_elsewhere(user, organisation):
        raise PermissionDenied(
            _(
                "Deze persoon werkt ook voor een andere organisatie. "
                "Alleen de beheerder van de hele installatie kan dit account aanpassen."
            )
        )


def _set_teams(membership: Membership, teams: Sequence[Team]) -> None:
    if any(team.organisation_id != membership.organisation_id for team in teams):
        raise ValidationError({"teams": _("Dit team is niet van deze organisatie.")})
    membership.teams.set(teams)


def _switch(membership: Membership, by: User, *, is_active: bool) -> None:
    _refuse_own_rights(membership.user, by)
    membership.is_active = is_active
    membership.save(update_fields=["is_active"])
    _note("role_switched_on" if is_active else "role_switched_off", membership, by)


def _note(event: str, membership: Membership, by: User | None) -> None:
    """Write down who changed somebody's rights; a command has no user."""
    log.info("%s membership=%s by=%s", event, membership.public_id, by.public_id if by else "command")
