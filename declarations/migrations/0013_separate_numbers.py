import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from care.tenancy import rowsecurity as rows

# Until now a number followed from the largest that looked like one of ours, whoever had given it out. Each series
# goes on behind the last that a file of our own got.
GO_ON = """
INSERT INTO declarations_numberseries (organisation_id, prefix, year, is_test, last_number)
SELECT organisation_id, 'DV', substring(invoice_number FROM 3 FOR 4)::int, is_test,
    max(substring(invoice_number FROM 7)::int)
FROM declarations_declarationfile
WHERE kind = 'separate' AND invoice_number ~ '^DV[0-9]{10}$'
GROUP BY 1, 3, 4
"""
IS_WITHDRAWN = models.Q(state="withdrawn")


def _number() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0007_ground"),
        ("declarations", "0012_release_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberPrefix",
            fields=[
                ("id", _number()),
                ("prefix", models.CharField(max_length=2)),
                ("chosen_at", models.DateTimeField(auto_now_add=True)),
                (
                    "chosen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="care.organisation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", _number()),
                ("prefix", models.CharField(max_length=2)),
                ("year", models.PositiveSmallIntegerField()),
                ("is_test", models.BooleanField(default=False)),
                ("last_number", models.PositiveIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="care.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="numberprefix",
            constraint=models.CheckConstraint(
                condition=models.Q(prefix__regex="^[A-Z0-9]{1,2}$"), name="number_prefix_fits_the_field"
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.UniqueConstraint(
                fields=("organisation", "prefix", "year", "is_test"), name="number_series_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.CheckConstraint(
                condition=models.Q(last_number__lte=999_999), name="number_series_has_six_digits"
            ),
        ),
        rows.protect("declarations_numberprefix"),
        *rows.append_only("declarations_numberprefix"),
        rows.protect("declarations_numberseries"),
        migrations.RunSQL(GO_ON, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="declarationfile", name="invoice_number_once"),
        migrations.AddConstraint(
            model_name="declarationfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(kind="received", is_test=False) & ~IS_WITHDRAWN,
                fields=("organisation", "invoice_number"),
                name="received_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="declarationfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(kind="received") & ~IS_WITHDRAWN,
                fields=("organisation", "sha256"),
                name="received_bytes_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="declarationfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(kind="separate") & ~IS_WITHDRAWN,
                fields=("organisation", "invoice_number", "is_test"),
                name="separate_number_once",
            ),
        ),
    ]
