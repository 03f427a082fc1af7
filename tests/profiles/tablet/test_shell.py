"""The app's version: the same as long as nothing changes, and looked at once."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client as Browser
from django.urls import reverse

from profiles.tablet.views import shell


def test_the_version_is_looked_at_once_and_not_at_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    shell._version_once.cache_clear()
    drawn: list[Any] = []

    def counted(*given: Any) -> str:
        drawn.append(given)
        return render_to_string(*given)

    monkeypatch.setattr("profiles.tablet.views.shell.render_to_string", counted)
    versions = {Browser().get(reverse("tablet-manifest"))["ETag"] for _time in range(3)}
    assert (len(versions), len(drawn)) == (1, 2), "once in each language"


def test_in_development_a_change_is_seen_at_once(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.DEBUG = True
    before = shell.version()
    monkeypatch.setattr(shell, "STYLES", shell.STYLES[:-1])
    assert shell.version() != before
