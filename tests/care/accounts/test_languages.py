"""Dutch for everybody who did not ask for English, and English on every page for who did."""

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from care.accounts.people import choose_language, password_link
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.factories import people

NEW = "een heel nieuwe lange zin"
ENGLISH = {"accept-language": "en-GB,en;q=0.9"}


def choose(browser: Browser, language: str, **more: str) -> object:
    return browser.post(reverse("language-choose"), {"language": language, **more})


@pytest.mark.django_db
def test_what_a_browser_prefers_does_not_count() -> None:
    answer = Browser().get(reverse("login"), headers=ENGLISH)
    assert '<html lang="nl">' in answer.content.decode()
    assert answer["Content-Language"] == "nl"
    assert "Inloggen" in answer.content.decode()


@pytest.mark.django_db
def test_before_logging_in_the_browser_remembers_the_choice() -> None:
    browser = Browser()
    assert choose(browser, "en", next=reverse("login")).url == reverse("login")  # type: ignore[attr-defined]
    page = browser.get(reverse("login")).content.decode()
    assert '<html lang="en">' in page
    assert "Log in" in page
    assert "Inloggen" not in page
    choose(browser, "nl")
    assert '<html lang="nl">' in browser.get(reverse("login")).content.decode()


def test_the_choice_goes_with_the_account_to_another_browser(nurse: Actor) -> None:
    choose(nurse.browser, "en")
    elsewhere = Browser()
    elsewhere.force_login(nurse.user)
    page = elsewhere.get(reverse("client-list")).content.decode()
    assert '<html lang="en">' in page
    assert "Who are you going to visit?" in page or "Clients of the team" in page


def test_english_of_the_browser_is_not_forced_on_the_next_colleague(nurse: Actor, team_lead: Actor) -> None:
    choose(nurse.browser, "en")
    nurse.browser.force_login(team_lead.user)
    assert '<html lang="nl">' in nurse.browser.get(reverse("start"), follow=True).content.decode()


@pytest.mark.parametrize("language", ["", "fr", "<b>"])
def test_a_language_that_is_not_there_changes_nothing(nurse: Actor, language: str) -> None:
    choose(nurse.browser, language)
    nurse.user.refresh_from_db()
    assert nurse.user.language == "nl"
    assert "language" not in nurse.browser.cookies


def test_it_leads_back_to_pages_of_this_site_only(nurse: Actor) -> None:
    assert choose(nurse.browser, "en", next="https://elders.test/").url == reverse("start")  # type: ignore[attr-defined]


def test_a_cookie_with_nonsense_is_dutch(db: None) -> None:
    browser = Browser()
    browser.cookies["language"] = "xx"
    assert browser.get(reverse("login"))["Content-Language"] == "nl"


def test_own_settings_offer_the_other_language_in_that_language(nurse: Actor) -> None:
    page = as_shown(nurse.browser.get(reverse("own-settings")))
    assert 'value="en" lang="en">English</button>' in page
    assert 'value="nl"' not in page


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html", "400.html"])
def test_a_page_of_an_error_says_its_language(name: str) -> None:
    from django.template.loader import render_to_string

    with translation.override("en"):
        page = render_to_string(name)
    assert '<html lang="en">' in page


def test_a_refusal_is_in_the_language_of_who_asked(nurse: Actor) -> None:
    choose(nurse.browser, "en")
    page = nurse.browser.get(reverse("user-list")).content.decode()
    assert "You may not look at this" in page


@pytest.mark.django_db
def test_programs_read_dutch_whoever_asks() -> None:
    browser = Browser()
    choose(browser, "en")
    answer = browser.get("/api/v1/clients", headers=ENGLISH)
    assert answer["Content-Language"] == "nl"
    assert "Stuur een geldige sleutel mee" in answer.content.decode()


def test_dates_are_in_the_language() -> None:
    from datetime import date

    with translation.override("en"):
        assert date_format(date(2026, 3, 2)) == "2 March 2026"
        assert date_format(date(2026, 3, 2), "SHORT_DATE_FORMAT") == "2-3-2026".replace("2-3", "02-03")
    assert date_format(date(2026, 3, 2)) == "2 maart 2026"


@pytest.mark.django_db
def test_no_language_stays_behind_for_the_next_request(thuis: House) -> None:
    user = people.user()
    choose_language(user=user, language="en")
    browser = Browser()
    browser.force_login(user)
    browser.get(reverse("own-settings"))
    assert translation.get_language() == "nl"


@pytest.mark.django_db
@pytest.mark.parametrize(("chosen", "account"), [("en", "en"), ("nl", "nl"), (None, "nl")])
def test_who_sets_a_password_in_english_goes_on_in_english(chosen: str | None, account: str) -> None:
    user, browser = people.user(password=None), Browser()
    if chosen:
        choose(browser, chosen)
    link = password_link(user=user).removeprefix(settings.BASE_URL)
    form = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(form, {"new_password1": NEW, "new_password2": NEW})
    user.refresh_from_db()
    assert user.has_usable_password()
    assert user.language == account
