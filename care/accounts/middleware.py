"""What every request gets: the active membership, and a transaction that sees only its rows."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from care.accounts import sessions
from care.accounts.selectors import memberships_of
from care.accounts.sessions import SessionState
from care.schema.models import Membership, User
from care.tenancy import scope

SESSION_KEY = "membership"


class CareRequest(HttpRequest):
    """A request of somebody who is logged in, as views of this product get it."""

    user: User
    membership: Membership
    memberships: list[Membership]


class AfterTransaction(HttpResponse):
    """What a view returns whose last work waits for somebody outside: done when the transaction is over.

    `work` has no scope and no transaction, opens its own where it writes, and returns the real answer.
    """

    def __init__(self, work: Callable[[], HttpResponse]) -> None:
        super().__init__(status=500)  # what it is when nobody does the work
        self.work = work


class ScopeMiddleware:
    """Open the scope of the active membership around a view, in one transaction that a failure undoes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its scope."""
        user = request.user
        if isinstance(user, AnonymousUser):
            return self._for_nobody(request)
        with scope.activate(scope.Scope(user_id=user.pk)):
            memberships = memberships_of(user)
            active = _active(memberships, request.session.get(SESSION_KEY))
            state = sessions.look(request, sessions.limits_of(active))
            if state is SessionState.OPEN:
                request.memberships, request.membership = memberships, active  # type: ignore[attr-defined]
                with scope.go_on_as(_scope_of(user, active)):
                    response = self.get_response(request)
        if state is SessionState.OPEN:
            return _whole(response)
        if state is SessionState.OVER:
            logout(request)
        request.user = AnonymousUser()
        request.is_locked = state is SessionState.LOCKED  # type: ignore[attr-defined]
        return self._for_nobody(request)

    def _for_nobody(self, request: HttpRequest) -> HttpResponse:
        request.membership, request.memberships = None, []  # type: ignore[attr-defined]
        return _whole(self.get_response(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Undo what a view that failed had begun."""
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)


class PrivateResponseMiddleware:
    """Keep pages with personal data out of every cache on the way and on the tablet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark every answer that does not say otherwise as not to be stored."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def _whole(response: HttpResponse) -> HttpResponse:
    return response.work() if isinstance(response, AfterTransaction) else response


def scope_of(request: CareRequest) -> AbstractContextManager[None]:
    """Open the scope of who asks and of the active membership: for work that comes after it."""
    return scope.activate(_scope_of(request.user, request.membership))


def _active(memberships: list[Membership], chosen: str | None) -> Membership | None:
    by_id = {str(membership.public_id): membership for membership in memberships}
    return by_id.get(chosen or "") or next(iter(memberships), None)


def _scope_of(user: User, membership: Membership | None) -> scope.Scope:
    if membership is None:
        return scope.Scope(user_id=user.pk)
    return scope.Scope(
        user_id=user.pk, organisation_id=membership.organisation_id, insurer_id=membership.insurer_id
    )
