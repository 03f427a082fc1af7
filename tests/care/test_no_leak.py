"""No BSN, name or answer in a log line, an address, a task or the text of an exception."""

import json
import logging
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from celery import Celery
from django.test import Client as Browser
from django.urls import reverse

from care.schema.models import Client
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House
from tests.care.clients.test_client_import import load, row
from tests.care.clients.test_client_pages import form
from tests.factories import people
from tests.leaks import Traces, watched

SURNAME = "Wilgenhofstee"
ANSWER = "darmspoeling"
NO_BSN = "999000001"


class Walk:
    """One person's way through pages, of which every link is noted."""

    def __init__(self, browser: Browser, traces: Traces) -> None:
        self.browser = browser
        self.traces = traces

    def get(self, name: str, *arguments: object, **words: str) -> None:
        """Open a page."""
        self.traces.look_at(self.browser.get(reverse(name, args=arguments), words, follow=True))

    def post(self, name: str, *arguments: object, **sent: str) -> None:
        """Send a form and go where it leads."""
        self.traces.look_at(self.browser.post(reverse(name, args=arguments), sent))
        self.traces.look_at(self.browser.post(reverse(name, args=arguments), sent, follow=True))


def test_a_day_at_work_leaves_no_secret_behind(
    thuis: House,
    elders: House,
    nurse: Actor,
    administrator: Actor,
    privacy_officer: Actor,
    nurse_elsewhere: Actor,
) -> None:
    bsn = people.bsn()
    with watched() as traces:
        work = Walk(nurse.browser, traces)
        work.get("client-add")
        work.post("client-add", **form(thuis, bsn=NO_BSN, surname=SURNAME))
        work.post("client-add", **form(thuis, bsn=bsn, surname=SURNAME))
        with thuis.scope():
            client = Client.objects.get()
        work.get("client-list")
        work.post("client-list", q=SURNAME)
        work.post("client-list", q=bsn)
        work.get("client-page", client.public_id)
        work.get("client-edit", client.public_id)
        work.post("client-edit", client.public_id, **form(thuis, bsn="", surname=""))
        fill_in(work, thuis, client)
        office = Walk(administrator.browser, traces)
        office.post("client-register", bsn=bsn)
        office.post("client-register", date_of_birth="04-05-1938")
        Walk(privacy_officer.browser, traces).post("access-log", bsn=bsn)
        Walk(nurse_elsewhere.browser, traces).get("client-page", client.public_id)
    assert len(traces.addresses) > 100
    traces.hold_none_of(bsn, NO_BSN, SURNAME, ANSWER)


def fill_in(work: Walk, house: House, client: Client) -> None:
    """Start an anamnese, save answers and look at them again."""
    work.post("anamnese-start", client.public_id, day="2024-02-01")
    with house.scope():
        anamnese = Anamnese.objects.get()
    save = reverse("anamnese-save", args=[anamnese.public_id])
    right = {"Q2": "1", "Q3": "1", "Q12": "2", "Q13": [ANSWER]}
    tries = [
        ({"answers": right, "revision": 0}, 200),
        ({"answers": {"Q13": [ANSWER, "x"]}, "revision": 1}, 422),
    ]
    for sent, status in [*tries, (ANSWER, 400)]:
        answer = work.browser.put(save, json.dumps(sent), content_type="application/json")
        assert answer.status_code == status
    work.get("anamnese-fill", anamnese.public_id)
    work.get("anamnese-review", anamnese.public_id)
    work.post("anamnese-finish", anamnese.public_id)


def test_a_page_that_breaks_logs_no_secret(
    thuis: House, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log holds the path of an error, not what was sent or what stood in variables."""
    secret = people.bsn()

    def broken(**_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("care.clients.registration.create_client", broken)
    browser = Browser(raise_request_exception=False)
    browser.force_login(nurse.user)
    with watched() as traces:
        answer = browser.post(reverse("client-add"), form(thuis, bsn=secret, surname=SURNAME))
    assert answer.status_code == 500
    assert any("RuntimeError" in line for line in traces.log)
    traces.hold_none_of(secret, SURNAME)
    assert secret not in answer.content.decode()


def test_a_file_that_is_refused_names_lines_only(thuis: House, tmp_path: Path) -> None:
    known = people.bsn()
    people.insurer()
    with watched() as traces:
        code, out, err = load(
            thuis, tmp_path, row(known, achternaam=SURNAME), row(known, achternaam=SURNAME), row(NO_BSN)
        )
    assert code == 1
    traces.log += [out, err]
    traces.hold_none_of(known, SURNAME, NO_BSN)


def test_the_watch_sees_what_it_is_for(db: None) -> None:
    with watched() as traces:
        logging.getLogger("care.somewhere").debug("client %s", "Geheim1")
        Browser().get("/inloggen/", {"q": "Geheim 2"})
        app = Celery("test", broker="memory://", set_as_current=False)
        app.send_task("some.task", args=["Geheim3"])
        traces.look_at(Browser().get("/?bsn=Geheim4"))
    for secret in ("geheim1", "Geheim 2", "Geheim3", "GEHEIM4"):
        with pytest.raises(AssertionError):
            traces.hold_none_of(secret)
    traces.hold_none_of("Geheim5")


def test_sessions_and_messages_hold_no_names(thuis: House, nurse: Actor) -> None:
    """Messages travel in a cookie that is signed, not encrypted."""
    secret = people.bsn()
    answer = nurse.browser.post(reverse("client-add"), form(thuis, bsn=secret, surname=SURNAME))
    assert "toegevoegd" in read(answer.cookies["messages"].value)
    cookies = " ".join(read(cookie.value) for cookie in answer.cookies.values())
    stored = json.dumps(dict(nurse.browser.session.items()))
    for text in (cookies, stored):
        assert secret not in text
        assert SURNAME not in text


def read(cookie: str) -> str:
    """Return what anybody can read in a signed cookie."""
    payload = cookie.partition(":")[0]
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode("utf-8", "replace")
