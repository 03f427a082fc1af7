"""The numbers (0116) of the separate files of an organisation: what they begin with, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from care.schema.models import Organisation

DEFAULT_PREFIX = "DV"
MOST_NUMBERS = 999_999


class NumberPrefix(models.Model):
    """With what the numbers of separate files begin from a moment on; the last one counts, none is DV."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    prefix = models.CharField(max_length=2)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    chosen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(prefix__regex=r"^[A-Z0-9]{1,2}$"), name="number_prefix_fits_the_field"
            )
        ]


class NumberSeries(models.Model):
    """The last number that a separate file got, per prefix and year. Test files count by themselves."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    prefix = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    is_test = models.BooleanField(default=False)
    last_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "prefix", "year", "is_test"], name="number_series_once"
            ),
            models.CheckConstraint(
                condition=Q(last_number__lte=MOST_NUMBERS), name="number_series_has_six_digits"
            ),
        ]
