import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from care.tenancy import rowsecurity as rows

FIXED_BEFORE = ("organisation_id", "file_id", "user_id", "membership_id", "token_id")
AS_BEFORE = rows.fixed_columns("declarations_exportjob", *FIXED_BEFORE)


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0007_ground"),
        ("declarations", "0009_state_exported_is_made"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="exportjob",
            name="made",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="declarations.declarationfile",
            ),
        ),
        migrations.AddField(
            model_name="exportjob",
            name="uzovi",
            field=models.CharField(blank=True, default="", max_length=4),
        ),
        migrations.AlterField(
            model_name="exportjob",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="export_jobs",
                to="declarations.declarationfile",
            ),
        ),
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
                ],
                default="",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="progress",
            name="phase",
            field=models.CharField(
                choices=[
                    ("checking", "Nakijken"),
                    ("storing", "Opslaan"),
                    ("queueing", "Verzekerden in de wachtrij zetten"),
                    ("looking", "Nakijken wie mee mag"),
                    ("comparing", "Nakijken wat al is verzonden"),
                    ("writing", "Bestand schrijven"),
                    ("proving", "Geschreven bestand nakijken"),
                    ("finishing", "Vastleggen"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="exportjob",
            index=models.Index(
                condition=models.Q(("file__isnull", True)),
                fields=["organisation", "uzovi", "-id"],
                name="separate_job_newest_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportjob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("file__isnull", True), ("state__in", ("waiting", "working"))),
                fields=("organisation", "uzovi"),
                name="one_open_separate_job_per_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", False), ("made__isnull", True), ("uzovi", "")),
                    models.Q(("file__isnull", True), models.Q(("uzovi", ""), _negated=True)),
                    _connector="OR",
                ),
                name="export_job_makes_one_thing",
            ),
        ),
        migrations.RunSQL(AS_BEFORE.reverse_sql, AS_BEFORE.sql),
        rows.fixed_columns("declarations_exportjob", *FIXED_BEFORE, "uzovi"),
        rows.frozen("declarations_exportjob", when="OLD.made_id IS NOT NULL"),
    ]
