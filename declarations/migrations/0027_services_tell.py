from importlib import import_module

from django.db import migrations

# Services name the addressee and tell receivers (docs/adr/0032); what these did, without the state of before.
TELL_NO_MORE = """
    DROP TRIGGER name_addressee ON care_insurer;
    DROP FUNCTION name_addressee();
    DROP TRIGGER profiles_clientprofile_told ON profiles_clientprofile;
    DROP FUNCTION tell_of_profiles();
    DROP TRIGGER declarations_attachment_told ON declarations_attachment;
    DROP FUNCTION tell_of_persons();
    DROP TRIGGER declarations_declarationfile_handover_told ON declarations_declarationfile;
    DROP FUNCTION tell_of_handover();
    DROP TRIGGER declarations_declarationfile_told ON declarations_declarationfile;
    DROP TRIGGER declarations_declarationfile_retold ON declarations_declarationfile;
    DROP FUNCTION tell_of_file();
    DROP FUNCTION tell_webhooks(bigint, text, uuid, uuid, text);
"""
_api = import_module("declarations.migrations.0002_api")
_addressee = import_module("declarations.migrations.0003_addressee")
_whole_changes = import_module("declarations.migrations.0008_join_whole_changes")
_handover = import_module("declarations.migrations.0019_handover_told")
TELL_AGAIN = "".join((_api.TELL, _api.TELL_OF_FILES, _api.TELL_OF_PERSONS, _api.TELL_OF_PROFILES))
TELL_AGAIN += (
    f"{_handover.TELL}; {_whole_changes.altered('SET enable_nestloop = off')}; {_addressee.NAME_ADDRESSEE}"
)

