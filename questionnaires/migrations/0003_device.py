import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from care.tenancy import rowsecurity as rows

STORAGES = [
    ("persistent", "blijvend"),
    ("best_effort", "de browser kan oud werk wissen"),
    ("unknown", "onbekend"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0002_leaving"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(editable=False)),
                ("seen_at", models.DateTimeField()),
                ("unsent", models.PositiveIntegerField()),
                ("unsent_since", models.DateTimeField(null=True)),
                ("storage", models.CharField(choices=STORAGES, max_length=12)),
                ("clock_seconds", models.IntegerField(null=True)),
                ("app_version", models.CharField(max_length=12)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "user", "public_id"), name="device_once_per_nurse"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("storage__in", [value for value, _label in STORAGES])),
                        name="device_storage_known",
                    ),
                ],
            },
        ),
        rows.protect("questionnaires_device"),
    ]
