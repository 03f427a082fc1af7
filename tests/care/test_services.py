"""Rules of the services of people and organisations."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone

from care.accounts import organisations
from care.accounts.people import (
    activate_membership,
    add_membership,
    add_user,
    change_teams,
    deactivate_membership,
    password_link,
    rename_user,
)
from care.accounts.selectors import has_role, phase_on, works_elsewhere
from care.clients import registration, selectors
from care.clients.registration import ClientDetails
from care.consent import statements
from care.schema.constants import AccessAction, Phase, Role, Sex
from care.schema.models import AccessLog, Client, Team, User
from care.schema.statements import Consent, LegalBasis, Objection
from tests.actors import Actor, House, actor
from tests.factories import people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def details(house: House, **changes: object) -> ClientDetails:
    right = ClientDetails(
        bsn=people.bsn(),
        initials="B.",
        prefix="",
        surname="Wilgen",
        date_of_birth=date(1938, 5, 4),
        sex=Sex.FEMALE,
        insurer_id=people.insurer().pk,
        insured_number="",
        team_id=house.north.pk,
        in_care_from=date(2024, 1, 1),
        in_care_until=None,
    )
    return replace(right, **changes)  # type: ignore[arg-type]


def test_the_phase_of_a_day_is_the_latest_that_began(thuis: House) -> None:
    with thuis.scope():
        organisations.set_phase(
            organisation=thuis.organisation, phase=Phase.CONTRACT, valid_from=date(2025, 7, 1)
        )
        assert phase_on(thuis.organisation, date(2025, 6, 30)) == Phase.DECLARE
        assert phase_on(thuis.organisation, date(2025, 7, 1)) == Phase.CONTRACT
        assert phase_on(thuis.organisation, date(2012, 12, 31)) == Phase.PREPARE


def test_a_team_name_is_taken_whatever_its_capitals(thuis: House) -> None:
    with thuis.scope(), pytest.raises(ValidationError) as refused:
        organisations.add_team(organisation=thuis.organisation, name="NOORD")
    assert set(refused.value.message_dict) == {"name"}


def test_a_team_may_keep_its_own_name(thuis: House) -> None:
    with thuis.scope():
        organisations.update_team(team=thuis.north, name="noord", municipality="Elders")
        assert Team.objects.get(pk=thuis.north.pk).municipality == "Elders"


def test_an_email_address_is_one_person_whatever_its_capitals() -> None:
    first, is_new = add_user(email=" Ann@Voorbeeld.test ")
    second, is_new_too = add_user(email="ann@voorbeeld.TEST", name="Iemand anders")
    assert first == second
    assert (is_new, is_new_too) == (True, False)
    assert User.objects.get().name == "ann"


def test_nobody_changes_rights_of_their_own(thuis: House, administrator: Actor) -> None:
    user = administrator.user
    with thuis.scope():
        with pytest.raises(PermissionDenied):
            add_membership(user=user, role=Role.NURSE, by=user, organisation=thuis.organisation)
        with pytest.raises(PermissionDenied):
            change_teams(membership=administrator.membership, teams=[thuis.north], by=user)
        with pytest.raises(PermissionDenied):
            deactivate_membership(membership=administrator.membership, by=user)
        assert has_role(user, Role.NURSE, thuis.organisation) is False


def test_a_role_cannot_cover_a_team_of_another_organisation(
    thuis: House, elders: House, administrator: Actor, nurse: Actor
) -> None:
    with thuis.scope(), pytest.raises(ValidationError):
        change_teams(membership=nurse.membership, teams=[elders.north], by=administrator.user)


def test_a_role_switched_off_works_no_more_and_can_come_back(
    administrator: Actor, nurse: Actor, thuis: House
) -> None:
    with thuis.scope():
        deactivate_membership(membership=nurse.membership, by=administrator.user)
    assert nurse.browser.get("/").status_code == 200  # the page that says whom to ask
    with thuis.scope():
        activate_membership(membership=nurse.membership, by=administrator.user)
    assert nurse.browser.get("/").status_code == 302


def test_no_link_for_somebody_who_also_works_elsewhere(thuis: House, elders: House) -> None:
    """Else an administrator could set a password that opens another organisation."""
    nurse = actor(Role.NURSE, thuis)
    with elders.scope():
        people.membership(Role.NURSE, organisation=elders.organisation, user=nurse.user, is_active=False)
    with thuis.scope():
        with pytest.raises(PermissionDenied):
            password_link(user=nurse.user, organisation=thuis.organisation)
        with pytest.raises(PermissionDenied):
            rename_user(user=nurse.user, name="Ander", organisation=thuis.organisation)


def test_working_for_an_insurer_is_working_elsewhere(thuis: House, insurer_user: Actor) -> None:
    with thuis.scope():
        assert works_elsewhere(insurer_user.user, thuis.organisation)


def test_a_link_is_for_who_works_here_only(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        link = password_link(user=nurse.user, organisation=thuis.organisation)
    assert str(nurse.user.public_id) in link


def test_it_adds_a_client_and_logs_that_it_was_changed(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        made = registration.create_client(details=details(thuis), by=nurse.membership)
        assert selectors.client_by_bsn(thuis.organisation.pk, made.bsn) == made
        look = AccessLog.objects.get()
        assert (look.action, look.clients, look.user) == (AccessAction.CHANGED, [made.pk], nurse.user)


def test_a_changed_bsn_is_found_by_its_new_number_only(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        old, new = client.bsn, people.bsn()
        registration.update_client(client=client, details=details(thuis, bsn=new), by=nurse.membership)
        assert selectors.client_by_bsn(thuis.organisation.pk, old) is None
        assert selectors.client_by_bsn(thuis.organisation.pk, new) == client


def test_everything_wrong_with_a_client_is_told_at_once(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        known = people.client(thuis.south)
        wrong = details(
            thuis,
            bsn=known.bsn,
            surname="",
            initials="A" * 21,
            date_of_birth=TODAY + timedelta(days=1),
            in_care_until=date(2023, 1, 1),
            team_id=thuis.south.pk,
        )
        with pytest.raises(ValidationError) as refused:
            registration.create_client(details=wrong, by=nurse.membership)
        assert Client.objects.count() == 1
    assert set(refused.value.message_dict) == {
        "bsn", "surname", "initials", "date_of_birth", "in_care_until", "team",
    }  # fmt: skip
    assert known.bsn not in str(refused.value)


def test_two_people_adding_the_same_bsn_at_once_make_one_client(
    thuis: House, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second looks before the first has saved: the database decides, and the answer is the same."""
    with thuis.scope():
        known = people.client(thuis.north)
        answers = iter([None, known])
        monkeypatch.setattr(selectors, "client_by_bsn", lambda *_: next(answers))
        with pytest.raises(ValidationError) as refused:
            registration.create_client(details=details(thuis, bsn=known.bsn), by=nurse.membership)
        assert set(refused.value.message_dict) == {"bsn"}
        assert Client.objects.count() == 1


