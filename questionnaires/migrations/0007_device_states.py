"""Four states and seven events are left: nothing sends without the nurse."""

from django.db import migrations, models

STATES = [
    ("in_use", "in gebruik"),
    ("revoked", "ingetrokken"),
    ("wiping", "wordt gewist"),
    ("wiped", "gewist"),
]
KINDS = [
    ("named", "kreeg een naam"),
    ("in_use", "mag weer gebruikt worden"),
    ("revoked", "toegang ingetrokken"),
    ("wiping", "moet zich wissen"),
    ("wiped", "heeft zich gewist"),
    ("put_away", "uit de lijst gehaald"),
    ("back", "weer gezien"),
]


def values(choices: list[tuple[str, str]]) -> list[str]:
    """Return the values of choices."""
    return [value for value, _label in choices]


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0006_joined_clients")]

    operations = [
        migrations.AlterField(
            model_name="device",
            name="state",
            field=models.CharField(choices=STATES, default="in_use", max_length=8),
        ),
        migrations.AlterField(
            model_name="deviceevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=8),
        ),
        migrations.RemoveConstraint(model_name="device", name="device_state_known"),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", values(STATES))), name="device_state_known"
            ),
        ),
        migrations.RemoveConstraint(model_name="deviceevent", name="device_event_kind_known"),
        migrations.AddConstraint(
            model_name="deviceevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", values(KINDS))), name="device_event_kind_known"
            ),
        ),
    ]
