"""When two records are joined, one of two anamneses of a day stays: the other is then corrected by it."""

from django.db import migrations

from care.tenancy import rowsecurity as rows

TABLE = "questionnaires_anamnese"
BEFORE = rows.frozen(TABLE, when="OLD.status = 'finished'", unless_joined=True)


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0013_joined_clients"),
        ("questionnaires", "0007_device_states"),
    ]

    operations = [
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_change_of_anamnese() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                may_change text[] := ARRAY['corrects_id', 'correction_reason'];
            BEGIN
                IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'client_id' = to_jsonb(OLD) - 'client_id'
                    AND EXISTS (SELECT 1 FROM care_client gone
                        WHERE gone.id = OLD.client_id AND gone.joined_into_id = NEW.client_id)
                THEN
                    RETURN NEW;
                END IF;
                IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change
                    AND OLD.corrects_id IS NULL AND EXISTS (
                        SELECT 1 FROM questionnaires_anamnese other
                        JOIN care_client theirs ON theirs.id = other.client_id
                        JOIN care_client mine ON mine.id = NEW.client_id
                        WHERE other.id = NEW.corrects_id AND other.date = NEW.date AND other.status = 'finished'
                            AND (theirs.joined_into_id = mine.id OR mine.joined_into_id = theirs.id))
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'rows of % do not change', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """,
            "DROP FUNCTION refuse_change_of_anamnese()",
        ),
        migrations.RunSQL(
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE OR DELETE ON {TABLE}"
            " FOR EACH ROW WHEN (OLD.status = 'finished') EXECUTE FUNCTION refuse_change_of_anamnese()",
            f"DROP TRIGGER {TABLE}_frozen ON {TABLE}",
        ),
    ]