def test_care_of_no_days_is_accepted_and_care_that_ends_before_it_began_is_not(
    thuis: House, nurse: Actor
) -> None:
    with thuis.scope():
        registration.create_client(
            details=details(thuis, in_care_until=date(2024, 1, 1)), by=nurse.membership
        )
        with pytest.raises(ValidationError):
            registration.create_client(
                details=details(thuis, in_care_until=date(2023, 12, 31)), by=nurse.membership
            )


def test_an_objection_stands_until_it_is_withdrawn(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        first = statements.record_objection(client=client, day=date(2024, 3, 1), user=nurse.user)
        again = statements.record_objection(client=client, day=date(2024, 4, 1), user=nurse.user)
        assert (again, again.made_on) == (first, date(2024, 3, 1))
        with pytest.raises(ValidationError):
            statements.withdraw_objection(client=client, day=date(2024, 2, 29), user=nurse.user)
        ended = statements.withdraw_objection(client=client, day=date(2024, 5, 1), user=nurse.user)
        assert ended is not None
        assert (ended.withdrawn_on, ended.withdrawn_by) == (date(2024, 5, 1), nurse.user)
        assert statements.withdraw_objection(client=client, day=TODAY, user=nurse.user) is None
        statements.record_objection(client=client, day=date(2024, 6, 1), user=nurse.user)
        assert Objection.objects.count() == 2


def test_consent_is_for_one_insurer(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        other = people.insurer(uzovi="9992")
        for insurer in (client.insurer, other, other):
            statements.record_consent(client=client, insurer=insurer, day=date(2024, 3, 1), user=nurse.user)
        assert Consent.objects.count() == 2
        statements.withdraw_consent(client=client, insurer=other, day=date(2024, 3, 1), user=nurse.user)
        standing = Consent.objects.get(withdrawn_on__isnull=True)
        assert standing.insurer == client.insurer
        assert statements.withdraw_consent(client=client, insurer=other, day=TODAY, user=None) is None


def test_what_a_client_says_is_not_recorded_for_a_day_to_come(thuis: House) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with thuis.scope():
        client = people.client(thuis.north)
        with pytest.raises(ValidationError):
            statements.record_objection(client=client, day=tomorrow, user=None)
        with pytest.raises(ValidationError):
            statements.record_consent(client=client, insurer=client.insurer, day=tomorrow, user=None)


def test_one_objection_stands_at_a_time_whoever_writes_it(thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        statements.record_objection(client=client, day=date(2024, 3, 1), user=None)
    with pytest.raises(IntegrityError), thuis.scope():
        Objection.objects.create(organisation=thuis.organisation, client=client, made_on=date(2024, 3, 2))


def test_the_same_basis_twice_is_one_basis_with_the_latest_end(thuis: House) -> None:
    insurer = people.insurer()

    def record(until: date | None) -> tuple[LegalBasis, bool]:
        return statements.record_legal_basis(
            organisation=thuis.organisation,
            insurer=insurer,
            reference=" Overeenkomst 1 ",
            valid_from=date(2024, 1, 1),
            valid_until=until,
        )

    with thuis.scope():
        _basis, is_new = record(None)
        again, is_new_too = record(date(2025, 1, 1))
        assert (is_new, is_new_too) == (True, False)
        assert LegalBasis.objects.get() == again
        assert again.valid_until == date(2025, 1, 1)
        statements.end_legal_basis(basis=again, valid_until=None)
        with pytest.raises(ValidationError):
            statements.end_legal_basis(basis=again, valid_until=date(2024, 1, 1))
        with pytest.raises(ValidationError):
            record(date(2023, 1, 1))


def test_a_search_of_endless_words_looks_for_the_first_ones(thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    long = f"{client.surname} " * 50 + "niemand"
    assert len(long) > selectors.LONGEST_SEARCH
    assert selectors.search_clients([client], long) == [client]
