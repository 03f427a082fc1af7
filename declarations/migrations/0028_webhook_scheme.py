from django.db import migrations, models

CHOICES = [("standard", "Standard Webhooks"), ("draagvlak", "eigen handtekening van Draagvlak (oud)")]


def scheme(default: str) -> models.CharField:
    """Return the field; receivers of webhooks that are there check the signatures of before."""
    return models.CharField(choices=CHOICES, default=default, max_length=10)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0027_services_tell")]

    operations = [
        migrations.AddField("webhooksubscription", "scheme", scheme("draagvlak")),
        migrations.AlterField("webhooksubscription", "scheme", scheme("standard")),
        migrations.AddConstraint(
            model_name="webhooksubscription",
            constraint=models.CheckConstraint(
                condition=models.Q(scheme__in=["standard", "draagvlak"]), name="subscription_scheme_is_known"
            ),
        ),
    ]
