from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("declarations", "0015_replies_as_jobs"),
    ]

    operations = [
        # Nobody knows when the agreements there are were recorded.
        migrations.AddField(
            model_name="agreement",
            name="recorded_at",
            field=models.DateTimeField(null=True, help_text="unknown of the first ones"),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="recorded_at",
            field=models.DateTimeField(null=True, db_default=Now(), help_text="unknown of the first ones"),
        ),
    ]
