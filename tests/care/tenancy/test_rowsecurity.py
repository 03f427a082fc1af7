"""The ground under the ORM: what the runtime role can see, write and never do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, models, transaction
from psycopg import sql

from care.audit import access
from care.consent.statements import record_consent, record_legal_basis, record_objection
from care.schema.constants import AccessAction, Phase, Role
from care.schema.models import AccessLog, Client, Membership, PhasePeriod, Team
from care.schema.statements import Consent, LegalBasis, Objection
from care.tenancy import scope
from tests.actors import Actor, House
from tests.factories import people

AsOwner = Callable[[], AbstractContextManager[None]]

# Tables without row policies, each for a reason: registers, definitions, log-in, and Django's own.
OPEN_TABLES = {
    "care_insurer",
    "care_keycanary",
    "care_organisation",
    "care_user",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "profiles_modelversion",
    "questionnaires_instrumentversion",
}
OF_AN_ORGANISATION: list[type[models.Model]] = [
    AccessLog,
    Client,
    Consent,
    LegalBasis,
    Membership,
    Objection,
    PhasePeriod,
    Team,
]


def rows(query: str, *values: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def execute(statement: str, *values: int, table: str = "") -> None:
    """Run a statement in which {} stands for a table."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(table)), values)


def tables_with_organisation() -> list[str]:
    found = rows(
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'organisation_id'"
        " order by 1"
    )
    return [str(name) for (name,) in found]


def furnish(house: House) -> None:
    """Put a row of every kind into a house."""
    with house.scope():
        client = people.client(house.north)
        membership = people.membership(Role.NURSE, organisation=house.organisation)
        record_consent(client=client, insurer=client.insurer, day=date(2024, 1, 1), user=None)
        record_objection(client=client, day=date(2024, 1, 1), user=None)
        record_legal_basis(
            organisation=house.organisation,
            insurer=client.insurer,
            reference="Overeenkomst",
            valid_from=date(2024, 1, 1),
        )
        access.record(membership=membership, action=AccessAction.VIEWED, clients=[client])


def test_every_table_of_an_organisation_has_a_policy_for_reading_and_writing(db: None) -> None:
    policies = {
        (name, command): (using, check)
        for name, command, using, check in rows(
            "select c.relname, p.polcmd::text, pg_get_expr(p.polqual, p.polrelid),"
            " pg_get_expr(p.polwithcheck, p.polrelid)"
            " from pg_policy p join pg_class c on c.oid = p.polrelid where c.relrowsecurity"
        )
    }
    assert len(tables_with_organisation()) > len(OF_AN_ORGANISATION)
    for table in tables_with_organisation():
        using, check = policies[(table, "*")]
        assert "organisation_id = ( SELECT (NULLIF(current_setting('app.organisation'" in str(using), table
        assert "organisation_id = ( SELECT (NULLIF(current_setting('app.organisation'" in str(check), table


def test_what_else_may_read_a_table_may_not_write_it(db: None) -> None:
    more = rows("select distinct polcmd::text from pg_policy where polname <> 'scope'")
    assert {command for (command,) in more} <= {"r"}


def test_a_table_without_policies_is_one_that_we_know_of(db: None) -> None:
    found = rows(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p', 'v', 'm') and not relrowsecurity"
    )
    assert {name for (name,) in found} == OPEN_TABLES


@pytest.mark.parametrize("model", OF_AN_ORGANISATION)
def test_rows_of_another_organisation_are_invisible(
    model: type[models.Model], thuis: House, elders: House
) -> None:
    furnish(thuis)
    manager = model._default_manager
    with thuis.scope():
        assert manager.exists()
    with elders.scope():
        assert not manager.filter(organisation_id=thuis.organisation.pk).exists()
    assert not manager.exists()


@pytest.mark.parametrize("model", OF_AN_ORGANISATION)
def test_rows_of_another_organisation_cannot_be_removed(
    model: type[models.Model], thuis: House, elders: House
) -> None:
    furnish(thuis)
    mine = model._default_manager.filter(organisation_id=thuis.organisation.pk)
    with thuis.scope():
        before = mine.count()
    if model is not AccessLog:  # which nobody may remove rows from
        with elders.scope():
            assert mine._raw_delete("default") == 0
    with thuis.scope():
        assert mine.count() == before


