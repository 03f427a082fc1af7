from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0009_fact_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="return_weeks",
            field=models.PositiveSmallIntegerField(default=4),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(return_weeks__gte=1, return_weeks__lte=52),
                name="organisation_return_within_a_year",
            ),
        ),
    ]
