"""The administrator's pages: legal bases and agreements."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from care.consent.statements import record_legal_basis
from care.schema.constants import BasisKind
from care.schema.models import Insurer
from care.schema.statements import LegalBasis
from declarations.agreements import code_tables, services
from declarations.schema.agreement_models import Agreement
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.factories import people

TODAY = date(2024, 5, 15)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day_in_may")]


def recorded(house: House, insurer: Insurer, *, until: date | None = None) -> LegalBasis:
    with house.scope():
        made, _is_new = record_legal_basis(
            organisation=house.organisation,
            insurer=insurer,
            reference="Experiment 12",
            valid_from=date(2024, 1, 1),
            valid_until=until,
        )
    return made


def shown(actor: Actor, name: str, *arguments: Any, **query: str) -> str:
    response = actor.browser.get(reverse(name, args=arguments), query)
    assert response.status_code == 200
    return as_shown(response)


def send(actor: Actor, name: str, *arguments: Any, **answers: str) -> str:
    response = actor.browser.post(reverse(name, args=arguments), answers, follow=True)
    assert response.status_code == 200
    return as_shown(response)


def agree(actor: Actor, insurer: Insurer, **answers: str) -> str:
    """Send the form of an agreement as it stands, with other answers."""
    form = actor.browser.get(reverse("agreement-change", args=[insurer.public_id])).context["form"]
    as_agreed = {name: str(form.get_initial_for_field(field, name)) for name, field in form.fields.items()}
    return send(actor, "agreement-change", insurer.public_id, **(as_agreed | answers))


def new_basis(known: Insurer, **changes: str) -> dict[str, str]:
    return {
        "insurer": str(known.pk),
        "kind": "statute",
        "reference": "Wet Voorbeeld, artikel 3",
        "valid_from": "2024-02-01",
        "last_day": "2024-12-31",
    } | changes


# Legal bases


def test_it_says_what_will_be_here_while_there_is_nothing(administrator: Actor) -> None:
    assert "Nog geen verzekeraars" in shown(administrator, "basis-list")


def test_it_shows_a_basis_with_its_standing(thuis: House, administrator: Actor, insurer: Insurer) -> None:
    recorded(thuis, insurer, until=date(2024, 6, 1))
    text = shown(administrator, "basis-list")
    for part in ("Zorgzeker", "Experiment 12", "tot en met 31 mei 2024", "eindigt binnen 30 dagen"):
        assert part in text


def test_it_shows_that_sending_is_off_until_it_is_agreed(
    thuis: House, administrator: Actor, insurer: Insurer
) -> None:
    recorded(thuis, insurer)
    text = shown(administrator, "basis-list")
    assert "Er gaat niets mee: verzenden staat uit." in text
    assert "Aanzetten" in text


def test_it_shows_what_was_agreed_before(thuis: House, administrator: Actor, insurer: Insurer) -> None:
    for sending, day in ((True, date(2024, 1, 1)), (False, date(2024, 3, 1)), (True, TODAY)):
        with thuis.scope():
            services.switch(organisation=thuis.organisation, insurer=insurer, sending=sending, valid_from=day)
    text = shown(administrator, "basis-list")
    before = text[text.index("Eerdere afspraken") :]
    assert "1 maart 2024 tot en met 14 mei 2024: verzenden uit" in before
    before_march = "1 januari 2024 tot en met 29 februari 2024: verzenden aan, in het declaratiebestand"
    with thuis.scope():
        assert f"{before_march}, codetabel {code_tables.example()} (voorbeeld)" in before


def test_it_records_a_basis_and_leaves_sending_off(
    thuis: House, administrator: Actor, insurer: Insurer
) -> None:
    text = send(administrator, "basis-add", **new_basis(insurer))
    assert "De grondslag is vastgelegd." in text
    with thuis.scope():
        basis = LegalBasis.objects.get()
        assert (basis.kind, basis.reference) == (BasisKind.STATUTE, "Wet Voorbeeld, artikel 3")
        assert (basis.valid_from, basis.valid_until) == (date(2024, 2, 1), date(2025, 1, 1))
        assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": "2024-01-31"}, "De laatste dag ligt vóór de eerste."),
        ({"reference": " "}, "Verwijzing: "),
        ({"insurer": "999999"}, "Zorgverzekeraar: "),
        ({"valid_from": "ooit"}, "Eerste dag: "),
        ({"reference": "Experiment 12", "valid_from": "2024-01-01"}, "Deze grondslag staat er al"),
    ],
)
def test_it_says_what_is_wrong_with_a_basis_and_keeps_what_was_typed(
    thuis: House, administrator: Actor, insurer: Insurer, changes: dict[str, str], sentence: str
) -> None:
    recorded(thuis, insurer)
    text = send(administrator, "basis-add", **new_basis(insurer, **changes))
    assert "error-summary" in text
    assert sentence in text
    assert 'value="2024-12-31"' in text or changes.get("last_day", "") in text
    with thuis.scope():
        assert LegalBasis.objects.count() == 1


def test_it_ends_a_basis_after_its_last_day(thuis: House, administrator: Actor, insurer: Insurer) -> None:
    basis = recorded(thuis, insurer)
    text = send(administrator, "basis-end", basis.public_id, last_day="2024-05-31")
    assert "De grondslag geldt tot en met 31 mei 2024." in text
    with thuis.scope():
        assert LegalBasis.objects.get().valid_until == date(2024, 6, 1)


def test_it_refuses_an_end_before_the_beginning(thuis: House, administrator: Actor, insurer: Insurer) -> None:
    basis = recorded(thuis, insurer)
    text = send(administrator, "basis-end", basis.public_id, last_day="2023-12-31")
    assert "Deze dag ligt vóór het begin van de grondslag." in text
    with thuis.scope():
        assert LegalBasis.objects.get().valid_until is None


def test_it_does_not_know_a_basis_of_another_organisation(
    elders: House, administrator: Actor, insurer: Insurer
) -> None:
    basis = recorded(elders, insurer)
    assert administrator.browser.get(reverse("basis-end", args=[basis.public_id])).status_code == 404
    assert "Experiment 12" not in shown(administrator, "basis-list")


# Sending


def test_it_switches_sending_on_and_says_what_that_means(
    thuis: House, administrator: Actor, insurer: Insurer
) -> None:
    text = agree(administrator, insurer, sending="aan", valid_from="2024-05-01")
    assert "Vanaf 1 mei 2024 staat verzenden naar Zorgzeker aan." in text
    assert "Zonder grondslag wordt niets toegevoegd." in text
    assert "codetabel Draagvlak 1 (voorbeeld)" in text
    with thuis.scope():
        agreed = Agreement.objects.get()
    assert (agreed.sending, agreed.valid_from) == (True, date(2024, 5, 1))


def test_it_says_until_when_a_change_holds_before_a_later_agreement(
    thuis: House, administrator: Actor, insurer: Insurer
) -> None:
    """Who stops the sending from an earlier day has not stopped it for good."""
    agree(administrator, insurer, sending="aan", valid_from="2024-05-01")
    text = agree(administrator, insurer, sending="uit", valid_from="2024-02-01")
    assert "Van 1 februari 2024 tot en met 30 april 2024 staat verzenden naar Zorgzeker uit." in text
    assert "Daarna geldt een latere afspraak." in text
    assert "Vanaf 1 februari 2024" not in text


def test_it_switches_sending_off_as_a_new_agreement(
    thuis: House, administrator: Actor, insurer: Insurer
) -> None:
    with thuis.scope():
        services.agree_once(organisation=thuis.organisation, insurer=insurer, valid_from=date(2024, 1, 1))
    assert "aan, sinds 1 januari 2024" in shown(administrator, "agreement-change", insurer.public_id)
    agree(administrator, insurer, sending="uit", valid_from="2024-05-15")
    with thuis.scope():
        before, now = Agreement.objects.order_by("valid_from")
    assert (before.sending, before.valid_until) == (True, TODAY)
    assert (now.sending, now.valid_from, now.valid_until) == (False, TODAY, None)


def test_it_announces_a_change_that_is_planned(thuis: House, administrator: Actor, insurer: Insurer) -> None:
    agree(administrator, insurer, sending="aan", valid_from="2024-07-01")
    text = shown(administrator, "basis-list")
    assert "Vanaf 1 juli 2024: aan" in text
    assert "Er gaat niets mee: verzenden staat uit." in text


def test_it_asks_for_a_choice_before_it_changes_anything(
    thuis: House, administrator: Actor, insurer: Insurer
) -> None:
    text = agree(administrator, insurer, sending="", valid_from="2024-05-15")
    assert "error-summary" in text
    with thuis.scope():
        assert not Agreement.objects.exists()


def test_it_reads_the_overview_with_as_many_queries_for_one_insurer_as_for_five(
    thuis: House, insurer: Insurer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 6):
        recorded(thuis, people.insurer(uzovi=f"999{number}"))
        with thuis.scope(), django_assert_num_queries(4):
            listed = services.overview(organisation=thuis.organisation, today=TODAY)
        assert len(listed) == number


# Rights


@pytest.fixture
def others(
    nurse: Actor, team_lead: Actor, declaration_officer: Actor, privacy_officer: Actor, insurer_user: Actor
) -> list[Actor]:
    return [nurse, team_lead, declaration_officer, privacy_officer, insurer_user]


def test_it_keeps_everybody_but_the_administrator_out(others: list[Actor]) -> None:
    assert {actor.browser.get(reverse("basis-add")).status_code for actor in others} == {403}


def test_officers_see_the_bases_and_change_none(
    thuis: House, insurer: Insurer, declaration_officer: Actor, privacy_officer: Actor, nurse: Actor
) -> None:
    recorded(thuis, insurer)
    for actor in (declaration_officer, privacy_officer):
        text = shown(actor, "basis-list")
        assert "Zorgzeker" in text
        assert reverse("basis-add") not in text
        assert "Aanzetten" not in text
    assert nurse.browser.get(reverse("basis-list")).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_lets_only_the_administrator_decide(others: list[Actor], insurer: Insurer, method: str) -> None:
    address = reverse("agreement-change", args=[insurer.public_id])
    answers = [getattr(actor.browser, method)(address) for actor in others]
    assert {answer.status_code for answer in answers} == {403}
