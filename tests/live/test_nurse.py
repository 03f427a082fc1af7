"""A nurse's way on a tablet held upright: client, anamnese, profile; and what may go wrong on the way."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from declarations.demo.people import PASSWORD
from tests.browser import accessibility_problems, tablet
from tests.live.site import Site

NURSE, TEAM_LEAD = "sanne@lindeboom.example", "greetje@lindeboom.example"
UPRIGHT = {"width": 768, "height": 1024}
SAVED, UNSAVED = "Opgeslagen om", "Nog niet opgeslagen"


@pytest.fixture
def nurse(browser: Browser, demo_site: Site) -> Iterator[Page]:
    """A page on which the nurse is logged in, in a team with clients who have no profile."""
    with tablet(browser, demo_site.url) as context:
        page = context.new_page()
        page.set_viewport_size(UPRIGHT)  # type: ignore[arg-type]
        log_in(page, NURSE)
        yield page


def log_in(page: Page, email: str) -> None:
    """Log in to work by the pages, as somebody did who chose so on this tablet."""
    page.goto("/inloggen/")
    page.evaluate("document.cookie = 'way=pages; path=/'")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_label("E-mailadres")).to_be_hidden()


def check_page(page: Page) -> None:
    """Nothing scrolls sideways, and axe finds nothing wrong."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert accessibility_problems(page) == []


def begin(page: Page) -> None:
    """Start an anamnese with a client who waits for one, or when nobody does with another."""
    page.goto("/clienten/")
    if page.get_by_role("link", name="Start").count():
        page.get_by_role("link", name="Start").first.click()
        page.get_by_role("button", name="Begin").click()
    else:
        _begin_with_somebody_else(page)
    expect(page.get_by_role("heading", name="Om te beginnen")).to_be_visible()
    page.wait_for_load_state()  # the script is there too: a test may take the connection away next


def _begin_with_somebody_else(page: Page) -> None:
    page.goto("/clienten/?status=current")
    names = page.locator("main a.entry-title")
    addresses = [names.nth(at).get_attribute("href") or "" for at in range(names.count())]
    for address in addresses:
        page.goto(f"{address}anamnese/")
        page.get_by_role("button", name="Begin").click()
        page.wait_for_load_state()
        if not page.locator(".invalid-feedback").count():
            return
    pytest.fail("everybody has an anamnese of today")


def tap(page: Page, *answers: str) -> None:
    """Choose options, such as Q4-2, by their cards."""
    for answer in answers:
        page.locator(f"label[for={answer}]").click()
        expect(page.locator(f"#{answer}")).to_be_checked()


def give(page: Page, *answers: str, then: str) -> None:
    """Choose the last open options of a screen: it goes on by itself, to the one with this heading."""
    for answer in answers:
        page.locator(f"label[for={answer}]").click()
    expect(page.get_by_role("heading", level=1, name=then)).to_be_visible()
    page.wait_for_load_state()  # the script is there too: it hears the next answer


def expect_state(page: Page, words: str) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text(words)


def onward(page: Page, heading: str, button: str = "Volgende") -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def test_she_goes_the_whole_way(nurse: Page) -> None:
    page = nurse
    begin(page)
    tap(page, "Q2-1")
    expect_state(page, SAVED)
    expect(page.locator("label[for=voortgang]")).to_have_text("2 van 12")
    give(page, "Q3-1", then="Draagkracht")

    onward(page, "Draagkracht")  # nothing answered: it stays, and says so
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Geheugen: er is nog geen antwoord").click()
    give(page, "Q4-2", "Q5-1", "Q6-1", then="Draaglast")
    give(page, "Q7-1", "Q8-1", then="Ondersteuningsbehoefte")

    client = page.locator("a.back").get_attribute("href")
    page.goto("/clienten/")  # away, and back
    row = page.locator(".entry").filter(has=page.locator(f'a[href="{client}"]'))
    row.get_by_role("link", name="Verder").click()
    expect(page.get_by_text(re.compile(r"Concept voor .+, vandaag \d\d:\d\d, 8 van 12"))).to_be_visible()
    page.get_by_role("link", name="Verder met het concept").click()
    expect(page.get_by_role("heading", name="Ondersteuningsbehoefte")).to_be_visible()
    give(page, "Q9-1", "Q10-3", "Q11-1", then="Verpleegtechnische zorg")
    expect(page.locator("#Q13")).to_be_hidden()
    tap(page, "Q12-2", "Q13-sonde")
    give(page, "Q12-1", then="Klopt alles?")
    expect(page.locator("#Q13")).to_have_count(0)
    onward(page, "Waarom dit profiel?", "Afronden")
    expect(page.locator(".verdict")).to_contain_text("DKDL 8")
    expect(page.locator("svg title").first).to_contain_text("draagkracht 5 van 7")


