from django.db import migrations

from care.tenancy import rowsecurity as rows

FIXED = {
    "profiles_clientprofile": (
        "public_id",
        "organisation_id",
        "client_id",
        "anamnese_id",
        "model_version_id",
        "ruleset_hash",
        "kind",
        "code",
        "capacity",
        "burden",
        "support_need",
        "contributions",
        "date",
        "created_at",
    ),
    "profiles_reassessmentevent": (
        "organisation_id",
        "client_id",
        "kind",
        "day",
        "recorded_at",
        "recorded_by_id",
    ),
}


def _again(table: str, columns: tuple[str, ...]) -> list[migrations.RunSQL]:
    before = rows.fixed_columns(table, *columns)
    return [
        migrations.RunSQL(before.reverse_sql, before.sql),
        rows.fixed_columns(table, *columns, unless_joined=True),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0013_joined_clients"),
        ("profiles", "0004_child_profiles_follow_birth"),
    ]

    operations = [operation for table, columns in FIXED.items() for operation in _again(table, columns)]
