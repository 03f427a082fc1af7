"""Adding, changing and finding clients by form."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from care.consent import statements
from care.schema.constants import AccessAction, Role, Sex
from care.schema.models import AccessLog, Client
from care.schema.statements import Consent, Objection
from tests.actors import Actor, House, actor
from tests.factories import people


def form(house: House, **changes: str) -> dict[str, str]:
    return {
        "bsn": people.bsn(),
        "initials": "B.",
        "prefix": "van",
        "surname": "Wilgen",
        "date_of_birth": "04-05-1938",
        "sex": Sex.FEMALE,
        "insurer": str(people.insurer().public_id),
        "insured_number": "",
        "team": str(house.north.public_id),
        "in_care_from": "01-01-2024",
        "in_care_until": "",
    } | changes


def looks(house: House) -> list[tuple[str, list[int]]]:
    with house.scope():
        return list(AccessLog.objects.order_by("id").values_list("action", "clients"))


def test_a_nurse_adds_a_client_to_her_team_and_goes_on_to_that_client(thuis: House, nurse: Actor) -> None:
    answer = nurse.browser.post(reverse("client-add"), form(thuis))
    with thuis.scope():
        client = Client.objects.get()
        assert (client.name, client.team, client.date_of_birth) == (
            "B. van Wilgen",
            thuis.north,
            date(1938, 5, 4),
        )
    assert answer["Location"] == reverse("client-page", args=[client.public_id])
    assert looks(thuis) == [(AccessAction.CHANGED, [client.pk])]


def test_a_name_that_was_typed_in_parts_is_stored_composed(thuis: House, nurse: Actor) -> None:
    nurse.browser.post(reverse("client-add"), form(thuis, surname="Gu\u0308nther", prefix="d\u0300"))
    with thuis.scope():
        client = Client.objects.get()
    assert (client.surname, client.prefix) == ("G\u00fcnther", "d\u0300")


def test_the_only_team_of_a_nurse_is_filled_in(thuis: House, nurse: Actor) -> None:
    page = nurse.browser.get(reverse("client-add"))
    assert page.context["form"]["team"].value() == thuis.north.public_id
    assert "Zuid" not in page.content.decode()


def test_a_nurse_cannot_add_a_client_to_another_team(thuis: House, nurse: Actor) -> None:
    page = nurse.browser.post(reverse("client-add"), form(thuis, team=str(thuis.south.public_id)))
    assert set(page.context["form"].errors) == {"team"}
    assert looks(thuis) == []


def test_an_administrator_adds_clients_to_every_team(thuis: House, administrator: Actor) -> None:
    answer = administrator.browser.post(reverse("client-add"), form(thuis, team=str(thuis.south.public_id)))
    assert answer["Location"] == reverse("client-register")


def test_all_that_is_wrong_is_told_at_once_by_its_field_and_nothing_typed_is_lost(
    thuis: House, nurse: Actor
) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).strftime("%d-%m-%Y")
    wrong = form(
        thuis, bsn="123456789", surname="", date_of_birth=tomorrow, sex="", in_care_from="31-02-2024",
        in_care_until="01-01-2000", insurer="", prefix="van" * 10,
    )  # fmt: skip
    page = nurse.browser.post(reverse("client-add"), wrong)
    assert set(page.context["form"].errors) == {
        "bsn", "surname", "date_of_birth", "sex", "in_care_from", "insurer", "prefix",
    }  # fmt: skip
    text = page.content.decode()
    for typed in ("123456789", tomorrow, "31-02-2024", "01-01-2000"):
        assert f'value="{typed}"' in text
    assert "Schrijf een bestaande dag" in text


def test_dates_that_contradict_each_other_are_told(thuis: House, nurse: Actor) -> None:
    wrong = form(thuis, in_care_from="01-01-1930", in_care_until="01-01-1929")
    page = nurse.browser.post(reverse("client-add"), wrong)
    assert set(page.context["form"].errors) == {"in_care_from", "in_care_until"}


def test_a_year_of_birth_in_which_nobody_alive_was_born_is_told(thuis: House, nurse: Actor) -> None:
    this_year = timezone.localdate().year
    page = nurse.browser.post(reverse("client-add"), form(thuis, date_of_birth=f"01-01-{this_year - 131}"))
    assert set(page.context["form"].errors) == {"date_of_birth"}
    page = nurse.browser.post(reverse("client-add"), form(thuis, date_of_birth=f"01-01-{this_year - 130}"))
    assert page.status_code == 302


def test_a_bsn_that_is_known_is_told_beside_everything_else(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        known = people.client(thuis.south, surname="Geheimhof")
    page = nurse.browser.post(reverse("client-add"), form(thuis, bsn=known.bsn, surname=""))
    assert set(page.context["form"].errors) == {"bsn", "surname"}
    assert known.surname not in page.content.decode()


@pytest.mark.parametrize("pasted", [" 999800334", "999.800.334", "999 800 334", "999800334 "])
def test_a_bsn_is_taken_as_it_was_written_elsewhere(pasted: str, thuis: House, nurse: Actor) -> None:
    assert nurse.browser.post(reverse("client-add"), form(thuis, bsn=pasted)).status_code == 302
    with thuis.scope():
        assert Client.objects.get().bsn == "999800334"


def test_too_many_digits_are_said_and_never_cut_off(thuis: House, nurse: Actor) -> None:
    """The first nine of these are a BSN, of somebody else."""
    page = nurse.browser.post(reverse("client-add"), form(thuis, bsn="99980033417"))
    assert page.context["form"].errors["bsn"] == [
        "Dit zijn 11 cijfers. Een BSN heeft er 9; haal weg wat er niet bij hoort."
    ]
    assert "maxlength" not in str(page.context["form"]["bsn"])
    with thuis.scope():
        assert not Client.objects.exists()


def test_the_same_bsn_in_another_organisation_is_no_news(thuis: House, elders: House, nurse: Actor) -> None:
    with elders.scope():
        known = people.client(elders.north)
    assert nurse.browser.post(reverse("client-add"), form(thuis, bsn=known.bsn)).status_code == 302


def test_the_bsn_is_masked_when_a_client_is_changed_and_stays_when_left_empty(
    thuis: House, nurse: Actor
) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    address = reverse("client-edit", args=[client.public_id])
    page = nurse.browser.get(address).content.decode()
    assert client.bsn not in page
    assert f"eindigt op {client.bsn[-2:]}" in page
    nurse.browser.post(address, form(thuis, bsn="", surname="Nieuw"))
    with thuis.scope():
        now = Client.objects.get()
        assert (now.bsn, now.surname) == (client.bsn, "Nieuw")
    assert looks(thuis) == [(AccessAction.VIEWED, [client.pk]), (AccessAction.CHANGED, [client.pk])]


def test_a_bsn_can_be_changed_by_filling_in_another(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    changed = form(thuis)
    nurse.browser.post(reverse("client-edit", args=[client.public_id]), changed)
    with thuis.scope():
        assert Client.objects.get().bsn == changed["bsn"]


def test_a_page_that_shows_a_client_again_after_an_error_is_a_look_too(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    page = nurse.browser.post(
        reverse("client-edit", args=[client.public_id]), form(thuis, bsn="", surname="")
    )
    assert page.status_code == 200
    assert looks(thuis) == [(AccessAction.VIEWED, [client.pk])]


@pytest.mark.parametrize("name", ["client-edit", "client-sharing"])
def test_a_client_of_another_team_is_refused_and_of_another_organisation_unknown(
    name: str, thuis: House, elders: House, nurse: Actor
) -> None:
    with thuis.scope():
        of_another_team = people.client(thuis.south)
    with elders.scope():
        of_another_house = people.client(elders.north)
    refused = nurse.browser.get(reverse(name, args=[of_another_team.public_id]))
    assert refused.status_code == 403
    assert "ander team" in refused.content.decode()
    assert nurse.browser.get(reverse(name, args=[of_another_house.public_id])).status_code == 404
    assert looks(thuis) == []


def test_the_register_finds_by_exact_bsn_and_by_date_of_birth(thuis: House, administrator: Actor) -> None:
    with thuis.scope():
        one = people.client(thuis.north, surname="Eerste", date_of_birth=date(1950, 1, 2))
        two = people.client(thuis.south, surname="Tweede", date_of_birth=date(1950, 1, 2))
        people.client(thuis.south, surname="Derde")
    address = reverse("client-register")
    assert "Eerste" not in administrator.browser.get(address).content.decode()
    by_day = administrator.browser.post(address, {"bsn": "", "date_of_birth": "02-01-1950"})
    assert by_day.context["found"] == [one, two]
    by_bsn = administrator.browser.post(address, {"bsn": two.bsn, "date_of_birth": ""})
    assert by_bsn.context["found"] == [two]
    assert looks(thuis) == [(AccessAction.LISTED, [one.pk, two.pk]), (AccessAction.LISTED, [two.pk])]


def test_the_register_says_when_there_is_nothing_or_nothing_was_asked(
    thuis: House, elders: House, administrator: Actor
) -> None:
    with elders.scope():
        other = people.client(elders.north)
    address = reverse("client-register")
    page = administrator.browser.post(address, {"bsn": other.bsn})
    assert page.context["found"] == []
    assert "0 cliënten gevonden" in page.content.decode()
    empty = administrator.browser.post(address, {})
    assert empty.context["found"] is None
    assert "Vul een BSN of een geboortedatum in." in empty.content.decode()


def test_what_a_client_says_about_sharing_is_recorded_and_taken_back(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    address = reverse("client-sharing", args=[client.public_id])

    def say(statement: str, day: str) -> int:
        return nurse.browser.post(address, {"statement": statement, "day": day}).status_code

    assert say("objects", "01-02-2024") == 302
    assert say("consents", "01-02-2024") == 302
    assert say("objects", "01-03-2024") == 200  # stands already, so that cannot be said
    assert say("objects_no_more", "01-01-2024") == 200  # before it began
    assert say("objects_no_more", "01-04-2024") == 302
    assert say("consents_no_more", "02-04-2024") == 302
    with thuis.scope():
        objection, consent = Objection.objects.get(), Consent.objects.get()
    assert (objection.made_on, objection.withdrawn_on) == (date(2024, 2, 1), date(2024, 4, 1))
    assert (consent.given_on, consent.withdrawn_on) == (date(2024, 2, 1), date(2024, 4, 2))
    assert (objection.recorded_by, consent.withdrawn_by) == (nurse.user, nurse.user)


def test_a_consent_for_a_former_insurer_is_shown_and_taken_back(thuis: House, nurse: Actor) -> None:
    """It would hold for ever otherwise, for care of then that is declared late."""
    with thuis.scope():
        client = people.client(thuis.north)
        former = people.insurer(uzovi="9992", name="Vroeger")
        statements.record_consent(client=client, insurer=former, day=date(2024, 1, 5), user=nurse.user)
    address = reverse("client-sharing", args=[client.public_id])
    page = nurse.browser.get(address).content.decode()
    assert "Toestemming voor Vroeger" in page
    said = {"statement": "consents_no_more:9992", "day": "01-02-2024"}
    assert "Vastgelegd." in nurse.browser.post(address, said, follow=True).content.decode()
    with thuis.scope():
        assert Consent.objects.get().withdrawn_on == date(2024, 2, 1)
    page = nurse.browser.get(address).content.decode()
    assert "ingetrokken op 1 februari 2024" in page
    assert "opnieuw toestemming voor Vroeger" in page
    again = nurse.browser.post(address, said)
    assert again.status_code == 200  # nothing to take back any more, so that cannot be said
    assert nurse.browser.post(address, said | {"statement": "consents:9992"}).status_code == 302
    with thuis.scope():
        assert Consent.objects.filter(insurer=former, withdrawn_on__isnull=True).count() == 1


def test_a_client_form_costs_the_same_however_many_clients(thuis: House) -> None:
    administrator = actor(Role.ADMINISTRATOR, thuis)
    with thuis.scope():
        client = people.client(thuis.north)
    few = administrator.queries_of(reverse("client-edit", args=[client.public_id]))
    with thuis.scope():
        for _ in range(20):
            people.client(thuis.north)
    assert administrator.queries_of(reverse("client-edit", args=[client.public_id])) == few
