"""A file addressed (0108) to one insurer with people of another (0204): only where that is recorded."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from care.consent.receivers import end_receiver, record_receiver
from care.schema.models import Insurer
from care.schema.receivers import Receiver
from declarations.matching.advice import advice
from declarations.schema.constants import AttachmentState, MissingPart, Reason
from declarations.schema.models import ProfileRecord
from tests.actors import Actor
from tests.declarations import pages
from tests.declarations.fictional import SPEC, insured
from tests.declarations.matching.states import ATTACHED, held
from tests.declarations.office import Office
from tests.factories import people

pytestmark = pytest.mark.django_db

MISSING = held(Reason.NO_LEGAL_BASIS)


def other(office: Office) -> Insurer:
    """Return insurer 9992, to which the files of these tests are addressed instead of 9991."""
    with office.facts():
        return people.insurer(uzovi="9992", name="Concern")


def recorded(office: Office, first: date, until: date | None = None) -> Receiver:
    with office.facts():
        row, _is_new = record_receiver(
            organisation=office.house.organisation,
            addressee=Insurer.objects.get(uzovi="9992"),
            insurer=Insurer.objects.get(uzovi="9991"),
            valid_from=first,
            valid_until=until,
        )
    return row


def to_another(office: Office, number: str = "F2024-01") -> Any:
    """Attach a file to 9992 with somebody of 9991."""
    header = bytearray(office.content(insured(0), number=number))
    at = header.index(SPEC.uzovi.encode(), 0, 310)
    header[at : at + 4] = b"9992"
    file = office.take_in(bytes(header))
    office.attach(file)
    return file


def days(office: Office) -> list[tuple[date, date]]:
    with office.facts():
        return list(ProfileRecord.objects.order_by("number").values_list("first_day", "last_day"))


def test_a_code_goes_to_another_insurer_only_where_that_is_recorded(office: Office, officer: Browser) -> None:
    other(office)
    office.client(0)
    file = to_another(office)
    assert office.state(file) == MISSING
    assert office.item(file).detail["missing"] == MissingPart.RECEIVER
    page = pages.shown(officer, "queue-item", office.item(file).public_id)
    assert "geen grondslag: ontvanger" in page
    assert str(advice(Reason.NO_LEGAL_BASIS, MissingPart.RECEIVER)).split(".")[0] in page
    row = recorded(office, date(2024, 1, 10))
    office.attach(file)
    assert office.state(file) == ATTACHED
    assert days(office) == [(date(2024, 1, 10), date(2024, 1, 31))]
    with office.facts():
        end_receiver(receiver=row, valid_until=date(2024, 1, 21))
    office.attach(file)
    assert days(office) == [(date(2024, 1, 10), date(2024, 1, 20))]


def test_the_way_back_is_not_recorded_with_it(office: Office) -> None:
    other(office)
    office.client(0)
    with office.facts():
        record_receiver(
            organisation=office.house.organisation,
            addressee=Insurer.objects.get(uzovi="9991"),
            insurer=Insurer.objects.get(uzovi="9992"),
            valid_from=date(2013, 1, 1),
        )
    assert office.state(to_another(office)) == MISSING


def test_what_another_organisation_recorded_does_not_count(office: Office, office_elsewhere: Office) -> None:
    other(office)
    office.client(0)
    recorded(office_elsewhere, date(2013, 1, 1))
    assert office.state(to_another(office)) == MISSING


def test_a_file_to_the_insurer_itself_needs_nothing(office: Office) -> None:
    office.client(0)
    assert office.state(office.attached()) == ATTACHED


def test_a_separate_file_goes_to_the_receiver_under_the_same_rule(office: Office) -> None:
    """Who was held for it when the file went: the code goes in a separate file once it is recorded."""
    other(office)
    office.client(0)
    file = to_another(office)
    office.export(file)
    office.attach(file)
    assert office.item(file).detail["missing"] == MissingPart.RECEIVER
    recorded(office, date(2013, 1, 1))
    office.attach(file)
    assert office.item(file).state == AttachmentState.ATTACHED


def run(office: Office, *arguments: str) -> None:
    call_command("add_receiver", f"--organisation={office.house.organisation.agb}", *arguments)


def test_the_command_records_once_and_names_the_last_day(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    other(office)
    wanted = ("--uzovi=9992", "--for=9991", "--from=2024-01-01")
    run(office, *wanted)
    assert "9992 ontvangt voor 9991 vanaf 1 januari 2024, zonder einde." in capsys.readouterr().out
    run(office, *wanted, "--until=2026-10-31")
    assert "geldt tot en met 30 oktober 2026" in capsys.readouterr().out
    run(office, *wanted)
    assert "geldt tot en met 30 oktober 2026" in capsys.readouterr().out
    with office.facts():
        assert Receiver.objects.get().valid_until == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--uzovi=9991", "--for=9991", "--from=2024-01-01"), 1, "altijd voor zichzelf"),
        (("--uzovi=9992", "--for=9991", "--from=2024-01-02", "--until=2024-01-02"), 1, "einddatum"),
        (("--uzovi=9999", "--for=9991", "--from=2024-01-01"), 1, "UZOVI-nummer 9999"),
    ],
)
def test_the_command_refuses_what_cannot_be(
    office: Office, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    other(office)
    with pytest.raises(SystemExit) as left:
        run(office, *arguments)
    assert left.value.code == code
    assert sentence in capsys.readouterr().err
    with office.facts():
        assert not Receiver.objects.exists()


@pytest.mark.parametrize("command", ["add_receiver", "add_legal_basis"])
def test_the_help_says_that_until_is_the_first_day_without(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    said = " ".join(capsys.readouterr().out.split())
    assert "niet meer geldt; de dag ervoor is de laatste" in said


def test_the_administrator_sees_who_waits_records_and_ends(office: Office, administrator: Actor) -> None:
    other(office)
    office.client(0)
    file = to_another(office)
    browser = administrator.browser
    assert reverse("receiver-list") in pages.shown(browser, "basis-list")
    assert "1 verzekerde is aangehouden" in pages.shown(browser, "receiver-list")
    ids = {row.uzovi: str(row.pk) for row in Insurer.objects.all()}
    wanted = {"addressee": ids["9992"], "insurer": ids["9991"], "valid_from": "2024-01-01", "last_day": ""}
    offered = browser.get(reverse("receiver-add"), {"addressee": ids["9992"], "insurer": ids["9991"]})
    assert f'value="{ids["9992"]}" selected' in offered.content.decode()
    assert "opnieuw nagekeken" in pages.text(browser.post(reverse("receiver-add"), wanted, follow=True))
    assert "staat er al" in pages.text(browser.post(reverse("receiver-add"), wanted))
    office.attach(file)
    assert office.state(file) == ATTACHED
    with office.facts():
        row = Receiver.objects.get()
    ending = reverse("receiver-end", args=[row.public_id])
    assert "vóór de eerste dag" in pages.text(browser.post(ending, {"last_day": "2023-12-31"}))
    told = pages.text(browser.post(ending, {"last_day": "2024-01-20"}, follow=True))
    assert "tot en met 20 januari 2024" in told
    assert "is afgelopen" in told


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"insurer": "addressee"}, "altijd voor zichzelf"),
        ({"last_day": "2023-01-01"}, "vóór de eerste"),
    ],
)
def test_the_page_refuses_what_cannot_be(
    office: Office, administrator: Actor, changes: dict[str, str], sentence: str
) -> None:
    concern = other(office)
    wanted = {"addressee": str(concern.pk), "insurer": str(Insurer.objects.get(uzovi="9991").pk)}
    wanted |= {"valid_from": "2024-01-01"} | {
        name: wanted.get(value, value) for name, value in changes.items()
    }
    assert sentence in pages.text(administrator.browser.post(reverse("receiver-add"), wanted))
    with office.facts():
        assert not Receiver.objects.exists()


def test_an_officer_sees_it_and_changes_nothing(office: Office, officer: Browser) -> None:
    other(office)
    row = recorded(office, date(2024, 1, 1))
    assert "Concern voor Verzekeraar 9991" in pages.shown(officer, "receiver-list")
    for address in (reverse("receiver-add"), reverse("receiver-end", args=[row.public_id])):
        assert officer.get(address).status_code == 403


def test_the_database_refuses_an_insurer_that_receives_for_itself(office: Office) -> None:
    row = Receiver(organisation=office.house.organisation, valid_from=date(2024, 1, 1))
    with office.facts():
        row.addressee = row.insurer = Insurer.objects.get(uzovi="9991")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
