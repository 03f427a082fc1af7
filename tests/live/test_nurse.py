"""A nurse's way on a tablet held upright: client, anamnese, profile; and what may go wrong on the way."""

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
    page.goto("/inloggen/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_label("E-mailadres")).to_be_hidden()


def check_page(page: Page) -> None:
    """Nothing scrolls sideways, and axe finds nothing wrong."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert accessibility_problems(page) == []


def begin(page: Page) -> None:
    """Start an anamnese with a client who waits for one."""
    page.goto("/clienten/")
    page.get_by_role("link", name="Start").first.click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Om te beginnen")).to_be_visible()
    page.wait_for_load_state()  # the script is there too: a test may take the connection away next


def tap(page: Page, *answers: str) -> None:
    """Choose options, such as Q4-2, by their cards."""
    for answer in answers:
        page.locator(f"label[for={answer}]").click()
        expect(page.locator(f"#{answer}")).to_be_checked()


def expect_state(page: Page, words: str) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text(words)


def onward(page: Page, heading: str, button: str = "Volgende") -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def test_she_goes_the_whole_way(nurse: Page) -> None:
    page = nurse
    check_page(page)
    begin(page)
    check_page(page)
    tap(page, "Q2-1", "Q3-1")
    expect_state(page, SAVED)
    expect(page.locator("label[for=voortgang]")).to_have_text("3 van 12")
    onward(page, "Draagkracht")

    onward(page, "Draagkracht")  # nothing answered: it stays, and says so
    expect(page.get_by_role("alert")).to_be_focused()
    check_page(page)
    page.get_by_role("link", name="Geheugen: er is nog geen antwoord").click()
    tap(page, "Q4-2", "Q5-1", "Q6-1")
    onward(page, "Draaglast")
    tap(page, "Q7-1", "Q8-1")
    expect_state(page, SAVED)

    client = page.locator("a.back").get_attribute("href")
    page.goto("/clienten/")  # away, and back
    row = page.locator(".entry").filter(has=page.locator(f'a[href="{client}"]'))
    row.get_by_role("link", name="Verder").click()
    expect(page.get_by_role("heading", name="Ondersteuning")).to_be_visible()
    tap(page, "Q9-1", "Q10-3", "Q11-1")
    onward(page, "Verpleegtechnische zorg")
    expect(page.locator("#Q13")).to_be_hidden()
    tap(page, "Q12-2", "Q13-sonde")
    check_page(page)
    tap(page, "Q12-1")
    expect(page.locator("#Q13")).to_be_hidden()

    onward(page, "Klopt alles?", "Nakijken")
    expect(page.get_by_text("Welke handelingen")).to_have_count(0)
    check_page(page)
    onward(page, "Waarom dit profiel?", "Afronden")
    expect(page.locator(".verdict")).to_contain_text("DKDL 8")
    expect(page.locator("svg title").first).to_contain_text("draagkracht 5 van 7")
    check_page(page)


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
    tap(page, "Q2-2")
    expect(page.get_by_text("horen er niet meer bij en zijn weggehaald")).to_contain_text("Geheugen")
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
    check_page(nurse)
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
    tap(nurse, "Q2-1", "Q3-1")
    expect_state(nurse, UNSAVED)
    expect(nurse.get_by_text("Er is geen verbinding.")).to_be_visible()
    nurse.context.set_offline(False)
    expect_state(nurse, SAVED)
    nurse.reload()
    expect(nurse.locator("#Q3-1")).to_be_checked()


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
    tap(other, "Q2-1", "Q3-2")
    expect_state(other, SAVED)
    tap(nurse, "Q2-1", "Q3-1")
    row = nurse.get_by_role("row").filter(has_text="Genoeg bekend")
    expect(row).to_contain_text("Nog niet, wel binnen 4 weken")
    check_page(nurse)
    if keeps_hers:
        nurse.get_by_role("button", name="Wat hier staat").click()
        expect_state(nurse, SAVED)
    else:
        nurse.get_by_role("link", name="Wat is opgeslagen").click()
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
    onward(page, "Ondersteuning")
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
