"""The list of persons in a file: by state and reason, looked up, as a table, and several at once."""

import csv
from io import StringIO

import pytest
from django.test import Client as Browser
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog, Client
from declarations.matching.persons import found_in
from declarations.schema.constants import AttachmentKind, AttachmentState, Reason
from declarations.schema.models import Attachment, DeclarationFile, Exclusion, ProfileRecord
from profiles.schema.models import ReassessmentEvent
from tests.actors import Actor
from tests.declarations import fictional
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db
HELD = (AttachmentState.HELD, Reason.CLIENT_UNKNOWN)
LEFT_OUT = (AttachmentState.EXCLUDED, Reason.EXCLUDED_BY_OFFICER)


@pytest.fixture
def file(office: Office) -> DeclarationFile:
    """A file: one person attached, one without a profile, two whom nobody knows."""
    office.client(0)
    office.client(1, day=None)
    return office.attached(*(insured(number) for number in range(4)))


def looked_up(officer: Browser, file: DeclarationFile, words: str) -> str:
    return text(officer.post(reverse("queue-list", args=[file.public_id]), {"q": words}))


def chosen(
    officer: Browser, office: Office, file: DeclarationFile, what: str, *numbers: int, **more: str
) -> str:
    items = office.items(file)
    sent = {"doe": what, "gekozen": [str(items[number - 1].public_id) for number in numbers], **more}
    return text(officer.post(reverse("queue-selected", args=[file.public_id]), sent, follow=True))


def test_all_persons_or_those_of_a_state_or_a_reason(officer: Browser, file: DeclarationFile) -> None:
    everybody = shown(officer, "queue-list", file.public_id)
    assert [f"Verzekerde {number} in het bestand" in everybody for number in (1, 2, 3, 4)] == [
        False,
        False,
        True,
        True,
    ]
    assert "cliënt onbekend" in everybody
    held = shown(officer, "queue-list", file.public_id, staat="held")
    assert held.count('class="entry-title"') == 3
    one = shown(officer, "queue-list", file.public_id, reden="no_valid_profile")
    assert one.count('class="entry-title"') == 1


@pytest.mark.parametrize("signs", ["", ".", " "])
def test_somebody_is_found_by_bsn_and_the_address_holds_none(
    officer: Browser, file: DeclarationFile, signs: str
) -> None:
    bsn = fictional.BSNS[2]
    words = f" {bsn[:4]}{signs}{bsn[4:6]}{signs}{bsn[6:]} "
    page = looked_up(officer, file, words)
    assert page.count('class="entry-title"') == 1
    assert "Verzekerde 3 in het bestand" in page
    assert bsn not in page.replace(f'value="{words.strip()}"', "")


