from django.db import migrations

from care.tenancy import rowsecurity as rows


class Migration(migrations.Migration):
    dependencies = [("declarations", "0023_step_withdrawn")]

    operations = [rows.fact_function_of_everybody()]
