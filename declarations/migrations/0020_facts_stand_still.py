from django.db import migrations

from care.tenancy import rowsecurity as rows

FACTS = (
    "care_client",
    "care_careperiod",
    "care_legalbasis",
    "care_consent",
    "care_objection",
    "care_phaseperiod",
    "care_receiver",
    "declarations_agreement",
    "profiles_clientprofile",
)


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0008_receivers"),
        ("profiles", "0003_asked_by_declarations"),
        ("declarations", "0019_handover_told"),
    ]

    operations = [rows.fact_function(), *(rows.facts(table) for table in FACTS)]
