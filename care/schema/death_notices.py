"""That somebody died: a file asks or a colleague tells; a person answers, never a program."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    """What became of it."""

    OPEN = "open", _("nog na te vragen")
    CONFIRMED = "confirmed", _("overleden")
    DENIED = "denied", _("klopt niet")
    TAKEN_BACK = "taken_back", _("vergissing, teruggedraaid")


class DeathNotice(models.Model):
    """One time that a client was said to have died.

    `told_on` is the day of the newest file that said so when it was asked, none where a colleague told it.
    Of one that was confirmed: `died_on`, and `care_until`, the end of care (none: without) that was known
    before. `answered` is confirmed or denied, `taken_back` that the confirmation was a mistake.
    """

    organisation = models.ForeignKey("care.Organisation", on_delete=models.PROTECT)
    client = models.ForeignKey("care.Client", on_delete=models.PROTECT, related_name="death_notices")
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.OPEN)
    told_on = models.DateField(null=True)
    told_at = models.DateTimeField(db_default=Now())
    died_on = models.DateField(null=True)
    care_until = models.DateField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state=NoticeState.OPEN), name="one_open_death_notice"
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(state=NoticeState.CONFIRMED), name="one_death_per_client"
            ),
            models.CheckConstraint(
                condition=Q(state__in=NoticeState.values), name="death_notice_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.OPEN, answered_at__isnull=True)
                | (~Q(state=NoticeState.OPEN) & Q(answered_at__isnull=False)),
                name="death_notice_is_answered_once",
            ),
        ]
