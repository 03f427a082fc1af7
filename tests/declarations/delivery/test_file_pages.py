"""The officer's pages: reading in, following, making, fetching; and who may not."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care.consent.statements import record_objection
from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from care.tenancy import scope
from declarations.delivery import withdrawing
from declarations.insurers import disclosures
from declarations.intake import uploads
from declarations.intake.uploads import NamelessUploadHandler
from declarations.schema.constants import AttachmentState, DownloadKind, FileState
from declarations.schema.disclosure_models import Download
from declarations.schema.models import Attachment, DeclarationFile
from tests.actors import Actor
from tests.declarations.delivery.separating import agree_apart
from tests.declarations.fictional import Draft, credit, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db


def upload(officer: Browser, content: bytes, name: str = "declaratie.txt") -> Any:
    sent = BytesIO(content)
    sent.name = name
    return officer.post(reverse("file-upload"), {"file": sent}, follow=True)


def test_it_says_how_files_get_here_when_there_are_none(officer: Browser) -> None:
    assert "Nog geen bestanden" in shown(officer, "file-list")


def test_it_lists_files_with_how_they_stand(officer: Browser, office: Office) -> None:
    office.client(0)
    office.imported(insured(0), number="F-WACHT")
    office.attached(insured(0), number="F-KLAAR")
    office.attached(insured(0), insured(1), number="F-DEELS")
    office.export(office.attached(insured(0), number="F-GEMAAKT"))
    withdrawn = office.imported(number="F-WEG")
    with office.facts():
        withdrawing.withdraw_file(file=withdrawn)
    page = shown(officer, "file-list")
    for words in (
        "nog 1 in de wachtrij",
        "klaar om te maken",
        "1 aangehouden",
        "1 met profiel",
        "ingetrokken",
    ):
        assert words in page
    assert page.index("F-WEG") < page.index("F-WACHT")


def test_it_imports_an_upload_and_shows_the_file(officer: Browser, office: Office) -> None:
    page = upload(officer, office.content(insured(0), insured(1)))
    with office.facts():
        file = DeclarationFile.objects.get()
    assert page.redirect_chain == [(reverse("file-page", args=[file.public_id]), 302)]
    assert file.uploaded_by is not None
    assert "€ 390,00" in text(page)


def test_a_file_with_warnings_says_so_and_shows_them(officer: Browser, office: Office) -> None:
    warned = office.take_in(office.content().removesuffix(b"\r\n"))
    page = shown(officer, "file-page", warned.public_id)
    assert "Waarschuwingen" in page
    assert 'href="#waarschuwingen"' in page
    assert "Na het laatste record ontbreekt CR LF." in page
    fine = office.imported(insured(1), number="F2")
    assert "Waarschuwingen" not in shown(officer, "file-page", fine.public_id)


def test_it_leaves_no_copy_of_an_upload_on_disk(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Any] = []
    real = NamelessUploadHandler.file_complete

    def noted(handler: NamelessUploadHandler, size: int) -> Any:
        kept.append(handler.file)
        return real(handler, size)

    monkeypatch.setattr(NamelessUploadHandler, "file_complete", noted)
    upload(officer, office.content())
    (file,) = kept
    assert isinstance(file.name, int), "a temporary file with a name can be found by others"
    assert file.closed


def test_a_slow_line_holds_no_transaction(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload may take an hour to come in; what is then done with it fails whole."""
    seen: list[tuple[scope.Scope, int]] = []
    real = NamelessUploadHandler.receive_data_chunk

    def watched(handler: NamelessUploadHandler, raw_data: bytes, start: int) -> None:
        seen.append((scope.current(), len(connection.savepoint_ids)))
        real(handler, raw_data, start)

    monkeypatch.setattr(NamelessUploadHandler, "receive_data_chunk", watched)
    outside = len(connection.savepoint_ids)
    assert "Het bestand is ingelezen" in text(upload(officer, office.content()))
    assert seen == [(scope.NOBODY, outside)]


