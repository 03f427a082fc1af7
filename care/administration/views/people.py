"""The administrator's pages for people and their roles."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from care.accounts import people
from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import (
    has_role,
    organisation_of,
    people_of,
    person_for,
    role_for,
    works_elsewhere,
)
from care.administration.people_forms import NameForm, PersonForm, RoleForm, TeamsForm
from care.consent.selectors import ending_bases
from care.forms import accepted, sent
from care.schema.constants import Role
from care.schema.models import Membership, Organisation, User


@requires(Permission.ADMINISTER)
@require_GET
def user_list(request: CareRequest) -> HttpResponse:
    """Show who works here, in which roles, and who still has to set a password."""
    organisation = organisation_of(request.membership)
    context = {
        "people": people_of(organisation),
        "ending": ending_bases(organisation, timezone.localdate()),
    }
    return render(request, "care/user_list.html", context)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def user_add(request: CareRequest) -> HttpResponse:
    """Give somebody a first role here, or one who works here another; a new person gets a link."""
    organisation = organisation_of(request.membership)
    form = PersonForm(sent(request), organisation=organisation)
    added = accepted(form, lambda: _add_person(form, organisation, request.user))
    if added is None:
        return render(request, "care/user_add.html", {"form": form})
    user, is_new = added
    if is_new:
        return _show_link(request, user, organisation)
    messages.success(request, _("Deze persoon had al een account en heeft de rol er nu bij."))
    return redirect("user-edit", user.public_id)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def user_edit(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show one person with all roles here, and change the name that colleagues see."""
    organisation = organisation_of(request.membership)
    person = person_for(organisation, public_id)
    form = NameForm(sent(request), initial={"name": person.name})
    if accepted(form, lambda: _rename(form, person, organisation)):
        messages.success(request, _("De naam is gewijzigd."))
        return redirect("user-edit", person.public_id)
    context = {
        "form": form,
        "person": person,
        "organisation": organisation,
        "is_self": person == request.user,
        "works_elsewhere": works_elsewhere(person, organisation),
    }
    return render(request, "care/user_edit.html", context)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def membership_add(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Give somebody another role."""
    organisation = organisation_of(request.membership)
    person = person_for(organisation, public_id)
    form = RoleForm(sent(request), organisation=organisation)
    if accepted(form, lambda: _add_role(form, person, organisation, request.user)):
        messages.success(request, _("De rol is toegevoegd."))
        return redirect("user-edit", person.public_id)
    return render(request, "care/membership_add.html", {"form": form, "person": person})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def membership_edit(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Change which teams a role covers."""
    organisation = organisation_of(request.membership)
    role = role_for(organisation, public_id)
    form = TeamsForm(
        sent(request),
        organisation=organisation,
        initial={"teams": list(role.teams.all())},
    )
    if accepted(form, lambda: _change_teams(form, role, request.user)):
        messages.success(request, _("De teams zijn gewijzigd."))
        return redirect("user-edit", role.user.public_id)
    return render(request, "care/membership_edit.html", {"form": form, "role": role})


@requires(Permission.ADMINISTER)
@require_POST
def membership_switch(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Take a role away, or give it back."""
    role = role_for(organisation_of(request.membership), public_id)
    if role.is_active:
        people.deactivate_membership(membership=role, by=request.user)
        messages.success(request, _("De rol staat uit. Wat ermee gedaan is blijft bekend."))
    else:
        people.activate_membership(membership=role, by=request.user)
        messages.success(request, _("De rol staat weer aan."))
    return redirect("user-edit", role.user.public_id)


@requires(Permission.ADMINISTER)
@require_POST
def user_link(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show a new one-time link for a password, once, to hand over."""
    organisation = organisation_of(request.membership)
    return _show_link(request, person_for(organisation, public_id), organisation)


def _show_link(request: CareRequest, user: User, organisation: Organisation) -> HttpResponse:
    """Show the link in this answer only: it is stored nowhere."""
    link = people.password_link(user=user, organisation=organisation)
    return render(request, "care/user_link.html", {"person": user, "link": link})


def _add_person(form: PersonForm, organisation: Organisation, by: User) -> tuple[User, bool]:
    user, is_new = people.add_user(email=form.cleaned_data["email"], name=form.cleaned_data["name"])
    _add_role(form, user, organisation, by)
    return user, is_new


def _add_role(form: RoleForm, user: User, organisation: Organisation, by: User) -> Membership:
    role = Role(form.cleaned_data["role"])
    if has_role(user, role, organisation):
        raise ValidationError({"role": _("Deze persoon heeft deze rol al. Wijzig die bij de persoon.")})
    membership, _is_new = people.add_membership(
        user=user, role=role, by=by, organisation=organisation, teams=list(form.cleaned_data["teams"])
    )
    return membership


def _change_teams(form: TeamsForm, role: Membership, by: User) -> Membership:
    return people.change_teams(membership=role, teams=list(form.cleaned_data["teams"]), by=by)


def _rename(form: NameForm, person: User, organisation: Organisation) -> User:
    return people.rename_user(user=person, name=form.cleaned_data["name"], organisation=organisation)
