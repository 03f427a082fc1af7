from importlib import import_module

from django.db import migrations

_before = import_module("profiles.migrations.0004_child_profiles_follow_birth")

# A service lets profiles follow a date of birth that is corrected (docs/adr/0032). Who corrects one past it is
# refused at the end of the transaction, where a profile would hold for other days than it has.
FOLLOW_NO_MORE = """
    DROP TRIGGER profiles_follow_date_of_birth ON care_client;
    DROP FUNCTION profiles_follow_date_of_birth();
"""
FOLLOW_AGAIN = _before.FOLLOW.replace(
    "CREATE FUNCTION profiles_end", "CREATE OR REPLACE FUNCTION profiles_end"
)
GUARD = """
    CREATE FUNCTION guard_childhood() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM profiles_clientprofile profile JOIN care_client client ON client.id = profile.client_id
            WHERE client.id = NEW.id AND profile.code = 'MKT' AND profile.status = 'standing'
                AND profile.period <> CASE
                    WHEN profiles_end_of_childhood(client.date_of_birth) <= profile.date THEN 'empty'::daterange
                    ELSE daterange(profile.date, least(
                        profiles_end_of_childhood(client.date_of_birth),
                        (SELECT min(later.date) FROM profiles_clientprofile later
                            WHERE later.client_id = profile.client_id AND later.status = 'standing'
                            AND later.date > profile.date)))
                    END
        ) THEN
            RAISE EXCEPTION 'a profile of client % does not follow the date of birth', NEW.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION guard_childhood() FROM PUBLIC;
    CREATE CONSTRAINT TRIGGER guard_childhood AFTER UPDATE OF date_of_birth ON care_client
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.date_of_birth <> NEW.date_of_birth)
        EXECUTE FUNCTION guard_childhood();
"""
FREE = "DROP TRIGGER guard_childhood ON care_client; DROP FUNCTION guard_childhood();"


class Migration(migrations.Migration):
    dependencies = [("profiles", "0005_joined_clients")]

    operations = [
        migrations.RunSQL(FOLLOW_NO_MORE, FOLLOW_AGAIN),
        migrations.RunSQL(GUARD, FREE),
    ]
