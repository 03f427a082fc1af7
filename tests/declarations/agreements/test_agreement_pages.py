"""Phases with their preview, evidence of a basis, what went before it was stopped, and what is announced."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from care.accounts.selectors import phase_on
from care.consent.statements import record_consent
from care.schema.constants import Phase
from care.schema.evidence import Evidence, EvidenceChunk
from care.schema.models import Client, PhasePeriod
from care.schema.periods import InsurerPeriod
from care.schema.statements import Consent, LegalBasis, Objection
from declarations.history.sent import sent_of
from declarations.history.views import sent as views
from declarations.schema.constants import AttachmentState, Reason
from tests.actors import Actor
from tests.declarations import pages
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.factories import people

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + b"overeenkomst " * 100_000


def register(office: Office) -> None:
    with office.facts():
        PhasePeriod.objects.update(phase=Phase.REGISTER)


def test_before_declare_nothing_is_attached_and_afterwards_it_is(office: Office) -> None:
    register(office)
    office.client(0)
    file = office.attached()
    assert office.state(file) == (AttachmentState.HELD, Reason.PHASE_FORBIDS)
    with office.facts():
        PhasePeriod.objects.create(
            organisation=office.house.organisation, phase=Phase.DECLARE, valid_from=date(2024, 1, 1)
        )
    office.attach(file)
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)


def test_the_administrator_plans_a_phase_after_a_look_at_what_it_means(
    office: Office, administrator: Actor
) -> None:
    register(office)
    office.client(0)
    office.attached()
    day = timezone.localdate() + timedelta(days=7)
    browser, plan = administrator.browser, {"declare": day.isoformat()}
    assert "Registreren" in pages.shown(browser, "phase-plan")
    preview = pages.text(browser.post(reverse("phase-plan"), plan))
    assert "1 verzekerde is nu aangehouden om de fase. Hun zorg ligt ervoor" in preview
    assert f"De code gaat mee bij zorg vanaf {date_format(day)}." in preview
    assert f"Van zorg tot en met {date_format(day - timedelta(days=1))} gaat nooit een code mee" in preview
    assert "Naar Verzekeraar 9991 gaat de code mee" in preview
    assert "De ZN-doelgroep vervalt" in preview
    with office.facts():
        assert phase_on(office.house.organisation, day) == Phase.REGISTER
    assert browser.post(reverse("phase-plan"), plan | {"sure": "1"}).status_code == 302
    with office.facts():
        assert phase_on(office.house.organisation, day) == Phase.DECLARE
        assert PhasePeriod.objects.get(phase=Phase.DECLARE).recorded_by == administrator.membership.user
    assert "gepland" in pages.shown(browser, "phase-plan")
    emptied = pages.text(browser.post(reverse("phase-plan"), {"declare": ""}))
    assert "Die planning vervalt" in emptied


def test_a_phase_cannot_be_passed_over(office: Office, administrator: Actor) -> None:
    register(office)
    day = timezone.localdate() + timedelta(days=7)
    answer = administrator.browser.post(reverse("phase-plan"), {"contract": day.isoformat(), "sure": "1"})
    assert "Geen fase wordt overgeslagen" in pages.text(answer)
    with office.facts():
        assert phase_on(office.house.organisation, day) == Phase.REGISTER


def basis(office: Office) -> LegalBasis:
    with office.facts():
        return LegalBasis.objects.get()


def test_evidence_is_kept_encrypted_and_read_back_whole(
    office: Office, administrator: Actor, officer: Browser, privacy_officer: Actor
) -> None:
    row = basis(office)
    upload = SimpleUploadedFile("overeenkomst Jansen.pdf", PDF, "application/pdf")
    address = reverse("evidence-add", args=[row.public_id])
    assert administrator.browser.post(address, {"file": upload, "location": ""}).status_code == 302
    with office.facts():
        piece = Evidence.objects.get()
        chunks = list(EvidenceChunk.objects.order_by("number"))
    assert (piece.size, piece.media_type, len(chunks)) == (len(PDF), "application/pdf", 2)
    assert not any(b"overeenkomst" in bytes(chunk.content) for chunk in chunks)
    for browser in (administrator.browser, officer, privacy_officer.browser):
        assert "overeenkomst Jansen.pdf" in pages.shown(browser, "basis-page", row.public_id)
        answer = browser.get(reverse("evidence-file", args=[piece.public_id]))
        assert answer.content == PDF
        assert "Jansen" not in answer.headers["Content-Disposition"]
    assert officer.post(address, {"location": "kast"}).status_code == 403


def test_evidence_can_lie_elsewhere(office: Office, administrator: Actor) -> None:
    row = basis(office)
    address = reverse("evidence-add", args=[row.public_id])
    administrator.browser.post(address, {"location": "archief, map 12"})
    assert "archief, map 12" in pages.shown(administrator.browser, "basis-page", row.public_id)


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00 een programma", b"<html></html>", b"%PDF-" + b"x" * (10 << 20)]
)
def test_what_is_no_picture_or_pdf_or_too_large_is_refused(
    office: Office, administrator: Actor, content: bytes
) -> None:
    row = basis(office)
    upload = SimpleUploadedFile("bewijs.pdf", content, "application/pdf")
    answer = administrator.browser.post(reverse("evidence-add", args=[row.public_id]), {"file": upload})
    assert answer.status_code == 200
    assert "error-summary" in pages.text(answer)
    with office.facts():
        assert not Evidence.objects.exists()


def test_a_basis_of_another_organisation_is_not_there(
    office: Office, office_elsewhere: Office, officer: Browser
) -> None:
    row = basis(office_elsewhere)
    assert officer.get(reverse("basis-page", args=[row.public_id])).status_code == 404


@pytest.mark.parametrize(("days", "is_told"), [(1, True), (30, True), (31, False)])
def test_a_basis_that_ends_soon_is_announced(
    office: Office, administrator: Actor, officer: Browser, days: int, is_told: bool
) -> None:
    with office.facts():
        LegalBasis.objects.update(valid_until=timezone.localdate() + timedelta(days=days))
        basis = LegalBasis.objects.get()
    last = f"tot en met {date_format(timezone.localdate() + timedelta(days=days - 1))}"
    for browser, name in ((administrator.browser, "user-list"), (officer, "file-list")):
        page = pages.shown(browser, name)
        assert ("Er eindigt bijna een grondslag" in page) == is_told
        assert (last in page) == is_told
    assert last in pages.shown(officer, "basis-page", basis.public_id)


def test_one_that_goes_on_in_another_is_not_announced(office: Office, officer: Browser) -> None:
    end = timezone.localdate() + timedelta(days=3)
    with office.facts():
        row = LegalBasis.objects.get()
        LegalBasis.objects.update(valid_until=end)
        LegalBasis.objects.create(
            organisation=row.organisation, insurer=row.insurer, reference="Vervolg", valid_from=end
        )
    assert "Er eindigt bijna" not in pages.shown(officer, "file-list")


def test_a_nurse_stops_it_in_two_taps_and_sees_what_went(
    office: Office, nurse: Actor, officer: Browser, privacy_officer: Actor
) -> None:
    client = office.client(0)
    sent = office.attached(insured(0))
    office.exported(sent)
    waits = office.attached(insured(0), number="NOGNIET")
    page = nurse.browser.post(reverse("client-objection", args=[client.public_id]), follow=True)
    told = pages.text(page)
    assert sent.invoice_number in told
    assert "Verzekeraar 9991" in told
    assert waits.invoice_number not in told
    office.attach(waits)
    assert office.state(waits) == (AttachmentState.HELD, Reason.OBJECTION)
    for browser in (officer, privacy_officer.browser):
        listed = pages.shown(browser, "stopped-list")
        assert client.name in listed
        assert sent.invoice_number in listed
        assert "Maakt bezwaar" in listed


def test_what_went_is_told_with_the_latest_care_first(office: Office, nurse: Actor) -> None:
    client = office.client(0, day=date(2023, 6, 1))
    for month in ("2024-01", "2023-12"):
        performance = care(f"{month}-01", f"{month}-31")
        office.exported(office.attached(insured(0, performance), number=month))
    told = pages.shown(nurse.browser, "client-sent", client.public_id)
    assert told.index("31 januari 2024") < told.index("31 december 2023")


def test_a_withdrawn_consent_stops_it_too(office: Office, nurse: Actor, officer: Browser) -> None:
    client = office.client(0)
    today = timezone.localdate()
    with office.facts():
        LegalBasis.objects.all().delete()
        Consent.objects.create(
            organisation=office.house.organisation,
            client=client,
            insurer=client.insurer,
            given_on=date(2024, 1, 1),
        )  # fmt: skip
    file = office.attached()
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    nurse.browser.post(reverse("client-consent", args=[client.public_id]), {"withdraw": "1"})
    with office.facts():
        assert Consent.objects.get().withdrawn_on == today
        assert not Objection.objects.exists()
    office.attach(file)
    assert office.state(file) == (AttachmentState.HELD, Reason.NO_LEGAL_BASIS)
    assert "trok de toestemming" in pages.shown(officer, "stopped-list").lower()


def test_a_withdrawn_consent_stops_it_under_another_basis_until_it_is_given_anew(
    office: Office, nurse: Actor, officer: Browser
) -> None:
    client = office.client(0)
    address = reverse("client-consent", args=[client.public_id])
    nurse.browser.post(address)
    file = office.attached()
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    said = nurse.browser.post(address, {"withdraw": "1"}, follow=True).content.decode()
    assert "trok de toestemming" in said
    assert "gaat niet meer weg" in said
    office.attach(file)
    assert office.state(file) == (AttachmentState.HELD, Reason.NO_LEGAL_BASIS)
    assert "Ingetrokken op" in pages.shown(nurse.browser, "client-page", client.public_id)
    assert client.name in pages.shown(officer, "stopped-list")
    nurse.browser.post(address)
    office.attach(file)
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    assert client.name not in pages.shown(officer, "stopped-list")


def test_a_consent_for_a_former_insurer_is_withdrawn_and_stops_late_declarations_to_it(
    office: Office, nurse: Actor
) -> None:
    client = office.client(0)
    with office.facts():
        LegalBasis.objects.all().delete()
        record_consent(client=client, insurer=client.insurer, day=date(2024, 1, 1), user=None)
        new = people.insurer(uzovi="9992")
        InsurerPeriod.objects.filter(client=client).delete()
        InsurerPeriod.objects.create(
            organisation=office.house.organisation, client=client, insurer=new, period=(None, None)
        )
        Client.objects.filter(pk=client.pk).update(insurer=new)
    file = office.attached()
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    page = pages.shown(nurse.browser, "client-page", client.public_id)
    assert "Toestemming voor Verzekeraar 9991 intrekken" in page
    address = reverse("client-consent", args=[client.public_id])
    nothing = nurse.browser.post(address, {"withdraw": "1"}, follow=True).content.decode()
    assert "Er is niets ingetrokken" in nothing
    assert "is ingetrokken" not in nothing.replace("Er is niets ingetrokken", "")
    told = nurse.browser.post(address, {"withdraw": "1", "insurer": "9991"}, follow=True).content.decode()
    assert "De toestemming voor Verzekeraar 9991 is ingetrokken." in told
    assert "trok de toestemming voor Verzekeraar 9991 in" in told
    office.attach(file)
    assert office.state(file) == (AttachmentState.HELD, Reason.NO_LEGAL_BASIS)


def test_an_objection_that_no_longer_stands_is_not_said_to_be_withdrawn(office: Office, nurse: Actor) -> None:
    client = office.client(0)
    address = reverse("client-objection", args=[client.public_id])
    told = nurse.browser.post(address, {"withdraw": "1"}, follow=True).content.decode()
    assert "Er stond geen bezwaar meer. Er is niets veranderd." in told
    assert "Het bezwaar is ingetrokken" not in told


def test_a_consent_for_one_insurer_that_was_withdrawn_says_nothing_of_another(office: Office) -> None:
    client = office.client(0)
    with office.facts():
        Consent.objects.create(
            organisation=office.house.organisation,
            client=client,
            insurer=people.insurer(uzovi="9992"),
            given_on=date(2024, 1, 1),
            withdrawn_on=date(2024, 1, 2),
        )
    assert office.state(office.attached()) == (AttachmentState.ATTACHED, Reason.NONE)


def test_only_of_who_is_on_the_page_it_is_looked_up_what_went(
    office: Office, officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 1)
    asked: list[set[int]] = []

    def noted(clients: set[int]) -> object:
        asked.append(clients)
        return sent_of(clients)

    monkeypatch.setattr(views, "sent_of", noted)
    clients = [office.client(number) for number in (0, 1)]
    with office.facts():
        for number, client in enumerate(clients, 1):
            day = date(2024, 1, number)
            Objection.objects.create(organisation=office.house.organisation, client=client, made_on=day)
    assert clients[1].name in pages.shown(officer, "stopped-list")
    assert asked == [{clients[1].pk}]
