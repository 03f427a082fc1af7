import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import care.schema.fields
from care.tenancy import rowsecurity as rows

# A token comes in before it is known whose it is; nothing but the organisation is told.
ORGANISATION_OF_KEY = """
    CREATE FUNCTION organisation_of_api_token(hash bytea) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT organisation_id FROM declarations_apitoken WHERE token_hash = hash'
"""
# The round over what is due must not open a scope for each of thousands of organisations.
ORGANISATIONS_WITH_DUE = """
    CREATE FUNCTION organisations_with_due_webhooks(at timestamptz) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT organisation_id FROM declarations_webhookdelivery
        WHERE state = 'waiting' AND due_at <= at GROUP BY organisation_id ORDER BY min(due_at)
    $$
"""
# Messages are written in the transaction of what they tell of, by the database, like the events of states:
# no way of writing a file or profile can leave them out, and `profiles` need not know of this app.
TELL = """
    CREATE FUNCTION tell_webhooks(whose bigint, what text, object uuid, client uuid, object_state text)
    RETURNS void LANGUAGE sql AS $$
        INSERT INTO declarations_webhookdelivery (
            public_id, organisation_id, subscription_id, event, object_id, client_id_told, object_state,
            happened_at, state, attempts, due_at, fault
        )
        SELECT gen_random_uuid(), whose, id, what, object, client, object_state, now(), 'waiting', 0, now(), ''
        FROM declarations_webhooksubscription
        WHERE organisation_id = whose AND state = 'active' AND what = ANY (events)
        ON CONFLICT DO NOTHING
    $$
"""
TELL_OF_FILES = """
    CREATE FUNCTION tell_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM tell_webhooks(
            NEW.organisation_id, 'declaration.' || NEW.state, NEW.public_id, NULL::uuid, NEW.state
        );
        RETURN NULL;
    END $$;
    CREATE TRIGGER declarations_declarationfile_told AFTER INSERT ON declarations_declarationfile
        FOR EACH ROW EXECUTE FUNCTION tell_of_file();
    CREATE TRIGGER declarations_declarationfile_retold AFTER UPDATE OF state ON declarations_declarationfile
        FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION tell_of_file();
"""
# The last two batches of a file may be worked on at once, and neither sees what the other has done. So they
# pass through the lock one after the other, and the second sees an empty queue.
TELL_OF_PERSONS = """
    CREATE FUNCTION tell_of_persons() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        moved record;
    BEGIN
        IF NOT EXISTS (
            SELECT FROM declarations_webhooksubscription
            WHERE state = 'active' AND events && ARRAY['declaration.ready', 'declaration.rejected']::varchar[]
        ) THEN
            RETURN NULL;
        END IF;
        FOR moved IN
            SELECT file.id, file.organisation_id, file.public_id,
                bool_or(old_rows.state = 'queued') AS left_queue,
                bool_or(new_rows.state = 'rejected') AS was_rejected
            FROM new_rows JOIN old_rows USING (id)
            JOIN declarations_declarationfile file ON file.id = new_rows.file_id
            WHERE new_rows.state <> old_rows.state AND new_rows.state <> 'queued'
            GROUP BY file.id ORDER BY file.id
        LOOP
            IF moved.left_queue THEN
                PERFORM pg_advisory_xact_lock(hashtextextended('declaration.ready', moved.id));
                IF NOT EXISTS (
                    SELECT FROM declarations_attachment WHERE file_id = moved.id AND state = 'queued'
                ) THEN
                    PERFORM tell_webhooks(
                        moved.organisation_id, 'declaration.ready', moved.public_id, NULL::uuid, 'imported'
                    );
                END IF;
            END IF;
            IF moved.was_rejected THEN
                PERFORM tell_webhooks(
                    moved.organisation_id, 'declaration.rejected', moved.public_id, NULL::uuid, 'exported'
                );
            END IF;
        END LOOP;
        RETURN NULL;
    END $$;
    CREATE TRIGGER declarations_attachment_told AFTER UPDATE ON declarations_attachment
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION tell_of_persons();
"""
TELL_OF_PROFILES = """
    CREATE FUNCTION tell_of_profiles() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM tell_webhooks(
            profile.organisation_id, 'profile.created', profile.public_id, client.public_id, profile.status
        )
        FROM new_rows profile JOIN care_client client ON client.id = profile.client_id
        WHERE EXISTS (
            SELECT FROM declarations_webhooksubscription
            WHERE state = 'active' AND 'profile.created' = ANY (events)
        );
        RETURN NULL;
    END $$;
    CREATE TRIGGER profiles_clientprofile_told AFTER INSERT ON profiles_clientprofile
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_of_profiles();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0001_initial"),
        ("declarations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("event", models.CharField(max_length=30)),
                ("object_id", models.UUIDField()),
                ("client_id_told", models.UUIDField(null=True)),
                ("object_state", models.CharField(max_length=10)),
                ("happened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "wacht"), ("delivered", "aangekomen"), ("dead", "opgegeven")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("status_code", models.PositiveSmallIntegerField(null=True)),
                ("fault", models.CharField(blank=True, default="", max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="WebhookSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("address", models.CharField(max_length=500)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("declaration.imported", "een bestand is ingelezen"),
                                ("declaration.ready", "van een bestand staat niemand meer in de wachtrij"),
                                ("declaration.exported", "een bestand met profielen staat klaar"),
                                ("declaration.withdrawn", "een bestand is ingetrokken"),
                                ("declaration.rejected", "de verzekeraar keurde een profielregel af"),
                                ("profile.created", "een cliënt heeft een nieuw profiel"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                    ),
                ),
                ("key_id", models.CharField(max_length=16)),
                ("secret", care.schema.fields.EncryptedTextField(editable=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "nog niet gecontroleerd"),
                            ("active", "aan"),
                            ("stopped", "uit"),
                        ],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                ("fault", models.CharField(blank=True, default="", max_length=20)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AlterField(
            model_name="download",
            name="membership",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="care.membership"
            ),
        ),
        migrations.AlterField(
            model_name="download",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=16)),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("clients:read", "cliënten lezen"),
                                ("clients:write", "cliënten toevoegen en bijwerken"),
                                ("anamneses:read", "anamneses en profielen lezen"),
                                ("anamneses:write", "anamneses inlezen"),
                                ("declarations:read", "declaratiebestanden volgen en ophalen"),
                                ("declarations:write", "declaratiebestanden inlezen en maken"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "in gebruik"), ("revoked", "ingetrokken")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("window_start", models.DateTimeField(null=True)),
                ("window_calls", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="download",
            name="token",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="declarations.apitoken"
            ),
        ),
        migrations.AddConstraint(
            model_name="download",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("membership__isnull", False), ("token__isnull", True), ("user__isnull", False)),
                    models.Q(("membership__isnull", True), ("token__isnull", False), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="download_by_person_or_token",
            ),
        ),
        migrations.AddField(
            model_name="webhookdelivery",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
        ),
        migrations.AddField(
            model_name="webhooksubscription",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="webhooksubscription",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
        ),
        migrations.AddField(
            model_name="webhookdelivery",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="declarations.webhooksubscription",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "revoked"])), name="token_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "clients:read",
                            "clients:write",
                            "anamneses:read",
                            "anamneses:write",
                            "declarations:read",
                            "declarations:write",
                        ],
                    ),
                    models.Q(("scopes", []), _negated=True),
                ),
                name="token_scopes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhooksubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["prepared", "active", "stopped"])),
                name="subscription_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhooksubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "events__contained_by",
                        [
                            "declaration.imported",
                            "declaration.ready",
                            "declaration.exported",
                            "declaration.withdrawn",
                            "declaration.rejected",
                            "profile.created",
                        ],
                    ),
                    models.Q(("events", []), _negated=True),
                ),
                name="subscription_events_are_known",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["organisation", "due_at"],
                name="delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["subscription", "-id"], name="delivery_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("attempts", 0), ("state", "waiting")),
                fields=("subscription", "event", "object_id"),
                name="untold_event_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "delivered", "dead"])),
                name="delivery_state_is_known",
            ),
        ),
        rows.protect("declarations_apitoken"),
        rows.fixed_columns(
            "declarations_apitoken", "organisation_id", "token_hash", "scopes", "expires_at", "made_by_id"
        ),
        rows.protect("declarations_webhooksubscription"),
        rows.protect("declarations_webhookdelivery"),
        migrations.RunSQL(ORGANISATION_OF_KEY, "DROP FUNCTION organisation_of_api_token(bytea)"),
        migrations.RunSQL(
            ORGANISATIONS_WITH_DUE, "DROP FUNCTION organisations_with_due_webhooks(timestamptz)"
        ),
        migrations.RunSQL(TELL, "DROP FUNCTION tell_webhooks(bigint, text, uuid, uuid, text)"),
        migrations.RunSQL(
            TELL_OF_FILES,
            "DROP TRIGGER declarations_declarationfile_told ON declarations_declarationfile;"
            "DROP TRIGGER declarations_declarationfile_retold ON declarations_declarationfile;"
            "DROP FUNCTION tell_of_file()",
        ),
        migrations.RunSQL(
            TELL_OF_PERSONS,
            "DROP TRIGGER declarations_attachment_told ON declarations_attachment;"
            "DROP FUNCTION tell_of_persons()",
        ),
        migrations.RunSQL(
            TELL_OF_PROFILES,
            "DROP TRIGGER profiles_clientprofile_told ON profiles_clientprofile;"
            "DROP FUNCTION tell_of_profiles()",
        ),
    ]
