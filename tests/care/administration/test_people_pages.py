"""The administrator's pages for people, roles and teams."""

from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care.accounts.people import add_membership
from care.schema.constants import Role
from care.schema.models import Membership, Team, User
from tests.actors import Actor, House, actor
from tests.factories import people


def person(house: House, **changes: object) -> dict[str, object]:
    return {
        "name": "Anouk de Vries",
        "email": "anouk@voorbeeld.test",
        "role": Role.NURSE,
        "teams": [str(house.north.public_id)],
    } | changes


def test_a_new_person_gets_a_link_that_is_shown_once(thuis: House, administrator: Actor) -> None:
    page = administrator.browser.post(reverse("user-add"), person(thuis))
    assert page.status_code == 200
    user = User.objects.get(email="anouk@voorbeeld.test")
    assert f"/wachtwoord/kiezen/{user.public_id}/" in page.content.decode()
    with thuis.scope():
        role = Membership.objects.get(user=user)
        assert (role.role, list(role.teams.all())) == (Role.NURSE, [thuis.north])
    for address in (reverse("user-list"), reverse("user-edit", args=[user.public_id])):
        later = administrator.browser.get(address).content.decode()
        assert "Anouk de Vries" in later
        assert "/wachtwoord/kiezen/" not in later


def test_somebody_known_elsewhere_gets_no_role_by_the_page(
    thuis: House, elders: House, administrator: Actor, nurse_elsewhere: Actor
) -> None:
    """Whoever made the account may know its password: so could an administrator read another's clients."""
    email = nurse_elsewhere.user.email
    answer = administrator.browser.post(reverse("user-add"), person(thuis, email=email, name="Andere Naam"))
    assert set(answer.context["form"].errors) == {"email"}
    page = answer.content.decode()
    assert "account van een andere organisatie" in page
    assert "Zorg Elders" not in page
    assert nurse_elsewhere.user.name not in page
    with thuis.scope():
        assert not Membership.objects.filter(user=nurse_elsewhere.user).exists()


def test_somebody_who_works_elsewhere_too_gets_no_link(
    thuis: House, administrator: Actor, nurse_elsewhere: Actor
) -> None:
    user = nurse_elsewhere.user
    with thuis.scope():
        add_membership(user=user, role=Role.NURSE, by=None, organisation=thuis.organisation)
    page = administrator.browser.get(reverse("user-edit", args=[user.public_id])).content.decode()
    assert "werkt ook voor een andere organisatie" in page
    assert "Zorg Elders" not in page
    assert administrator.browser.post(reverse("user-link", args=[user.public_id])).status_code == 403
    another = {"role": Role.TEAM_LEAD}
    answer = administrator.browser.post(reverse("membership-add", args=[user.public_id]), another)
    assert answer["Location"] == reverse("user-edit", args=[user.public_id])


def test_wrong_fields_are_told_together_and_what_was_typed_stays(thuis: House, administrator: Actor) -> None:
    page = administrator.browser.post(
        reverse("user-add"), person(thuis, email="geen adres", role="baas", name="")
    )
    form = page.context["form"]
    assert set(form.errors) == {"name", "email", "role"}
    assert "geen adres" in page.content.decode()
    assert not User.objects.filter(name="Anouk de Vries").exists()


def test_a_team_of_another_organisation_cannot_be_named(
    thuis: House, elders: House, administrator: Actor
) -> None:
    with elders.scope():
        foreign = str(elders.north.public_id)
    page = administrator.browser.post(reverse("user-add"), person(thuis, teams=[foreign]))
    assert set(page.context["form"].errors) == {"teams"}


def test_the_role_of_insurer_is_not_an_organisations_to_give(thuis: House, administrator: Actor) -> None:
    page = administrator.browser.post(reverse("user-add"), person(thuis, role=Role.INSURER))
    assert set(page.context["form"].errors) == {"role"}


def test_a_role_somebody_has_is_not_given_twice(thuis: House, administrator: Actor, nurse: Actor) -> None:
    page = administrator.browser.post(reverse("user-add"), person(thuis, email=nurse.user.email))
    assert set(page.context["form"].errors) == {"role"}
    with thuis.scope():
        assert Membership.objects.filter(user=nurse.user).count() == 1


def test_another_role_other_teams_and_off_and_on(thuis: House, administrator: Actor, nurse: Actor) -> None:
    browser = administrator.browser
    back = reverse("user-edit", args=[nurse.user.public_id])
    assert (
        browser.post(reverse("membership-add", args=[nurse.user.public_id]), {"role": Role.TEAM_LEAD})[
            "Location"
        ]
        == back
    )
    edit = reverse("membership-edit", args=[nurse.membership.public_id])
    assert "checked" in browser.get(edit).content.decode()
    assert browser.post(edit, {"teams": [str(thuis.south.public_id)]})["Location"] == back
    switch = reverse("membership-switch", args=[nurse.membership.public_id])
    assert browser.post(switch)["Location"] == back
    with thuis.scope():
        roles = {role.role: role for role in Membership.objects.filter(user=nurse.user)}
        assert list(roles[Role.NURSE].teams.all()) == [thuis.south]
        assert (roles[Role.NURSE].is_active, roles[Role.TEAM_LEAD].is_active) == (False, True)
    browser.post(switch)
    assert browser.post(edit, {})["Location"] == back
    with thuis.scope():
        role = Membership.objects.get(pk=nurse.membership.pk)
        assert (role.is_active, role.teams.count()) == (True, 0)


