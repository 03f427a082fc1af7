from django.db import migrations

from care.tenancy import rowsecurity as rows

# The teams of one's own memberships elsewhere can be read, as these can; written they are by that house only.
# Removing all teams of a membership would make it cover every team.
READ = "EXISTS (SELECT 1 FROM care_membership m WHERE m.id = membership_id)"
OF_HOUSE = (
    "EXISTS (SELECT 1 FROM care_membership m WHERE m.id = membership_id"
    f" AND (m.{rows.ORGANISATION} OR m.{rows.INSURER}))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0003_printed"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY scope ON care_membership_teams USING ({OF_HOUSE}) WITH CHECK ({OF_HOUSE})",
            f"ALTER POLICY scope ON care_membership_teams USING ({READ}) WITH CHECK ({READ})",
        ),
        rows.read_also("care_membership_teams", "own", READ),
    ]
