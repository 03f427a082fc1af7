"""A nurse who fills in while everything around her breaks: what she was told is kept, has to arrive, once.

Each run is one client, one after the other on one tablet. Answers go in by tapping; at moments that the
seed decides the connection, the tab, the browser, the server or the log-in is cut. `python -m tests.bench
cuts` runs many.
"""

import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserType, Error, Locator, Page, expect

from tests.breaking import ADDRESS, CUTS, KILLS, Tablet
from tests.factories.anamneses import answers_for
from tests.live.site import Site
from tests.live.tablet_app import LIST, NURSE, PIN, RESULT, REVIEW, SCREENS, App
from tests.live.tablets import Session, free_clients
from tests.tally import Tally
from tests.waiting import wait_until

CODES = ("DKDL-01", "DKDL-05", "DKDL-09", "DKDL-12", "PTZ", "TIJDELIJK")
CUTS_PER_RUN = 3  # and one more when it is finished
MOST_STEPS = 120
PATIENT, QUICK = 120.0, 700
TAKEN = "Er is vandaag al een anamnese"
WAITING, UNLOCK, RESUME = "Even wachten…", "Geef je pincode", "Verder met dit concept?"
DOORS = (UNLOCK, "Log opnieuw in")
KEPT = """(before) => {
    const kept = document.getElementById('bewaard');
    return !kept || kept.dataset.edits > before;
}"""
#: One look, as the screen may go on by itself: its heading, how many answers were kept, and which options
#: can be tapped and are chosen. The heading is marked: where another stands, there is another page.
LOOK = """() => {
    const heading = document.querySelector('h1');
    if (!heading) return ['Even wachten…', 0, {}];  // one page makes room for the next
    heading.dataset.seen = '';
    const options = [...document.querySelectorAll('.option-input:enabled')];
    return [
        heading.innerText,
        Number(document.getElementById('bewaard')?.dataset.edits ?? 0),
        Object.fromEntries(options.map((option) => [option.id, option.checked])),
    ];
}"""
ANOTHER = "() => document.querySelector('h1:not([data-seen])')"
COUNT = """
from care.tenancy import scope
from care.schema.models import Organisation
from questionnaires.schema.models import Anamnese
count = 0
for organisation in Organisation.objects.all():
    with scope.organisation(organisation.pk):
        count += Anamnese.objects.exclude(status='discarded').count()
print(count)
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands on the screen: its heading, how many answers were kept, which options are chosen."""

    heading: str
    kept: int
    shown: dict[str, bool]


