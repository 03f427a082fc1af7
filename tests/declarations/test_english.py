"""The pages of files and clients in all their states in English: no Dutch is left on them."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import localdate

from profiles.schema.models import ClientProfile
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor
from tests.declarations.fictional import credit, insured
from tests.declarations.office import Office
from tests.dutch import dutch_of
from tests.factories import anamneses
from tests.live.visiting import kind_of, pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(office: Office, nurse: Actor) -> Office:
    """An office with a file in every state, and clients with profiles, a correction and a draft."""
    for number in range(3):
        office.client(number)
    office.client(3, day=None)
    with office.house.scope():
        waiting = office.client(4, day=None)
        anamneses.draft(waiting, nurse.membership, day=localdate())
    office.export(office.attached(insured(0), insured(1), insured(9)))
    office.attached(insured(2), insured(3), insured(8), insured(7, credit()), number="F2024-02")
    office.imported(insured(5), number="F2024-03", is_test=True)
    return office


def opener(browser: Browser) -> Callable[[str], str]:
    def opened(path: str) -> str:
        answer = browser.get(path, follow=True)
        is_page = answer["Content-Type"].startswith("text/html")
        return answer.content.decode() if is_page else ""

    return opened


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("nurse", {"client-page", "profile-page", "profile-trail", "anamnese-screen", "client-edit"}),
        ("team_lead", {"team-overview", "device-list", "due-calendar"}),
        ("declaration_officer", {"file-page", "queue-list", "queue-item", "file-line", "file-upload"}),
        ("administrator", {"user-edit", "basis-list", "link-list", "release-preview"}),
        ("privacy_officer", {"access-log", "download-log"}),
        ("insurer_user", {"insurer-files", "insurer-figures"}),
    ],
)
def test_no_dutch_is_left(who: str, kinds: set[str], busy: Office, request: pytest.FixtureRequest) -> None:
    browser = request.getfixturevalue(who).browser
    browser.post(reverse("language-choose"), {"language": "en"})
    with busy.facts():
        draft = Anamnese.objects.get(status=AnamneseStatus.DRAFT).client.public_id
        # Of each kind some pages are visited: whoever has a draft need not be among them.
        with_profile = ClientProfile.objects.order_by("id").first()
        assert with_profile is not None
        client = with_profile.client.public_id
    hers = [reverse("anamnese-start", args=[draft]), reverse("client-page", args=[client])]
    starts = ["/", *hers] if who == "nurse" else ["/"]
    found = {path: dutch_of(page) for start in starts for path, page in pages(opener(browser), start)}
    assert kinds <= {kind_of(path) for path in found}
    assert {path: texts for path, texts in found.items() if texts} == {}
