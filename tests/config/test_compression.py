"""Pages and data go packed to whoever can unpack them; files never."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from config.compression import SmallerAnswersMiddleware
from tests.actors import Actor, House
from tests.factories import people

LONG = b"a page that says the same thing again. " * 100


def packed(response: HttpResponse | StreamingHttpResponse, accepts: str = "gzip, br") -> bool:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepts
    return "Content-Encoding" in SmallerAnswersMiddleware(lambda _request: response)(request)  # type: ignore[operator]


def test_a_page_and_the_package_of_the_day_go_packed(nurse: Actor, thuis: House) -> None:
    with thuis.scope():
        for _time in range(10):  # a package of nobody is so short that it gains nothing
            people.client(thuis.north)
    for address in (reverse("client-list"), reverse("tablet-package"), reverse("tablet")):
        response = nurse.browser.get(address, headers={"accept-encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        assert response["Content-Length"] == str(len(response.content))
        assert "Accept-Encoding" in response["Vary"]
        assert len(gzip.decompress(response.content)) > len(response.content)


@pytest.mark.parametrize("kind", ["text/plain", "text/csv; charset=utf-8", "application/pdf"])
def test_a_file_goes_as_it_is(kind: str) -> None:
    assert not packed(HttpResponse(LONG, content_type=kind))
    assert not packed(StreamingHttpResponse([LONG], content_type=kind))


def test_who_cannot_unpack_gets_it_as_it_is() -> None:
    assert packed(HttpResponse(LONG))
    assert not packed(HttpResponse(LONG), accepts="br")
    assert Client().get(reverse("login")).headers.get("Content-Encoding") is None


def test_two_equal_pages_differ_in_length() -> None:
    """A length that is the same every time would tell what else stands on a page."""
    middleware = SmallerAnswersMiddleware(lambda _request: HttpResponse(LONG))
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    lengths = {len(middleware(request).content) for _time in range(40)}  # type: ignore[union-attr]
    assert len(lengths) > 1
