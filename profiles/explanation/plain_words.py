"""What came out, in words for the client: no scores, nothing that only a nurse understands.

In Dutch, whatever language the screens of the colleague are in. The words are the model's.
"""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.engine import Level, Model
from profiles.schema.models import ClientProfile

OTHERWISE = gettext_lazy("Vraag uw wijkverpleegkundige wat dit voor u betekent.")


@translation.override(settings.LANGUAGE_CODE)
def for_client(profile: ClientProfile, model: Model) -> tuple[str, ...]:
    """Say what a profile means: a sentence for each score, or one for an exception."""
    if profile.scores is None:
        return (of_exception(profile.code, model),)
    return tuple(
        of_level(dimension.levels[dimension.by_score[profile.scores[dimension.id]]])
        for dimension in model.dimensions
    )


@translation.override(settings.LANGUAGE_CODE)
def of_exception(code: str, model: Model) -> str:
    """Say what an exception means; said with care: nobody reads here for the first time how things stand."""
    terms = model.exceptions.get(code)
    return _(terms.plain) if terms and terms.plain else str(OTHERWISE)


@translation.override(settings.LANGUAGE_CODE)
def of_level(level: Level) -> str:
    """Say what a level of a score means."""
    return _(level.plain)
