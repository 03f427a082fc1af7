"""Checking a file without reading it in: the records with a finding are shown to who asks for them."""

from io import BytesIO

import pytest
from django.test import Client as Browser
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from tests.declarations.fictional import BSNS, Draft, care, insured
from tests.declarations.office import Office
from tests.declarations.pages import text

pytestmark = pytest.mark.django_db


def test_the_records_with_a_finding_are_shown_to_who_asks_for_them(officer: Browser, office: Office) -> None:
    client = office.client(1)
    known, unknown = insured(1, care(comments=("een",))), insured(0)
    bad = Draft(office.content(unknown, known)).put(5, "0404", "9992").put(6, "9803", "0002").bytes()
    page = text(officer.post(reverse("file-check"), {"file": BytesIO(bad), "records": "on"}))
    assert "Regel 5: Prestatierecord" in page
    assert "Regel 6: Commentaarrecord" in page
    assert "Regel 2: " not in page
    assert BSNS[1] in page
    assert BSNS[0] not in page
    wrong = page[page.index('id="veld-5-0404"') :].split("</tr>")[0]
    assert "De waarde is anders dan in het verzekerdenrecord erboven." in wrong
    with office.facts():
        looked = AccessLog.objects.filter(action=AccessAction.VIEWED_DECLARATION)
        assert [list(row.clients) for row in looked] == [[client.pk]]


def test_a_sign_that_a_screen_acts_on_is_shown_as_a_picture(officer: Browser, office: Office) -> None:
    bad = Draft(office.content()).put(2, "0211", "\x1b[2J\x85".ljust(10)).bytes()
    page = text(officer.post(reverse("file-check"), {"file": BytesIO(bad), "records": "on"}))
    assert "\u241b[2J\ufffd" in page
    assert "\x1b" not in page


@pytest.mark.parametrize("content", [b"bsn;naam\r\n1;2\r\n", b"01\r\nXX\r\n02\xe9\r\n"])
def test_what_is_no_record_can_be_asked_for_too(officer: Browser, office: Office, content: bytes) -> None:
    asked = {"file": BytesIO(content), "records": "on"}
    assert "in dit bestand" in text(officer.post(reverse("file-check"), asked))