# What a service must have done by the end of the transaction; who went past it is refused. By the rights of
# the owner: what the scope at the end does not show is looked at too.
GUARD_ADDRESSEE = """
    CREATE FUNCTION guard_addressee() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (SELECT FROM declarations_declarationfile WHERE uzovi = NEW.uzovi AND insurer_id IS NULL) THEN
            RAISE EXCEPTION 'files wait for insurer %: use add_insurer', NEW.uzovi
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION guard_addressee() FROM PUBLIC;
    CREATE CONSTRAINT TRIGGER guard_addressee AFTER INSERT ON care_insurer
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_addressee();
"""
FREE_ADDRESSEE = "DROP TRIGGER guard_addressee ON care_insurer; DROP FUNCTION guard_addressee();"
# A receiver is told in the transaction of what happened, or of the same by a message that nobody sent yet.
WANTED = """
    CREATE FUNCTION is_told_of(whose bigint, what text) RETURNS boolean
    LANGUAGE sql STABLE AS $$
        SELECT EXISTS (
            SELECT FROM declarations_webhooksubscription
            WHERE organisation_id = whose AND state = 'active' AND what = ANY (events)
        )
    $$;
    CREATE FUNCTION refuse_untold(whose bigint, what text, object uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM declarations_webhooksubscription whom
            WHERE whom.organisation_id = whose AND whom.state = 'active' AND what = ANY (whom.events)
                AND NOT EXISTS (
                    SELECT FROM declarations_webhookdelivery told
                    WHERE told.subscription_id = whom.id AND told.event = what AND told.object_id = object
                        AND (told.happened_at = now() OR told.state = 'waiting' AND told.attempts = 0)
                )
        ) THEN
            RAISE EXCEPTION 'nobody was told of % %', what, object
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END $$;
    REVOKE ALL ON FUNCTION refuse_untold(bigint, text, uuid) FROM PUBLIC;
"""
NOT_WANTED = "DROP FUNCTION refuse_untold(bigint, text, uuid); DROP FUNCTION is_told_of(bigint, text);"
GUARD_FILES = """
    CREATE FUNCTION guard_told_of_file() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM refuse_untold(NEW.organisation_id, 'declaration.' || TG_ARGV[0], NEW.public_id);
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION guard_told_of_file() FROM PUBLIC;
    CREATE FUNCTION guard_told_of_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM refuse_untold(NEW.organisation_id, 'declaration.' || NEW.state, NEW.public_id);
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION guard_told_of_state() FROM PUBLIC;
    CREATE CONSTRAINT TRIGGER declarations_declarationfile_new_told
        AFTER INSERT ON declarations_declarationfile DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (is_told_of(NEW.organisation_id, 'declaration.' || NEW.state))
        EXECUTE FUNCTION guard_told_of_state();
    CREATE CONSTRAINT TRIGGER declarations_declarationfile_state_told
        AFTER UPDATE OF state ON declarations_declarationfile DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (OLD.state <> NEW.state AND is_told_of(NEW.organisation_id, 'declaration.' || NEW.state))
        EXECUTE FUNCTION guard_told_of_state();
    CREATE CONSTRAINT TRIGGER declarations_declarationfile_blocked_told
        AFTER UPDATE OF handover ON declarations_declarationfile DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (
            OLD.state = NEW.state AND OLD.handover <> 'blocked' AND NEW.handover = 'blocked'
            AND is_told_of(NEW.organisation_id, 'declaration.blocked')
        ) EXECUTE FUNCTION guard_told_of_file('blocked');
    CREATE CONSTRAINT TRIGGER declarations_declarationfile_released_told
        AFTER UPDATE OF handover ON declarations_declarationfile DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (
            OLD.state = NEW.state AND OLD.handover <> 'released' AND NEW.handover = 'released'
            AND is_told_of(NEW.organisation_id, 'declaration.released')
        ) EXECUTE FUNCTION guard_told_of_file('released');
    CREATE CONSTRAINT TRIGGER declarations_declarationfile_anew_told
        AFTER UPDATE OF handover ON declarations_declarationfile DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (
            OLD.state = NEW.state AND OLD.handover = 'blocked' AND NEW.handover = 'made'
            AND is_told_of(NEW.organisation_id, 'declaration.exported')
        ) EXECUTE FUNCTION guard_told_of_file('exported');
"""
FREE_FILES = """
    DROP TRIGGER declarations_declarationfile_anew_told ON declarations_declarationfile;
    DROP TRIGGER declarations_declarationfile_released_told ON declarations_declarationfile;
    DROP TRIGGER declarations_declarationfile_blocked_told ON declarations_declarationfile;
    DROP TRIGGER declarations_declarationfile_state_told ON declarations_declarationfile;
    DROP TRIGGER declarations_declarationfile_new_told ON declarations_declarationfile;
    DROP FUNCTION guard_told_of_state();
    DROP FUNCTION guard_told_of_file();
"""
GUARD_PERSONS = """
    CREATE FUNCTION guard_told_of_persons() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_ARGV[0] = 'rejected' OR NOT EXISTS (
            SELECT FROM declarations_attachment WHERE file_id = NEW.file_id AND state = 'queued'
        ) THEN
            PERFORM refuse_untold(NEW.organisation_id, 'declaration.' || TG_ARGV[0], file.public_id)
            FROM declarations_declarationfile file WHERE file.id = NEW.file_id;
        END IF;
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION guard_told_of_persons() FROM PUBLIC;
    CREATE CONSTRAINT TRIGGER declarations_attachment_ready_told
        AFTER UPDATE OF state ON declarations_attachment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (
            OLD.state = 'queued' AND NEW.state <> 'queued'
            AND is_told_of(NEW.organisation_id, 'declaration.ready')
        ) EXECUTE FUNCTION guard_told_of_persons('ready');
    CREATE CONSTRAINT TRIGGER declarations_attachment_rejected_told
        AFTER UPDATE OF state ON declarations_attachment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (
            OLD.state <> 'rejected' AND NEW.state = 'rejected'
            AND is_told_of(NEW.organisation_id, 'declaration.rejected')
        ) EXECUTE FUNCTION guard_told_of_persons('rejected');
"""
FREE_PERSONS = """
    DROP TRIGGER declarations_attachment_rejected_told ON declarations_attachment;
    DROP TRIGGER declarations_attachment_ready_told ON declarations_attachment;
    DROP FUNCTION guard_told_of_persons();
"""
GUARD_PROFILES = """
    CREATE FUNCTION guard_told_of_profile() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM refuse_untold(NEW.organisation_id, 'profile.created', NEW.public_id);
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION guard_told_of_profile() FROM PUBLIC;
    CREATE CONSTRAINT TRIGGER profiles_clientprofile_created_told
        AFTER INSERT ON profiles_clientprofile DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        WHEN (is_told_of(NEW.organisation_id, 'profile.created'))
        EXECUTE FUNCTION guard_told_of_profile();
"""
FREE_PROFILES = """
    DROP TRIGGER profiles_clientprofile_created_told ON profiles_clientprofile;
    DROP FUNCTION guard_told_of_profile();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0015_key_canaries"),
        ("declarations", "0026_last_looks"),
        ("profiles", "0005_joined_clients"),
    ]

    operations = [
        migrations.RunSQL(TELL_NO_MORE, TELL_AGAIN),
        migrations.RunSQL(GUARD_ADDRESSEE, FREE_ADDRESSEE),
        migrations.RunSQL(WANTED, NOT_WANTED),
        migrations.RunSQL(GUARD_FILES, FREE_FILES),
        migrations.RunSQL(GUARD_PERSONS, FREE_PERSONS),
        migrations.RunSQL(GUARD_PROFILES, FREE_PROFILES),
    ]
