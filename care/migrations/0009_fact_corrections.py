import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from care.tenancy import rowsecurity as rows

# Care is corrected where days that were known as care are care no more; a return corrects nothing.
NOTE = """
CREATE FUNCTION care_client_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO care_factcorrection (organisation_id, client_id, fact, before, after, user_id)
        SELECT fresh.organisation_id, fresh.id, 'date_of_birth', stale.date_of_birth::text,
            fresh.date_of_birth::text, nullif(current_setting('app.user', true), '')::bigint
        FROM new_rows fresh JOIN old_rows stale USING (id)
        WHERE fresh.date_of_birth <> stale.date_of_birth;
    INSERT INTO care_factcorrection (organisation_id, client_id, fact, before, after, user_id)
        SELECT fresh.organisation_id, fresh.id, 'care',
            daterange(stale.in_care_from, stale.in_care_until)::text,
            daterange(fresh.in_care_from, fresh.in_care_until)::text,
            nullif(current_setting('app.user', true), '')::bigint
        FROM new_rows fresh JOIN old_rows stale USING (id)
        WHERE NOT daterange(fresh.in_care_from, fresh.in_care_until)
                @> daterange(stale.in_care_from, stale.in_care_until)
            AND (stale.in_care_until IS NULL OR fresh.in_care_from < stale.in_care_until);
    RETURN NULL;
END $$;
CREATE TRIGGER care_client_corrected AFTER UPDATE ON care_client
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION care_client_corrected();
"""
NOTE_NO_MORE = """
DROP TRIGGER care_client_corrected ON care_client;
DROP FUNCTION care_client_corrected();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0008_receivers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fact",
                    models.CharField(
                        choices=[
                            ("date_of_birth", "geboortedatum"),
                            ("care", "zorgperiode"),
                            ("joined", "dossiers samengevoegd"),
                        ],
                        max_length=16,
                    ),
                ),
                ("before", models.CharField(max_length=40)),
                ("after", models.CharField(max_length=40)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="care.client",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "fact"], name="correction_by_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(fact__in=["date_of_birth", "care", "joined"]),
                        name="fact_is_known",
                    )
                ],
            },
        ),
        rows.protect("care_factcorrection"),
        *rows.append_only("care_factcorrection"),
        migrations.RunSQL(NOTE, NOTE_NO_MORE),
    ]
