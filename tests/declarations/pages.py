"""Reading pages as a declaration officer does."""

from typing import Any

from django.test import Client as Browser
from django.urls import reverse

from tests.as_shown import as_shown


def text(response: Any) -> str:
    """Return the words of an answer."""
    return as_shown(response)


def shown(browser: Browser, name: str, *arguments: Any, **query: str) -> str:
    """Return the words of a page that must be there."""
    response = browser.get(reverse(name, args=arguments), query)
    assert response.status_code == 200
    return text(response)
