"""Logging in and out, passwords, choosing a role, and where everybody starts."""

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.urls import reverse

from care import tasks
from care.accounts.people import password_link
from care.registries.menu import links_of
from care.schema.constants import Role
from tests.actors import Actor, House, actor
from tests.factories import people
from tests.factories.people import PASSWORD

NEW = "een heel nieuwe lange zin"


def log_in(browser: Browser, email: str, password: str = PASSWORD, **more: str) -> object:
    return browser.post(reverse("login"), {"username": email, "password": password} | more)


def test_it_logs_in_whatever_the_capitals_and_starts_at_the_start(nurse: Actor) -> None:
    browser = Browser()
    answer = browser.post(
        reverse("login"), {"username": nurse.user.email.upper(), "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[0][0] == reverse("start")
    assert answer.redirect_chain[1][0] == reverse("client-list")


@pytest.mark.parametrize(
    ("way", "page"), [("tablet", "tablet"), ("pages", "client-list"), ("?", "client-list")]
)
def test_a_nurse_starts_in_the_app_on_a_device_that_is_for_it(nurse: Actor, way: str, page: str) -> None:
    nurse.browser.cookies["way"] = way
    assert nurse.browser.get(reverse("start"))["Location"] == reverse(page)


def test_who_does_not_fill_in_starts_at_a_page_on_every_device(team_lead: Actor) -> None:
    team_lead.browser.cookies["way"] = "tablet"
    assert team_lead.browser.get(reverse("start"))["Location"] == reverse("team-overview")


@pytest.mark.django_db
def test_every_failure_to_log_in_looks_the_same() -> None:
    known = people.user()
    waiting = people.user(password=None)
    switched_off = people.user()
    switched_off.is_active = False
    switched_off.save()
    tries = [
        (known.email, "fout"),
        (waiting.email, "fout"),
        (switched_off.email, PASSWORD),
        ("x@y.test", "fout"),
    ]
    pages = set()
    for email, password in tries:
        answer = Browser().post(reverse("login"), {"username": email, "password": password})
        assert answer.status_code == 200
        assert "horen niet bij elkaar" in answer.content.decode()
        pages.add(answer.content.decode().replace(email, "").split("csrfmiddlewaretoken")[0])
    assert len(pages) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False])