def test_no_row_can_be_written_for_another_organisation(thuis: House, elders: House) -> None:
    for table in tables_with_organisation():
        with pytest.raises(ProgrammingError, match="row-level security"), elders.scope():
            execute("insert into {} (organisation_id) values (%s)", thuis.organisation.pk, table=table)


def test_a_row_cannot_be_moved_to_another_organisation(thuis: House, elders: House) -> None:
    furnish(thuis)
    with pytest.raises(ProgrammingError, match="row-level security"), thuis.scope():
        Team.objects.update(organisation=elders.organisation)


def test_outside_a_scope_nothing_can_be_written(thuis: House) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        PhasePeriod.objects.create(
            organisation=thuis.organisation, phase=Phase.PREPARE, valid_from=date(2025, 1, 1)
        )


def test_an_insurer_sees_no_clients(thuis: House, insurer_user: Actor) -> None:
    furnish(thuis)
    with scope.activate(scope.Scope(insurer_id=insurer_user.membership.insurer_id)):
        assert not Client.objects.exists()
        assert not AccessLog.objects.exists()


def test_people_see_roles_of_their_own_everywhere_and_cannot_write_them(thuis: House, elders: House) -> None:
    with thuis.scope():
        membership = people.membership(Role.NURSE, organisation=thuis.organisation)
    with scope.activate(scope.Scope(user_id=membership.user_id, organisation_id=elders.organisation.pk)):
        assert Membership.objects.get(user=membership.user) == membership
        assert Membership.objects.filter(pk=membership.pk).update(role=Role.ADMINISTRATOR) == 0


def test_a_scope_inside_another_ends_where_it_ends(thuis: House, elders: House) -> None:
    furnish(thuis)
    with thuis.scope():
        with elders.scope():
            assert not Client.objects.exists()
        assert Client.objects.exists()
    assert not Client.objects.exists()


def test_the_runtime_role_owns_nothing_and_cannot_become_more(db: None) -> None:
    role = settings.RUNTIME_ROLE
    assert rows("select count(*) from pg_class where relowner = %s::regrole", role) == [(0,)]
    powers = "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = %s"
    assert rows(powers, role) == [(False, False, False, False)]
    assert rows("select count(*) from pg_auth_members where member = %s::regrole", role) == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "truncate {}",
        "alter table {} disable row level security",
        "alter table {} disable trigger all",
        "alter table {} add column extra int",
        "drop table {}",
    ],
)
def test_the_runtime_role_cannot_take_the_ground_away(statement: str, db: None) -> None:
    for table in tables_with_organisation():
        with pytest.raises(ProgrammingError), transaction.atomic():
            execute(statement, table=table)


def test_the_runtime_role_cannot_switch_triggers_off(db: None) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        execute("set session_replication_role = replica")


@pytest.mark.parametrize("statement", ["update care_accesslog set role = ''", "delete from care_accesslog"])
def test_the_access_log_cannot_be_changed_not_even_by_the_owner(
    statement: str, thuis: House, as_owner: AsOwner
) -> None:
    furnish(thuis)
    with pytest.raises(ProgrammingError, match="permission denied"), thuis.scope():
        execute(statement)
    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic(), as_owner():
        execute(statement)
    with thuis.scope():
        assert AccessLog.objects.get().role == Role.NURSE


def test_membership_teams_follow_their_membership(thuis: House, elders: House) -> None:
    with thuis.scope():
        membership = people.membership(Role.NURSE, organisation=thuis.organisation, teams=[thuis.north])
    links = Membership.teams.through.objects
    with elders.scope():
        assert not links.exists()
    with pytest.raises(DatabaseError, match="row-level security"), elders.scope():
        links.create(membership_id=membership.pk, team_id=elders.north.pk)


def test_who_works_in_two_houses_changes_teams_of_neither_from_the_other(
    thuis: House, elders: House, nurse: Actor
) -> None:
    """Without its teams a membership would cover all of them."""
    links = Membership.teams.through.objects
    elsewhere = scope.Scope(user_id=nurse.user.pk, organisation_id=elders.organisation.pk)
    with scope.activate(elsewhere):
        assert links.get().team_id == thuis.north.pk
        assert links.all().delete()[0] == 0
    with pytest.raises(DatabaseError, match="row-level security"), scope.activate(elsewhere):
        links.create(membership_id=nurse.membership.pk, team_id=elders.north.pk)
    with thuis.scope():
        assert links.all().delete()[0] == 1
