"""A known text under the keys of the installation, by which a start sees whether it has the right ones."""

from django.db import models
from django.db.models.functions import Now


class KeyCanary(models.Model):
    """A row for each field key that ever was the newest: the text under it, and under the lookup key."""

    sealed = models.BinaryField()
    looked_up = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)
