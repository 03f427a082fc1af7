"""How pages and data get smaller on the way: a nurse's line is often slow."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED = ("text/html", "text/javascript", "application/json", "application/manifest+json")


class SmallerAnswersMiddleware(GZipMiddleware):
    """Compress pages and data, by gzip with padding of random length (so that a length tells little).

    Files that people take away are left alone: they stream, and their length and bytes are promised.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress the answer where the browser can read that and it gains."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not isinstance(response, HttpResponse) or kind not in PACKED:
            return response
        return super().process_response(request, response)
