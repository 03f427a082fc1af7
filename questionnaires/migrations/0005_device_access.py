"""Tablets get a name, a state that a lead or administrator decides, and a history."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from care.tenancy import rowsecurity as rows

STATES = [
    ("in_use", "in gebruik"),
    ("revoked", "ingetrokken"),
    ("released", "stuurt op zonder de collega"),
    ("wiping", "wordt gewist"),
    ("wiped", "gewist"),
]
KINDS = [
    ("named", "kreeg een naam"),
    ("in_use", "mag weer gebruikt worden"),
    ("revoked", "toegang ingetrokken"),
    ("released", "mag opsturen zonder de collega"),
    ("wiping", "moet zich wissen"),
    ("wiped", "heeft zich gewist"),
    ("put_away", "uit de lijst gehaald"),
    ("back", "weer gezien"),
]


def values(choices: list[tuple[str, str]]) -> list[str]:
    """Return the values of choices."""
    return [value for value, _label in choices]


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0004_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="device", name="is_put_away", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="device",
            name="name",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="device",
            name="state",
            field=models.CharField(choices=STATES, default="in_use", max_length=8),
        ),
        migrations.AddField(
            model_name="device", name="page_id", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.RunSQL(
            "UPDATE questionnaires_device SET page_id = gen_random_uuid()", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="device",
            name="page_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", values(STATES))), name="device_state_known"
            ),
        ),
        migrations.CreateModel(
            name="DeviceEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="questionnaires.device",
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
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", values(KINDS))), name="device_event_kind_known"
                    )
                ],
            },
        ),
        rows.protect("questionnaires_deviceevent"),
        *rows.append_only("questionnaires_deviceevent"),
    ]