def test_a_new_link_replaces_a_forgotten_password(thuis: House, administrator: Actor, nurse: Actor) -> None:
    page = administrator.browser.post(reverse("user-link", args=[nurse.user.public_id]))
    address = page.context["link"].partition("localhost")[2].partition("/")[2]
    browser = Browser()
    where = browser.get(f"/{address}", follow=True).redirect_chain[-1][0]
    words = "een heel nieuwe lange zin"
    assert browser.post(where, {"new_password1": words, "new_password2": words}).status_code == 302
    nurse.user.refresh_from_db()
    assert nurse.user.check_password(words)


def test_an_administrator_cannot_change_own_roles_by_any_page(thuis: House, administrator: Actor) -> None:
    me = administrator.user.public_id
    mine = administrator.membership.public_id
    browser = administrator.browser
    addresses = {
        reverse("membership-add", args=[me]): {"role": Role.PRIVACY_OFFICER},
        reverse("membership-edit", args=[mine]): {"teams": [str(thuis.north.public_id)]},
        reverse("membership-switch", args=[mine]): {},
        reverse("user-add"): person(thuis, email=administrator.user.email, role=Role.NURSE),
    }
    for address, sent in addresses.items():
        assert browser.post(address, sent).status_code == 403, address
    with thuis.scope():
        assert Membership.objects.filter(user=administrator.user).count() == 1
    assert "Dit ben je zelf" in browser.get(reverse("user-edit", args=[me])).content.decode()


def test_a_name_can_be_corrected(thuis: House, administrator: Actor, nurse: Actor) -> None:
    address = reverse("user-edit", args=[nurse.user.public_id])
    assert administrator.browser.post(address, {"name": "Nieuwe Naam"})["Location"] == address
    nurse.user.refresh_from_db()
    assert nurse.user.name == "Nieuwe Naam"
    empty = administrator.browser.post(address, {"name": ""})
    assert set(empty.context["form"].errors) == {"name"}


@pytest.mark.parametrize(
    "name",
    ["user-edit", "membership-add", "user-link", "membership-edit", "membership-switch", "team-edit"],
)
def test_people_and_teams_of_another_organisation_do_not_exist(
    name: str, administrator: Actor, nurse_elsewhere: Actor, elders: House
) -> None:
    if name.startswith("team"):
        public_id = elders.north.public_id
    elif name in ("membership-edit", "membership-switch"):
        public_id = nurse_elsewhere.membership.public_id
    else:
        public_id = nurse_elsewhere.user.public_id
    assert administrator.browser.post(reverse(name, args=[public_id]), {}).status_code == 404


def test_teams_are_added_and_changed(thuis: House, administrator: Actor) -> None:
    browser = administrator.browser
    assert browser.post(reverse("team-add"), {"name": "Oost", "municipality": ""})["Location"] == reverse(
        "team-list"
    )
    taken = browser.post(reverse("team-add"), {"name": "oost", "municipality": "Dorp"})
    assert taken.context["form"].errors == {"name": ["Er is al een team met deze naam."]}
    address = reverse("team-edit", args=[thuis.north.public_id])
    assert "Noordwijk" in browser.get(address).content.decode()
    browser.post(address, {"name": "Noord", "municipality": "Noorddorp"})
    with thuis.scope():
        found = set(Team.objects.values_list("name", "municipality"))
    assert found == {("Oost", ""), ("Noord", "Noorddorp"), ("Zuid", "Zuidwijk")}
    page = browser.get(reverse("team-list")).content.decode()
    assert "gemeente nog niet ingevuld" in page


def test_a_team_counts_who_is_in_care_today(thuis: House, administrator: Actor) -> None:
    with thuis.scope():
        people.client(thuis.north)
        people.client(thuis.north, in_care_until=date(2024, 1, 1))
        people.client(thuis.north, in_care_from=timezone.localdate() + timedelta(days=1))
    page = administrator.browser.get(reverse("team-list")).content.decode()
    assert "1 cliënt in zorg" in page
    assert "0 cliënten in zorg" in page


def test_lists_cost_the_same_however_many_people(thuis: House, administrator: Actor) -> None:
    addresses = [reverse("user-list"), reverse("team-list")]
    few = [administrator.queries_of(address) for address in addresses]
    with thuis.scope():
        for number in range(12):
            people.team(thuis.organisation, name=f"Wijk {number}")
    for _ in range(12):
        actor(Role.NURSE, thuis, thuis.north, thuis.south)
    assert [administrator.queries_of(address) for address in addresses] == few
