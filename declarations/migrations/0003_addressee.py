from django.db import migrations

# Who may fetch a file goes by 0108, also where that insurer joins the register after the file was made.
NAME_ADDRESSEE = """
    CREATE FUNCTION name_addressee() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        UPDATE declarations_declarationfile SET insurer_id = NEW.id
        WHERE uzovi = NEW.uzovi AND insurer_id IS NULL;
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION name_addressee() FROM PUBLIC;
    CREATE TRIGGER name_addressee AFTER INSERT ON care_insurer
    FOR EACH ROW EXECUTE FUNCTION name_addressee();
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0002_api")]

    operations = [
        migrations.RunSQL(
            NAME_ADDRESSEE,
            "DROP TRIGGER name_addressee ON care_insurer; DROP FUNCTION name_addressee()",
        ),
    ]
