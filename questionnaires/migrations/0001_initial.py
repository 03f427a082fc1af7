import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import care.schema.fields
from care.tenancy import rowsecurity as rows


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("care", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Anamnese",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("date", models.DateField()),
                ("answers", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "concept"), ("finished", "afgerond"), ("discarded", "weggegooid")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "correction_reason",
                    care.schema.fields.EncryptedTextField(blank=True, default="", editable=True),
                ),
                ("active_seconds", models.PositiveIntegerField(null=True)),
                ("payload_hash", models.CharField(blank=True, default="", max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("saved_at", models.DateTimeField(auto_now=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anamneses",
                        to="care.client",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="questionnaires.anamnese",
                    ),
                ),
                (
                    "nurse",
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
            name="AnamneseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_state", models.CharField(blank=True, max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "anamnese",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="questionnaires.anamnese",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
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
            name="InstrumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("definition", models.JSONField()),
                ("definition_hash", models.CharField(max_length=64)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "version"), name="instrument_version_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="anamnese",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="questionnaires.instrumentversion"
            ),
        ),
        migrations.AddIndex(
            model_name="anamnese",
            index=models.Index(fields=["organisation", "status", "client"], name="anamnese_by_status"),
        ),
        migrations.AddConstraint(
            model_name="anamnese",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "finished", "discarded"])),
                name="anamnese_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="anamnese",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects__isnull", True),
                    models.Q(("corrects", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="corrects_another_anamnese",
            ),
        ),
        migrations.AddConstraint(
            model_name="anamnese",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", True), ("status", "finished")),
                fields=("client", "date"),
                name="one_anamnese_per_client_and_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="anamnese",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "finished")),
                fields=("corrects",),
                name="an_anamnese_is_corrected_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="anamnese",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("client", "nurse", "corrects"),
                name="one_draft_per_client_and_nurse",
                nulls_distinct=False,
            ),
        ),
        *rows.append_only("questionnaires_instrumentversion"),
        rows.protect("questionnaires_anamnese"),
        rows.frozen("questionnaires_anamnese", when="OLD.status = 'finished'"),
        rows.protect("questionnaires_anamneseevent"),
        *rows.append_only("questionnaires_anamneseevent"),
        rows.events(
            "questionnaires_anamnese",
            log="questionnaires_anamneseevent",
            key="anamnese_id",
            state="status",
        ),
    ]
