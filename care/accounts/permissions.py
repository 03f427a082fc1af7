"""Which role may do what; views name the right they need."""

from collections.abc import Callable
from enum import Enum, auto
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from care.accounts.middleware import CareRequest
from care.json_errors import json_error
from care.schema.constants import Role

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Permission(Enum):
    """Something that a page lets a person do."""

    SEE_PROFILES = auto()
    FILL_ANAMNESE = auto()
    EDIT_CLIENTS = auto()
    SEE_TEAM = auto()
    DECLARE = auto()
    ADMINISTER = auto()
    READ_ACCESS_LOG = auto()
    RECEIVE = auto()
    SEE_GROUND = auto()
    KEEP_CODES = auto()
    MANAGE_DEVICES = auto()


class AccessPolicy(Enum):
    """Who may open an address that asks for no right; TOKEN: a program with a token, nobody's log-in."""

    ANYONE = auto()
    LOGGED_IN = auto()
    TOKEN = auto()


RIGHTS: dict[str, frozenset[Permission]] = {
    Role.NURSE: frozenset({Permission.SEE_PROFILES, Permission.FILL_ANAMNESE, Permission.EDIT_CLIENTS}),
    Role.TEAM_LEAD: frozenset({Permission.SEE_PROFILES, Permission.SEE_TEAM, Permission.MANAGE_DEVICES}),
    Role.DECLARATION_OFFICER: frozenset({Permission.DECLARE, Permission.SEE_GROUND, Permission.KEEP_CODES}),
    Role.ADMINISTRATOR: frozenset(
        {
            *(Permission.EDIT_CLIENTS, Permission.ADMINISTER, Permission.SEE_GROUND, Permission.KEEP_CODES),
            Permission.MANAGE_DEVICES,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset({Permission.READ_ACCESS_LOG, Permission.SEE_GROUND}),
    Role.INSURER: frozenset({Permission.RECEIVE}),
}


def requires(
    right: Permission,
) -> Callable[
    [Callable[Concatenate[CareRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let only people through whose active membership has the right; others get 403 with a sentence.

    Whoever is not logged in is asked to (see ask_to_log_in).
    """

    def wrap(
        view: Callable[Concatenate[CareRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_log_in(request)
            membership = getattr(request, "membership", None)
            if membership is None or right not in RIGHTS[membership.role]:
                raise PermissionDenied(
                    _(
                        "Met de rol waarin je nu werkt kun je deze pagina niet openen. Werk je in meer "
                        "rollen, kies dan op je startpagina bovenaan een andere."
                    )
                )
            return view(cast(CareRequest, request), *args, **kwargs)

        guarded.required_right = right  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)

    return wrap


def open_to_anyone(view: View) -> View:
    """Declare that a page asks for no right and no log-in."""
    view.required_right = AccessPolicy.ANYONE  # type: ignore[attr-defined]
    return view


def open_to_tokens(view: View) -> View:
    """Declare that an address is for programs; it looks at the token of each call itself."""
    view.required_right = AccessPolicy.TOKEN  # type: ignore[attr-defined]
    return view


def open_to_logged_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Declare that a page is for everybody who is logged in, whatever the role; others are asked to."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_log_in(request)
        return view(request, *args, **kwargs)

    guarded.required_right = AccessPolicy.LOGGED_IN  # type: ignore[attr-defined]
    return guarded


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a script asks, and not a person for a page."""
    accepts = request.headers.get("Accept", "")
    return request.headers.get("X-Requested-With") == "fetch" or (
        "application/json" in accepts and "text/html" not in accepts
    )


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """Send a person to the log-in page and back; a script gets 401 and says so without leaving the page."""
    if not wants_json(request):
        return redirect_to_login(_way_back(request))
    return json_error(
        "locked" if getattr(request, "is_locked", False) else "not_logged_in",
        _("Je bent uitgelogd. Log opnieuw in; wat je invulde blijft op dit apparaat staan."),
        status=401,
        login_url=resolve_url(settings.LOGIN_URL),
    )


def _way_back(request: HttpRequest) -> str:
    """Return the page to show after logging in: for a form that was sent, the page that it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referrer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referrer, {request.get_host()}):
        return urlsplit(referrer).path
    return resolve_url(settings.LOGIN_REDIRECT_URL)
