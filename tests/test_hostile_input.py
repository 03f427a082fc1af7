"""Whatever is sent to whichever address: never a fault of ours, and every page can be read afterwards."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import localdate

from care.accounts.permissions import AccessPolicy
from care.schema.constants import Role
from care.schema.models import Client
from care.strict_json import UnreadableJsonError, read_object
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House, actor
from tests.care.accounts.test_matrix import ADDRESSES, Address
from tests.direction import APPS
from tests.factories import anamneses, people
from tests.profiles.tablet.sending import change, payload, put

pytestmark = pytest.mark.django_db

DEEP = b'{"answers": ' + b"[" * 5000 + b"]" * 5000 + b', "revision": 0}'
TEXTS = (
    "\0",
    "\ud800",
    "\u202e",
    "a" * 20_000,
    "",
    " ",
    "é" * 200,
    "0001-01-01",
    "9999-12-31",
    "-1",
    "1e400",
    "::1",
)
VALUES: tuple[Any, ...] = (
    *TEXTS,
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1.5,
    [],
    {},
    [[]],
    {"a": {"b": []}},
)
FIELDS = (
    "answers", "revision", "seconds", "password", "unsent", "since", "storage", "clock", "version", "nurse",
    "organisation", "id", "client", "date", "corrects", "reason", "finish", "derived", "active_seconds",
    "hash", "next", "language", "membership", "username", "bsn", "q", "page", "vanaf", "tot", "dag", "team",
)  # fmt: skip
WHOLE = (
    b"",
    b"null",
    b"[]",
    b'"a"',
    b"{",
    b"\xff\xfe",
    b'{"a": NaN}',
    b'{"a": 1e999}',
    DEEP,
    b'{"\\u0000": "\\ud800"}',
)
KINDS = (
    "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=\xe9",
    "application/json; charset=klingon", "application/x-www-form-urlencoded; charset=%00", "", "a" * 500,
    "multipart/form-data; boundary=" + "b" * 300,
)  # fmt: skip
NEARLY: dict[str, tuple[Any, ...]] = {
    "answers": (
        {"Q2": ["1"]},
        {"Q13": "injecties"},
        {"Q2": None},
        {"Q2": {"Q2": "1"}},
        {"": "1"},
        {"Q2": "1" * 999},
    ),
    "date": ("2026-02-30", "2026-W10-1", "20260301", "9999-12-31", "0001-01-01", "2026-03-01T00:00:00"),
    "derived": ({"code": "X" * 400, "ruleset_hash": "0" * 64}, {"code": "MKT", "ruleset_hash": "A" * 64}, {}),
    "version": ("2.0.0.0", "../2.0", "2.0\n"),
    "revision": (2**31 - 1, 2**31, 0.5),
    "active_seconds": (86_400, 86_401),
}
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD")
TRIES = 400


@pytest.fixture
def nurse_at_work(thuis: House, nurse: Actor) -> tuple[Actor, Client, Anamnese]:
    with thuis.scope():
        client = people.client(thuis.north)
        draft = anamneses.draft(client, nurse.membership, day=localdate())
    return nurse, client, draft


def path_of(address: Address, client: Client, draft: Anamnese) -> str:
    parts = dict(address.parts)
    known = {"client": client.public_id, "anamnese": draft.public_id}
    for part in parts:
        owner = next((each for each in known if address.name.startswith((each, f"tablet-{each}"))), None)
        if part == "public_id" and owner:
            parts[part] = known[owner]
    return reverse(address.name, kwargs=parts)


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def sent(random: Random) -> tuple[bytes, str]:
    kind = random.choice(KINDS)
    shape = random.random()
    if shape < 0.3:
        return random.choice(WHOLE), kind
    fields = {name: random.choice(VALUES) for name in random.sample(FIELDS, random.randint(1, 8))}
    if shape < 0.8:
        return dumped(fields), kind
    return "&".join(f"{name}={value!s:.200}" for name, value in fields.items()).encode(
        "utf-8", "replace"
    ), kind


def addresses() -> Iterator[Address]:
    # The API has its own (tests/exchange/test_properties.py); logging out would end the walk.
    return (each for each in ADDRESSES if each.right != AccessPolicy.TOKEN and each.name != "logout")


@pytest.mark.parametrize("role", [Role.NURSE, Role.DECLARATION_OFFICER, Role.ADMINISTRATOR])
def test_nothing_that_is_sent_is_a_fault_of_ours_and_every_page_is_read_afterwards(
    nurse_at_work: tuple[Actor, Client, Anamnese], thuis: House, role: Role
) -> None:
    nurse, client, draft = nurse_at_work
    person = nurse if role == Role.NURSE else actor(role, thuis)
    person.browser.raise_request_exception = False
    listed, random = list(addresses()), Random(f"hostile {role}")  # noqa: S311 - the same every time
    for _try in range(TRIES):
        address, method = random.choice(listed), random.choice(METHODS)
        body, kind = sent(random)
        query = f"?{random.choice(FIELDS)}={random.choice(TEXTS)[:300]!s}".encode("utf-8", "replace").decode()
        path = path_of(address, client, draft)
        with transaction.atomic():  # of its own, as in the product: what it undoes is its own
            answer = person.browser.generic(method, path + query, body, content_type=kind)
        assert answer.status_code < 500, (address.name, method, query[:80], body[:300], kind[:80])
    read_all(person.browser, client, draft)
    read_all(actor(Role.TEAM_LEAD, thuis).browser, client, draft)


def test_a_payload_that_arrived_whole_and_says_nonsense_is_no_fault_either(
    nurse_at_work: tuple[Actor, Client, Anamnese], team_lead: Actor
) -> None:
    nurse, client, draft = nurse_at_work
    nurse.browser.raise_request_exception = False
    random = Random("whole payloads")  # noqa: S311 - the same every time
    for _try in range(TRIES // 2):
        good = payload(nurse, client) | ({"id": str(draft.public_id)} if random.random() < 0.5 else {})
        fields = random.sample(sorted(good), random.randint(1, 3))
        bad = {name: random.choice([*VALUES, *NEARLY.get(name, ())]) for name in fields if name != "id"}
        try:
            sent_ = change(good, **bad)
        except UnicodeEncodeError:  # half a surrogate pair has no bytes: no tablet could send it
            continue
        answer = put(nurse.browser, sent_)
        assert answer.status_code < 500, bad
    read_all(nurse.browser, client, draft)
    read_all(team_lead.browser, client, draft)


def read_all(browser: Browser, client: Client, draft: Anamnese) -> None:
    browser.raise_request_exception = False
    for address in addresses():
        assert browser.get(path_of(address, client, draft)).status_code < 500, address.name


@pytest.mark.parametrize("body", [*WHOLE, dumped({"a": 2**60}), dumped({"a": "\0"}), dumped({"a": "\ud800"})])
def test_what_is_no_usable_object_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableJsonError):
        read_object(body)


def test_an_object_of_ours_is_read() -> None:
    fields = {
        "answers": {"Q13": ["injecties"]},
        "revision": 3,
        "seconds": 1.5,
        "reason": "té 👍",
        "none": None,
    }
    assert read_object(dumped(fields)) == fields


#: What views read back that the product itself stored.
OWN_JSON = {("declarations/replies/views.py", "row.shown")}
ROOT = Path(__file__).parents[1]


def read_as_json() -> Iterator[tuple[str, str]]:
    """Yield each file of views, and what it gives to a reader of JSON other than ours."""
    files = (file for app in APPS for file in (ROOT / app).rglob("*.py"))
    for file in sorted(file for file in files if {"views", "views.py"} & set(file.parts)):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"json.loads", "json.load", "loads"}:
                yield str(file.relative_to(ROOT)), ast.unparse(node.args[0])


def test_no_view_reads_what_was_sent_but_by_the_strict_reader() -> None:
    assert set(read_as_json()) == OWN_JSON


@pytest.mark.parametrize(
    ("name", "said"), [("session-lock", {"locked": True}), ("session-reopen", {"open": False})]
)
@pytest.mark.parametrize("body", [DEEP, b'{"token": "\\ud800"}', b"[]", b""])
def test_what_is_no_object_can_lock_and_opens_nothing(
    thuis: House, name: str, said: dict[str, bool], body: bytes
) -> None:
    nurse = actor(Role.NURSE, thuis)
    answer = nurse.browser.post(reverse(name), body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, said)


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1970-01-01T00:00:00Z"]
)
def test_a_moment_that_no_calendar_shows_breaks_no_page(thuis: House, since: str) -> None:
    nurse, lead = actor(Role.NURSE, thuis), actor(Role.TEAM_LEAD, thuis)
    said = {"unsent": 1, "since": since, "storage": "persisted", "clock": 0, "version": "abc"}
    path = reverse("tablet-device", kwargs={"public_id": uuid4()})
    assert nurse.browser.put(path, dumped(said), content_type="application/json").status_code in {200, 400}
    assert lead.browser.get(reverse("device-list")).status_code == 200


@pytest.mark.parametrize(
    "next_", ["\0", "/\r\nX: y", "//elders.example", "http://[", "/" + "a" * 9000, "\ud800"]
)
def test_where_to_go_after_choosing_a_language_is_this_site(next_: str) -> None:
    browser = Browser(raise_request_exception=False)
    body = f"language=en&next={next_}".encode("utf-8", "replace")
    kind = "application/x-www-form-urlencoded"
    answer = browser.generic("POST", reverse("language-choose"), body, content_type=kind)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")
