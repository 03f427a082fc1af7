"""How long access lasts, by organisation: a tablet without contact, and a session."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("care", "0011_key_canary")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="offline_hours",
            field=models.PositiveSmallIntegerField(default=72),
        ),
        migrations.AddField(
            model_name="organisation",
            name="session_idle_minutes",
            field=models.PositiveSmallIntegerField(default=60),
        ),
        migrations.AddField(
            model_name="organisation",
            name="session_hours",
            field=models.PositiveSmallIntegerField(default=10),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=Q(("offline_hours__gte", 4), ("offline_hours__lte", 336)),
                name="organisation_offline_4_hours_to_2_weeks",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("session_idle_minutes__gte", 5),
                    ("session_idle_minutes__lte", 480),
                    ("session_hours__gte", 1),
                    ("session_hours__lte", 24),
                ),
                name="organisation_sessions_end_within_a_day",
            ),
        ),
    ]
