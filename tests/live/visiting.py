"""Going through the pages of a site as one person, link by link, and reading what stands on them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from django.urls import Resolver404, resolve

from declarations.demo.people import PASSWORD
from tests.bare_text import SHOWN

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNREAD = {"script", "style"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Reader(HTMLParser):
    """Gathers the texts of a page with the language each is in, and its links to other pages."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _open: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        language = given.get("lang") or self._language
        self.texts += [(language, given[name]) for name in SHOWN if given.get(name)]
        if tag == "a" and "download" not in given:
            self.links.append(given.get("href", ""))
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and not UNREAD & {tag for tag, _language in self._open}:
            self.texts.append((self._language, " ".join(data.split())))

    @property
    def _language(self) -> str:
        return self._open[-1][1] if self._open else ""


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """Return a page, also the one of a refusal; nothing for what is no page."""
        try:
            answer = self._opener.open(self.url + path)
        except HTTPError as refusal:
            answer = refusal
        is_page = answer.headers.get_content_type() == "text/html"
        return answer.read().decode() if is_page else ""

    def post(self, page: str, path: str, **given: str) -> None:
        """Send a form that stands on a page."""
        found = TOKEN.search(self.get(page))
        assert found is not None, f"no form on {page}"
        sent = urlencode({"csrfmiddlewaretoken": found[1]} | given).encode()
        self._opener.open(self.url + path, sent).read()

    def log_in(self, email: str) -> None:
        """Log in as somebody of the demo."""
        self.post("/inloggen/", "/inloggen/", username=email, password=PASSWORD)

    def choose(self, language: str) -> None:
        """Choose a language with the account."""
        self.post("/mijn-instellingen/", "/taal/", language=language)


def pages(get: Callable[[str], str], start: str) -> Iterator[tuple[str, Reader]]:
    """Yield one page of every kind that links lead to from a first one; `get` returns a page as text."""
    waiting, seen = [start], set[str]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if not kind or kind in seen:
            continue
        seen.add(kind)
        reader = Reader()
        reader.feed(get(path))
        yield path, reader
        waiting += reader.links


def kind_of(address: str) -> str:
    """Return the name of the page at an address of the site; nothing for another address."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/"):
        return ""
    try:
        return resolve(parts.path).url_name or ""
    except Resolver404:
        return ""
