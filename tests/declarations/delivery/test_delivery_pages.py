"""The officer's pages after a file was made: handed over, answered; and what can be done for one person."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from declarations.schema.constants import AttachmentKind, AttachmentState, DownloadKind, Reason
from declarations.schema.delivery_constants import JobPhase, ReplyState
from declarations.schema.delivery_models import Delivery, Progress, Reply
from declarations.schema.disclosure_models import Download
from declarations.schema.models import Attachment, DeclarationFile, Exclusion, ProfileRecord
from profiles.schema.constants import EventKind
from profiles.schema.models import ReassessmentEvent
from tests.actors import Actor
from tests.declarations.fictional import Draft, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db


def exported(office: Office, *numbers: int) -> DeclarationFile:
    for number in numbers:
        office.client(number)
    file = office.attached(*(insured(number) for number in (*numbers, 9)))
    office.export(file)
    return file


def deliver(officer: Browser, file: DeclarationFile, **changes: str) -> Any:
    now = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    sent = {"delivered_at": now, "receipt": "VZ-1"} | changes
    return officer.post(reverse("file-delivered", args=[file.public_id]), sent, follow=True)


def reference(office: Office, file: DeclarationFile) -> str:
    with office.facts():
        return ProfileRecord.objects.filter(attachment__file=file).order_by("id")[0].reference


def send_list(officer: Browser, *lines: str) -> Any:
    content = BytesIO(("referentie;status;reden\n" + "".join(f"{line}\n" for line in lines)).encode())
    content.name = "antwoord.csv"
    return officer.post(reverse("reply-list"), {"list": content}, follow=True)


def returned(officer: Browser, office: Office) -> tuple[DeclarationFile, Attachment]:
    """Return a file of which the one record came back, and the row that waits for the officer."""
    file = exported(office, 0)
    deliver(officer, file)
    officer.post(
        reverse("file-reply", args=[file.public_id]), {"status": "afgekeurd", "reason": "Onbekende code"}
    )
    (waiting,) = office.items(file, AttachmentKind.CORRECTION)
    return file, waiting


def test_delivery_is_written_down_with_who_and_when(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    file = exported(office, 0)
    assert "Nog niet vastgelegd" in shown(officer, "file-page", file.public_id)
    assert "Vastgelegd dat het bestand is aangeleverd." in text(deliver(officer, file))
    with office.facts():
        row = Delivery.objects.get()
    assert (row.user, row.receipt) == (declaration_officer.user, "VZ-1")
    page = shown(officer, "file-page", file.public_id)
    assert f"vastgelegd door {declaration_officer.user.name}" in page
    assert "ontvangstnummer VZ-1" in page


@pytest.mark.parametrize("when", ["2019-01-01T10:00", "2999-01-01T10:00", "gisteren", ""])
def test_an_impossible_moment_is_refused_at_the_field(officer: Browser, office: Office, when: str) -> None:
    file = exported(office, 0)
    page = deliver(officer, file, delivered_at=when)
    assert "invalid-feedback" in text(page)
    with office.facts():
        assert not Delivery.objects.exists()


def test_a_test_file_is_never_delivered(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached(is_test=True)
    office.export(file)
    assert "Aanlevering vastleggen" not in shown(officer, "file-page", file.public_id)
    assert "proefbestand" in text(deliver(officer, file))


def test_a_list_is_looked_at_before_it_counts(officer: Browser, office: Office) -> None:
    file = exported(office, 0)
    deliver(officer, file)
    page = send_list(officer, f"{reference(office, file)};afgekeurd;Onbekende code")
    assert "Er is nog niets vastgelegd." in text(page)
    assert "Onbekende code" in text(page)
    assert office.states(file)[0][0] == AttachmentState.EXPORTED
    with office.facts():
        reply = Reply.objects.get()
        assert AccessLog.objects.filter(action=AccessAction.LISTED).exists()
    done = officer.post(reverse("reply-page", args=[reply.public_id]), follow=True)
    assert "Vastgelegd: 0 aanvaard, 1 afgekeurd." in text(done)
    assert office.states(file)[0][0] == AttachmentState.REJECTED
    again = officer.get(reverse("reply-page", args=[reply.public_id]))
    assert again.headers["Location"] == reverse("reply-list")


def test_a_list_can_be_thrown_away(officer: Browser, office: Office) -> None:
    file = exported(office, 0)
    deliver(officer, file)
    send_list(officer, f"{reference(office, file)};aanvaard;")
    with office.facts():
        reply = Reply.objects.get()
    officer.post(reverse("reply-drop", args=[reply.public_id]))
    with office.facts():
        assert not Reply.objects.exists()


def test_what_was_recorded_cannot_be_thrown_away(officer: Browser, office: Office) -> None:
    returned(officer, office)
    with office.facts():
        reply = Reply.objects.get()
    answer = officer.post(reverse("reply-drop", args=[reply.public_id]), follow=True)
    assert "Er is niets weggegooid." in text(answer)
    with office.facts():
        assert Reply.objects.get().state == ReplyState.RECORDED


def test_mistakes_in_a_list_are_told_by_line(officer: Browser, office: Office) -> None:
    page = send_list(officer, f"DV{'A' * 18};goed;")
    assert page.status_code == 422
    assert "De lijst is niet vastgelegd: er zit 1 fout in." in text(page)
    assert "Hier hoort aanvaard of afgekeurd te staan." in text(page)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("referentie;status;reden\nA;aanvaard;cliënt\n".encode("latin-1"), "CSV UTF-8"),
        (b"PK\x03\x04" + bytes(range(256)), "geen CSV-bestand, maar bijvoorbeeld een Excel-bestand"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_as_a_whole(
    officer: Browser, content: bytes, told: str
) -> None:
    sent = BytesIO(content)
    sent.name = "antwoord.csv"
    page = text(officer.post(reverse("reply-list"), {"list": sent}))
    assert told in page
    assert (page.count("hele lijst"), page.count("alle")) == (1, 1)
    assert "hele regel" not in page


def test_a_list_of_another_organisation_is_not_there(
    officer: Browser, office: Office, declaration_officer_elsewhere: Actor
) -> None:
    file = exported(office, 0)
    deliver(officer, file)
    send_list(officer, f"{reference(office, file)};aanvaard;")
    with office.facts():
        reply = Reply.objects.get()
    browser = declaration_officer_elsewhere.browser
    for name, key in (("reply-page", reply.public_id), ("reply-drop", reply.public_id)):
        assert browser.post(reverse(name, args=[key])).status_code == 404
    for name in ("file-delivered", "file-reply", "file-manifest", "file-export-progress"):
        assert browser.get(reverse(name, args=[file.public_id])).status_code == 404


def test_a_whole_file_is_answered_on_one_page(officer: Browser, office: Office) -> None:
    file = exported(office, 0)
    deliver(officer, file)
    address = reverse("file-reply", args=[file.public_id])
    assert "Dit antwoord geldt voor 1 profielregel" in text(officer.get(address))
    assert "Schrijf op waarom" in text(officer.post(address, {"status": "afgekeurd"}))
    page = officer.post(address, {"status": "aanvaard"}, follow=True)
    assert "Vastgelegd: 1 aanvaard, 0 afgekeurd." in text(page)
    assert office.states(file)[0][0] == AttachmentState.ACCEPTED


def test_what_came_back_is_on_the_file_s_page_with_its_reason(officer: Browser, office: Office) -> None:
    file, waiting = returned(officer, office)
    assert "Teruggekomen van de verzekeraar" in shown(officer, "file-page", file.public_id)
    page = shown(officer, "queue-item", waiting.public_id)
    assert "Onbekende code" in page
    assert reference(office, file) in page
    assert "Opnieuw aanbieden" in page
    assert "Aan de verpleegkundige vragen" in page


def test_the_start_page_tells_what_came_back_until_somebody_acted(officer: Browser, office: Office) -> None:
    file, waiting = returned(officer, office)
    page = shown(officer, "file-list")
    assert f"1 profielregel van factuur {file.invoice_number} kwam terug" in page
    assert page.count("alert-warning") == 1
    where = reverse("queue-list", args=[file.public_id])
    assert "Wie is aangehouden" in text(
        officer.get(where, {"staat": "held", "reden": "returned", "soort": "correction"})
    )
    officer.post(reverse("queue-item-send-again", args=[waiting.public_id]))
    assert "kwam terug" not in shown(officer, "file-list")


def test_the_nurse_reads_why_it_came_back_until_it_goes_again(
    officer: Browser, office: Office, nurse: Actor
) -> None:
    _file, waiting = returned(officer, office)
    with office.facts():
        profile = ProfileRecord.objects.select_related("profile__client").get().profile
    client = profile.client.public_id
    page = shown(nurse.browser, "client-page", client)
    assert "stuurde de code van de anamnese van 1 december 2023 terug: “Onbekende code”" in page
    assert reverse("profile-page", args=[profile.public_id]) in page
    officer.post(reverse("queue-item-send-again", args=[waiting.public_id]))
    assert "Onbekende code" not in shown(nurse.browser, "client-page", client)


def test_the_nurse_is_asked_for_one_who_came_back(officer: Browser, office: Office) -> None:
    _file, waiting = returned(officer, office)
    page = officer.post(reverse("queue-item-ask", args=[waiting.public_id]), follow=True)
    assert "Bij 1 cliënt is nu een anamnese gevraagd." in text(page)
    assert "om een anamnese. Dat staat bij de verpleegkundige op de lijst." in text(page)
    assert "Aan de verpleegkundige vragen" not in text(page)
    with office.facts():
        event = ReassessmentEvent.objects.get()
    assert (event.kind, event.client_id) == (EventKind.DECLARATION, waiting.client_id)


def test_it_goes_again_at_a_button(officer: Browser, office: Office) -> None:
    _file, waiting = returned(officer, office)
    address = reverse("queue-item-send-again", args=[waiting.public_id])
    page = text(officer.post(address, follow=True))
    assert "gaat mee in het volgende aparte bestand" in page
    assert "een collega biedt de regel opnieuw aan" in page
    assert "wacht niet meer op jou" in text(officer.post(address, follow=True))


def test_one_person_is_left_out_with_a_reason(officer: Browser, office: Office) -> None:
    office.client(0, day=None)
    office.client(1, day=None)
    file = office.attached(insured(0), insured(1))
    first, second = office.items(file)
    address = reverse("queue-item-exclude", args=[first.public_id])
    assert "overslaan?" in text(officer.get(address))
    assert "waarom je deze verzekerde overslaat" in text(officer.post(address, {"reason": ""}))
    page = officer.post(address, {"reason": "Loopt via een ander"}, follow=True)
    assert "Loopt via een ander" in text(page)
    assert office.states(file) == [
        (AttachmentState.EXCLUDED, Reason.EXCLUDED_BY_OFFICER),
        (AttachmentState.HELD, Reason.NO_VALID_PROFILE),
    ]
    with office.facts():
        assert Exclusion.objects.get().numbers == [first.number]
    assert officer.get(address).status_code == 404
    assert second.number == 2


def test_one_client_is_handed_to_the_nurses(officer: Browser, office: Office) -> None:
    client = office.client(0, day=None)
    office.client(1, day=None)
    file = office.attached(insured(0), insured(1))
    item = office.items(file)[0]
    assert "Aan de verpleegkundige vragen" in shown(officer, "queue-item", item.public_id)
    officer.post(reverse("queue-item-ask", args=[item.public_id]))
    with office.facts():
        assert [event.client_id for event in ReassessmentEvent.objects.all()] == [client.pk]
    unknown = office.item(office.attached(insured(5), number="F2"))
    page = officer.post(reverse("queue-item-ask", args=[unknown.public_id]), follow=True)
    assert "helpt deze verzekerde niet verder" in text(page)


def test_a_file_is_checked_without_being_read_in(officer: Browser, office: Office) -> None:
    assert "Klopt een declaratiebestand?" in shown(officer, "file-check")
    good = BytesIO(office.content())
    assert "Geen fouten" in text(officer.post(reverse("file-check"), {"file": good}))
    bad = BytesIO(Draft(office.content()).put(2, "0203", "123456789").bytes())
    page = text(officer.post(reverse("file-check"), {"file": bad}))
    assert "elfproef" in page
    assert "123456789" not in page
    with office.facts():
        assert not DeclarationFile.objects.exists()


def test_reading_in_tells_how_far_it_is(officer: Browser, office: Office) -> None:
    key = uuid4()
    address = reverse("file-upload-progress", args=[key])
    assert officer.get(address).status_code == 204
    now = timezone.now()
    with office.facts():
        Progress.objects.create(
            key=key,
            organisation_id=office.organisation_id,
            phase=JobPhase.CHECKING,
            done=4_000,
            total=10_000,
            phase_began_at=now - timedelta(seconds=2),
            told_at=now,
        )
    told = officer.get(address).json()
    assert told == {
        "phase": "Nakijken",
        "share": 0.4,
        "text": "4.000 van 10.000, 2.000 per seconde, nog ongeveer 3 seconden",
    }


def test_nobody_else_sees_that_progress(office: Office, declaration_officer_elsewhere: Actor) -> None:
    key, now = uuid4(), timezone.now()
    with office.facts():
        Progress.objects.create(
            key=key, organisation_id=office.organisation_id, phase=JobPhase.CHECKING,
            done=1, total=2, phase_began_at=now, told_at=now,
        )  # fmt: skip
    address = reverse("file-upload-progress", args=[key])
    assert declaration_officer_elsewhere.browser.get(address).status_code == 204


def test_fetching_the_numbers_is_written_down(officer: Browser, office: Office) -> None:
    file = exported(office, 0)
    fetched: Any = officer.get(reverse("file-numbers", args=[file.public_id]))
    assert b"".join(fetched.streaming_content).startswith(b"oud;nieuw;referentie")
    with office.facts():
        assert Download.objects.get().kind == DownloadKind.NUMBERS


def test_the_trail_tells_of_delivery_and_answer(
    officer: Browser, office: Office, declaration_officer: Actor, nurse: Actor
) -> None:
    file, _waiting = returned(officer, office)
    with office.facts():
        record = ProfileRecord.objects.select_related("profile").get(attachment__file=file)
    made = officer.get(reverse("item-record", args=[office.items(file)[0].public_id, 1]), follow=True)
    for words in (
        "Anamnese afgerond",
        "In de wachtrij met factuur",
        "Toegevoegd als profielregel",
        "In het bestand gezet, als regel",
        "Aangeleverd bij de verzekeraar, ontvangstnummer VZ-1",
        "Teruggekomen van de verzekeraar: “Onbekende code”",
        f"door {declaration_officer.user.name}",
    ):
        assert words in text(made)
    order = ["Toegevoegd als profielregel", "In het bestand gezet", "Aangeleverd bij de verzekeraar"]
    places = [text(made).index(words) for words in order]
    assert places == sorted(places)
    trail = nurse.browser.get(reverse("profile-trail", args=[record.profile.public_id]))
    assert "Teruggekomen van de verzekeraar" in text(trail)
    assert nurse.browser.get(reverse("reply-list")).status_code == 403
