"""Names of a higher app that a lower one could use where the import linter does not look: pages, tags."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from config import environment

ROOT = environment.ROOT
#: From the lowest up: each may name what is its own or lower.
APPS: Final = ("care", "questionnaires", "profiles", "declarations", "exchange")
#: Folders of templates that belong to an app by another name; what every page shares is the lowest one's.
FOLDERS: Final = {app: app for app in APPS} | {"tablet": "profiles"}
NAMES_A_PAGE: Final = {"reverse", "reverse_lazy", "redirect", "Link"}
_URL = re.compile(r"\{%\s*url\s+['\"]([\w-]+)['\"]")
_LOAD = re.compile(r"\{%\s*load\s+([\w\s]+?)\s*%\}")
_INCLUDE = re.compile(r"\{%\s*(?:include|extends)\s+['\"]([\w-]+)/")


def upward_names() -> Iterator[str]:
    """Yield each name of a higher app, with the file in which it stands."""
    pages, tags = _apps_of_pages(), _apps_of_tags()
    for file in sorted((ROOT / "templates").rglob("*.html")):
        app = FOLDERS.get(file.relative_to(ROOT / "templates").parts[0], APPS[0])
        text = file.read_text("utf-8")
        named = [(name, pages.get(name)) for name in _URL.findall(text)]
        named += [(tag, tags.get(tag)) for loaded in _LOAD.findall(text) for tag in loaded.split()]
        named += [(f"{folder}/", FOLDERS.get(folder)) for folder in _INCLUDE.findall(text)]
        yield from _higher(file, app, named)
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            yield from _higher(file, app, [(name, pages.get(name)) for name in _named_pages(file)])


def _higher(file: Path, app: str, named: list[tuple[str, str | None]]) -> Iterator[str]:
    for name, home in named:
        if home in APPS and APPS.index(home) > APPS.index(app):
            yield f"{file.relative_to(ROOT)}: {name!r} is of {home}"


def _apps_of_pages() -> dict[str, str]:
    """Return the app of each page by the name of its address."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif pattern.name:
                yield pattern.name, pattern.callback.__module__.partition(".")[0]

    return dict(walk(get_resolver().url_patterns))


def _apps_of_tags() -> dict[str, str]:
    files = (file for app in APPS for file in (ROOT / app / "templatetags").glob("*.py"))
    return {file.stem: file.relative_to(ROOT).parts[0] for file in files}


def _named_pages(file: Path) -> Iterator[str]:
    """Yield the texts that are given to what makes an address of a name."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in NAMES_A_PAGE:
            yield from (
                inner.value
                for argument in node.args
                for inner in ast.walk(argument)
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
            )
