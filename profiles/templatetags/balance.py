"""Tags that draw profiles: the balance, a score on its scale, the chip of a code, the population grid."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from profiles.engine import DKDL_2_0, Dimension, Model
from profiles.explanation import charts
from profiles.explanation.charts import BalancePicture, PopulationGrid, Ruler, Scale
from profiles.schema.label_texts import code_word

register = template.Library()
register.filter("code_word", code_word)


@dataclass(frozen=True, slots=True)
class Judged:
    """A score with its scale, in words."""

    scale: Scale
    score: int

    @property
    def threshold(self) -> int:
        """The point from which the higher judgement holds."""
        return self.scale.thresholds[0]

    @property
    def word(self) -> str:
        """What the score means."""
        return self.scale.word(self.score)


@register.inclusion_tag("components/balance.html")
def balance(
    capacity: int, burden: int, support_need: int, model: Model = DKDL_2_0
) -> dict[str, BalancePicture | Judged | str]:
    """Draw the balance of three scores, under the model version they were derived with."""
    return {
        "picture": charts.balance_picture(
            capacity=capacity, burden=burden, support_need=support_need, model=model
        ),
        "capacity": Judged(charts.capacity_scale(model), capacity),
        "burden": Judged(charts.burden_scale(model), burden),
        "need": Judged(charts.need_scale(model), support_need),
        "leaning": charts.leaning(capacity, burden, model),
    }


@register.inclusion_tag("components/scale.html")
def score_scale(dimension: str, score: int, model: Model = DKDL_2_0) -> dict[str, Ruler]:
    """Draw one score (`capacity`, `burden` or `support_need`) as a ruler with its thresholds."""
    return {"ruler": charts.ruler(charts.scale_of(Dimension(dimension), model), score)}


@register.simple_tag
def profile_chip(code: str, large: bool = False) -> SafeString:  # noqa: FBT001, FBT002 - a tag's argument
    """Show a profile code as a chip in its own colour, the same on every page."""
    size = " profile-large" if large else ""
    return format_html('<span class="profile profile-{}{}">{}</span>', slugify(code), size, code_word(code))


@register.filter
def code_class(code: str) -> str:
    """The CSS class that gives an element the colours of a code."""
    return f"profile-{slugify(code)}"


@register.inclusion_tag("profiles/population_grid.html")
def population_grid(
    counts: Mapping[str, int | None], threshold: int, caption: str = "", model: Model = DKDL_2_0
) -> dict[str, PopulationGrid | int | str]:
    """Draw the numbers of clients per code; None is a number under the threshold, and is hidden."""
    return {"grid": charts.population_grid(counts, model), "threshold": threshold, "caption": caption}
