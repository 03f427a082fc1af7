"""What may still be said of somebody who is left out of one file, while another file speaks of them too."""

from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse

from care.schema.models import Client
from care.schema.statements import LegalBasis, Objection
from declarations.decisions.facts import Decided, Facts, Item
from declarations.delivery import remaking
from declarations.schema.constants import AttachmentKind, AttachmentState, DeliveryMode, FileState, Reason
from declarations.schema.models import DeclarationFile, ProfileRecord
from tests.declarations.delivery.separating import (
    attached_in_both_forms,
    look,
    records,
    separates,
    the_separate,
)
from tests.declarations.delivery.separating import made as made_apart
from tests.declarations.fictional import BSNS
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db

DUE = (AttachmentState.ATTACHED, Reason.CORRECTION_DUE)


def in_both_forms(office: Office) -> DeclarationFile:
    """Make a file of one person: the first half of January stands in it, the second in a separate one."""
    file = attached_in_both_forms(office)
    office.make(file)
    return file


def make_anew(office: Office, file: DeclarationFile) -> None:
    with office.facts():
        remaking.make_anew(file=office.fresh(file))


def release_all(office: Office, file: DeclarationFile) -> None:
    for row in (file, *separates(office)):
        if office.fresh(row).state == FileState.EXPORTED:
            office.release(row)


def corrections(office: Office, file: DeclarationFile) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in office.items(file, AttachmentKind.CORRECTION)]


def basis_from(office: Office, day: date) -> None:
    with office.facts():
        LegalBasis.objects.update(valid_from=day)


def basis_until(office: Office, day: date) -> None:
    with office.facts():
        LegalBasis.objects.update(valid_until=day)


def test_what_may_still_be_said_of_the_file_follows_apart(office: Office) -> None:
    file = in_both_forms(office)
    basis_from(office, date(2024, 1, 5))
    make_anew(office, file)
    assert [code for _, _, _, code in records(office.written(office.fresh(file)))] == ["W0104", "W0104"]
    assert corrections(office, file) == [DUE]
    release_all(office, file)
    apart = made_apart(office)
    assert apart is not None
    assert records(office.written(apart)) == [(BSNS[0], "20240105", "20240115", "DK01")]


def test_what_may_still_be_said_of_the_separate_file_follows(office: Office) -> None:
    file = in_both_forms(office)
    basis_until(office, date(2024, 1, 20))
    make_anew(office, the_separate(office))
    assert corrections(office, file) == [DUE]
    release_all(office, file)
    apart = made_apart(office)
    assert apart is not None
    assert records(office.written(apart)) == [(BSNS[0], "20240116", "20240119", "DK09")]


def test_nothing_is_added_to_what_went(office: Office) -> None:
    file = in_both_forms(office)
    basis_from(office, date(2024, 1, 5))
    make_anew(office, file)
    assert office.state(file) == (AttachmentState.EXPORTED, Reason.NONE)
    with office.facts():
        (stays,) = ProfileRecord.objects.filter(attachment=office.item(file))
        references = ProfileRecord.objects.values_list("reference", flat=True)
        assert len(set(references)) == len(references)
    assert (stays.form, stays.delivered_in_id) == (DeliveryMode.SEPARATE, the_separate(office).pk)


def test_the_page_of_what_follows_says_which_person_it_is(office: Office, officer: Browser) -> None:
    file = in_both_forms(office)
    basis_from(office, date(2024, 1, 5))
    make_anew(office, file)
    (rest,) = office.items(file, AttachmentKind.CORRECTION)
    page = officer.get(reverse("queue-item", args=[rest.public_id]))
    assert page.context["number"] == office.item(file).number
    assert "uit een gemaakt bestand gelaten" in page.content.decode()


def test_who_may_not_be_spoken_of_waits_until_that_is_over(office: Office) -> None:
    file = in_both_forms(office)
    release_all(office, the_separate(office))
    with office.facts():
        objection = Objection.objects.create(
            organisation=office.house.organisation, client=Client.objects.get(), made_on=date(2024, 2, 1)
        )
    make_anew(office, file)
    assert corrections(office, file) == [(AttachmentState.HELD, Reason.CORRECTION_DUE)]
    office.release(file)
    assert made_apart(office) is None
    with office.facts():
        objection.withdrawn_on = date(2024, 3, 1)
        objection.save()
    look(office)
    apart = made_apart(office)
    assert apart is not None
    assert records(office.written(apart)) == [(BSNS[0], "20240101", "20240115", "DK01")]


def test_left_out_of_both_nothing_follows_twice(office: Office) -> None:
    file = in_both_forms(office)
    basis_from(office, date(2024, 1, 5))
    make_anew(office, file)
    basis_until(office, date(2024, 1, 20))
    make_anew(office, the_separate(office))
    release_all(office, file)
    apart = made_apart(office)
    assert apart is not None
    assert records(office.written(apart)) == [
        (BSNS[0], "20240105", "20240115", "DK01"),
        (BSNS[0], "20240116", "20240119", "DK09"),
    ]
    assert made_apart(office) is None


def test_who_cannot_be_decided_on_waits_and_is_looked_at_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.client(0)
    file = office.attached()
    office.make(file)

    def failing(_facts: Facts, _item: Item, *, is_late: bool = False) -> Decided:
        raise ValueError(f"cannot be decided on, late or not: {is_late}")

    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation, client=Client.objects.get(), made_on=date(2024, 2, 1)
        )
    with monkeypatch.context() as broken:
        broken.setattr(Facts, "decide", failing)
        make_anew(office, file)
    assert office.state(file) == (AttachmentState.HELD, Reason.TOO_LATE)
    with office.facts():
        Objection.objects.update(withdrawn_on=date(2024, 2, 2))
    look(office)
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
