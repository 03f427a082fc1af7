"""How long ago something was, and long numbers that a narrow screen can break."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()
PART = 8


@register.filter
def age(moment: datetime) -> str:
    """How long ago a moment was, in its largest unit only: "3 uur"."""
    now = timezone.now()
    if now - moment < timedelta(minutes=1):
        return _("minder dan een minuut")
    return timesince(moment, now, depth=1)


@register.filter
def in_parts(text: str) -> list[str]:
    """A long text in parts of eight, to put break opportunities between."""
    return [text[at : at + PART] for at in range(0, len(text), PART)]
