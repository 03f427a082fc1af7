"""Answers for scripts: what people read on a page, as JSON."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse

from care.json_errors import json_error

View = Callable[..., HttpResponseBase]


def in_json(view: View) -> View:
    """Tell a script in JSON what people are told on a page: not found, not permitted."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404 as problem:
            return error("not_found", str(problem), 404)
        except PermissionDenied as problem:
            return error("not_permitted", str(problem), 403)

    return answering


def error(name: str, message: str, status: int) -> JsonResponse:
    """Return an error: a name for the script, a sentence for the person."""
    return json_error(name, message, status=status)
