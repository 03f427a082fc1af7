"""Which language a page is in: what somebody chose with the account or, before logging in, in this browser.

What a browser says it prefers does not count: this is a Dutch product, for people who work in Dutch.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from care.schema.models import User

#: What programs read does not change with who asks.
FOR_PROGRAMS = "/api/"


class LanguageMiddleware:
    """Speak one language for a request, and none of it after: what is streamed later is the same for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in its language, and say which that is."""
        language = language_of(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """Return the code of the language of a request."""
    if request.path_info.startswith(FOR_PROGRAMS):
        return settings.LANGUAGE_CODE
    if isinstance(request.user, User):
        return request.user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if is_known(chosen) else settings.LANGUAGE_CODE


def is_known(code: str) -> bool:
    """Say whether the screens exist in a language."""
    return code in dict(settings.LANGUAGES)


def remember(response: HttpResponse, code: str) -> None:
    """Let this browser show what comes before logging in in a language."""
    options: dict[str, Any] = {
        "max_age": settings.LANGUAGE_COOKIE_AGE,
        "httponly": settings.LANGUAGE_COOKIE_HTTPONLY,
        "secure": settings.LANGUAGE_COOKIE_SECURE,
        "samesite": settings.LANGUAGE_COOKIE_SAMESITE,
    }
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, **options)
