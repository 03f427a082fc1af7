from django.db import migrations

from care.tenancy import rowsecurity as rows

TABLE = "questionnaires_anamnese"
BEFORE = rows.frozen(TABLE, when="OLD.status = 'finished'")
NOW = rows.frozen(TABLE, when="OLD.status = 'finished'", unless_joined=True)


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0013_joined_clients"),
        ("questionnaires", "0005_device_access"),
    ]

    operations = [
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        NOW,
    ]
