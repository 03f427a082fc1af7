from importlib import import_module

from django.db import migrations

_services_tell = import_module("declarations.migrations.0027_services_tell")

# Whoever tells marks the transaction with what it told of; a look at the messages of each row cost more than
# all else of a large import. Whom it told is its own affair: a receiver that is switched on meanwhile is not
# owed what began before.
REFUSE_UNMARKED = """
    CREATE OR REPLACE FUNCTION refuse_untold(whose bigint, what text, object uuid) RETURNS void
    LANGUAGE plpgsql AS $$
    BEGIN
        IF position(' ' || what || ' ' IN coalesce(current_setting('app.told', true), '')) = 0
            AND is_told_of(whose, what)
        THEN
            RAISE EXCEPTION 'nobody was told of % %', what, object
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END $$;
"""
BY_MESSAGE = _services_tell.WANTED[_services_tell.WANTED.index("CREATE FUNCTION refuse_untold") :]


class Migration(migrations.Migration):
    dependencies = [("declarations", "0028_webhook_scheme")]

    operations = [
        migrations.RunSQL(
            REFUSE_UNMARKED, BY_MESSAGE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        ),
    ]
