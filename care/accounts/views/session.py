"""Logging in and out, passwords, choosing a role, and the page to start on."""

import logging
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from care.accounts import people, sessions, throttle
from care.accounts.middleware import SESSION_KEY, CareRequest
from care.accounts.permissions import RIGHTS, Permission, open_to_anyone, open_to_logged_in, wants_json
from care.accounts.selectors import memberships_of
from care.accounts.session_forms import ChangePasswordForm, LoginForm, NewPasswordForm
from care.json_errors import json_error
from care.registries.menu import links_of
from care.registries.places import Place, address
from care.schema.models import Membership, User
from care.strict_json import UnreadableJsonError, read_object
from care.tenancy import scope

log = logging.getLogger(__name__)

#: What a device is for, as its own script remembers it: "tablet" or "pages".
WAY_COOKIE, BY_TABLET = "way", "tablet"


class Login(auth.LoginView):
    """Logging in with a password. Who comes from the tablet works in the role for it, if she has it."""

    template_name = "care/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Lead to the page that was asked for."""
        response = super().form_valid(form)
        if self.get_success_url().startswith(address(Place.TABLET)):
            self._choose_role(form.get_user())
        throttle.remember_device(self.request, response, form.get_user().email)
        return response

    def _choose_role(self, user: User) -> None:
        with scope.activate(scope.Scope(user_id=user.pk)):
            memberships = memberships_of(user)
        fitting = (each for each in memberships if Permission.FILL_ANAMNESE in RIGHTS[each.role])
        if (role := next(fitting, None)) is not None:
            self.request.session[SESSION_KEY] = str(role.public_id)


login = open_to_anyone(Login.as_view())
logout = open_to_anyone(auth.LogoutView.as_view())


class ChangePassword(auth.PasswordChangeView):
    """Another password for somebody who is logged in; other sessions of that person end."""

    template_name = "care/password_change.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("start")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form whose attempt it is."""
        attempt = throttle.attempt_of(self.request, cast(User, self.request.user).email)
        return super().get_form_kwargs() | {"attempt": attempt}

    def form_valid(self, form: Any) -> HttpResponse:
        """Say that it is done."""
        response = super().form_valid(form)
        log.info("password_changed user=%s", form.user.public_id)
        messages.success(self.request, _("Je wachtwoord is gewijzigd."))
        return response


class SetPassword(auth.PasswordResetConfirmView):
    """A password by one-time link. The token moves to the session at once, so that no address holds it."""

    template_name = "care/password_set.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("start")
    post_reset_login = True

    def get_user(self, uidb64: str) -> User | None:
        """Return the person whom the link is for: here the part is a public id."""
        try:
            return User.objects.filter(public_id=UUID(uidb64), is_active=True).first()
        except (ValueError, ValidationError):
            return None

    def form_valid(self, form: Any) -> HttpResponse:
        """Write down that the link was used; who read the page in another language goes on in that one."""
        language = get_language() or settings.LANGUAGE_CODE
        if language != settings.LANGUAGE_CODE:
            people.choose_language(user=form.user, language=language)
        log.info("password_set_by_link user=%s", form.user.public_id)
        response = super().form_valid(form)
        throttle.remember_device(self.request, response, form.user.email)
        return response


password_change = open_to_logged_in(ChangePassword.as_view())
password_set = open_to_anyone(SetPassword.as_view())


@open_to_logged_in
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Lead everybody to the first page of the role they work in; tell who has none whom to ask.

    Who fills in on a device that is tapped, or chose so there, works in the tablet's app (js/tablet/way.js).
    """
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return render(request, "care/no_membership.html")
    if request.COOKIES.get(WAY_COOKIE) == BY_TABLET and Permission.FILL_ANAMNESE in RIGHTS[membership.role]:
        return redirect(address(Place.TABLET))
    name = links_of(membership.role)[0].name
    return redirect(name)


@open_to_logged_in
@require_POST
def membership_choose(request: CareRequest) -> HttpResponse:
    """Work in another of one's own roles from now on."""
    wanted = request.POST.get("membership", "")
    if wanted not in {str(membership.public_id) for membership in request.memberships}:
        raise Http404(_("Deze rol heb je niet (meer)."))
    request.session[SESSION_KEY] = wanted
    return redirect("start")


@open_to_anyone
@require_POST
def lock(request: HttpRequest) -> JsonResponse:
    """Lock the session of this browser; `{"quiet": true}` only where no other page of ours is in use."""
    quiet = _sent(request).get("quiet") is True
    return JsonResponse({"locked": sessions.lock(request.session, unless_busy_elsewhere=quiet)})


@open_to_anyone
@require_POST
def reopen(request: HttpRequest) -> JsonResponse:
    """Open a locked session with the token that the tablet kept behind its PIN."""
    token = _sent(request).get("token")
    return JsonResponse({"open": isinstance(token, str) and sessions.reopen(request.session, token)})


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        return read_object(request.body)
    except UnreadableJsonError:
        return {}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Tell that the form was open too long, or came from elsewhere; what was typed can be had back."""
    if wants_json(request):
        sentence = _("Deze pagina stond te lang open. Laad haar opnieuw; wat je invulde blijft bewaard.")
        return json_error("csrf", sentence, status=403)
    return render(request, "care/csrf_failure.html", status=403)
