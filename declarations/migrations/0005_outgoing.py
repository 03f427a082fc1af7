import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import care.schema.fields
from care.tenancy import rowsecurity as rows


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0004_own_teams"),
        ("declarations", "0004_watching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="manifest",
            field=models.JSONField(default=dict, help_text="declarations.delivery.manifest"),
        ),
        migrations.AlterField(
            model_name="download",
            name="kind",
            field=models.CharField(
                choices=[
                    ("export", "declaratiebestand met profielen"),
                    ("population", "verdeling van profielen"),
                    ("numbers", "lijst met oude en nieuwe nummers"),
                    ("manifest", "verantwoording bij een bestand"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("delivered_at", models.DateTimeField()),
                (
                    "receipt",
                    models.CharField(blank=True, help_text="number that the receiver gave", max_length=60),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="declarations.declarationfile",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "token",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.apitoken",
                    ),
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
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("checking", "Nakijken"),
                            ("storing", "Opslaan"),
                            ("writing", "Bestand schrijven"),
                            ("proving", "Geschreven bestand nakijken"),
                        ],
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveIntegerField()),
                ("total", models.PositiveIntegerField()),
                ("phase_began_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="care.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reply",
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
                        choices=[("file", "het hele bestand"), ("list", "een lijst met referentienummers")],
                        max_length=5,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("prepared", "nog niet vastgelegd"), ("recorded", "vastgelegd")],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                ("content", care.schema.fields.EncryptedTextField(blank=True, default="", editable=True)),
                ("accepted_count", models.PositiveIntegerField(default=0)),
                ("rejected_count", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("recorded_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="declarations.declarationfile",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "token",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.apitoken",
                    ),
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
        ),
        migrations.CreateModel(
            name="RecordReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("aanvaard", "aanvaard"), ("afgekeurd", "afgekeurd")], max_length=10
                    ),
                ),
                ("reason", care.schema.fields.EncryptedTextField(blank=True, default="", editable=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="care.organisation"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="declarations.profilerecord",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="declarations.reply",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "wacht"),
                            ("working", "bezig"),
                            ("done", "klaar"),
                            ("refused", "niet gemaakt"),
                            ("unsound", "niet vrijgegeven"),
                            ("failed", "mislukt"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("still_queued", "er staan nog verzekerden in de wachtrij"),
                            ("facts_changed", "gegevens zijn veranderd"),
                            ("wrong_state", "het bestand is ingetrokken"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("refused_count", models.PositiveIntegerField(default=0)),
                ("findings", models.JSONField(default=list)),
                ("fault", models.CharField(blank=True, default="", max_length=60)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(auto_now_add=True)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="export_jobs",
                        to="declarations.declarationfile",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="care.membership",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "token",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="declarations.apitoken",
                    ),
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
                "indexes": [
                    models.Index(fields=["file", "-id"], name="export_job_newest_first"),
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "working"))),
                        fields=["organisation", "due_at"],
                        name="export_job_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "working"))),
                        fields=("file",),
                        name="one_open_export_job_per_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "working", "done", "refused", "unsound", "failed"])
                        ),
                        name="export_job_state_is_known",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["organisation", "-id"], name="reply_newest_first"),
        ),
        migrations.AddIndex(
            model_name="recordreply",
            index=models.Index(fields=["record", "-id"], name="record_reply_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="recordreply",
            constraint=models.UniqueConstraint(fields=("reply", "record"), name="one_answer_per_record"),
        ),
        rows.protect("declarations_exportjob"),
        rows.fixed_columns(
            "declarations_exportjob", "organisation_id", "file_id", "user_id", "membership_id", "token_id"
        ),
        rows.protect("declarations_progress"),
        rows.protect("declarations_delivery"),
        *rows.append_only("declarations_delivery"),
        rows.protect("declarations_reply"),
        rows.fixed_columns(
            "declarations_reply", "organisation_id", "kind", "file_id", "content", "user_id", "token_id"
        ),
        rows.frozen("declarations_reply", when="OLD.state = 'recorded'"),
        rows.protect("declarations_recordreply"),
        *rows.append_only("declarations_recordreply"),
    ]
