from importlib import import_module

from django.db import migrations

# A profile may end after a number of days as well as on a birthday: the earlier of the two, as
# `timeline.validity.own_end` has it. The guard knew the birthday alone.
_before = import_module("profiles.migrations.0007_scores_and_terms_of_any_model")
_BIRTHDAY = "profiles_birthday(client.date_of_birth, profile.age_below)"
GUARD = _before.GUARD.replace(_BIRTHDAY, f"least({_BIRTHDAY}, profile.date + profile.lasts_days)")


class Migration(migrations.Migration):
    dependencies = [("profiles", "0007_scores_and_terms_of_any_model")]

    operations = [migrations.RunSQL(GUARD, _before.GUARD)]