class Run:
    """One anamnese of one client, with cuts."""

    def __init__(self, tablet: Tablet, client: dict[str, Any], random: Random, cuts: Counter[str]) -> None:
        self.tablet, self.client, self.random, self.cuts = tablet, client, random, cuts
        self.code = random.choice(CODES)
        self.answers = answers_for(self.code)
        self.acknowledged: set[str] = set()
        self.lost = 0
        self.heard = ""
        self.began = time.monotonic()
        self.record = [f"{self.code} of client {client['id']}"]
        self.moments = set(random.sample(range(1, len(self.answers) + 5), CUTS_PER_RUN))

    @property
    def page(self) -> Page:
        """The tab that is open now."""
        return self.tablet.page

    def note(self, what: str) -> None:
        """Keep what happened for who has to find out why something went wrong."""
        self.record.append(f"{time.monotonic() - self.began:6.2f} {what}")

    def is_at_the_list(self) -> bool:
        """Go to the list, through the door where the cut before closed it; says whether she is there."""
        with suppress(Error, AssertionError):  # the page may just be on its way
            if self._look().heading in DOORS:
                self._open(App(self.page))
            self.page.evaluate("location.hash = '#/clienten'")
        return self._look().heading == LIST

    def fill_in(self) -> None:
        """Do what the page asks for until the result is there, cutting now and then."""
        for step in range(MOST_STEPS):
            screen = self._look()
            self.note(screen.heading)
            if screen.heading == RESULT:
                self._cut(self.random.choice(list(CUTS)))
                return
            cut = self.random.choice(list(CUTS)) if step in self.moments else None
            self._do(screen, is_killed=cut in KILLS and self.random.random() < 0.5)
            if cut:
                self._cut(cut)
        message = f"{MOST_STEPS} steps and no result: {self.page.url}"
        raise AssertionError(message)

    def arrive(self) -> None:
        """Get everything to the server: connected, logged in, and by the button."""
        self.tablet.context.set_offline(False)
        self.tablet.context.unroute(ADDRESS)
        wait_until(self._is_sent, within=PATIENT, what="everything sent")

    def _is_sent(self) -> bool:
        """Do what the page asks for; says whether she is told that all was sent."""
        with suppress(Error, AssertionError):  # the server may still be coming back: there is another round
            if "/tablet/" not in urlsplit(self.page.url).path:
                self.page.goto("/tablet/")
            line = self.page.locator(".tablet-line").inner_text(timeout=QUICK)
            self._hear(line)
            if "Alles verzonden" in line:
                return True
            self._send(line)
        return False

    def _hear(self, line: str) -> None:
        if line != self.heard:
            self.heard = line
            self.note(f"the line says {line!r}")

    def _send(self, line: str) -> None:
        if "Log in om te versturen" in line:
            self.note("logs in")
            App(self.page).log_in()
        elif self._look().heading in DOORS:
            self._open(App(self.page))
            expect(self.page.locator(".tablet-state")).to_be_visible()
        elif "Nu versturen" in line:
            self.page.get_by_role("button", name="Nu versturen").click(timeout=QUICK)

    def _do(self, screen: Screen, *, is_killed: bool) -> None:
        app, heading = App(self.page), screen.heading
        if heading == WAITING:
            expect(self.page.locator("h1")).not_to_have_text(WAITING)
        elif heading in DOORS:
            self._open(app)
        elif heading == LIST:
            self.page.evaluate("(id) => { location.hash = `#/begin/${id}`; }", self.client["id"])
            expect(self.page.locator("h1")).not_to_have_text(LIST)
        elif heading == RESUME:
            self._press("Verder")
        elif heading == REVIEW:
            self._press("Afronden")
        elif heading == TAKEN:
            self._press("Bekijk de anamnese van vandaag", role="link")
        else:
            assert heading in SCREENS, (heading, self.page.locator("main").inner_text())
            self._answer(screen, is_killed=is_killed)

    def _open(self, app: App) -> None:
        """Come in by the PIN; a tablet whose log-in ended is sealed, and asks for that first."""
        if not self.page.get_by_label("Pincode").count():
            self.note("sealed: logs in first")
            self.tablet.context.set_offline(False)
            self.tablet.context.unroute(ADDRESS)
            app.log_in()
        app.unlock(PIN)
        expect(self.page.locator("h1")).not_to_have_text(UNLOCK)

    def _look(self) -> Screen:
        return Screen(*self.page.evaluate(LOOK))

    def _answer(self, screen: Screen, *, is_killed: bool) -> None:
        """Answer the first open question on the screen, or go on; she may never hear that it is kept."""
        self._compare(screen.shown)
        for question, given in self.answers.items():
            codes = [given] if isinstance(given, str) else given
            wanted = [
                f"{question}-{code}" for code in codes if screen.shown.get(f"{question}-{code}") is False
            ]
            if wanted:
                if self._tap(wanted[0]) and not is_killed:
                    self._hear_of(question, screen.kept, is_last=len(wanted) == 1)
                return
        self._press("Volgende", "Nakijken")

    def _compare(self, shown: dict[str, bool]) -> None:
        """What was acknowledged has to be on its screen."""
        for question in sorted(self.acknowledged):
            options = [is_on for option, is_on in shown.items() if option.startswith(f"{question}-")]
            if options and not any(options):
                self.lost += 1
                self.note(f"LOST {question}: not on its screen")
                self.acknowledged.discard(question)

    def _tap(self, option: str) -> bool:
        try:
            self.page.locator(f"label[for={option}]").click(timeout=QUICK)
        except Error:
            self.note(f"{option} was gone")  # the page had just gone on by itself: there is another round
            return False
        self.note(f"tapped {option}")
        return True

    def _hear_of(self, question: str, before: int, *, is_last: bool) -> None:
        """Wait until she is told that it is kept; then it counts."""
        self.page.wait_for_function(KEPT, arg=before)
        self.note("told that it is kept")
        if is_last:
            self.acknowledged.add(question)

    def _press(self, *names: str, role: Literal["button", "link"] = "button") -> None:
        """Press the button with one of these names; it may just have gone, as the page went on by itself."""
        buttons = [self.page.get_by_role(role, name=name, exact=True) for name in names]
        with suppress(Error):
            reduce(Locator.or_, buttons).click(timeout=QUICK)
            self.page.wait_for_function(ANOTHER, timeout=QUICK)

    def _cut(self, kind: str) -> None:
        self.cuts[kind] += 1
        self.note(f"CUT {kind}")
        CUTS[kind](self.tablet)


def run_all(site: Site, kind: BrowserType, seeds: range) -> Tally:
    """Do one run for each seed on one tablet, and count what the server has in the end."""
    tally = Tally()
    before = _count(site)
    session = Session(site, NURSE)
    package = _package(session)
    tablet = Tablet(kind, site, Path(tempfile.mkdtemp(prefix="draagvlak-tablet-")))
    try:
        App(tablet.page).enter()
        for seed in seeds:
            random = Random(seed)  # noqa: S311 - repeatable, not secret
            run = Run(tablet, random.choice(free_clients(package)), random, tally.cuts)
            run.note(f"seed {seed}")
            _do(run)
            package, before_run = _package(session), package
            _judge(run, before_run, package, tally)
    finally:
        tablet.put_away()
    tally.doubled = _count(site) - before - tally.runs
    return tally


def _do(run: Run) -> None:
    """Do one run; what stops it tells what went before."""
    try:
        wait_until(run.is_at_the_list, within=PATIENT, what="the list")
        run.fill_in()
        run.arrive()
    except Exception as error:
        error.add_note("\n".join(run.record))
        raise


def _judge(run: Run, before: dict[str, Any], after: dict[str, Any], tally: Tally) -> None:
    """Add to the tally what the server has of this run, and what else changed meanwhile."""
    lost, mixed = run.lost + _missing(run, before, after), _touched(run, before, after)
    tally.runs += 1
    tally.lost += lost
    tally.mixed += mixed
    if lost or mixed:
        tally.findings.append("\n".join(run.record))


def _missing(run: Run, before: dict[str, Any], after: dict[str, Any]) -> int:
    """Count the answers that the server has not, or has otherwise; age follows from the date of birth."""
    last = _of(after, run.client["id"])["last"] or {"answers": {}}
    stored = last["answers"] if last != _of(before, run.client["id"])["last"] else {}
    missing = [question for question, given in run.answers.items() if stored.get(question) != given]
    if missing:
        run.note(f"LOST {missing}: the server has {last}")
    return len(missing)


def _touched(run: Run, before: dict[str, Any], after: dict[str, Any]) -> int:
    """Count what changed of the other clients."""
    found = 0
    for each in before["clients"]:
        now = _of(after, each["id"])
        for name in ("last", "draft"):
            if each["id"] != run.client["id"] and each[name] != now[name]:
                found += 1
                run.note(f"MIXED {name} of client {each['id']}: {each[name]} became {now[name]}")
    return found


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
