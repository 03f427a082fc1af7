"""Opening without connection, new versions of the app, and how heavy it is."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from config import environment
from config.staticfiles import as_sent
from tests.live.site import Site
from tests.live.tablet_app import LIST, App, device

SCRIPTS = environment.ROOT / "config" / "static" / "js"
# 40 kB was enough until a tablet had to go on by itself when its storage is closed, full or wiped, its
# clock is set back, another tab sleeps, access ends, or the server asks it to come back later: all without
# connection or beside it, so it cannot stay behind.
MOST_SCRIPT = 48_000
#: What only people and the type checker read: whole lines, and types within one.
COMMENTS = re.compile(r"^\s*(?:/\*.*?\*/|//[^\n]*)|/\*\*.*?\*/", re.DOTALL | re.MULTILINE)
TEXTS = re.compile(r""""[^"\n]*"|'[^'\n]*'|`[^`]*`""")
KEPT = "caches.keys().then((names) => names.filter((name) => name.startsWith('draagvlak-')))"
IS_KEPT = "navigator.serviceWorker.ready.then((found) => Boolean(found.active))"


def test_it_opens_without_connection(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.enter()
        assert app.page.evaluate(IS_KEPT)
        context.set_offline(True)
        app.page.close()
        again = App(context.new_page())
        again.page.goto("/tablet/")
        again.unlock()
        again.expect_heading(LIST)
        expect(again.page.locator(".entry").first).to_be_visible()


def test_without_connection_no_link_leads_out_of_the_app(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.enter()
        context.set_offline(True)
        app.tap("Alle schermen", "link")
        told = app.page.get_by_text("Daarvoor is verbinding nodig")
        expect(told).to_be_visible()
        app.expect_heading(LIST)
        app.tap("Sluit deze melding")
        expect(told).to_be_hidden()
        context.set_offline(False)
        app.tap("Alle schermen", "link")
        expect(app.page).to_have_url(re.compile("/clienten/$"))


def test_a_new_version_waits_until_she_asks_for_it(
    browser: Browser, make_site: Callable[[bool], Site]
) -> None:
    site = make_site(True)
    with device(browser, site) as (_context, app):
        app.enter()
        assert app.page.evaluate(IS_KEPT)
        app.begin()
        app.choose("Q2-1")
        app.expect_line("Alles verzonden")
        before = app.page.locator("html").get_attribute("data-version")
        bring_new_version(site)
        app.page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        button = app.page.get_by_role("button", name="Nu bijwerken")
        expect(button).to_be_visible()
        app.check()
        expect(app.page.locator("#Q2-1")).to_be_checked()
        assert app.page.locator("html").get_attribute("data-version") == before
        button.click()
        app.unlock()
        app.expect_heading("Verder met dit concept?")
        assert app.page.locator("html").get_attribute("data-version") != before
        assert len(app.page.evaluate(KEPT)) == 1
        app.tap("Verder")
        expect(app.page.locator("#Q2-1")).to_be_checked()


def test_the_worker_leaves_alone_what_is_not_its_own(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.enter()
        assert app.page.evaluate(IS_KEPT)
        app.page.reload()
        asked = [
            "fetch('/tablet/', { method: 'POST' })",
            "fetch('/tablet/pakket/')",
            "fetch('/clienten/')",
        ]
        context.set_offline(True)
        for script in asked:
            assert app.page.evaluate(f"{script}.then(() => false, () => true)"), script
        for script in ("fetch('/tablet/')", "fetch('/tablet/app.webmanifest')"):
            assert app.page.evaluate(f"{script}.then((answer) => answer.status)") == 200


def test_all_scripts_together_are_light() -> None:
    sizes = [file.with_name(f"{file.name}.br").stat().st_size for file in delivered()]
    assert len(sizes) == len(list(SCRIPTS.rglob("*.js")))
    assert sum(sizes) < MOST_SCRIPT


def delivered() -> list[Path]:
    """Return the scripts as they are sent: under the name of their content."""
    root = Path(settings.STATIC_ROOT)
    names: dict[str, str] = json.loads((root / "staticfiles.json").read_text())["paths"]
    return [root / named for name, named in names.items() if name.startswith("js/")]


@pytest.mark.parametrize("script", sorted(SCRIPTS.rglob("*.js")), ids=lambda file: file.name)
def test_a_script_is_sent_with_its_texts_as_they_are(script: Path) -> None:
    source = COMMENTS.sub("", script.read_text("utf-8"))
    sent = as_sent(source)
    assert TEXTS.findall(sent) == TEXTS.findall(source)
    assert as_sent(sent) == sent


def bring_new_version(site: Site) -> None:
    """Let the site run with another style: the file gets another name, as after any change."""
    site.stop()
    folder = site.var / "static"
    listed = json.loads((folder / "staticfiles.json").read_text())
    style = folder / listed["paths"]["css/tablet.css"]
    changed = style.with_name("tablet.0123456789ab.css")
    changed.write_bytes(style.read_bytes() + b"\n/* new */\n")
    listed["paths"]["css/tablet.css"] = f"css/{changed.name}"
    (folder / "staticfiles.json").write_text(json.dumps(listed))
    site.start()
