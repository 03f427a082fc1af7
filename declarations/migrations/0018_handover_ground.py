from django.db import migrations

from care.tenancy import rowsecurity as rows

ADDRESSED = f"{rows.INSURER} AND handover = 'released' AND NOT is_test"
MADE_WAS_ENOUGH = f"{rows.INSURER} AND state = 'exported' AND NOT is_test"
OF_FILE = "EXISTS (SELECT 1 FROM declarations_declarationfile f WHERE f.id = file_id AND f.{})"
# An earlier version of a file is never handed over, also where a later one was.
CHUNK = "kind = 'export' AND version = (SELECT f.version FROM declarations_declarationfile f WHERE f.id = file_id AND f.{})"


def addressee(table: str, using: str, before: str) -> migrations.RunSQL:
    """Let an insurer read other rows of a table than before."""
    alter = f"ALTER POLICY addressee ON {table} USING ({{}})"
    return migrations.RunSQL(alter.format(using), alter.format(before))


# Handed over, a file does not change any more; only what was delivered another way can still be released here.
GUARD_FILE = """
    CREATE FUNCTION guard_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.handover = 'released'
            OR OLD.version <> NEW.version OR OLD.state <> NEW.state OR NEW.handover <> 'released'
        THEN
            RAISE EXCEPTION 'what was handed over does not change' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER declarations_declarationfile_handed_over BEFORE UPDATE ON declarations_declarationfile
        FOR EACH ROW WHEN (
            OLD.handover IN ('released', 'delivered')
            AND (OLD.handover, OLD.version, OLD.state) IS DISTINCT FROM (NEW.handover, NEW.version, NEW.state)
        ) EXECUTE FUNCTION guard_handed_over();
"""
# An export is overwritten only once its earlier version is kept, and never once it was handed over.
GUARD_EXPORT = """
    CREATE FUNCTION guard_export() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR NOT EXISTS (
            SELECT FROM declarations_declarationfile file
            JOIN declarations_earlierexport kept ON kept.file_id = file.id
            WHERE file.id = OLD.file_id AND NEW.file_id = OLD.file_id AND kept.sha256 = OLD.sha256
                AND kept.version < file.version AND file.handover NOT IN ('released', 'delivered')
        ) THEN
            RAISE EXCEPTION 'an export that counts does not change' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER declarations_export_guarded BEFORE UPDATE OR DELETE ON declarations_export
        FOR EACH ROW EXECUTE FUNCTION guard_export();
"""
FREE_EXPORT = """
    DROP TRIGGER declarations_export_guarded ON declarations_export; DROP FUNCTION guard_export();
"""
# What went in a separate file stays as it is, once that was handed over.
GUARD_RECORD = """
    DROP TRIGGER declarations_profilerecord_frozen ON declarations_profilerecord;
    CREATE FUNCTION guard_delivered_record() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM declarations_declarationfile
            WHERE id = OLD.delivered_in_id AND handover IN ('released', 'delivered')
        ) THEN
            RAISE EXCEPTION 'a record that was handed over does not change'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$;
    CREATE TRIGGER declarations_profilerecord_guarded BEFORE UPDATE OR DELETE ON declarations_profilerecord
        FOR EACH ROW WHEN (OLD.delivered_line IS NOT NULL) EXECUTE FUNCTION guard_delivered_record();
"""
FREEZE_RECORD = """
    DROP TRIGGER declarations_profilerecord_guarded ON declarations_profilerecord;
    DROP FUNCTION guard_delivered_record();
    CREATE TRIGGER declarations_profilerecord_frozen BEFORE UPDATE OR DELETE ON declarations_profilerecord
        FOR EACH ROW WHEN (OLD.delivered_line IS NOT NULL) EXECUTE FUNCTION refuse_change();
"""
RELEASED_BEFORE = """
    INSERT INTO declarations_handoverevent (organisation_id, file_id, version, step, count, user_id, token_id, at)
    SELECT file.organisation_id, file.id, 1, step, 0, export.made_by_id, NULL, export.made_at
    FROM declarations_declarationfile file JOIN declarations_export export ON export.file_id = file.id
    CROSS JOIN (VALUES (1, 'made'), (2, 'released')) AS steps (place, step)
    WHERE step = 'made' OR file.handover = 'released'
    ORDER BY file.id, place
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0017_handover")]

    operations = [
        *(
            operation
            for table in (
                "declarations_handoverevent",
                "declarations_earlierexport",
                "declarations_blockedperson",
            )
            for operation in (rows.protect(table), *rows.append_only(table))
        ),
        addressee("declarations_declarationfile", ADDRESSED, MADE_WAS_ENOUGH),
        addressee(
            "declarations_filechunk",
            CHUNK.format(ADDRESSED),
            "kind = 'export' AND " + OF_FILE.format(MADE_WAS_ENOUGH),
        ),
        addressee("declarations_export", OF_FILE.format(ADDRESSED), OF_FILE.format(MADE_WAS_ENOUGH)),
        migrations.RunSQL(
            GUARD_FILE,
            "DROP TRIGGER declarations_declarationfile_handed_over ON declarations_declarationfile;"
            "DROP FUNCTION guard_handed_over()",
        ),
        rows.unfrozen("declarations_export"),
        migrations.RunSQL(GUARD_EXPORT, FREE_EXPORT),
        migrations.RunSQL(GUARD_RECORD, FREEZE_RECORD),
        # Last: PostgreSQL alters no table of which foreign keys are still to be looked at.
        migrations.RunSQL(RELEASED_BEFORE, migrations.RunSQL.noop),
    ]
