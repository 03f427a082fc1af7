"""Which role may do what; views name the right they need."""

from collections.abc import Callable
from enum import Enum, auto
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from care.constants import Role
from care.middleware import CareRequest

P = ParamSpec("P")


class Right(Enum):
    """Something that a page lets a person do."""

    SEE_PROFILES = auto()
    FILL_ANAMNESE = auto()
    EDIT_CLIENTS = auto()
    SEE_TEAM = auto()
    DECLARE = auto()
    ADMINISTER = auto()
    READ_ACCESS_LOG = auto()
    RECEIVE = auto()


RIGHTS: dict[str, frozenset[Right]] = {
    Role.NURSE: frozenset({Right.SEE_PROFILES, Right.FILL_ANAMNESE, Right.EDIT_CLIENTS}),
    Role.TEAM_LEAD: frozenset({Right.SEE_PROFILES, Right.SEE_TEAM}),
    Role.DECLARATION_OFFICER: frozenset({Right.DECLARE}),
    Role.ADMINISTRATOR: frozenset({Right.EDIT_CLIENTS, Right.ADMINISTER}),
    Role.PRIVACY_OFFICER: frozenset({Right.READ_ACCESS_LOG}),
    Role.INSURER: frozenset({Right.RECEIVE}),
}


def requires(
    right: Right,
) -> Callable[
    [Callable[Concatenate[CareRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let only people through whose active membership has the right; others get 403 with a sentence."""

    def wrap(
        view: Callable[Concatenate[CareRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None or right not in RIGHTS[membership.role]:
                raise PermissionDenied(
                    _("Met je huidige rol kun je deze pagina niet openen. Kies bovenaan een andere rol.")
                )
            return view(cast(CareRequest, request), *args, **kwargs)

        guarded.required_right = right  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], login_required(guarded))

    return wrap
