"""A large body of somebody who is not logged in is not read, whatever cookies come with it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from care.schema.models import User
from config.strangers import StrangersMiddleware
from config.web.bodies import SMALL


def answered(path: str, length: int, user: User | AnonymousUser) -> int:
    request: HttpRequest = RequestFactory().post(path, headers={"cookie": "sessionid=x"})
    request.META["CONTENT_LENGTH"], request.user = str(length), user
    return StrangersMiddleware(lambda _request: HttpResponse(status=418))(request).status_code


@pytest.mark.parametrize(
    ("path", "length", "user", "status"),
    [
        ("/taal/", SMALL + 1, AnonymousUser(), 302),
        ("/taal/", SMALL, AnonymousUser(), 418),
        ("/taal/", SMALL + 1, User(), 418),
        ("/api/v1/declarations", SMALL + 1, AnonymousUser(), 418),
    ],
)
def test_a_stranger_is_asked_to_log_in_before_a_large_body_is_read(
    path: str, length: int, user: User | AnonymousUser, status: int
) -> None:
    assert answered(path, length, user) == status
