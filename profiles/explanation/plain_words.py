"""What came out, in words for the client: no scores, nothing that only a nurse understands.

In Dutch, whatever language the screens of the colleague are in.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.engine import Dimension, Model
from profiles.schema.models import ClientProfile

#: Said to the client, so said with care: nobody reads here for the first time how things stand.
EXCEPTIONS: Mapping[str, Promise] = {
    "MKT": gettext_lazy(
        "U bent jonger dan 18. Voor kinderen en jongeren is de zorg anders geregeld. "
        "Daarom zijn de andere vragen niet gesteld."
    ),
    "PTZ": gettext_lazy(
        "De zorg is nu vooral bedoeld om het u zo prettig mogelijk te maken. "
        "Daarom zijn de andere vragen niet gesteld."
    ),
    "TIJDELIJK": gettext_lazy(
        "Wij kennen uw situatie nog niet goed genoeg. "
        "Binnen vier weken vullen wij de rest van de lijst met u in."
    ),
    "GEEN": gettext_lazy("Er was niet genoeg bekend om de andere vragen te beantwoorden."),
}
OTHERWISE = gettext_lazy("Vraag uw wijkverpleegkundige wat dit voor u betekent.")


@translation.override(settings.LANGUAGE_CODE)
def for_client(profile: ClientProfile, model: Model) -> tuple[str, ...]:
    """Say what a profile means: a sentence for each score, or one for an exception."""
    scores = (profile.capacity, profile.burden, profile.support_need)
    if None in scores:
        return (of_exception(profile.code),)
    return tuple(
        of_score(dimension, points or 0, model) for dimension, points in zip(Dimension, scores, strict=True)
    )


@translation.override(settings.LANGUAGE_CODE)
def of_exception(code: str) -> str:
    """Say what an exception means; other models may know others."""
    return str(EXCEPTIONS.get(code, OTHERWISE))


@translation.override(settings.LANGUAGE_CODE)
def of_score(dimension: Dimension, points: int, model: Model) -> str:
    """Say what so many points of a score mean."""
    limits = model.thresholds
    if dimension is Dimension.CAPACITY:
        return _capacity(is_strong=points >= limits.strong_capacity_from)
    if dimension is Dimension.BURDEN:
        return _burden(is_raised=points >= limits.raised_burden_from)
    return _need(points, limits.medium_need_from, limits.high_need_from)


def _capacity(*, is_strong: bool) -> str:
    if is_strong:
        return _("U kunt veel zelf opvangen. Er zijn ook mensen om u heen met wie u goed contact heeft.")
    return _(
        "Zelf alles opvangen is nu moeilijker. Dat komt door uw geheugen, door hoe u zich voelt, "
        "of doordat er weinig mensen om u heen zijn. Eén van deze dingen is al genoeg."
    )


def _burden(*, is_raised: bool) -> str:
    if is_raised:
        return _(
            "Er komt veel op u af. Wij verwachten dat het zwaarder wordt, of u heeft niemand die vaak helpt."
        )
    return _("Er komt niet te veel op u af, zoals het nu gaat.")


def _need(points: int, medium: int, high: int) -> str:
    if points >= high:
        return _("U heeft veel hulp nodig, bijvoorbeeld bij wassen, bij medicijnen of met verpleging.")
    if points >= medium:
        return _("U heeft bij een paar dingen hulp nodig, bijvoorbeeld bij wassen of bij medicijnen.")
    return _("U heeft bij weinig dingen hulp nodig.")
