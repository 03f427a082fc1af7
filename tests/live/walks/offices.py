"""The pages of team lead, declarations, administration, privacy and insurer."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from tests.browser import tablet
from tests.live.site import Site
from tests.live.test_exchange import log_in
from tests.live.walks import State
from tests.waiting import wait_until

LEAD, OFFICER = "greetje@lindeboom.example", "daan@lindeboom.example"
ADMINISTRATOR, PRIVACY_OFFICER = "fatma@lindeboom.example", "iris@lindeboom.example"
INSURER = "marit@meander.example"
FIRST = "main .entry-title"
OBJECTION = """
from django.utils import timezone
from care.tenancy import scope
from care.schema.models import Organisation
from care.schema.statements import Objection
from declarations.schema.models import ProfileRecord
for organisation in Organisation.objects.filter(name__contains="Lindeboom"):
    with scope.organisation(organisation.pk):
        client = ProfileRecord.objects.latest("pk").attachment.client
        Objection.objects.create(organisation=organisation, client=client, made_on=timezone.localdate())
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """A page: its address, and what is clicked there to get to where it becomes worth seeing."""

    name: str
    caption: str
    address: str
    clicks: tuple[str, ...] = ()
    whole: bool = False


TEAM = (
    Stop("team", "Team lead: who has no valid profile, and the team's profiles", "/team/", whole=True),
    Stop("devices", "Team lead: the tablets of the team, with what they still hold", "/team/toestellen/"),
    Stop("differences", "Team lead: where tablet and server disagreed", "/team/verschillen/"),
    Stop("team-calendar", "Team lead: the calendar of reassessments", "/kalender/"),
)
FILES = (
    Stop("files", "Declarations: the files, and what asks for attention", "/bestanden/"),
    Stop("files-upload", "Declarations: reading a file in", "/bestanden/inlezen/"),
    Stop("files-check", "Declarations: having a file checked without reading it in", "/bestanden/nakijken/"),
    Stop("files-apart", "Declarations: profile records in a file of their own", "/bestanden/apart/"),
    Stop("files-replies", "Declarations: what insurers answered", "/bestanden/antwoorden/"),
)
OFFICE = (
    Stop("people", "Administration: who works here, in which role", "/mensen/"),
    Stop("people-add", "Administration: adding somebody", "/mensen/nieuw/"),
    Stop("people-one", "Administration: one person, and the roles", "/mensen/", (FIRST,)),
    Stop("teams", "Administration: the teams", "/teams/"),
    Stop("register", "Administration: finding a client", "/register/"),
    Stop("organisation", "Administration: settings of the organisation", "/organisatie/"),
    Stop(
        "phases", "Administration: the phases, from preparing to declaring", "/organisatie/fasen/", whole=True
    ),
    Stop("bases", "Administration: legal bases and agreements per insurer", "/grondslagen/", whole=True),
    Stop("bases-add", "Administration: recording a legal basis", "/grondslagen/nieuw/"),
    Stop("receivers", "Administration: which insurer receives for which", "/grondslagen/ontvangers/"),
    Stop("receivers-add", "Administration: recording a receiver", "/grondslagen/ontvangers/nieuw/"),
    Stop("numbers", "Administration: the numbers of separate files", "/grondslagen/nummers/"),
    Stop("tables", "Administration: the code tables", "/grondslagen/codetabellen/"),
    Stop("stopped", "Administration: who may not be sent any more", "/grondslagen/gestopt/"),
    Stop("figures", "Administration: figures for insurers, and what was released", "/cijfers/", whole=True),
    Stop("links", "Administration: links with other systems", "/koppelingen/"),
    Stop("links-add", "Administration: a key for another system", "/koppelingen/sleutels/nieuw/"),
)
PRIVACY = (
    Stop("log", "Privacy officer: who saw which file", "/inzage/"),
    Stop("downloads", "Privacy officer: what was taken away", "/opgehaald/"),
)
OUTSIDE = (
    Stop("insurer-files", "Insurer: the files addressed to it", "/verzekeraar/bestanden/"),
    Stop("insurer-figures", "Insurer: released figures", "/verzekeraar/cijfers/"),
    Stop(
        "insurer-release",
        "Insurer: one release, small numbers hidden",
        "/verzekeraar/cijfers/",
        ("main li a, main td a",),
        whole=True,
    ),
)


