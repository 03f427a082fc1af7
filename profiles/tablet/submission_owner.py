"""Whose work a tablet sends, looked at before the role: another log-in is no refusal of the work itself."""

from collections.abc import Callable
from functools import wraps
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission
from care.schema.models import Membership
from questionnaires.schema.payload import Owner, PayloadError, read_owner, read_payload
from questionnaires.tablet.views.in_json import error

View = Callable[..., HttpResponseBase]


def asks_for_its_owner(view: View) -> View:
    """Answer 401 where somebody else is logged in, or where she works in another of her roles.

    A refusal (403) would mean that the work can never be taken in. What cannot be read is for the view to
    tell, and so is the role that she has lost.
    """

    @wraps(view)
    def guarded(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
        owner = _owner(request, public_id) if request.user.is_authenticated else None
        asked = owner and _asked(cast(CareRequest, request), owner)
        return asked or view(request, public_id)

    return guarded


def _owner(request: HttpRequest, public_id: UUID) -> Owner | None:
    try:
        if request.method == "DELETE":
            return read_owner(request.body)
        return read_payload(request.body, public_id=public_id).owner
    except PayloadError:
        return None


def _asked(request: CareRequest, owner: Owner) -> JsonResponse | None:
    roles = [each for each in request.memberships if _is_of(each, owner.organisation)]
    if owner.nurse != request.user.public_id:
        return error("other_user", _("Log in als degene die dit invulde. Alles blijft bewaard."), 401)
    if not any(Permission.FILL_ANAMNESE in RIGHTS[each.role] for each in roles):
        return no_access()
    fitting = [each for each in roles if Permission.FILL_ANAMNESE in RIGHTS[each.role]]
    return None if request.membership in fitting else _other_role()


def asks_for_the_role(view: View) -> View:
    """Answer 401 where she works in another of her roles, 403 `no_access` where she has none for the tablet.

    The first is mended by choosing the role; at the second the tablet gives up its clients.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            asked = cast(CareRequest, request)
            fitting = [each for each in asked.memberships if Permission.FILL_ANAMNESE in RIGHTS[each.role]]
            if not fitting:
                return no_access()
            if asked.membership not in fitting:
                return _other_role()
        return view(request, *args, **kwargs)

    return guarded


def no_access() -> JsonResponse:
    """Say that this person may not work as a nurse (any more)."""
    sentence = _(
        "Je hebt geen rol van wijkverpleegkundige meer. De cliënten gaan van dit toestel. Wat nog niet is "
        "verzonden blijft staan, op slot. Vraag je functioneel beheerder wat ermee moet gebeuren."
    )
    return error("no_access", sentence, 403)


def _other_role() -> JsonResponse:
    sentence = _("Kies eerst weer de rol van wijkverpleegkundige. Alles blijft bewaard.")
    return error("other_role", sentence, 401)


def _is_of(membership: Membership, organisation: UUID) -> bool:
    return membership.organisation is not None and membership.organisation.public_id == organisation