def test_what_fails_after_an_upload_is_undone(
    declaration_officer: Actor, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_messages: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("declarations.delivery.views.files.messages.success", broken)
    browser = Browser(raise_request_exception=False)
    browser.force_login(declaration_officer.user)
    assert browser.post(reverse("file-upload"), {"file": BytesIO(office.content())}).status_code == 500
    with office.facts():
        assert not DeclarationFile.objects.exists()


def test_it_drops_an_upload_that_was_broken_off() -> None:
    handler = NamelessUploadHandler()
    handler.new_file("file", "a.txt", "text/plain", 3)
    handler.receive_data_chunk(b"abc", 0)
    handler.upload_interrupted()
    assert handler.file.closed


def test_it_refuses_a_form_from_elsewhere(declaration_officer: Actor, office: Office) -> None:
    """The page receives uploads in its own way; the check for forgery must still be done."""
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(declaration_officer.user)
    assert strict.post(reverse("file-upload"), {"file": BytesIO(office.content())}).status_code == 403


@pytest.mark.parametrize("is_logged_in", [True, False])
def test_it_keeps_nothing_of_who_may_not_send_a_file(
    is_logged_in: bool, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else anybody fills the disk: a body is read before the check for forgery can be done."""
    begun: list[str] = []

    def noted(_handler: NamelessUploadHandler, field_name: str, *_more: object, **_words: object) -> None:
        begun.append(field_name)

    monkeypatch.setattr(NamelessUploadHandler, "new_file", noted)
    browser = nurse.browser if is_logged_in else Browser()
    answer = browser.post(reverse("file-upload"), {"file": BytesIO(b"01")})
    assert answer.status_code == (403 if is_logged_in else 302)
    assert not begun


def test_it_refuses_a_file_that_is_too_large_unread(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 3 << 20)
    answer = officer.post(
        reverse("file-upload"),
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(4 << 20),
    )
    assert "hoogstens 3 MB" in text(officer.get(answer["Location"]))
    with office.facts():
        assert not DeclarationFile.objects.exists()


def test_it_shows_every_problem_by_line_and_field(officer: Browser, office: Office) -> None:
    bad = Draft(office.content(insured(0), insured(1))).put(3, "0420", "00000000").put(4, "0203", "123456789")
    response = upload(officer, bad.bytes())
    page = text(response)
    assert response.status_code == 422
    for words in (
        "0420 Zorgverlenerscode",
        "0203 Burgerservicenummer",
        "elfproef",
        "bsn.check",
        "Er is niets",
    ):
        assert words in page
    assert "123456789" not in page
    with office.facts():
        assert not DeclarationFile.objects.exists()


def test_it_shows_the_first_problems_and_counts_the_rest(
    officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("declarations.delivery.views.files.SHOWN_PROBLEMS", 1)
    bad = Draft(office.content(insured(0), insured(1))).put_all("0420", "00000000")
    assert "En nog 1 fout." in text(upload(officer, bad.bytes()))


def test_it_shows_the_way_to_a_file_that_was_imported_before(officer: Browser, office: Office) -> None:
    file = office.imported(insured(0))
    for content in (office.content(insured(0)), office.content(insured(1))):
        response = upload(officer, content)
        assert response.status_code == 422
        assert reverse("file-page", args=[file.public_id]) in text(response)


@pytest.mark.parametrize(("content", "sentence"), [(None, "Kies eerst een bestand."), (b"", "leeg")])
def test_it_asks_for_a_file(officer: Browser, office: Office, content: bytes | None, sentence: str) -> None:
    empty = officer.post(reverse("file-upload"), {})
    response = empty if content is None else upload(officer, content)
    assert sentence in text(response)


def test_it_shows_per_reason_what_to_do(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1), insured(2, credit()))
    page = shown(officer, "file-page", file.public_id)
    for words in (
        "Cliënt onbekend",
        "Vraag de beheerder",
        "Alleen creditregels",
        "1 toegevoegd",
        "Opnieuw proberen",
    ):
        assert words in page


def test_it_follows_the_queue_until_it_is_empty(officer: Browser, office: Office) -> None:
    file = office.imported()
    address = reverse("file-progress", args=[file.public_id])
    assert address in shown(officer, "file-page", file.public_id)
    busy = officer.get(address)
    assert "X-Draagvlak-Done" not in busy.headers
    assert "0 van 1 verzekerden" in text(busy)
    assert "geen bericht" not in text(busy)
    with office.facts():
        Attachment.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    assert "geen bericht" in text(officer.get(address))
    office.attach(file)
    assert officer.get(address).headers["X-Draagvlak-Done"] == "1"
    assert address not in shown(officer, "file-page", file.public_id)


def test_following_the_queue_looks_at_no_client(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached()
    shown(officer, "file-progress", file.public_id)
    shown(officer, "file-page", file.public_id)
    with office.facts():
        assert not AccessLog.objects.filter(action=AccessAction.VIEWED_DECLARATION).exists()


def test_it_makes_the_file_and_hands_it_out(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached()
    officer.post(reverse("file-export", args=[file.public_id]))
    office.make_what_was_asked()
    page = officer.post(reverse("file-export", args=[file.public_id]), follow=True)
    assert "Het bestand met profielen is gemaakt." in text(page)
    fetched: Any = officer.get(reverse("file-download", args=[file.public_id]))
    content = b"".join(fetched.streaming_content)
    assert content == office.written(file)
    assert fetched.headers["Content-Length"] == str(len(content))
    name = fetched.headers["Content-Disposition"]
    assert name == f'attachment; filename="{office.house.organisation.agb}-f2024-01-met-profielen.txt"'
    with office.facts():
        (download,) = Download.objects.all()
        assert (download.kind, download.file_id) == (DownloadKind.EXPORT, file.pk)
    assert "1 keer opgehaald" in shown(officer, "file-page", file.public_id)


def test_it_says_why_a_file_cannot_be_made_yet(officer: Browser, office: Office) -> None:
    file = office.imported()
    page = officer.post(reverse("file-export", args=[file.public_id]), follow=True)
    assert "Nog 1 verzekerde staat in de wachtrij." in text(page)
    page = officer.get(reverse("file-download", args=[file.public_id]), follow=True)
    assert "nog niet gemaakt" in text(page)


def test_it_decides_anew_on_whom_something_changed_for_before_it_makes_the_file(
    officer: Browser, office: Office
) -> None:
    client = office.client(0)
    file = office.attached()
    with office.facts():
        record_objection(client=client, day=timezone.localdate(), user=None)
    officer.post(reverse("file-export", args=[file.public_id]))
    office.make_what_was_asked()
    page = shown(officer, "file-page", file.public_id)
    assert "Van 1 verzekerde veranderde er intussen iets" in page
    assert office.state(file)[0] == AttachmentState.QUEUED
    assert office.fresh(file).state == FileState.IMPORTED


def test_a_test_file_says_so_everywhere(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached(is_test=True)
    assert "proefbestand" in shown(officer, "file-list")
    office.export(file)
    assert "gaat nooit naar de verzekeraar" in shown(officer, "file-page", file.public_id)
    fetched = officer.get(reverse("file-download", args=[file.public_id]))
    assert 'filename="proef-' in fetched.headers["Content-Disposition"]


def test_it_asks_before_it_withdraws(officer: Browser, office: Office) -> None:
    file = office.imported()
    assert "intrekken?" in shown(officer, "file-withdraw", file.public_id)
    assert office.fresh(file).state == FileState.IMPORTED
    officer.post(reverse("file-withdraw", args=[file.public_id]))
    assert office.fresh(file).state == FileState.WITHDRAWN
    assert "is ingetrokken" in shown(officer, "file-page", file.public_id)


def test_what_was_only_made_is_withdrawn_after_asking(officer: Browser, office: Office) -> None:
    file = office.attached()
    office.make(file)
    assert (
        reverse("file-withdraw", args=[file.public_id])
        in officer.get(reverse("file-page", args=[file.public_id])).content.decode()
    )
    assert "Laat het dan niet aanleveren" in shown(officer, "file-withdraw", file.public_id)
    officer.post(reverse("file-withdraw", args=[file.public_id]))
    assert office.fresh(file).state == FileState.WITHDRAWN
    assert "gaat nooit naar de verzekeraar" in shown(officer, "file-page", file.public_id)


def test_it_says_that_what_was_handed_over_cannot_be_withdrawn(officer: Browser, office: Office) -> None:
    file = office.attached()
    office.export(file)
    page = officer.post(reverse("file-withdraw", args=[file.public_id]), follow=True)
    assert "kan niet meer worden ingetrokken" in text(page)


def test_it_counts_how_often_the_file_itself_was_fetched(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    """Not what goes with it; and every time, also where the page names only the latest."""
    office.client(0)
    file = office.attached()
    office.export(file)
    with office.facts():
        for _time in range(26):
            disclosures.record_file(membership=declaration_officer.membership, file=file)
        for beside in (DownloadKind.NUMBERS, DownloadKind.MANIFEST):
            disclosures.record_file(membership=declaration_officer.membership, file=file, kind=beside)
    assert "26 keer opgehaald" in shown(officer, "file-page", file.public_id)


def test_it_does_not_say_that_a_profile_that_goes_apart_is_in_the_file(
    officer: Browser, office: Office
) -> None:
    agree_apart(office)
    office.client(0)
    file = office.attached()
    office.export(file)
    page = shown(officer, "file-page", file.public_id)
    assert "met een profiel, in dit bestand of apart" in page
    assert "1 in een gemaakt bestand" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"zoek": "f2024-01"}, ["F2024-01"]),
        ({"zoek": "F/2024"}, ["F/2024 2"]),
        ({"zoek": "{agb}-f-2024-2-met-profielen.txt"}, ["F/2024 2"]),
        ({"zoek": "proef-{agb}-f2024-01-met-profielen.txt"}, ["F2024-01"]),
        ({"zoek": "verzekeraar 99"}, ["F2024-01", "F/2024 2"]),
        ({"zoek": "9991"}, ["F2024-01", "F/2024 2"]),
        ({"zoek": "("}, []),
        ({"van": "2024-02-01"}, []),
        ({"van": "2024-01-31", "tot": "2024-12-31"}, ["F2024-01", "F/2024 2"]),
        ({"tot": "2023-12-31"}, []),
    ],
)
def test_files_are_found_by_number_name_insurer_and_period(
    officer: Browser, office: Office, query: dict[str, str], found: list[str]
) -> None:
    numbers = ("F2024-01", "F/2024 2")
    for at, number in enumerate(numbers):
        office.imported(insured(at), number=number)
    agb = office.house.organisation.agb
    page = shown(officer, "file-list", **{name: value.format(agb=agb) for name, value in query.items()})
    assert [number for number in numbers if f"Factuur {number}" in page] == found
    assert ("Geen bestand gevonden" in page) == (not found)


def test_a_period_that_ends_before_it_begins_is_told_at_the_field(officer: Browser, office: Office) -> None:
    office.imported()
    assert "vóór de eerste" in shown(officer, "file-list", van="2024-02-01", tot="2024-01-01")