#: One screen after the other: what is tapped for DKDL 2, without technical care.
SCREENS = {
    "Draagkracht": ("Q2-1", "Q3-1"),
    "Draaglast": ("Q4-1", "Q5-1", "Q6-1"),
    "Ondersteuningsbehoefte": ("Q7-1", "Q8-1"),
    "Verpleegtechnische zorg": ("Q9-1", "Q10-3", "Q11-1"),
    "Klopt alles?": ("Q12-1",),
}
MOST_TAPS = 14


def test_no_more_taps_than_a_person_would_expect(nurse: Page) -> None:
    page, buttons = nurse, 3  # Start, Begin, Afronden
    begin(page)
    for heading, answers in SCREENS.items():
        give(page, *answers, then=heading)
    onward(page, "Waarom dit profiel?", "Afronden")
    expect(page.locator(".verdict")).to_contain_text("DKDL 2")
    assert buttons + sum(map(len, SCREENS.values())) <= MOST_TAPS


def test_she_goes_the_whole_way_by_keyboard_alone(nurse: Page) -> None:
    page, digits = nurse, ("11", "211", "11", "131", "1")
    press_until(page, "Start")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Een anamnese beginnen")).to_be_visible()
    press_until(page, "Begin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Om te beginnen")).to_be_visible()
    page.wait_for_load_state()
    for heading, keys in zip(SCREENS, digits, strict=True):
        page.keyboard.type(keys)
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        page.wait_for_load_state()
    press_until(page, "Afronden")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Waarom dit profiel?")).to_be_visible()
    expect(page.locator(".verdict")).to_contain_text("DKDL 8")


