from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0021_findings_and_references"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="told_deceased",
            field=models.BooleanField(db_default=False, default=False, help_text="0223"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("told_deceased", True)), fields=["file"], name="item_told_deceased"
            ),
        ),
    ]
