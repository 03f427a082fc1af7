"""How soon a nurse can go on, with a CPU six times slower and a line of 400 kbit/s, beside a bare page.

Measured inside the page: from the start of loading, or the finger that lifts, until the next page is drawn.
What the test itself does in the slowed page (finding what to tap) does not count.

Each is held against a bare page in the same round, as slow: the log-in page, of the same style and with
nothing to find, the first time or with what the browser kept of it. Behind the PIN comes the key that is made
of it, slow on purpose: that is added. A key in the search is held against hiding the lines that do not match.
"""

import os
import re
import uuid
from collections.abc import Iterator
from statistics import median
from typing import TypeAlias

from playwright.sync_api import Browser, BrowserContext, Page, Route

from config import environment
from tests.bench.figures import Figure

SLOWER, BYTES_A_SECOND, LATENCY = 6, 400_000 / 8, 40
FIRST, AGAIN, PIN, KEY = "a bare page, first visit", "a bare page", "a bare page and a key", "hiding lines"
STORE = "a bare page of the line"
#: Without a line the browser finds all in its own store, sealed, where a bare page comes from the server.
MOST_TIMES = {FIRST: 5.0, AGAIN: 5.0, STORE: 10.0, PIN: 10.0, KEY: 3.0}
#: What each is held against.
YARDSTICKS = {
    "the tablet's app, first visit after the log-in": FIRST,
    "the client list of the server, first visit": FIRST,
    "client list, behind the PIN": PIN,
    "first screen of questions": AGAIN,
    "next screen of questions": AGAIN,
    "reading over": AGAIN,
    "result": AGAIN,
    "start without connection": STORE,
    "client list, behind the PIN, without connection": PIN,
    "next screen of questions from the server": AGAIN,
    "a key in the search of a list of 350": KEY,
}
#: The seconds that something took, and those of what it is held against.
Beside: TypeAlias = tuple[float, float]
LONG_LIST = 350
#: The slowest of: words that find some, nobody, and everybody again.
KEYS = """async () => {
    const field = document.getElementById('zoek');
    const seconds = [];
    for (const text of ['a', 'an', '1939', 'xyz', '']) {
      const from = performance.now();
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      seconds.push((performance.now() - from) / 1000);
    }
    return Math.max(...seconds);
}"""
#: The same with nothing but the lines that are there.
PLAIN_KEYS = """async () => {
    const rows = [...document.querySelectorAll('.entry')];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const seconds = [];
    for (const text of ['a', 'an', '1939', 'xyz', '']) {
      const from = performance.now();
      rows.forEach((row, at) => (row.style.display = texts[at].includes(text) ? '' : 'none'));
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      seconds.push((performance.now() - from) / 1000);
    }
    return Math.max(...seconds);
}"""
#: Make a key of a PIN, as `vault.js` does.
PLAIN_PIN = """async (iterations) => {
    const from = performance.now();
    const typed = await crypto.subtle.importKey('raw', new Uint8Array(6), 'PBKDF2', false, ['deriveBits']);
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(32), iterations };
    await crypto.subtle.deriveBits(how, typed, 256);
    return (performance.now() - from) / 1000;
}"""
ITERATIONS = re.compile(r"const ITERATIONS = ([0-9_]+);")
VAULT = environment.ROOT / "config/static/js/tablet/vault.js"
ROUNDS = 3
STOPWATCH = """{
    let lifted = 0;
    const seen = [];
    const said = () => document.querySelector('h1')?.textContent.trim();
    addEventListener('pointerup', (event) => (lifted = event.timeStamp), true);
    new MutationObserver(() => {
      const [heading, from] = [said(), lifted];
      if (!heading || heading === seen.at(-1)?.heading) return;
      const one = { heading };
      seen.push(one);
      requestAnimationFrame(() => setTimeout(() => (one.seconds = (performance.now() - from) / 1000)));
    }).observe(document, { subtree: true, childList: true });
    window.secondsUntil = (heading) => seen.findLast((each) => each.heading === heading)?.seconds;
}"""
#: A page of the server can be used when it was drawn and its scripts ran; what came before it counts too.
LOADED = """() => {
    const [loaded] = performance.getEntriesByType('navigation');
    const [drawn] = performance.getEntriesByName('first-contentful-paint');
    return drawn && loaded.loadEventEnd && Math.max(drawn.startTime, loaded.domContentLoadedEventEnd) / 1000;
}"""


