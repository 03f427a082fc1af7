"""Tags that draw profiles: the balance, a score on its scale, the chip of a code, the population grid."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from profiles.engine import Dimension, Model
from profiles.explanation import charts
from profiles.explanation.charts import BalancePicture, PopulationGrid, Ruler, Scale
from profiles.schema.known_codes import code_word, tone_of

register = template.Library()
register.filter("code_word", code_word)


@dataclass(frozen=True, slots=True)
class Judged:
    """A score with its scale, in words; `limit` is the word at the threshold."""

    scale: Scale
    score: int
    limit: str

    @property
    def threshold(self) -> int:
        """The point from which the higher judgement holds."""
        return self.scale.thresholds[0]

    @property
    def word(self) -> str:
        """What the score means."""
        return self.scale.word(self.score)


@register.inclusion_tag("components/balance.html")
def balance(scores: Mapping[str, int], model: Model) -> dict[str, BalancePicture | Judged | str]:
    """Draw the balance of a profile's scores under its model; nothing where that has no such picture."""
    if model.balance is None:
        return {}
    here = model.balance
    left, right, below = (_judged(each, scores) for each in (here.left, here.right, here.below))
    return {
        "picture": charts.balance_picture(scores, here),
        "left": left,
        "right": right,
        "below": below,
        "title": _(here.words["title"]) % _figures(left, right, below),
        "limits": _(here.words["limits"])
        % {"left": left.threshold, "right": right.threshold, "below": below.score, "word": below.word},
        "leaning": charts.leaning(scores, here),
    }


def _judged(dimension: Dimension, scores: Mapping[str, int]) -> Judged:
    return Judged(
        charts.scale_of(dimension), scores[dimension.id], _(dimension.limit) if dimension.limit else ""
    )


def _figures(left: Judged, right: Judged, below: Judged) -> dict[str, int]:
    judged = {"left": left, "right": right, "below": below}
    most = {f"most_{name}": each.scale.maximum for name, each in judged.items()}
    return {name: each.score for name, each in judged.items()} | most


@register.inclusion_tag("components/scale.html")
def score_scale(dimension: str, score: int, model: Model) -> dict[str, Ruler]:
    """Draw one score as a ruler with its thresholds."""
    return {"ruler": charts.ruler(charts.scale_of(model.dimension(dimension)), score)}


@register.simple_tag
def profile_chip(code: str, large: bool = False) -> SafeString:  # noqa: FBT001, FBT002 - a tag's argument
    """Show a profile code as a chip in its own colour, the same on every page."""
    size = " profile-large" if large else ""
    return format_html('<span class="profile {}{}">{}</span>', tone_of(code), size, code_word(code))


@register.filter
def code_class(code: str) -> str:
    """The CSS class that gives an element the colours of a code."""
    return tone_of(code)


@register.inclusion_tag("profiles/population_grid.html")
def population_grid(
    counts: Mapping[str, int | None], threshold: int, model: Model, caption: str = ""
) -> dict[str, PopulationGrid | int | str]:
    """Draw the numbers of clients per code; None is a number under the threshold, and is hidden."""
    return {"grid": charts.population_grid(counts, model), "threshold": threshold, "caption": caption}