def test_arrow_keys_look_around_and_take_nobody_along(nurse: Page) -> None:
    page = nurse
    begin(page)
    tap(page, "Q2-1")
    page.locator("#Q3-1").focus()
    for _time in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#Q3-1")).to_be_checked()
    expect_state(page, SAVED)
    expect(page.get_by_role("heading", level=1, name="Om te beginnen")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Draagkracht")).to_be_visible()


def press_until(page: Page, name: str) -> None:
    """Press Tab until a link or button with this name has the focus."""
    for _time in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(name):
            return
    pytest.fail(f"Tab does not lead to {name}")


def test_a_mistake_is_mended_by_a_correction(nurse: Page) -> None:
    page = nurse
    page.goto("/clienten/?status=current")
    page.locator(".entry").filter(has_text="DKDL").get_by_role("link").first.click()
    page.get_by_role("link", name="Waarom").first.click()
    page.get_by_role("link", name="corrigeer").click()
    check_page(page)
    page.get_by_label("Wat klopte er niet?").fill("De arts dacht al anders")
    page.get_by_role("button", name="Begin de correctie").click()
    expect(page.get_by_role("heading", name="Klopt alles?")).to_be_visible()
    page.get_by_role("link", name="wijzig Laatste levensfase").click()
    page.wait_for_load_state()
    tap(page, "Q2-2")
    expect(page.get_by_text("Deze vragen gelden nu niet")).to_contain_text("Geheugen")
    onward(page, "Klopt alles?")
    expect(page.get_by_text("De arts dacht al anders")).to_be_visible()
    onward(page, "Waarom dit profiel?", "Afronden")
    expect(page.locator(".verdict")).to_contain_text("PTZ")
    page.locator("a.back").click()
    expect(page.get_by_text("vervangen: De arts dacht al anders")).to_be_visible()
    check_page(page)


def test_a_log_in_that_expires_in_the_middle_loses_nothing(nurse: Page) -> None:
    begin(nurse)
    tap(nurse, "Q2-1")
    expect_state(nurse, SAVED)
    nurse.context.clear_cookies(name="sessionid")
    tap(nurse, "Q3-1")
    expect_state(nurse, UNSAVED)
    expect(nurse.get_by_text("Je bent uitgelogd.")).to_be_in_viewport()
    nurse.get_by_role("button", name="Volgende").click()
    expect(nurse.locator("#Q3-1")).to_be_checked()

    with nurse.context.expect_page() as opened:
        nurse.get_by_role("link", name="Log in op een nieuw tabblad").click()
    log_in(opened.value, NURSE)
    nurse.bring_to_front()
    nurse.get_by_role("button", name="Sla nu op").click()
    expect_state(nurse, SAVED)
    expect(nurse.get_by_text("Je bent uitgelogd.")).to_be_hidden()
    onward(nurse, "Draagkracht")


def test_answers_given_without_connection_arrive_once_it_is_back(nurse: Page) -> None:
    begin(nurse)
    nurse.context.set_offline(True)
    tap(nurse, "Q2-1")
    expect_state(nurse, UNSAVED)
    expect(nurse.get_by_text("Er is geen verbinding.")).to_be_visible()
    nurse.context.set_offline(False)
    expect_state(nurse, SAVED)
    nurse.reload()
    expect(nurse.locator("#Q2-1")).to_be_checked()


def test_answers_that_the_server_could_not_take_are_sent_again(nurse: Page) -> None:
    begin(nurse)
    refusals: list[int] = []

    def fail_once(route: Route) -> None:
        if refusals:
            route.continue_()
        else:
            refusals.append(502)
            route.fulfill(status=502)

    nurse.route("**/antwoorden/", fail_once)
    tap(nurse, "Q2-1")
    expect_state(nurse, UNSAVED)
    nurse.get_by_role("button", name="Probeer het nu").click()
    expect_state(nurse, SAVED)


@pytest.mark.parametrize("keeps_hers", [True, False])
def test_two_tabs_are_put_side_by_side(nurse: Page, keeps_hers: bool) -> None:
    begin(nurse)
    other = nurse.context.new_page()
    other.goto(nurse.url)
    give(other, "Q2-1", "Q3-2", then="Klopt alles?")
    tap(nurse, "Q2-1", "Q3-1")
    row = nurse.get_by_role("row").filter(has_text="Genoeg bekend")
    expect(row).to_contain_text("Nog niet, wel binnen 4 weken")
    check_page(nurse)
    if keeps_hers:
        nurse.get_by_role("button", name="Mijn versie op dit scherm geldt").click()
        expect_state(nurse, SAVED)
    else:
        nurse.get_by_role("link", name="De opgeslagen versie geldt").click()
    expect(nurse.locator("#Q3-1" if keeps_hers else "#Q3-2")).to_be_checked()
    nurse.reload()
    expect(nurse.locator("#Q3-1" if keeps_hers else "#Q3-2")).to_be_checked()


def test_it_works_without_a_script(browser: Browser, demo_site: Site) -> None:
    context = browser.new_context(
        base_url=demo_site.url,
        java_script_enabled=False,
        viewport=UPRIGHT,  # type: ignore[arg-type]
    )
    page = context.new_page()
    log_in(page, NURSE)
    begin(page)
    tap(page, "Q2-1", "Q3-1")
    onward(page, "Draagkracht")
    tap(page, "Q4-1", "Q5-1", "Q6-1")
    onward(page, "Draaglast")
    tap(page, "Q7-1", "Q8-1")
    onward(page, "Ondersteuningsbehoefte")
    tap(page, "Q9-1", "Q10-1", "Q11-1")
    onward(page, "Verpleegtechnische zorg")
    tap(page, "Q12-2")
    onward(page, "Verpleegtechnische zorg", "Nakijken")
    expect(page.locator("#Q13")).to_be_visible()
    tap(page, "Q13-injecties")
    onward(page, "Klopt alles?", "Nakijken")
    onward(page, "Waarom dit profiel?", "Afronden")
    expect(page.locator(".verdict")).to_contain_text("DKDL 1")
    context.close()


def test_the_reason_why_is_one_sheet_of_paper(nurse: Page) -> None:
    nurse.goto("/clienten/?status=current")
    nurse.locator(".entry").filter(has_text="DKDL").get_by_role("link").first.click()
    nurse.locator(".entry-title").first.click()
    expect(nurse.get_by_role("heading", name="Waarom dit profiel?")).to_be_visible()
    assert nurse.pdf(format="A4", print_background=True).count(b"/Type /Page\n") == 1


def test_a_team_lead_sees_who_needs_attention(browser: Browser, demo_site: Site) -> None:
    with tablet(browser, demo_site.url) as context:
        page = context.new_page()
        log_in(page, TEAM_LEAD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Wie heeft nog geen profiel?")
        expect(page.get_by_role("heading", name="Welk profiel loopt af?")).to_be_visible()
        check_page(page)
        page.set_viewport_size(UPRIGHT)  # type: ignore[arg-type]
        check_page(page)


def test_the_first_load_of_her_list_is_light(browser: Browser, demo_site: Site) -> None:
    with tablet(browser, demo_site.url) as context:
        page = context.new_page()
        log_in(page, NURSE)
        cookies = context.cookies()
    with tablet(browser, demo_site.url) as fresh:
        fresh.add_cookies(cookies)  # type: ignore[arg-type]
        page = fresh.new_page()
        session = fresh.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto("/clienten/", wait_until="networkidle")
    assert 0 < sum(sizes) < 60_000
