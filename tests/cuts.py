"""A nurse who fills in while everything around her breaks: what she was told is kept, has to arrive, once.

Each run is one client, one after the other on one tablet. Answers go in by tapping; at moments that the
seed decides the connection, the tab, the browser, the server or the log-in is cut. `python -m tests.bench
cuts` runs many.
"""

import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Error, Locator, Page, Route, expect

from tests.browser import FLAGS, PATIENCE, TABLET, chromium
from tests.factories.anamneses import answers_for
from tests.live.site import Site
from tests.live.tablet_app import LIST, NURSE, PIN, RESULT, REVIEW, SCREENS, App
from tests.live.tablets import Session, free_clients
from tests.waiting import wait_until

CODES = ("DKDL-01", "DKDL-05", "DKDL-09", "DKDL-12", "PTZ", "TIJDELIJK")
ADDRESS = "**/tablet/anamneses/**"
CUTS_PER_RUN = 4
MOST_STEPS = 120
PATIENT, QUICK = 60.0, 700
TAKEN = "Er is vandaag al een anamnese"
WAITING, UNLOCK, RESUME = "Even wachten…", "Geef je pincode", "Verder met dit concept?"
KEPT = """(before) => {
    const kept = document.getElementById('bewaard');
    return !kept || kept.dataset.edits > before;
}"""
EDITS = "Number(document.getElementById('bewaard')?.dataset.edits ?? 0)"
#: Whether each option that can be tapped now is chosen; one look, as the page may go on by itself.
SHOWN = """Object.fromEntries(
    [...document.querySelectorAll('.option-input:enabled')].map((option) => [option.id, option.checked])
)"""
COUNT = """
from care import scope
from care.models import Organisation
from questionnaires.models import Anamnese
count = 0
for organisation in Organisation.objects.all():
    with scope.organisation(organisation.pk):
        count += Anamnese.objects.exclude(status='discarded').count()
print(count)
"""


@dataclass
class Tally:
    """What went wrong over all runs, and what was cut. All but the cuts and runs must stay zero."""

    runs: int = 0
    lost: int = 0
    doubled: int = 0
    mixed: int = 0
    cuts: Counter[str] = field(default_factory=Counter)


