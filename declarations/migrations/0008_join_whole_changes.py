from django.db import migrations, models

# The functions behind these triggers join the rows before and after a change. How many rows that are, a session
# believes for ever from its first change; one that saw batches of some hundreds goes through a whole file row by
# row for each row: minutes instead of a second.
FUNCTIONS = ("declarations_attachment_moved()", "tell_of_persons()")


def altered(how: str) -> str:
    """Return the statements that change a setting of each function."""
    return "; ".join(f"ALTER FUNCTION {name} {how}" for name in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("declarations", "0007_returned")]

    operations = [
        migrations.AlterField(
            model_name="progress",
            name="phase",
            field=models.CharField(
                choices=[
                    ("checking", "Nakijken"),
                    ("storing", "Opslaan"),
                    ("queueing", "Verzekerden in de wachtrij zetten"),
                    ("writing", "Bestand schrijven"),
                    ("proving", "Geschreven bestand nakijken"),
                    ("finishing", "Vastleggen"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(altered("SET enable_nestloop = off"), altered("RESET enable_nestloop")),
    ]
