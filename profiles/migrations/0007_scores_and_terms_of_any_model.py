from importlib import import_module

from django.db import migrations, models

from care.tenancy import rowsecurity as rows

# Scores by the names of a model's dimensions, and how long a profile lasts beside it: what the first model had
# in columns, constraints and functions of its own.

TABLE = "profiles_clientprofile"
ALWAYS_FIXED = (
    "public_id",
    "organisation_id",
    "client_id",
    "anamnese_id",
    "model_version_id",
    "ruleset_hash",
    "kind",
    "code",
    "contributions",
    "date",
    "created_at",
)
FIRST_SCORES = ("capacity", "burden", "support_need")
TERMS = ("lasts_days", "asks_after_months", "age_from", "age_below")

# Every profile so far was made by the first model, with the instrument that goes with it.
FILL = """
UPDATE profiles_clientprofile SET
    scores = CASE WHEN kind = 'dkdl' THEN jsonb_build_object(
        'capacity', capacity, 'burden', burden, 'support_need', support_need) END,
    lasts_days = CASE code WHEN 'TIJDELIJK' THEN 28 END,
    asks_after_months = CASE code WHEN 'PTZ' THEN 3 END,
    age_from = CASE WHEN code <> 'MKT' THEN 18 END,
    age_below = CASE WHEN code = 'MKT' THEN 18 END;
SET CONSTRAINTS ALL IMMEDIATE;
"""
BACK = """
UPDATE profiles_clientprofile SET capacity = (scores->>'capacity')::int, burden = (scores->>'burden')::int,
    support_need = (scores->>'support_need')::int;
SET CONSTRAINTS ALL IMMEDIATE;
"""

# The profile of somebody too young ends on the birthday that it names, as before; the age stands in the row.
_before = import_module("profiles.migrations.0006_childhood_is_guarded")
_followed = import_module("profiles.migrations.0004_child_profiles_follow_birth")
GUARD_THE_FIRST = _before.GUARD.partition("REVOKE")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
GUARD = GUARD_THE_FIRST.replace("profile.code = 'MKT'", "profile.age_below IS NOT NULL").replace(
    "profiles_end_of_childhood(client.date_of_birth)",
    "profiles_birthday(client.date_of_birth, profile.age_below)",
)
FOLLOW = f"""
CREATE FUNCTION profiles_birthday(born date, age int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN to_char(born, 'MMDD') = '0229'
            AND to_char(born + make_interval(years => age), 'MMDD') = '0228'
        THEN make_date(extract(year FROM born)::int + age, 3, 1)
        ELSE (born + make_interval(years => age))::date END
$$;
{GUARD}
DROP FUNCTION profiles_end_of_childhood(date);
"""
FOLLOW_THE_FIRST = f"""
{_followed.FOLLOW.partition("CREATE FUNCTION profiles_follow")[0]}
{GUARD_THE_FIRST}
DROP FUNCTION profiles_birthday(date, int);
"""


def _fixed(*columns: str) -> migrations.RunSQL:
    return rows.fixed_columns(TABLE, *ALWAYS_FIXED, *columns, unless_joined=True)


def _fixed_no_more(*columns: str) -> migrations.RunSQL:
    before = _fixed(*columns)
    return migrations.RunSQL(before.reverse_sql, before.sql)


class Migration(migrations.Migration):
    dependencies = [("profiles", "0006_childhood_is_guarded")]

    operations = [
        _fixed_no_more(*FIRST_SCORES),
        migrations.AddField("clientprofile", "scores", models.JSONField(null=True)),
        *(
            migrations.AddField("clientprofile", each, models.PositiveSmallIntegerField(null=True))
            for each in TERMS
        ),
        migrations.RemoveConstraint("clientprofile", "scores_go_with_the_kind"),
        migrations.RunSQL(FILL, BACK),
        *(migrations.RemoveField("clientprofile", each) for each in FIRST_SCORES),
        migrations.AddConstraint(
            "clientprofile",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "dkdl"), ("scores__isnull", False)),
                    models.Q(("kind", "uitzondering"), ("scores__isnull", True)),
                    _connector="OR",
                ),
                name="scores_go_with_the_kind",
            ),
        ),
        migrations.AlterField(
            "clientprofile",
            "kind",
            models.CharField(
                choices=[("dkdl", "met scores"), ("uitzondering", "uitzondering")], max_length=12
            ),
        ),
        _fixed("scores", *TERMS),
        migrations.RunSQL(FOLLOW, FOLLOW_THE_FIRST),
    ]