@dataclass
class Tablet:
    """A tablet with a disk: what is on it outlives its browser."""

    kind: BrowserType
    site: Site
    disk: Path
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.switch_on()

    def switch_on(self) -> None:
        """Start the browser."""
        self.context = self.kind.launch_persistent_context(
            self.disk,
            executable_path=chromium(),
            args=FLAGS,
            base_url=self.site.url,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": TABLET["width"], "height": TABLET["height"]},
            has_touch=True,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.pages[0]

    def kill(self) -> None:
        """Take the battery out, and start again."""
        os.kill(_browser_of(self.disk), signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        self.switch_on()
        self.page.goto("/tablet/")

    def kill_tab(self) -> None:
        """Close the tab without a word, and open another."""
        tab = self.page
        self.page = self.context.new_page()
        tab.close(run_before_unload=False)
        self.page.goto("/tablet/")

    def kill_server(self) -> None:
        """Kill the website, unless it is still coming back from the last time."""
        if self.site.pids("web"):
            self.site.kill("web")

    def put_away(self) -> None:
        """Switch off and wipe."""
        with suppress(Error):
            self.context.close()
        shutil.rmtree(self.disk, ignore_errors=True)


class Run:
    """One anamnese of one client, with cuts."""

    def __init__(self, tablet: Tablet, client: dict[str, Any], random: Random, cuts: Counter[str]) -> None:
        self.tablet, self.client, self.random, self.cuts = tablet, client, random, cuts
        self.code = random.choice(CODES)
        self.answers = answers_for(self.code)
        self.acknowledged: set[str] = set()
        self.lost = 0
        self.moments = set(random.sample(range(1, 14), CUTS_PER_RUN))

    @property
    def page(self) -> Page:
        """The tab that is open now."""
        return self.tablet.page

    def fill_in(self) -> None:
        """Do what the page asks for until the result is there, cutting now and then."""
        for step in range(MOST_STEPS):
            heading = self.page.get_by_role("heading", level=1).inner_text()
            if heading == RESULT:
                return
            self._do(heading, is_cut=step in self.moments)
            if step in self.moments:
                self._cut()
        message = f"{MOST_STEPS} steps and no result: {self.page.url}"
        raise AssertionError(message)

    def arrive(self) -> None:
        """Get everything to the server: connected, logged in, and by the button."""
        self.tablet.context.set_offline(False)
        self.tablet.context.unroute(ADDRESS)
        wait_until(self._is_sent, within=PATIENT, what="everything sent")

    def _is_sent(self) -> bool:
        app = App(self.page)
        if self.page.get_by_text("Alles verzonden").count():
            return True
        if self.page.get_by_role("button", name="Log in om te versturen").count():
            app.log_in()
            app.unlock()
            expect(self.page.locator(".tablet-state")).to_be_visible()
        elif (button := self.page.get_by_role("button", name="Nu versturen")).count():
            with suppress(Error):
                button.click(timeout=QUICK)
        return False

    def _do(self, heading: str, *, is_cut: bool) -> None:
        app = App(self.page)
        if heading == WAITING:
            expect(self.page.locator("h1")).not_to_have_text(WAITING)
        elif heading == UNLOCK:
            app.unlock(PIN)
            expect(self.page.locator("h1")).not_to_have_text(UNLOCK)
        elif heading == LIST:
            self.page.evaluate("(id) => { location.hash = `#/begin/${id}`; }", self.client["id"])
            expect(self.page.locator("h1")).not_to_have_text(LIST)
        elif heading == RESUME:
            self._press("Verder")
        elif heading == REVIEW:
            self._press("Afronden")
        elif heading == TAKEN:
            app.tap("Bekijk de anamnese van vandaag", "link")
        else:
            assert heading in SCREENS, self.page.locator("main").inner_text()
            self._answer(is_cut=is_cut)

    def _answer(self, *, is_cut: bool) -> None:
        """Answer the first open question on the screen, or go on."""
        shown: dict[str, bool] = self.page.evaluate(SHOWN)
        self._look(shown)
        for question, given in self.answers.items():
            codes = [given] if isinstance(given, str) else given
            wanted = [f"{question}-{code}" for code in codes if shown.get(f"{question}-{code}") is False]
            if wanted:
                self._tap(question, wanted[0], is_last=len(wanted) == 1, is_cut=is_cut)
                return
        self._press("Volgende", "Nakijken")

    def _look(self, shown: dict[str, bool]) -> None:
        """What was acknowledged has to be on its screen."""
        for question in sorted(self.acknowledged):
            options = [is_on for option, is_on in shown.items() if option.startswith(f"{question}-")]
            if options and not any(options):
                self.lost += 1
                self.acknowledged.discard(question)

    def _tap(self, question: str, option: str, *, is_last: bool, is_cut: bool) -> None:
        before = self.page.evaluate(EDITS)
        try:
            self.page.locator(f"label[for={option}]").click(timeout=QUICK)
        except Error:
            return  # the page had just gone on by itself: there is another round
        if is_cut and self.random.random() < 0.5:
            return  # cut before she was told that it is kept
        self.page.wait_for_function(KEPT, arg=before)
        if is_last:
            self.acknowledged.add(question)

    def _press(self, *names: str) -> None:
        """Press the button with one of these names; it may just have gone, as the page went on by itself."""
        buttons = [self.page.get_by_role("button", name=name, exact=True) for name in names]
        with suppress(Error):
            reduce(Locator.or_, buttons).click(timeout=QUICK)

    def _cut(self) -> None:
        kinds: dict[str, Callable[[], object]] = {
            "connection gone": lambda: self.tablet.context.set_offline(True),
            "connection back": lambda: self.tablet.context.set_offline(False),
            "answer lost": lambda: self.tablet.context.route(ADDRESS, _answer_lost, times=2),
            "sent twice": lambda: self.tablet.context.route(ADDRESS, _sent_twice, times=2),
            "tab killed": self.tablet.kill_tab,
            "browser killed": self.tablet.kill,
            "server killed": self.tablet.kill_server,
            "session over": lambda: self.tablet.context.clear_cookies(name="sessionid"),
        }
        kind = self.random.choice(list(kinds))
        self.cuts[kind] += 1
        kinds[kind]()


def run_all(site: Site, kind: BrowserType, seeds: range) -> Tally:
    """Do one run for each seed on one tablet, and count what the server has in the end."""
    tally = Tally()
    session = Session(site, NURSE)
    before = _count(site)
    tablet = Tablet(kind, site, Path(tempfile.mkdtemp(prefix="draagvlak-tablet-")))
    try:
        App(tablet.page).enter()
        for seed in seeds:
            _run_one(tablet, Random(seed), session, tally)  # noqa: S311 - repeatable, not secret
    finally:
        tablet.put_away()
    tally.doubled = _count(site) - before - tally.runs
    return tally


def _run_one(tablet: Tablet, random: Random, session: Session, tally: Tally) -> None:
    before = _package(session)
    run = Run(tablet, random.choice(free_clients(before)), random, tally.cuts)
    tablet.page.evaluate("location.hash = '#/clienten'")
    expect(tablet.page.locator("h1")).to_have_text(LIST)
    run.fill_in()
    run.arrive()
    after = _package(session)
    tally.runs += 1
    tally.lost += run.lost + _missing(run, before, after)
    tally.mixed += _touched(run.client["id"], before, after)


def _missing(run: Run, before: dict[str, Any], after: dict[str, Any]) -> int:
    """Count the answers that the server has not, or has otherwise; age follows from the date of birth."""
    last = _of(after, run.client["id"])["last"] or {"answers": {}}
    stored = last["answers"] if last != _of(before, run.client["id"])["last"] else {}
    return sum(stored.get(question) != given for question, given in run.answers.items())


def _touched(client: str, before: dict[str, Any], after: dict[str, Any]) -> int:
    """Count the other clients of whom something changed."""
    names = ("last", "draft")
    others = [each for each in before["clients"] if each["id"] != client]
    return sum(each[name] != _of(after, each["id"])[name] for each in others for name in names)


def _of(package: dict[str, Any], client: str) -> dict[str, Any]:
    return next(each for each in package["clients"] if each["id"] == client)


def _package(session: Session) -> dict[str, Any]:
    """Ask for the package; the server may just have been killed."""
    found: list[dict[str, Any]] = []

    def ask() -> bool:
        with suppress(OSError, AssertionError):
            found.append(session.get("/tablet/pakket/"))
        return bool(found)

    wait_until(ask, within=PATIENT, what="the server")
    return found[0]


def _count(site: Site) -> int:
    done = site.manage("shell", "--no-imports", "-c", COUNT)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def _answer_lost(route: Route) -> None:
    with suppress(Error):
        route.fetch()
    with suppress(Error):
        route.abort("connectionreset")


def _sent_twice(route: Route) -> None:
    with suppress(Error):
        route.fetch()
    with suppress(Error):
        route.continue_()


def _browser_of(disk: Path) -> int:
    """Return the ruling process of the browser with this disk."""
    mark = f"--user-data-dir={disk}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if mark in words and not any(word.startswith(b"--type=") for word in words):
                return int(folder.name)
    message = "the browser is not running"
    raise AssertionError(message)