def test_a_password_is_hashed_once_for_every_try(known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the time an answer takes does not tell who has an account."""
    email = people.user().email if known else "niemand@voorbeeld.test"
    hasher = type(hashers.get_hasher())
    hashed: list[str] = []
    encode = hasher.encode

    def count(self: hashers.BasePasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hasher, "encode", count)
    Browser().post(reverse("login"), {"username": email, "password": "fout"})
    assert hashed == ["fout"]


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [("/wachtwoord/", "/wachtwoord/"), ("https://elders.test/", "/"), ("//elders.test", "/"), ("", "/")],
)
def test_it_goes_back_only_to_pages_of_our_own(nurse: Actor, wanted: str, goes_to: str) -> None:
    answer = Browser().post(
        reverse("login"), {"username": nurse.user.email, "password": PASSWORD, "next": wanted}
    )
    assert answer["Location"] == goes_to


def test_sessions_that_have_ended_are_removed(nurse: Actor) -> None:
    ended = SessionStore()
    ended.set_expiry(-1)
    ended.save()
    tasks.forget_old_sessions()
    assert not Session.objects.filter(session_key=ended.session_key).exists()
    assert nurse.browser.get(reverse("client-list")).status_code == 200


def test_logging_out_is_a_post_and_ends_the_session(nurse: Actor) -> None:
    assert nurse.browser.get(reverse("logout")).status_code == 405
    assert nurse.browser.post(reverse("logout"))["Location"] == reverse("login")
    assert nurse.browser.get(reverse("client-list")).status_code == 302


@pytest.mark.django_db
def test_a_page_asks_to_log_in_and_comes_back() -> None:
    answer = Browser().get(reverse("user-list"), {"a": "b"})
    assert answer["Location"] == f"{reverse('login')}?next=/mensen/%3Fa%3Db"


@pytest.mark.django_db
def test_a_form_sent_after_logging_out_comes_back_to_its_page() -> None:
    answer = Browser().post(reverse("team-add"), headers={"referer": "http://testserver/teams/nieuw/?x=1"})
    assert answer["Location"] == f"{reverse('login')}?next=/teams/nieuw/"
    elsewhere = Browser().post(reverse("team-add"), headers={"referer": "https://elders.test/weg/"})
    assert elsewhere["Location"] == f"{reverse('login')}?next=/"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["team-add", "start"])
@pytest.mark.parametrize("headers", [{"x-requested-with": "fetch"}, {"accept": "application/json"}])
def test_a_script_of_somebody_logged_out_gets_401_and_no_other_page(
    name: str, headers: dict[str, str]
) -> None:
    answer = Browser().post(reverse(name), headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"] == "not_logged_in"
    assert answer.json()["login_url"] == reverse("login")


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_dutch() -> None:
    browser = Browser(enforce_csrf_checks=True)
    page = browser.post(reverse("login"), {})
    assert page.status_code == 403
    assert "Ga terug" in page.content.decode()
    answer = browser.post(reverse("login"), {}, headers={"x-requested-with": "fetch"})
    assert answer.status_code == 403
    assert answer.json()["error"] == "csrf"


def test_another_password_ends_other_sessions_but_not_this_one(nurse: Actor) -> None:
    elsewhere = Browser()
    elsewhere.force_login(nurse.user)
    wrong = nurse.browser.post(
        reverse("password_change"), {"old_password": "fout", "new_password1": NEW, "new_password2": "anders"}
    )
    assert "Dit is niet je huidige wachtwoord." in wrong.content.decode()
    assert "De twee wachtwoorden zijn niet hetzelfde." in wrong.content.decode()
    done = nurse.browser.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    )
    assert done["Location"] == reverse("start")
    assert nurse.browser.get(reverse("password_change")).status_code == 200
    assert elsewhere.get(reverse("password_change")).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("kort", "te kort: kies minstens 12 tekens"),
        ("password1234", "makkelijk te raden"),
        ("anoukdevries@", "lijkt te veel op je naam of je e-mailadres"),
    ],
)
def test_a_password_that_is_too_easy_is_refused_where_it_was_typed(password: str, sentence: str) -> None:
    user = people.user(password=None, name="Anouk de Vries", email="anoukdevries@example.org")
    path = password_link(user=user).partition("localhost")[2].partition("/")[2]
    browser = Browser()
    where = browser.get(f"/{path}", follow=True).redirect_chain[-1][0]
    answer = browser.post(where, {"new_password1": password, "new_password2": "iets anders"})
    assert answer.status_code == 200
    (said,) = answer.context["form"].errors["new_password1"]
    assert sentence in said
    assert answer.context["form"].errors["new_password2"] == ["De twee wachtwoorden zijn niet hetzelfde."]
    user.refresh_from_db()
    assert not user.has_usable_password()


@pytest.mark.django_db
def test_the_token_of_a_link_leaves_the_address_at_once() -> None:
    user = people.user(password=None)
    link = password_link(user=user)
    token = link.rstrip("/").rpartition("/")[2]
    answer = Browser().get("/" + link.partition("localhost")[2].partition("/")[2])
    assert answer.status_code == 302
    assert token not in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["geen-uuid", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"])
def test_a_link_that_was_made_up_says_that_it_does_not_work(who: str) -> None:
    answer = Browser().get(reverse("password_set", args=[who, "abc-def"]))
    assert answer.status_code == 200
    assert "werkt niet meer" in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.INSURER])
def test_everybody_starts_on_the_first_page_of_the_role(role: Role, thuis: House) -> None:
    person = actor(role, thuis)
    answer = person.browser.get(reverse("start"))
    assert answer["Location"] == reverse(links_of(role)[0].name)
    assert person.browser.get(answer["Location"]).status_code == 200


def test_somebody_of_an_insurer_starts_with_what_is_addressed_to_it(insurer_user: Actor) -> None:
    answer = insurer_user.browser.get(reverse("start"))
    assert answer["Location"] == reverse("insurer-files")


@pytest.mark.django_db
def test_somebody_without_a_role_reads_whom_to_ask() -> None:
    browser = Browser()
    browser.force_login(people.user())
    page = browser.get(reverse("start"))
    assert page.status_code == 200
    assert "functioneel beheerder" in page.content.decode()


def test_one_works_in_the_role_one_chose(thuis: House, elders: House, nurse: Actor) -> None:
    with elders.scope():
        other = people.membership(Role.ADMINISTRATOR, organisation=elders.organisation, user=nurse.user)
    assert nurse.browser.get(reverse("user-list")).status_code == 403
    answer = nurse.browser.post(reverse("membership-choose"), {"membership": str(other.public_id)})
    assert answer["Location"] == reverse("start")
    page = nurse.browser.get(reverse("user-list"))
    assert page.status_code == 200
    assert "Zorg Elders" in page.content.decode()


def test_a_role_of_somebody_else_cannot_be_chosen(nurse: Actor, administrator: Actor) -> None:
    answer = nurse.browser.post(
        reverse("membership-choose"), {"membership": str(administrator.membership.public_id)}
    )
    assert answer.status_code == 404
    assert nurse.browser.get(reverse("user-list")).status_code == 403


def test_pages_are_not_kept_by_caches(nurse: Actor) -> None:
    answer = nurse.browser.get(reverse("password_change"))
    assert "no-store" in answer["Cache-Control"]
