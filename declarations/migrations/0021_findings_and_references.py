from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0020_facts_stand_still"),
    ]

    operations = [
        migrations.AlterField(
            model_name="filechunk",
            name="kind",
            field=models.CharField(
                choices=[
                    ("original", "ontvangen bestand"),
                    ("export", "bestand met profielen"),
                    ("references", "referentienummers van een ontvangen bestand"),
                    ("findings", "bevindingen bij een ontvangen bestand"),
                ],
                max_length=10,
            ),
        ),
    ]
