import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from care.tenancy import rowsecurity as rows

ADDRESSED = f"{rows.INSURER} AND state = 'exported' AND NOT is_test"
OF_ADDRESSED_FILE = (
    f"EXISTS (SELECT 1 FROM declarations_declarationfile f WHERE f.id = file_id AND f.{ADDRESSED})"
)
# Commands and tasks are given a file's public id and must find whose it is before any row can be seen.
ORGANISATION_OF_FILE = """
    CREATE FUNCTION organisation_of_file(file uuid) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT organisation_id FROM declarations_declarationfile WHERE public_id = file'
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("care", "0001_initial"),
        ("profiles", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("regular", "profiel bij declaratie"),
                            ("correction", "correctie van een verzonden profiel"),
                        ],
                        default="regular",
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("bsn_hash", models.BinaryField(max_length=32, null=True)),
                ("uzovi", models.CharField(max_length=4)),
                ("date_of_birth", models.DateField(null=True)),
                ("first_line", models.PositiveIntegerField()),
                ("placement_line", models.PositiveIntegerField()),
                ("performer", models.CharField(max_length=8)),
                ("performances", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "in de wachtrij"),
                            ("attached", "toegevoegd"),
                            ("held", "aangehouden"),
                            ("excluded", "overgeslagen"),
                            ("exported", "in het bestand"),
                            ("accepted", "aanvaard"),
                            ("rejected", "afgekeurd"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("bsn_unknown", "bsn onbekend"),
                            ("client_unknown", "cliënt onbekend"),
                            ("details_differ", "gegevens wijken af"),
                            ("not_in_care", "niet in zorg"),
                            ("no_legal_basis", "geen grondslag"),
                            ("objection", "bezwaar"),
                            ("sending_is_off", "verzenden staat uit"),
                            ("phase_forbids", "fase laat het niet toe"),
                            ("no_valid_profile", "geen geldig profiel"),
                            ("code_unknown", "code onbekend"),
                            ("awaits_review", "wacht op toetsing"),
                            ("technical_error", "technische fout"),
                            ("too_late", "te laat voor dit bestand"),
                            ("correction_due", "correctie nodig"),
                            ("profile_line_present", "profielregel aanwezig"),
                            ("credits_only", "alleen creditregels"),
                        ],
                        default="",
                        max_length=24,
                    ),
                ),
                ("detail", models.JSONField(default=dict)),
                ("attach_rest", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now_add=True)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="care.client",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="care.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AttachmentEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_state", models.CharField(blank=True, max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="declarations.attachment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="care.organisation"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CodeTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=20)),
                ("list_code", models.CharField(max_length=3)),
                ("time_unit", models.CharField(max_length=2)),
                ("codes", models.JSONField()),
                ("is_example", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="care.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sending", models.BooleanField(default=False)),
                (
                    "delivery_form",
                    models.CharField(
                        choices=[
                            ("in_file", "in het declaratiebestand"),
                            ("separate", "in een apart bestand"),
                        ],
                        default="in_file",
                        max_length=10,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "insurer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.insurer"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "code_table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="declarations.codetable"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeclarationFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("uzovi", models.CharField(help_text="0108", max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("imported", "ingelezen"),
                            ("exported", "klaargezet"),
                            ("withdrawn", "ingetrokken"),
                        ],
                        default="imported",
                        max_length=10,
                    ),
                ),
                ("is_test", models.BooleanField(help_text="0105")),
                ("invoice_number", models.CharField(help_text="0116", max_length=12)),
                ("invoice_date", models.DateField(help_text="0117")),
                ("period_first_day", models.DateField(help_text="0114")),
                ("period_last_day", models.DateField(help_text="0115")),
                ("control_total", models.CharField(help_text="9907 and 9908, as written", max_length=12)),
                ("record_count", models.PositiveIntegerField()),
                ("person_count", models.PositiveIntegerField()),
                ("size", models.BigIntegerField(help_text="bytes")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "facts_seen",
                    models.CharField(blank=True, help_text="when the held were looked at", max_length=64),
                ),
                (
                    "facts_attached",
                    models.CharField(blank=True, help_text="when the attached were", max_length=64),
                ),
                ("imported_at", models.DateTimeField(auto_now_add=True)),
                (
                    "insurer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="care.insurer"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="attachment",
            name="file",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="declarations.declarationfile",
            ),
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(help_text="bytes")),
                ("record_count", models.PositiveIntegerField()),
                ("inserted_count", models.PositiveIntegerField()),
                (
                    "person_counts",
                    models.JSONField(help_text="insured persons per state at the time of export"),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="export",
                        to="declarations.declarationfile",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FileChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("original", "ontvangen bestand"), ("export", "bestand met profielen")],
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="declarations.declarationfile",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="care.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PopulationRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference_day", models.DateField()),
                ("threshold", models.PositiveSmallIntegerField()),
                ("cells", models.JSONField()),
                ("total", models.PositiveIntegerField(null=True)),
                ("model_version", models.CharField(max_length=60)),
                ("released_at", models.DateTimeField(auto_now_add=True)),
                (
                    "insurer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.insurer"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Download",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("export", "declaratiebestand met profielen"),
                            ("population", "verdeling van profielen"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="declarations.declarationfile",
                    ),
                ),
                (
                    "insurer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="care.insurer"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.membership"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="declarations.populationrelease",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProfileRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("first_day", models.DateField(help_text="0414")),
                ("last_day", models.DateField(help_text="0415")),
                ("list_code", models.CharField(help_text="0416", max_length=3)),
                ("performance_code", models.CharField(help_text="0417", max_length=5)),
                ("time_unit", models.CharField(help_text="0419", max_length=2)),
                ("reference", models.CharField(help_text="0431", max_length=20)),
                (
                    "attachment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="records",
                        to="declarations.attachment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="care.organisation"
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="profiles.clientprofile",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="attachment",
            name="corrects",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="declarations.profilerecord",
            ),
        ),
        migrations.AddConstraint(
            model_name="codetable",
            constraint=models.UniqueConstraint(
                fields=("organisation", "name", "version"), name="code_table_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("organisation", "insurer", "valid_from"), name="one_agreement_begins_on_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="agreement_ends_after_it_began",
            ),
        ),
        migrations.AddIndex(
            model_name="declarationfile",
            index=models.Index(fields=["insurer", "state"], name="file_by_addressee"),
        ),
        migrations.AddConstraint(
            model_name="declarationfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("organisation", "invoice_number"),
                name="invoice_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="filechunk",
            constraint=models.UniqueConstraint(fields=("file", "kind", "number"), name="chunk_once"),
        ),
        migrations.AddConstraint(
            model_name="profilerecord",
            constraint=models.UniqueConstraint(fields=("attachment", "number"), name="profile_record_once"),
        ),
        migrations.AddConstraint(
            model_name="profilerecord",
            constraint=models.UniqueConstraint(fields=("organisation", "reference"), name="reference_once"),
        ),
        migrations.AddConstraint(
            model_name="profilerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="record_ends_after_it_began",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["file", "state", "reason", "number"], name="item_by_state"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["file", "due_at"],
                name="item_in_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                fields=("file", "kind", "number"), name="one_item_per_insured_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(fields=("corrects",), name="one_correction_per_record"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["queued", "attached", "held", "excluded", "exported", "accepted", "rejected"],
                    )
                ),
                name="state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason__gt", ""), ("state__in", ["held", "excluded"])),
                    models.Q(("state__in", ["held", "excluded"]), _negated=True),
                    _connector="OR",
                ),
                name="who_is_held_has_a_reason",
            ),
        ),
        rows.protect(
            "declarations_codetable",
            using=f"{rows.ORGANISATION} OR organisation_id IS NULL",
            check=rows.ORGANISATION,
        ),
        *rows.append_only("declarations_codetable"),
        rows.protect("declarations_agreement"),
        rows.protect("declarations_declarationfile"),
        rows.read_also("declarations_declarationfile", "addressee", ADDRESSED),
        # Encrypted bytes do not compress: trying would only cost time.
        migrations.RunSQL(
            "ALTER TABLE declarations_filechunk ALTER COLUMN content SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        rows.protect("declarations_filechunk"),
        rows.read_also("declarations_filechunk", "addressee", f"kind = 'export' AND {OF_ADDRESSED_FILE}"),
        *rows.append_only("declarations_filechunk"),
        rows.protect("declarations_attachment"),
        rows.protect("declarations_attachmentevent"),
        *rows.append_only("declarations_attachmentevent"),
        rows.events(
            "declarations_attachment",
            log="declarations_attachmentevent",
            key="attachment_id",
            state="state",
            reason="reason",
        ),
        rows.protect("declarations_profilerecord"),
        rows.protect("declarations_export"),
        rows.read_also("declarations_export", "addressee", OF_ADDRESSED_FILE),
        *rows.append_only("declarations_export"),
        rows.protect("declarations_populationrelease"),
        rows.read_also("declarations_populationrelease", "addressee", rows.INSURER),
        *rows.append_only("declarations_populationrelease"),
        rows.protect("declarations_download", using=f"{rows.ORGANISATION} OR {rows.INSURER}"),
        *rows.append_only("declarations_download"),
        migrations.RunSQL(ORGANISATION_OF_FILE, "DROP FUNCTION organisation_of_file(uuid)"),
    ]
