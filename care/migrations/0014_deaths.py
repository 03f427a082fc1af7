import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from care.tenancy import rowsecurity as rows


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0013_joined_clients"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="died_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("died_on__isnull", True),
                    models.Q(
                        ("in_care_until__isnull", False),
                        (
                            "in_care_until__lte",
                            models.Func(
                                models.F("died_on"),
                                output_field=models.DateField(),
                                template="(%(expressions)s + 1)",
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="death_ends_care",
            ),
        ),
        migrations.CreateModel(
            name="DeathNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "nog na te vragen"),
                            ("confirmed", "overleden"),
                            ("denied", "klopt niet"),
                            ("taken_back", "vergissing, teruggedraaid"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("told_on", models.DateField(null=True)),
                ("told_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("died_on", models.DateField(null=True)),
                ("care_until", models.DateField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="death_notices",
                        to="care.client",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("client",),
                        name="one_open_death_notice",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "confirmed")),
                        fields=("client",),
                        name="one_death_per_client",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "confirmed", "denied", "taken_back"])),
                        name="death_notice_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="death_notice_is_answered_once",
                    ),
                ],
            },
        ),
        rows.protect("care_deathnotice"),
    ]
