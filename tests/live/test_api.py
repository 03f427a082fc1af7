"""A care record system and its administrator, with the running product: token, file, messages, result."""

import hashlib
import json
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from tests.exchange.receiver import Receiver, receiving
from tests.live.site import Site
from tests.live.test_people import ADMINISTRATOR, check_page, heading, log_in
from tests.waiting import wait_until

JSON = "application/json"


class Program:
    """A program with a token, over a real line."""

    def __init__(self, site: Site, token: str) -> None:
        self.root, self.token = f"{site.url}/api/v1", token

    def call(self, path: str, body: bytes | None = None, content_type: str = JSON) -> tuple[int, bytes]:
        """Return status and body of the answer."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        try:
            with urlopen(Request(self.root + path, body, headers)) as answer:  # noqa: S310 - our own site
                return answer.status, answer.read()
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()

    def told(self, path: str, body: bytes | None = None, content_type: str = JSON) -> Any:
        """Return what an answer says."""
        return json.loads(self.call(path, body, content_type)[1])


def make_token(page: Page) -> str:
    """Walk the administrator's way to a token with every scope; return its text."""
    page.get_by_role("link", name="Koppelingen").click()
    heading(page, "Welke programma's mogen erbij?")
    check_page(page)
    page.get_by_role("link", name="Sleutel maken").click()
    page.get_by_role("button", name="Sleutel maken").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check_page(page)
    page.get_by_label("Naam van het programma").fill("Dossier De Lindeboom")
    for option in page.locator("label.option-label").all():
        option.click()
    page.get_by_role("button", name="Sleutel maken").click()
    heading(page, "De sleutel voor Dossier De Lindeboom")
    check_page(page)
    text = page.get_by_label("Sleutel").input_value()
    page.get_by_role("link", name="Klaar").click()
    check_page(page)
    return text


def set_up_messages(page: Page, receiver: Receiver) -> None:
    """Walk the administrator's way to a webhook: refused while the receiver checks nothing, then on."""
    page.get_by_role("link", name="Melding instellen").click()
    check_page(page)
    page.get_by_label("Adres van de ontvanger").fill(receiver.address)
    for option in page.locator("label.option-label").all():
        option.click()
    page.get_by_role("button", name="Vastleggen").click()
    heading(page, "Geef dit geheim aan de ontvanger")
    check_page(page)
    secret = page.get_by_label("Geheim").input_value()
    page.get_by_role("link", name="Verder").click()
    page.get_by_role("button", name="Controleren en aanzetten").click()
    expect(page.get_by_text("met een verkeerde handtekening niet")).to_be_visible()
    check_page(page)
    receiver.secret = secret
    page.get_by_role("button", name="Controleren en aanzetten").click()
    expect(page.get_by_text("De meldingen staan aan.")).to_be_visible()
    check_page(page)


def test_a_care_record_system_brings_a_file_and_takes_the_result(page: Page, demo_site: Site) -> None:
    log_in(page, ADMINISTRATOR)
    program = Program(demo_site, make_token(page))
    with receiving() as receiver:
        set_up_messages(page, receiver)
        receiver.came_in.clear()
        content = next((demo_site.var / "demo").glob("declaratie-75999001*.txt")).read_bytes()
        file = hand_in(program, content)
        wait_until(lambda: program.told(f"/declarations/{file}")["ready"], within=60)
        assert program.call(f"/declarations/{file}/export", b"")[0] in {200, 202}
        wait_until(lambda: program.told(f"/declarations/{file}/export")["state"] == "done", within=60)
        made = program.told(f"/declarations/{file}")
        manifest = program.told(f"/declarations/{file}/manifest")
        assert manifest["result"]["sha256"] == made["export"]["sha256"]
        _status, result = program.call(f"/declarations/{file}/result")
        assert hashlib.sha256(result).hexdigest() == made["export"]["sha256"]
        assert program.call(f"/declarations/{file}/release", b"")[0] == HTTPStatus.OK
        wanted = {"declaration.ready", "declaration.exported"}
        wait_until(lambda: wanted <= events(receiver, file), within=60)
    told = page.get_by_role("row").filter(has_text="Een bestand met profielen is gemaakt").first

    def is_written_down() -> bool:
        page.reload()
        return "Aangekomen" in told.inner_text()

    wait_until(is_written_down, within=60)
    check_page(page)
    take_back(page, program)


def hand_in(program: Program, content: bytes) -> str:
    """Send a file; return its id, also when somebody read it in before."""
    status, body = program.call("/declarations", content, "application/octet-stream")
    assert status in {201, 409}, body
    return str(json.loads(body)["id"])


def events(receiver: Receiver, file: str) -> set[str]:
    """Return what a receiver was told of a file."""
    told = [json.loads(body) for _headers, body in receiver.came_in]
    return {one["event"] for one in told if one["object"]["id"] == file}


def take_back(page: Page, program: Program) -> None:
    """Switch the webhook off and revoke the token: the program is out at once."""
    page.get_by_role("button", name="Uitzetten").click()
    page.get_by_role("link", name="Koppelingen").first.click()
    row = page.get_by_role("listitem").filter(has_text=program.token[:9])
    row.get_by_role("link", name="Intrekken").click()
    check_page(page)
    page.get_by_role("button", name="Ja, intrekken").click()
    expect(page.get_by_text("De sleutel is ingetrokken.")).to_be_visible()
    check_page(page)
    assert program.call("/clients/lookup", b"{}")[0] == 401
