import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

from care.tenancy import rowsecurity as rows


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("care", "0001_initial"),
        ("questionnaires", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("table", models.JSONField()),
                ("ruleset_hash", models.CharField(max_length=64)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "version"), name="model_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("ruleset_hash", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("dkdl", "draagkracht en draaglast"), ("uitzondering", "uitzondering")],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                ("capacity", models.PositiveSmallIntegerField(null=True)),
                ("burden", models.PositiveSmallIntegerField(null=True)),
                ("support_need", models.PositiveSmallIntegerField(null=True)),
                ("contributions", models.JSONField(default=list)),
                ("date", models.DateField()),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("standing", "geldt"), ("replaced", "vervangen door een correctie")],
                        default="standing",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "anamnese",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profile",
                        to="questionnaires.anamnese",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="profiles", to="care.client"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "model_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="profiles.modelversion"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "client", "-date"], name="profile_newest_first")
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("client"),
                                    models.F("client"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            ("period", "&&"),
                        ],
                        name="one_profile_per_client_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("burden__range", (0, 3)),
                                ("capacity__range", (0, 7)),
                                ("kind", "dkdl"),
                                ("support_need__range", (0, 18)),
                            ),
                            models.Q(
                                ("burden__isnull", True),
                                ("capacity__isnull", True),
                                ("kind", "uitzondering"),
                                ("support_need__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="scores_go_with_the_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "standing"), ("period__isempty", True), _connector="OR"
                        ),
                        name="a_replaced_profile_holds_on_no_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DerivationDifference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tablet_code", models.CharField(max_length=12)),
                ("tablet_ruleset_hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "profile",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="difference",
                        to="profiles.clientprofile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "-at"], name="difference_newest_first")],
            },
        ),
        *rows.append_only("profiles_modelversion"),
        rows.protect("profiles_derivationdifference"),
        *rows.append_only("profiles_derivationdifference"),
        rows.protect("profiles_clientprofile"),
        rows.fixed_columns(
            "profiles_clientprofile",
            "public_id",
            "organisation_id",
            "client_id",
            "anamnese_id",
            "model_version_id",
            "ruleset_hash",
            "kind",
            "code",
            "capacity",
            "burden",
            "support_need",
            "contributions",
            "date",
            "created_at",
        ),
    ]
