from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0010_separate_jobs"),
    ]

    operations = [
        migrations.AddField(
            model_name="declarationfile",
            name="warning_count",
            field=models.PositiveIntegerField(default=0, help_text="of our checker, when it was read in"),
        ),
    ]
