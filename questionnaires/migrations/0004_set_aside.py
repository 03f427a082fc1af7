from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0003_device")]

    operations = [
        migrations.AddField(model_name="anamnese", name="set_aside", field=models.JSONField(default=dict)),
        migrations.AddConstraint(
            model_name="anamnese",
            constraint=models.CheckConstraint(
                condition=~models.Q(status="finished") | models.Q(set_aside={}),
                name="what_is_finished_sets_nothing_aside",
            ),
        ),
    ]
