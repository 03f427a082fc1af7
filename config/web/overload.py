"""Faults that pass by themselves: a deadline of the database, no connection free. Answered with "later"."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.defaults import server_error
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests

from care.accounts.permissions import wants_json
from care.json_errors import json_error
from config.web.refusals import RETRY_SECONDS

PASSING = (
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.IdleInTransactionSessionTimeout,
    errors.TooManyConnections,
    PoolTimeout,
    TooManyRequests,
)


def is_overload(error: BaseException | None) -> bool:
    """Say whether an exception, or one that led to it, is a deadline that passed or a lack of room."""
    while error is not None:
        if isinstance(error, PASSING):
            return True
        error = error.__cause__ or error.__context__
    return False


def fault(request: HttpRequest) -> HttpResponse:
    """Answer a request that failed (Django's handler500): "later" where that helps, else what happened."""
    if not is_overload(sys.exc_info()[1]):
        return server_error(request)
    return later(request)


def later(request: HttpRequest) -> HttpResponse:
    """Answer that it is too busy now, and when to come back."""
    sentence = _("Het is nu te druk. Wat je invulde is niet weg: probeer het over een paar tellen opnieuw.")
    if wants_json(request):
        response: HttpResponse = json_error("busy", sentence, status=503)
    else:
        response = server_error(request, template_name="503.html")
        response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