def around(browser: Browser, site: Site) -> Iterator[State]:
    """Every page with an address of its own."""
    rounds = (
        (LEAD, TEAM),
        (OFFICER, FILES),
        (ADMINISTRATOR, OFFICE),
        (PRIVACY_OFFICER, PRIVACY),
        (INSURER, OUTSIDE),
    )
    for email, stops in rounds:
        with tablet(browser, site.url) as context:
            page = context.new_page()
            log_in(page, email)
            for stop in stops:
                page.goto(stop.address)
                for click in stop.clicks:
                    page.locator(click).first.click()
                expect(page.get_by_role("heading", level=1)).not_to_contain_text("ging iets mis")
                yield State(stop.name, stop.caption, page, stop.whole)


def sent(browser: Browser, site: Site) -> Iterator[State]:
    """A file that went out: its page, one record under the ruler, one person, the wrong file."""
    with tablet(browser, site.url) as context:
        page = context.new_page()
        log_in(page, OFFICER)
        page.goto("/bestanden/")
        page.locator(FIRST).last.click()
        yield State("file-sent", "Declarations: a file that was made, with its account", page, whole=True)
        page.get_by_role("link", name="bekijk ze per regel").click()
        page.get_by_role("link", name="Volgende regel").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wat staat er op regel 2?")
        yield State("file-line", "Declarations: a record under the byte ruler", page)
        page.goto("/bestanden/")
        page.locator(FIRST).last.click()
        page.get_by_role("link", name="bekijk wie").first.click()
        yield State("queue-group", "Declarations: everybody in one state, with the reason", page)
        page.locator(FIRST).first.click()
        yield State("queue-one", "Declarations: one insured person, step by step", page, whole=True)
        _refused(page)
        yield State("files-refused", "Declarations: a file with mistakes is refused whole", page)


def _refused(page: Page) -> None:
    page.goto("/bestanden/inlezen/")
    wrong = {
        "name": "verkeerd.txt",
        "mimeType": "text/plain",
        "buffer": b"0142801 dit is geen declaratie\r\n",
    }
    page.get_by_label("Declaratiebestand").set_input_files(wrong)  # type: ignore[arg-type]
    page.get_by_role("button", name="Bestand inlezen").click()
    expect(page.get_by_role("alert")).to_contain_text("niet ingelezen")


def queue(browser: Browser, site: Site) -> Iterator[State]:
    """The file of this month, read in and worked on."""
    with tablet(browser, site.url) as context:
        page = context.new_page()
        log_in(page, OFFICER)
        page.goto("/bestanden/inlezen/")
        page.set_input_files("input[type=file]", site.var / "demo" / "declaratie-75999001.txt")
        page.get_by_role("button", name="Bestand inlezen").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("gaat met een profiel mee?")
        make = page.get_by_role("button", name="Bestand met profielen maken")
        expect(make).to_be_enabled(timeout=60_000)
        yield State("queue", "Declarations: who goes along with a profile, and why others do not", page)
        make.click()
        release = page.get_by_role("link", name="Vrijgeven voor de verzekeraar")
        expect(release).to_be_visible(timeout=60_000)
        yield State("file-made", "Declarations: made, and not handed over yet", page)
        file = page.url
        release.click()
        yield State("file-release", "Declarations: handing a file over asks first", page)
        done = site.manage("shell", "--no-imports", "-c", OBJECTION)
        assert done.returncode == 0, done.stderr
        page.goto(file)
        blocked = page.get_by_text("Lever dit bestand niet aan")
        wait_until(lambda: page.reload() is not None and blocked.count() > 0, within=60)
        yield State("file-blocked", "Declarations: an objection came in before it was handed over", page)
        page.get_by_role("link", name="Bekijk wie").first.click()
        yield State("file-blocked-who", "Declarations: whose code may no longer go, and why", page)


WALKS = (around, sent)
#: This reads in the only file that waits in the demo; tests of its own look at it.
OWN_SITE = (queue,)
