"""The tablet's app as files: its one page, its manifest, and the worker that keeps both for offline use.

Nothing here is about anybody: whoever opens it on a shared tablet sees the same. The page is there once in
every language; which of them she reads is settled on the tablet, also without connection.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from care.accounts.permissions import open_to_anyone

SCRIPTS = "js/tablet"
#: What the door needs; the rest comes behind it.
FIRST = (
    *("app/main", "app/activity", "app/language", "app/lock", "app/swipes", "app/update", "app/view"),
    *("bytes", "database", "lease", "server", "vault", "way"),
)
STYLES = ("tokens", "page", "forms", "parts", "profiles", "tablet")
ICONS = ("icons/icon.svg", "icons/icon-192.png", "icons/icon-512.png", "icons/icon-maskable.png")
PAPER, INK = "#fbf9f4", "#1c2a33"
ASK_EACH_TIME = "private, no-cache"


@open_to_anyone
@require_safe
def shell(_request: HttpRequest, language: str = settings.LANGUAGE_CODE) -> HttpResponse:
    """Show the page of the app; what it shows of clients comes later, and from the tablet itself."""
    headers = {"Cache-Control": ASK_EACH_TIME, "Content-Language": language}
    return HttpResponse(_page(version(), language), headers=headers)


@open_to_anyone
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Give the service worker, with the list of what it keeps. It may serve the whole site."""
    kept = json.dumps({"version": version(), "files": files(), "pages": pages()})
    script = render_to_string("tablet/sw.js")
    response = HttpResponse(f"const BUNDLE = {kept};\n{script}", content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@open_to_anyone
@require_safe
@condition(etag_func=lambda _request: f'"{version()}"')
@translation.override(settings.LANGUAGE_CODE)
def manifest(_request: HttpRequest) -> JsonResponse:
    """Describe the app to the tablet that installs it."""
    body = {
        "name": "Draagvlak",
        "short_name": "Draagvlak",
        "description": _("De anamnese van de wijkverpleging, ook zonder verbinding."),
        "lang": settings.LANGUAGE_CODE,
        "id": _shell(),
        "start_url": _shell(),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": list(_icons()),
    }
    return JsonResponse(body, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def version() -> str:
    """Return what the app is now: another page or another file makes it another version.

    Outside of development neither changes while a process runs, so it is looked at once.
    """
    return _version_now() if settings.DEBUG else _version_once()


@cache
def _version_once() -> str:
    return _version_now()


def _version_now() -> str:
    listed = json.dumps([*(_page("", language) for language, _name in settings.LANGUAGES), *files()])
    return hashlib.sha256(listed.encode()).hexdigest()[:12]


def pages() -> list[str]:
    """Return the addresses of the page in every language, the one of the app itself first."""
    others = (language for language, _name in settings.LANGUAGES if language != settings.LANGUAGE_CODE)
    return [_shell(), *(reverse(f"tablet-{language}") for language in others)]


def files() -> list[str]:
    """Return the addresses of all files that the app needs beside its page."""
    styles = [static(f"css/{name}.css") for name in STYLES]
    return [*styles, *scripts(), *(static(icon) for icon in ICONS), reverse("tablet-manifest")]


def scripts() -> list[str]:
    """Return the addresses of the app's modules."""
    folder = Path(settings.STATICFILES_DIRS[0])
    return [static(str(file.relative_to(folder))) for file in sorted((folder / SCRIPTS).rglob("*.js"))]


def _page(name: str, language: str) -> str:
    first = [static(f"{SCRIPTS}/{name}.js") for name in FIRST]
    context = {"modules": first, "styles": [f"css/{style}.css" for style in STYLES], "version": name}
    with translation.override(language):
        return render_to_string("tablet/shell.html", context)


def _shell() -> str:
    return reverse("tablet")


def _icons() -> list[dict[str, str]]:
    png = "image/png"
    return [
        {"src": static("icons/icon-192.png"), "sizes": "192x192", "type": png},
        {"src": static("icons/icon-512.png"), "sizes": "512x512", "type": png},
        {"src": static("icons/icon-maskable.png"), "sizes": "512x512", "type": png, "purpose": "maskable"},
        {"src": static("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
    ]
