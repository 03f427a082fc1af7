"""A view that has nothing to find: it renders a page's template from the values of an earlier request.

It stands behind the same middleware and asks for the same right. A query while it renders is refused: then a
page would ask for something in its template, and the view beside it would not be bare.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.db import connection
from django.shortcuts import render
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import clear_url_caches, path, resolve

from care.accounts.permissions import requires
from config import urls
from declarations.matching import corrections

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django.test import Client

ADDRESS = "kaal/"
#: What belongs to one request: each has its own.
OF_ONE_REQUEST = frozenset({"request", "messages", "csrf_token", "True", "False", "None"})
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")\w+')


@contextmanager
def bare_view_of(client: Client, url: str) -> Iterator[str]:
    """Give the address of a bare view of a page. Raises AssertionError where it would show something else."""
    template, values, shown = _asked(client, url)
    right = resolve(url).func.required_right  # type: ignore[attr-defined]
    pattern = path(ADDRESS, _bare(template, values, right))
    urls.urlpatterns.insert(0, pattern)
    clear_url_caches()
    try:
        assert content_of(client.get(f"/{ADDRESS}")) == shown, url
        yield f"/{ADDRESS}"
    finally:
        urls.urlpatterns.remove(pattern)
        clear_url_caches()


def _asked(client: Client, url: str) -> tuple[str, dict[str, Any], str]:
    """Ask for a page; return its template, the values that it was rendered with, and what it shows."""
    setup_test_environment()  # so that an answer tells what it was rendered with
    try:
        answer: Any = client.get(url)
    finally:
        teardown_test_environment()
    values = {
        name: value for name, value in answer.context[0].flatten().items() if name not in OF_ONE_REQUEST
    }
    return answer.templates[0].name, values, content_of(answer)


def content_of(answer: Any) -> str:
    """Return the page of an answer, unpacked, without the token that each form gets anew."""
    content = answer.content
    if answer.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    return TOKEN.sub(r"\1", content.decode())


def _bare(template: str, values: dict[str, Any], right: Any) -> Callable[..., HttpResponseBase]:
    def bare(request: HttpRequest) -> HttpResponse:
        with connection.execute_wrapper(_refuse), patch.object(corrections, "has_returned", _nothing):
            return render(request, template, values)

    return requires(right)(bare)


def _nothing(_client: object) -> bool:
    """Of no client of the bench an insurer sent anything back: a tag of the client page asks for that."""
    return False


def _refuse(_execute: Any, sql: str, *_rest: Any) -> Any:
    raise AssertionError(sql)