def test_somebody_is_found_by_number_reference_and_date_of_birth(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    assert "Verzekerde 4 in het bestand" in looked_up(officer, file, "4")
    with office.facts():
        record = ProfileRecord.objects.get()
        name = Client.objects.get(bsn_hash=office.items(file)[0].bsn_hash).name
    page = looked_up(officer, file, record.reference.lower())
    assert page.count('class="entry-title"') == 1
    assert name in page
    assert looked_up(officer, file, "17-05-1940").count('class="entry-title"') == 4


@pytest.mark.parametrize("words", ["Jansen", "99", "31-02-1940", "123456782", "DVAAAA", "²", "0" * 30])
def test_what_identifies_nobody_of_the_file_finds_nobody(
    officer: Browser, file: DeclarationFile, words: str
) -> None:
    assert "Niemand gevonden in dit bestand." in looked_up(officer, file, words)


def test_a_person_of_another_file_is_not_found(office: Office, file: DeclarationFile) -> None:
    other = office.attached(insured(5), number="F9")
    with office.facts():
        assert found_in(file, fictional.BSNS[5]) == []
        assert len(found_in(other, fictional.BSNS[5])) == 1


def test_who_is_held_and_why_as_a_table(officer: Browser, office: Office, file: DeclarationFile) -> None:
    with office.facts():
        client = Client.objects.get(bsn_hash=office.items(file)[1].bsn_hash)
        client.surname = "=SOM(A1)"
        client.initials = ""
        client.save()
    answer = officer.get(reverse("queue-csv", args=[file.public_id]), {"staat": "held"})
    rows = list(csv.DictReader(StringIO(text(answer)), delimiter=";"))
    assert [row["nummer"] for row in rows] == ["2", "3", "4"]
    assert [row["reden"] for row in rows] == ["geen geldig profiel", "cliënt onbekend", "cliënt onbekend"]
    assert rows[0]["cliënt"].startswith("'=SOM")
    assert rows[0]["dagen"] == "2024-01-01/2024-01-31"
    assert fictional.BSNS[1] not in text(answer)
    with office.facts():
        assert AccessLog.objects.get(action=AccessAction.EXPORTED).clients == [client.pk]


def test_several_are_left_out_with_one_reason_also_who_has_a_profile(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    page = chosen(officer, office, file, "overslaan", 1, 3)
    assert "2 verzekerden overslaan?" in page
    assert office.states(file)[2] == HELD
    page = chosen(officer, office, file, "overslaan", 1, 3, reason="In overleg met de verzekeraar")
    assert "2 verzekerden gaan niet mee in dit bestand." in page
    states = office.states(file)
    assert (states[0], states[2], states[3]) == (LEFT_OUT, LEFT_OUT, HELD)
    assert office.balance(file).is_even
    with office.facts():
        assert not ProfileRecord.objects.exists()
        assert sorted((row.reason, row.numbers) for row in Exclusion.objects.all()) == [
            ("", [1]),
            ("client_unknown", [3]),
        ]
    assert "In overleg met de verzekeraar" in shown(officer, "queue-item", office.items(file)[0].public_id)
    content = office.exported(file)
    assert content.count(b"\r\n04") == 4
    assert b"990DK01" not in content


def test_one_with_a_profile_is_left_out_and_taken_back(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    item = office.items(file)[0]
    assert "Overslaan" in shown(officer, "queue-item", item.public_id)
    officer.post(reverse("queue-item-exclude", args=[item.public_id]), {"reason": "Nu niet"})
    assert office.states(file)[0] == LEFT_OUT
    officer.post(reverse("queue-item-include", args=[item.public_id]))
    office.attach(file)
    assert office.states(file)[0] == (AttachmentState.ATTACHED, Reason.NONE)


def test_several_are_tried_again_and_the_nurses_asked(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    assert "2 verzekerden" in chosen(officer, office, file, "opnieuw", 1, 3, 4)
    assert [state for state, _ in office.states(file)] == ["attached", "held", "queued", "queued"]
    assert "Bij 1 cliënt is nu een anamnese gevraagd." in chosen(officer, office, file, "anamnese", 1, 2)
    with office.facts():
        assert ReassessmentEvent.objects.get().client_id == office.items(file)[1].client_id
    assert "helpt geen van deze verzekerden" in chosen(officer, office, file, "anamnese", 1)


@pytest.mark.parametrize("sent", [{}, {"doe": "overslaan"}, {"doe": "opnieuw", "gekozen": "geen-nummer"}])
def test_choosing_nobody_says_so(officer: Browser, file: DeclarationFile, sent: dict[str, str]) -> None:
    answer = officer.post(reverse("queue-selected", args=[file.public_id]), sent, follow=True)
    assert "Kies eerst een of meer verzekerden." in text(answer)


def test_persons_of_another_file_stay_as_they_are(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    other = office.attached(insured(5), number="F9")
    sent = {"doe": "overslaan", "gekozen": [str(office.item(other).public_id)], "reason": "Nee"}
    officer.post(reverse("queue-selected", args=[file.public_id]), sent)
    assert office.state(other) == HELD


def test_a_made_file_offers_no_choice_and_refuses_one(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    office.export(file)
    assert 'name="gekozen"' not in shown(officer, "queue-list", file.public_id)
    for what in ("opnieuw", "overslaan"):
        assert "gemaakt of ingetrokken" in chosen(officer, office, file, what, 1, 3, reason="Toch niet")
    with office.facts():
        assert not Exclusion.objects.exists()


@pytest.mark.parametrize("name", ["queue-list", "queue-csv"])
def test_a_file_of_another_organisation_is_not_there(
    file: DeclarationFile, declaration_officer_elsewhere: Actor, name: str
) -> None:
    browser = declaration_officer_elsewhere.browser
    assert browser.get(reverse(name, args=[file.public_id])).status_code == 404
    assert browser.post(reverse("queue-selected", args=[file.public_id])).status_code == 404


def test_a_long_list_can_be_gone_through_at_once(
    officer: Browser, office: Office, file: DeclarationFile
) -> None:
    """204 pages with "Volgende" only: now the first, the last, and those around are one step away."""
    with office.facts():
        like = office.items(file)[3]
        Attachment.objects.bulk_create(
            Attachment(
                organisation_id=like.organisation_id,
                file=file,
                kind=AttachmentKind.REGULAR,
                number=number,
                uzovi="9991",
                first_line=1,
                placement_line=1,
                performances=[],
                state=AttachmentState.HELD,
                reason=Reason.CLIENT_UNKNOWN,
            )
            for number in range(5, 5_088)
        )
    page = shown(officer, "queue-list", file.public_id, staat="held", page="100")
    assert [f"page={number}" in page for number in (1, 99, 101, 204)] == [True] * 4
    assert "page=50" not in page
    assert 'aria-current="page"' in page
    assert "2.476 tot en met 2.500 van 5.086" in page
    assert "Verzekerde 5.087 in" in shown(
        officer, "queue-list", file.public_id, staat="held", page="204"
    ).replace("5087", "5.087")
