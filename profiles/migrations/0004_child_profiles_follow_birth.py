from django.db import migrations

# MKT ends on the 18th birthday (1 March for who was born on 29 February), or where its successor starts;
# by a birthday on or before its own day it holds on no day. Equal to timeline.own_end and timeline.settled.
FOLLOW = """
CREATE FUNCTION profiles_end_of_childhood(born date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN to_char(born, 'MMDD') = '0229'
        THEN make_date(extract(year FROM born)::int + 18, 3, 1)
        ELSE (born + interval '18 years')::date END
$$;
CREATE FUNCTION profiles_follow_date_of_birth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE profiles_clientprofile profile SET period = CASE
            WHEN profiles_end_of_childhood(fresh.date_of_birth) <= profile.date THEN 'empty'::daterange
            ELSE daterange(profile.date, least(
                profiles_end_of_childhood(fresh.date_of_birth),
                (SELECT min(later.date) FROM profiles_clientprofile later
                    WHERE later.client_id = profile.client_id AND later.status = 'standing'
                    AND later.date > profile.date)))
            END
        FROM new_rows fresh JOIN old_rows stale USING (id)
        WHERE fresh.date_of_birth <> stale.date_of_birth AND profile.client_id = fresh.id
            AND profile.code = 'MKT' AND profile.status = 'standing';
    RETURN NULL;
END $$;
CREATE TRIGGER profiles_follow_date_of_birth AFTER UPDATE ON care_client
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION profiles_follow_date_of_birth();
"""
FOLLOW_NO_MORE = """
DROP TRIGGER profiles_follow_date_of_birth ON care_client;
DROP FUNCTION profiles_follow_date_of_birth();
DROP FUNCTION profiles_end_of_childhood(date);
"""
# Dates of birth that were corrected before this.
ONCE = """
UPDATE profiles_clientprofile profile SET period = CASE
        WHEN profiles_end_of_childhood(client.date_of_birth) <= profile.date THEN 'empty'::daterange
        ELSE daterange(profile.date, least(
            profiles_end_of_childhood(client.date_of_birth),
            (SELECT min(later.date) FROM profiles_clientprofile later
                WHERE later.client_id = profile.client_id AND later.status = 'standing'
                AND later.date > profile.date)))
        END
    FROM care_client client
    WHERE client.id = profile.client_id AND profile.code = 'MKT' AND profile.status = 'standing';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0009_fact_corrections"),
        ("profiles", "0003_asked_by_declarations"),
    ]

    operations = [
        migrations.RunSQL(FOLLOW, FOLLOW_NO_MORE),
        migrations.RunSQL(ONCE, migrations.RunSQL.noop),
    ]
