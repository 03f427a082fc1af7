"""Nobody who is not logged in sends much: a cookie alone, which the gate goes by, may be anybody's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from care.accounts.permissions import ask_to_log_in
from config.web.bodies import SMALL

PROGRAMS = "/api/"  # their token is looked at before anything of the body is


class StrangersMiddleware:
    """Ask whoever is not logged in to do so before a large body is read, as the check for forgery does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer at once where a stranger sends much."""
        length = request.META.get("CONTENT_LENGTH") or ""
        is_large = length.isdigit() and int(length) > SMALL
        if is_large and not request.path_info.startswith(PROGRAMS) and not request.user.is_authenticated:
            return ask_to_log_in(request)
        return self.get_response(request)
