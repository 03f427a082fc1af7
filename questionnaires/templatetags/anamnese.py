"""What the pages of an anamnese hand to their script, and say of a draft."""

import json
from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def as_json(value: object) -> str:
    """The value as JSON, for a data attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@register.filter
def moment(at: datetime) -> str:
    """A moment as people say it: "vandaag 14:05", or with the day when that was another one."""
    local = localtime(at)
    time = date_format(local, "H:i")
    if local.date() == localdate():
        return _("vandaag %(time)s") % {"time": time}
    return f"{date_format(local, 'j F')}, {time}"
