import django.utils.timezone
from django.db import migrations, models

import care.schema.fields

# A list that nobody let count yet is looked at anew: what was found is kept from now on.
LOOK_AGAIN = "UPDATE declarations_reply SET state = 'looking' WHERE state = 'prepared'"
LET_BE = """
DELETE FROM declarations_reply WHERE state IN ('refused', 'failed', 'recording') AND kind = 'file';
UPDATE declarations_reply SET state = 'prepared' WHERE state <> 'recorded';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0014_reasons_of_no_file"),
    ]

    operations = [
        migrations.AddField(
            "reply",
            "status",
            models.CharField(
                blank=True,
                choices=[("aanvaard", "aanvaard"), ("afgekeurd", "afgekeurd")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "reply", "reason", care.schema.fields.EncryptedTextField(blank=True, default="", editable=True)
        ),
        migrations.AddField(
            "reply", "shown", care.schema.fields.EncryptedTextField(blank=True, default="", editable=True)
        ),
        migrations.AddField("reply", "known_count", models.PositiveIntegerField(default=0)),
        migrations.AddField("reply", "outdated_count", models.PositiveIntegerField(default=0)),
        migrations.AddField("reply", "others_count", models.PositiveIntegerField(default=0)),
        migrations.AddField("reply", "findings", models.JSONField(default=list)),
        migrations.AddField("reply", "finding_count", models.PositiveIntegerField(default=0)),
        migrations.AddField("reply", "fault", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("reply", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("reply", "due_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AlterField(
            "reply",
            "state",
            models.CharField(
                choices=[
                    ("looking", "wordt bekeken"),
                    ("prepared", "nog niet vastgelegd"),
                    ("refused", "niet goed"),
                    ("recording", "wordt vastgelegd"),
                    ("recorded", "vastgelegd"),
                    ("failed", "niet gelukt"),
                ],
                default="prepared",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "progress",
            "phase",
            models.CharField(
                choices=[
                    ("checking", "Nakijken"),
                    ("storing", "Opslaan"),
                    ("queueing", "Verzekerden in de wachtrij zetten"),
                    ("looking", "Nakijken wie mee mag"),
                    ("comparing", "Nakijken wat al is verzonden"),
                    ("writing", "Bestand schrijven"),
                    ("proving", "Geschreven bestand nakijken"),
                    ("finishing", "Vastleggen"),
                    ("matching", "Profielregels opzoeken"),
                    ("answering", "Antwoorden vastleggen"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(LOOK_AGAIN, LET_BE),
        migrations.AddIndex(
            "reply",
            models.Index(
                condition=models.Q(state__in=("looking", "recording")),
                fields=["organisation", "due_at"],
                name="reply_open",
            ),
        ),
    ]
