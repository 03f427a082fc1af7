import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0012_access_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="joined_into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joined",
                to="care.client",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(joined_into__isnull=True) | ~models.Q(joined_into=models.F("id")),
                name="client_joined_into_another",
            ),
        ),
        # What hangs on a client never goes to another, but where the database knows that both are one person.
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_change_but_joining() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'client_id' = to_jsonb(OLD) - 'client_id'
                    AND EXISTS (SELECT 1 FROM care_client gone
                        WHERE gone.id = OLD.client_id AND gone.joined_into_id = NEW.client_id)
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'rows of % do not change', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """,
            "DROP FUNCTION refuse_change_but_joining()",
        ),
    ]
