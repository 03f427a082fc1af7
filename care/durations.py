"""How long something takes or took, as people say it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400
#: Up to here the smaller unit still says more: 80 seconds, 80 minutes, 47 hours.
SECONDS_UNTIL, MINUTES_UNTIL, HOURS_UNTIL = 90, 90 * MINUTE, 48 * HOUR


def duration(seconds: int) -> str:
    """A number of seconds in one unit that is easily imagined: 93,600 is "26 uur"."""
    if seconds < SECONDS_UNTIL:
        return ngettext("%(count)d seconde", "%(count)d seconden", seconds) % {"count": seconds}
    if seconds < MINUTES_UNTIL:
        minutes = round(seconds / MINUTE)
        return ngettext("%(count)d minuut", "%(count)d minuten", minutes) % {"count": minutes}
    if seconds < HOURS_UNTIL:
        return _("%(count)d uur") % {"count": round(seconds / HOUR)}
    days = round(seconds / DAY)
    return ngettext("%(count)d dag", "%(count)d dagen", days) % {"count": days}


def time_spent(seconds: int) -> str:
    """How long somebody was busy, to the second where that is short: "3 min 12 s", "2 uur 5 min"."""
    minutes, rest = divmod(seconds, MINUTE)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    if seconds < HOUR:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)d uur %(minutes)d min") % {"hours": hours, "minutes": minutes}