def measure() -> Iterator[Figure]:
    """Yield the medians of a few rounds, and how busy the machine was meanwhile."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from tests.browser import launched
    from tests.live.site import new_site

    site = new_site(demo=True)
    try:
        site.start()
        with launched() as browser:
            rounds = [dict(_round(browser, site.url)) for _number in range(ROUNDS)]
    finally:
        site.remove()
    for name, yardstick in YARDSTICKS.items():
        seconds, plain = (median(each[name][which] for each in rounds) for which in (0, 1))
        yield Figure(f"slow tablet: {name}", 1_000 * seconds, "ms")
        yield Figure(f"  times {yardstick}", seconds / plain, "x", most=MOST_TIMES[yardstick])
    yield Figure("others at work on this machine, per core", os.getloadavg()[0] / (os.cpu_count() or 1), "")


def _round(browser: Browser, url: str) -> Iterator[tuple[str, Beside]]:
    plain = _bare_page(browser, url)
    context = browser.new_context(base_url=url, locale="nl-NL", has_touch=True)
    context.add_init_script(STOPWATCH)
    found = [*_in_the_app(context), _next_of_the_server(context)]
    # The list comes first of all for whoever has no app: with nothing kept in the browser.
    found.insert(1, _first_list(browser, context, url))
    key, plain[KEY] = _key_in_a_long_list(context)
    context.close()
    for (name, yardstick), seconds in zip(YARDSTICKS.items(), [*found, key], strict=True):
        yield name, (seconds, plain[yardstick])


def _bare_page(browser: Browser, url: str) -> dict[str, float]:
    """Return what the log-in page takes at first, again, and with the making of a key; the least of a few."""
    context = browser.new_context(base_url=url, locale="nl-NL", has_touch=True)
    page = _slow(context.new_page())
    page.goto("/inloggen/")
    first = _loaded(page)
    again = min(_again(page) for _time in range(ROUNDS))
    (iterations,) = ITERATIONS.findall(VAULT.read_text())
    key = min(float(page.evaluate(PLAIN_PIN, int(iterations))) for _time in range(ROUNDS))
    context.close()
    return {FIRST: first, AGAIN: again, STORE: again, PIN: again + key}


def _again(page: Page) -> float:
    page.goto("/inloggen/")
    return _loaded(page)


def _in_the_app(context: BrowserContext) -> Iterator[float]:
    from tests.live.tablet_app import LIST, RESULT, REVIEW, SCREENS, App

    _log_in(context)
    app = App(_slow(context.new_page()))
    app.page.goto("/tablet/")
    yield _seconds(app.page, "Kies een pincode voor dit toestel")
    app.choose_pin()
    yield _seconds(app.page, LIST)
    app.begin()
    yield _seconds(app.page, "Om te beginnen")
    app.fill_in(until="Draaglast")
    yield _seconds(app.page, "Draaglast")
    for answers in [*SCREENS.values()][2:]:
        app.choose(*answers)
    yield _seconds(app.page, REVIEW)
    app.finish()
    yield _seconds(app.page, RESULT)
    app.tap("Volgende cliënt", "link")
    app.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    app.page.reload()
    yield _seconds(app.page, "Geef je pincode")
    app.unlock()
    yield _seconds(app.page, LIST)
    context.set_offline(False)


def _log_in(context: BrowserContext) -> None:
    """Log in on a tab of its own: what the browser keeps of that page, a nurse has too."""
    from tests.live.tablet_app import App

    page = context.new_page()
    app = App(page)
    app.log_in()
    # A tab that is closed on its way to the next page can hang the browser.
    app.expect_heading("Kies een pincode voor dit toestel")
    page.close()


def _first_list(browser: Browser, logged_in: BrowserContext, url: str) -> float:
    context = browser.new_context(base_url=url, locale="nl-NL", has_touch=True)
    context.add_cookies(logged_in.cookies())  # type: ignore[arg-type]
    page = _slow(context.new_page())
    page.goto("/clienten/")
    seconds = _loaded(page)
    context.close()
    return seconds


def _next_of_the_server(context: BrowserContext) -> float:
    page = _slow(context.new_page())
    page.goto("/clienten/")
    page.get_by_role("link", name="Start").first.click()
    page.get_by_role("button", name="Begin").click()
    for answer in ("Q2-1", "Q3-1"):
        page.locator(f"label[for={answer}]").click()
    page.get_by_role("button", name="Volgende").click()
    page.get_by_role("heading", name="Draagkracht").wait_for()
    return _loaded(page)


def _key_in_a_long_list(context: BrowserContext) -> Beside:
    from tests.live.tablet_app import App

    page = context.new_page()
    page.route("**/tablet/pakket/", _with_many_clients)
    app = App(page)
    page.goto("/tablet/")
    app.unlock()
    page.locator(".entry").nth(LONG_LIST - 1).wait_for(state="attached")
    slow = _slow(page)
    return float(slow.evaluate(KEYS)), float(slow.evaluate(PLAIN_KEYS))


def _with_many_clients(route: Route) -> None:
    """Answer with the clients of the team again and again."""
    answer = route.fetch()
    body = answer.json()
    own = body["clients"]
    more = [
        own[at % len(own)] | {"id": str(uuid.uuid4()), "draft": None} for at in range(len(own), LONG_LIST)
    ]
    route.fulfill(response=answer, json=body | {"clients": own + more})


def _slow(page: Page) -> Page:
    """Make a page's tablet and line slow."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND, "latency": LATENCY}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False} | line)
    return page


def _seconds(page: Page, heading: str) -> float:
    """Wait for a heading and return how long it took to be drawn."""
    page.wait_for_function("(heading) => window.secondsUntil(heading) !== undefined", arg=heading)
    return float(page.evaluate("(heading) => window.secondsUntil(heading)", heading))


def _loaded(page: Page) -> float:
    page.wait_for_function(LOADED)
    return float(page.evaluate(LOADED))
