from django.db import migrations, models

# Releases never change; the name that they were shown with until now is frozen once.
FREEZE = """
ALTER TABLE declarations_populationrelease DISABLE TRIGGER declarations_populationrelease_frozen;
UPDATE declarations_populationrelease released SET organisation_name = organisation.name
    FROM care_organisation organisation WHERE organisation.id = released.organisation_id;
ALTER TABLE declarations_populationrelease ENABLE TRIGGER declarations_populationrelease_frozen;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0011_warnings_of_a_file"),
    ]

    operations = [
        migrations.AddField(
            model_name="populationrelease",
            name="organisation_name",
            field=models.CharField(default="", max_length=120),
            preserve_default=False,
        ),
        migrations.RunSQL(FREEZE, migrations.RunSQL.noop),
    ]
