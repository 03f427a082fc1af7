"""A known text under the keys of the installation, by which a start sees whether it has the right ones."""

from django.db import models
from django.db.models.functions import Now


class KeyCanary(models.Model):
    """The one row: the text encrypted with the first start's field key, and hashed with the lookup key."""

    sealed = models.BinaryField()
    looked_up = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_key_canary"),)
