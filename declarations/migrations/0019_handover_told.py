from django.db import migrations

# A system that was told of a file that was made is to be told as well not to deliver it.
ALSO_BLOCKED = """
    UPDATE declarations_webhooksubscription SET events = events || '{declaration.blocked}'::varchar[]
    WHERE 'declaration.exported' = ANY (events) AND NOT 'declaration.blocked' = ANY (events)
"""
NOT_ANY_MORE = """
    UPDATE declarations_webhooksubscription
    SET events = array_remove(array_remove(events, 'declaration.blocked'), 'declaration.released')
"""
# What was blocked and made anew can be fetched again.
TELL = """
    CREATE FUNCTION tell_of_handover() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.handover IN ('blocked', 'released') AND OLD.handover <> NEW.handover THEN
            PERFORM tell_webhooks(
                NEW.organisation_id, 'declaration.' || NEW.handover, NEW.public_id, NULL::uuid, NEW.state
            );
        ELSIF OLD.handover = 'blocked' AND NEW.handover = 'made' THEN
            PERFORM tell_webhooks(
                NEW.organisation_id, 'declaration.exported', NEW.public_id, NULL::uuid, NEW.state
            );
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER declarations_declarationfile_handover_told
        AFTER UPDATE OF handover ON declarations_declarationfile
        FOR EACH ROW WHEN (OLD.state = NEW.state) EXECUTE FUNCTION tell_of_handover();
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0018_handover_ground")]

    operations = [
        migrations.RunSQL(ALSO_BLOCKED, NOT_ANY_MORE),
        migrations.RunSQL(
            TELL,
            "DROP TRIGGER declarations_declarationfile_handover_told ON declarations_declarationfile;"
            "DROP FUNCTION tell_of_handover()",
        ),
    ]
