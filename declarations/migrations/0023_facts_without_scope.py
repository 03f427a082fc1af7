from django.db import migrations

from care import rowsecurity as rows


class Migration(migrations.Migration):
    dependencies = [("declarations", "0022_told_deceased")]

    operations = [rows.fact_function_of_everybody()]
