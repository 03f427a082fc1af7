"""Numbers (0116) of separate files: a series of the organisation's own that nobody else moves or stops."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from care.schema.constants import Role
from declarations.delivery import invoice_numbers
from declarations.schema.constants import FileState, Handover
from declarations.schema.delivery_constants import JobState, MakingRefusal
from declarations.schema.exceptions import AlreadyImportedError, InvoiceNumberTakenError, NumbersUsedUpError
from declarations.schema.models import DeclarationFile, ProfileRecord
from declarations.schema.number_models import MOST_NUMBERS, NumberPrefix, NumberSeries
from tests.actors import Actor, House, actor
from tests.beside import beside, somebody_waits
from tests.declarations.delivery.separating import agree_apart, ask_apart, look, made, one_late, separates
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown
from tests.declarations.working import done
from tests.factories import people
from tests.waiting import wait_until

TODAY = date(2026, 3, 2)


@pytest.fixture
def administrator(thuis: House) -> Browser:
    """The browser of the administrator of the office."""
    return actor(Role.ADMINISTRATOR, thuis).browser


def taken(office: Office, today: date = TODAY, *, is_test: bool = False) -> str:
    with office.facts():
        return invoice_numbers.next_number(office.house.organisation, today, is_test=is_test)


def year() -> str:
    return f"{date.today():%Y}"  # noqa: DTZ011


@pytest.mark.django_db
def test_a_number_of_others_never_stops_or_moves_the_series(office: Office) -> None:
    """One invoice DV2026999999 of another system stopped every separate file until New Year."""
    office.imported(number=f"DV{year()}999999")
    agree_apart(office)
    office.client(0)
    office.exported(office.attached(insured(0)))
    assert [file.invoice_number for file in separates(office)] == [f"DV{year()}000001"]


@pytest.mark.django_db
def test_a_number_that_others_have_is_passed_over(office: Office) -> None:
    office.imported(number="DV2026000002")
    assert [taken(office) for _ in range(3)] == ["DV2026000001", "DV2026000003", "DV2026000004"]


@pytest.mark.django_db
def test_a_file_of_others_with_a_number_of_ours_is_read_in_and_both_pages_say_so(
    office: Office, officer: Browser
) -> None:
    one_late(office)
    apart = made(office)
    assert apart is not None
    file = office.imported(number=apart.invoice_number)
    assert file.state == FileState.IMPORTED
    for page in (
        shown(officer, "file-page", file.public_id),
        shown(officer, "apart-page", apart.public_id),
        shown(officer, "apart-list"),
    ):
        assert "staat op twee bestanden" in page
        assert reverse("apart-page", args=[apart.public_id]) in page
        assert reverse("file-page", args=[file.public_id]) in page


@pytest.mark.django_db
def test_the_page_of_a_file_tells_of_a_number_that_looks_like_ours(office: Office, officer: Browser) -> None:
    lookalike, ordinary = office.imported(number="DV2026999999"), office.imported(number="F1")
    assert "lijkt op de nummers van onze aparte bestanden" in shown(officer, "file-page", lookalike.public_id)
    assert "onze aparte bestanden" not in shown(officer, "file-page", ordinary.public_id)


@pytest.mark.django_db
def test_the_administrator_chooses_another_prefix(office: Office, administrator: Browser) -> None:
    office.imported(number="DV2026000001")
    page = shown(administrator, "number-series")
    assert "DV2026000001" in page
    assert "Kies een ander voorvoegsel" in page
    assert taken(office) == "DV2026000002"
    answer = administrator.post(reverse("number-series"), {"number_prefix": "tz"})
    assert answer.status_code == 302
    assert taken(office) == "TZ2026000001"
    page = shown(administrator, "number-series")
    assert "Kies een ander voorvoegsel" not in page
    assert "laatste nummer 000002" in page
    administrator.post(reverse("number-series"), {"number_prefix": "DV"})
    assert taken(office) == "DV2026000003"
    with office.facts():
        assert [row.prefix for row in NumberPrefix.objects.order_by("id")] == ["TZ", "DV"]


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "DVX", "é", "-1", "D V"])
def test_a_prefix_that_does_not_fit_the_field_is_refused(
    office: Office, administrator: Browser, prefix: str
) -> None:
    answer = administrator.post(reverse("number-series"), {"number_prefix": prefix})
    assert (answer.status_code, taken(office)) == (200, "DV2026000001")


@pytest.mark.django_db
def test_only_the_administrator_may_change_it(office: Office, officer: Browser) -> None:
    assert officer.post(reverse("number-series"), {"number_prefix": "TZ"}).status_code == 403
    assert taken(office) == "DV2026000001"


@pytest.mark.django_db
def test_years_organisations_and_test_files_count_by_themselves(
    office: Office, office_elsewhere: Office
) -> None:
    assert [taken(office), taken(office)] == ["DV2026000001", "DV2026000002"]
    assert taken(office, date(2027, 1, 1)) == "DV2027000001"
    assert taken(office, is_test=True) == "DV2026000001"
    assert taken(office_elsewhere) == "DV2026000001"
    assert taken(office) == "DV2026000003"


@pytest.mark.django_db
@pytest.mark.usefixtures("nobody_is_told")
def test_a_full_series_is_told_at_the_first_attempt(office: Office, declaration_officer: Actor) -> None:
    one_late(office)
    with office.facts():
        NumberSeries.objects.create(
            organisation=office.house.organisation,
            prefix="DV",
            year=int(year()),
            last_number=MOST_NUMBERS,
        )
    job = done(office, ask_apart(office, declaration_officer))
    assert (job.state, job.refusal, job.attempts) == (JobState.REFUSED, MakingRefusal.NUMBERS_USED_UP, 1)
    page = shown(declaration_officer.browser, "apart-job", job.public_id)
    assert "zijn op" in page
    assert "ander voorvoegsel" in page
    with office.facts(), pytest.raises(NumbersUsedUpError):
        invoice_numbers.next_number(office.house.organisation, date.today())  # noqa: DTZ011


@pytest.mark.django_db
def test_a_making_that_fails_gives_its_number_back(office: Office) -> None:
    with transaction.atomic():
        assert taken(office) == "DV2026000001"
        transaction.set_rollback(True)
    assert taken(office) == "DV2026000001"


@pytest.mark.django_db(transaction=True)
def test_two_makings_at_once_get_two_numbers(office: Office) -> None:
    with office.facts():
        first = invoice_numbers.next_number(office.house.organisation, TODAY)
        thread, outcomes = beside(lambda: taken(office))
        wait_until(somebody_waits)
    thread.join()
    assert [first, *outcomes] == ["DV2026000001", "DV2026000002"]


@pytest.mark.django_db
def test_what_was_made_before_goes_on_where_it_was(office: Office) -> None:
    """The migration: numbers came from files, also from those of others."""
    for number in ("DV2025000007", f"DV{year()}000041"):
        with office.facts():
            one_late_number(office, number)
    office.imported(number=f"DV{year()}000900")
    with office.facts(), connection.cursor() as cursor:
        NumberSeries.objects.all().delete()
        cursor.execute(import_module("declarations.migrations.0013_separate_numbers").GO_ON)
        series = NumberSeries.objects.order_by("year")
        assert [(row.year, row.last_number) for row in series] == [(2025, 7), (int(year()), 41)]


def one_late_number(office: Office, number: str) -> None:
    """Write the row of a separate file down, as one made before the series was kept."""
    DeclarationFile.objects.create(
        organisation=office.house.organisation,
        insurer=people.insurer(uzovi="9991"),
        uzovi="9991",
        kind="separate",
        state=FileState.EXPORTED,
        handover=Handover.MADE,
        is_test=False,
        invoice_number=number,
        invoice_date=TODAY,
        period_first_day=TODAY,
        period_last_day=TODAY,
        control_total="0" * 11 + "D",
        record_count=0,
        person_count=0,
        size=0,
    )


@pytest.mark.django_db
def test_a_test_file_claims_no_number(office: Office) -> None:
    """Case 10: first as a test, then the same number for real; and tests as often as one likes."""
    office.client(0)
    one, other = insured(0), insured(0, care("2024-01-02", "2024-01-30"))
    first = office.attached(one, number="F1", is_test=True)
    office.export(first)
    again = office.attached(other, number="F1", is_test=True)
    production = office.attached(one, number="F1")
    office.export(production)
    with office.facts():
        references = ProfileRecord.objects.values_list("reference", flat=True)
        assert len(set(references)) == len({first.pk, again.pk, production.pk}) == 3
    with pytest.raises(AlreadyImportedError):
        office.imported(one, number="F1", is_test=True)
    with pytest.raises(InvoiceNumberTakenError):
        office.imported(other, number="F1")
    look(office)
