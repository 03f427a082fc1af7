"""Migration operations for the ground under the ORM: row policies, append-only and frozen tables, grants.

The runtime role owns nothing: it is bound by every policy here, and cannot switch one off.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import migrations

ORGANISATION = "organisation_id = (select nullif(current_setting('app.organisation', true), '')::bigint)"
INSURER = "insurer_id = (select nullif(current_setting('app.insurer', true), '')::bigint)"
USER = "user_id = (select nullif(current_setting('app.user', true), '')::bigint)"

NOOP = migrations.RunSQL.noop
#: What refuses a change, by whether rows go along with a client that is joined into another.
_REFUSES = {False: "refuse_change", True: "refuse_change_but_joining"}
_FACTS_IN_SCOPE = """
CREATE OR REPLACE FUNCTION write_facts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose text := nullif(current_setting('app.organisation', true), '');
BEGIN
    IF whose IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('facts of organisation ' || whose, 0));
    END IF;
    RETURN NULL;
END $$
"""


def grant_runtime() -> migrations.RunPython:
    """Let the runtime role read and write the tables that exist and those to come; never own them."""

    def forwards(apps: Any, editor: Any) -> None:
        role = editor.quote_name(settings.RUNTIME_ROLE)
        editor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        editor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        editor.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
        )
        editor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}"
        )

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def protect(table: str, *, using: str = ORGANISATION, check: str | None = None) -> migrations.RunSQL:
    """Switch row-level security on for table: rows for which `using` holds can be read and changed.

    `check` says which rows may be written, where that differs.
    """
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY scope ON {table} USING ({using}) WITH CHECK ({check or using})",
        ],
        [f"DROP POLICY scope ON {table}", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"],
    )


def read_also(table: str, name: str, using: str) -> migrations.RunSQL:
    """Let rows of a protected table be read, not written, by somebody else as well."""
    return migrations.RunSQL(
        f"CREATE POLICY {name} ON {table} FOR SELECT USING ({using})", f"DROP POLICY {name} ON {table}"
    )


def refusal_function() -> migrations.RunSQL:
    """Make the function that append_only() and frozen() call."""
    return migrations.RunSQL(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of % do not change', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        "DROP FUNCTION refuse_change()",
    )


def append_only(table: str) -> list[migrations.operations.base.Operation]:
    """Refuse every change and removal of rows of table: by trigger for all, by grant for the runtime role."""
    return [frozen(table), _revoke(table, "UPDATE, DELETE, TRUNCATE")]


def frozen(table: str, *, when: str = "true", unless_joined: bool = False) -> migrations.RunSQL:
    """Refuse a change or removal of a row for which `when` (an expression over OLD) holds.

    `unless_joined`: it may go along, unchanged, from a client to the one that this was joined into.
    """
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {_REFUSES[unless_joined]}()",
        f"DROP TRIGGER {table}_frozen ON {table}",
    )


def unfrozen(table: str) -> migrations.SeparateDatabaseAndState:
    """Let rows of an append-only table be changed again; removal stays refused to the runtime role."""
    drop = migrations.RunSQL(
        f"DROP TRIGGER {table}_frozen ON {table}",
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    )
    grant = _grant(table, "UPDATE")
    return migrations.SeparateDatabaseAndState(database_operations=[drop, grant])


def fact_function() -> migrations.RunSQL:
    """Make the function that facts() calls: it takes a part in the turn of `locks.let_facts_stand()`."""
    return migrations.RunSQL(
        _FACTS_IN_SCOPE,
        "DROP FUNCTION write_facts()",
    )


def fact_function_of_everybody() -> migrations.RunSQL:
    """Let who writes facts without a scope, as the owner of the tables can, take the turn of everybody.

    Without a scope nobody knows of which organisation the rows are: `locks.let_facts_stand()` shares it.
    """
    return migrations.RunSQL(
        """
        CREATE OR REPLACE FUNCTION write_facts() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            whose text := nullif(current_setting('app.organisation', true), '');
        BEGIN
            IF whose IS NULL THEN
                PERFORM pg_advisory_xact_lock(hashtextextended('facts of everybody', 0));
            ELSE
                PERFORM pg_advisory_xact_lock_shared(hashtextextended('facts of organisation ' || whose, 0));
            END IF;
            RETURN NULL;
        END $$
        """,
        _FACTS_IN_SCOPE,
    )


def facts(table: str) -> migrations.RunSQL:
    """Let whoever writes in a table of facts wait while somebody lets facts stand (`care.tenancy.locks`).

    By the database, as no way of writing a fact may forget it; many write at once.
    """
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_facts BEFORE INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION write_facts()",
        f"DROP TRIGGER {table}_facts ON {table}",
    )


def fixed_columns(table: str, *columns: str, unless_joined: bool = False) -> migrations.RunSQL:
    """Refuse a change of the named columns; other columns may change. `unless_joined` as in frozen()."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table}"
        f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION {_REFUSES[unless_joined]}()",
        f"DROP TRIGGER {table}_fixed ON {table}",
    )


def events(table: str, *, log: str, key: str, state: str, reason: str = "") -> migrations.RunSQL:
    """Write a row into `log` for each new row of table and for each change of its state (or reason)."""
    columns = f"organisation_id, {key}, from_state, to_state, at, user_id" + (", reason" if reason else "")
    user = "(select nullif(current_setting('app.user', true), '')::bigint)"
    new_reason = f", new_rows.{reason}" if reason else ""
    changed = f"old_rows.{state} <> new_rows.{state}"
    if reason:
        changed += f" OR old_rows.{reason} <> new_rows.{reason}"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_begun() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO {log} ({columns})
            SELECT organisation_id, id, '', {state}, clock_timestamp(), {user}{new_reason} FROM new_rows;
            RETURN NULL;
        END $$;
        CREATE FUNCTION {table}_moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO {log} ({columns})
            SELECT new_rows.organisation_id, id, old_rows.{state}, new_rows.{state}, clock_timestamp(), {user}{new_reason}
            FROM new_rows JOIN old_rows USING (id) WHERE {changed};
            RETURN NULL;
        END $$;
        CREATE TRIGGER {table}_begun AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_begun();
        CREATE TRIGGER {table}_moved AFTER UPDATE ON {table}
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_moved();
        """,
        f"""
        DROP TRIGGER {table}_moved ON {table};
        DROP TRIGGER {table}_begun ON {table};
        DROP FUNCTION {table}_moved();
        DROP FUNCTION {table}_begun();
        """,
    )


def _revoke(table: str, rights: str) -> migrations.RunPython:
    change = _changes(table, rights)
    return migrations.RunPython(change("REVOKE", "FROM"), change("GRANT", "TO"))


def _grant(table: str, rights: str) -> migrations.RunPython:
    change = _changes(table, rights)
    return migrations.RunPython(change("GRANT", "TO"), change("REVOKE", "FROM"))


def _changes(table: str, rights: str) -> Callable[[str, str], Callable[[Any, Any], None]]:
    def change(verb: str, preposition: str) -> Callable[[Any, Any], None]:
        def run(apps: Any, editor: Any) -> None:
            role = editor.quote_name(settings.RUNTIME_ROLE)
            editor.execute(f"{verb} {rights} ON {table} {preposition} {role}")

        return run

    return change
