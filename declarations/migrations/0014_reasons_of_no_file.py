from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0013_separate_numbers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exportjob",
            name="refusal",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("still_queued", "er staan nog verzekerden in de wachtrij"),
                    ("facts_changed", "gegevens zijn veranderd"),
                    ("wrong_state", "het bestand is ingetrokken"),
                    ("nothing_waits", "er wacht geen profiel meer"),
                    ("numbers_used_up", "de nummers van dit jaar zijn op"),
                    ("too_many_records", "het bestand zou te veel records hebben"),
                    ("unreadable", "wat is opgeslagen, is niet te lezen"),
                    ("defect", "een fout van ons"),
                ],
                default="",
                max_length=16,
            ),
        ),
    ]
