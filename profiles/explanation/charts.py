"""Where everything stands in the pictures of scores: the balance, the scales, the population grid.

Coordinates are text with a decimal point, because a template would write a number the Dutch way and
an SVG cannot read that. Thresholds and ends of scales come from the model version, never from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sin

from django.utils.translation import gettext as _

from profiles.engine import Dimension, Model

#: The drawing of the balance, in units of its view box of 600 by 402.
PIVOT_X, PIVOT_Y = 300, 222
ARM = 150
FURTHEST_TILT = 12.0
POST = 35
COLUMN_WIDTH, COLUMN_HEIGHT = 92, 105
BAND_X, BAND_Y, BAND_WIDTH, BAND_HEIGHT = 50, 318, 500, 28
GAP = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """The whole points `first` to `last` of a scale, which carry one word."""

    first: int
    last: int
    word: str

    @property
    def points(self) -> str:
        """The points in words: one number, or the first and the last."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    def holds(self, score: int) -> bool:
        """Whether the score lies on this stretch."""
        return self.first <= score <= self.last


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of one score, from 0 to `maximum`, parted into stretches by the model's thresholds."""

    dimension: Dimension
    name: str
    maximum: int
    stretches: tuple[Stretch, ...]

    @property
    def thresholds(self) -> tuple[int, ...]:
        """The first point of every stretch but the lowest."""
        return tuple(stretch.first for stretch in self.stretches[1:])

    def word(self, score: int) -> str:
        """What the score means. A score off the scale is an error of the caller."""
        for stretch in self.stretches:
            if stretch.holds(score):
                return stretch.word
        message = f"{self.dimension}: {score} is not on 0..{self.maximum}"
        raise ValueError(message)


def capacity_scale(model: Model) -> Scale:
    """Draagkracht: reduced below the threshold."""
    start = model.thresholds.strong_capacity_from
    words = (_("verminderd draagkrachtig"), _("draagkrachtig"))
    return _scale(Dimension.CAPACITY, _("Draagkracht"), model.full_capacity, (start,), words)


def burden_scale(model: Model) -> Scale:
    """Draaglast: raised from the threshold on."""
    start = model.thresholds.raised_burden_from
    words = (_("geen verhoogde draaglast"), _("verhoogde draaglast"))
    return _scale(Dimension.BURDEN, _("Draaglast"), _most(model, Dimension.BURDEN), (start,), words)


def need_scale(model: Model) -> Scale:
    """Ondersteuningsbehoefte: low, medium, high."""
    starts = (model.thresholds.medium_need_from, model.thresholds.high_need_from)
    words = (_("laag"), _("gemiddeld"), _("hoog"))
    most = _most(model, Dimension.SUPPORT_NEED) + sum(model.technical.points.values())
    return _scale(Dimension.SUPPORT_NEED, _("Ondersteuningsbehoefte"), most, starts, words)


def scale_of(dimension: Dimension, model: Model) -> Scale:
    """The scale of a score."""
    makers = {
        Dimension.CAPACITY: capacity_scale,
        Dimension.BURDEN: burden_scale,
        Dimension.SUPPORT_NEED: need_scale,
    }
    return makers[dimension](model)


def _scale(
    dimension: Dimension, name: str, maximum: int, starts: tuple[int, ...], words: tuple[str, ...]
) -> Scale:
    firsts = (0, *starts)
    lasts = (*(start - 1 for start in starts), maximum)
    return Scale(dimension, name, maximum, tuple(map(Stretch, firsts, lasts, words)))


def _most(model: Model, dimension: Dimension) -> int:
    """The highest sum that the questions with one choice can give on a score."""
    answers = (question.contributions.values() for question in model.questions)
    return sum(max((one.points for one in each if one.dimension == dimension), default=0) for each in answers)


@dataclass(frozen=True, slots=True)
class Block:
    """One point of a score, drawn as a block or as one cell of a ruler; `is_there` when it counts."""

    x: str
    y: str
    width: str
    height: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Pan:
    """One pan of the balance, with the column of blocks on it and the line of its threshold."""

    x: int
    beam_y: str
    stem_y: str
    plate_y: str
    blocks: tuple[Block, ...]
    threshold_y: str
    name_y: str
    score_y: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class BandWord:
    """The word under one stretch of the band, and its points."""

    x: str
    word: str
    points: str


@dataclass(frozen=True, slots=True)
class BalancePicture:
    """All of the balance: `tilt` in degrees, clockwise (right pan down) when positive."""

    tilt: str
    capacity: Pan
    burden: Pan
    band: tuple[Block, ...]
    band_words: tuple[BandWord, ...]
    band_lines: tuple[str, ...]
    need_x: str


def tilt(capacity_share: float, burden_share: float) -> float:
    """Degrees the beam turns clockwise: the further burden outweighs capacity, the further it turns.

    Both shares are 0..1 of their scale. It is a picture of the two scores, not a score of its own.
    """
    return (burden_share - capacity_share) * FURTHEST_TILT


def leaning(capacity: int, burden: int, model: Model) -> str:
    """Say in words which way the balance leans."""
    share = tilt(capacity / model.full_capacity, burden / burden_scale(model).maximum)
    if share == 0:
        return _("De balans staat recht.")
    if share < 0:
        return _("De balans helt naar links: de draagkracht weegt het zwaarst.")
    return _("De balans helt naar rechts: de draaglast weegt het zwaarst.")


def balance_picture(*, capacity: int, burden: int, support_need: int, model: Model) -> BalancePicture:
    """Work out the balance for three scores under a model version."""
    strength, load, need = capacity_scale(model), burden_scale(model), need_scale(model)
    degrees = tilt(capacity / strength.maximum, burden / load.maximum)
    return BalancePicture(
        tilt=_number(degrees),
        capacity=_pan(strength, capacity, -ARM, degrees),
        burden=_pan(load, burden, ARM, degrees),
        band=_band(need, support_need),
        band_words=tuple(_band_word(stretch, need) for stretch in need.stretches),
        band_lines=tuple(_number(_band_x(start, need)) for start in need.thresholds),
        need_x=_number(_band_x(support_need + 0.5, need)),
    )


def _pan(scale: Scale, score: int, arm: int, degrees: float) -> Pan:
    x = round(PIVOT_X + arm * cos(radians(degrees)))
    beam_y = PIVOT_Y + arm * sin(radians(degrees))
    plate_y = beam_y - POST
    left = x - COLUMN_WIDTH / 2
    height = COLUMN_HEIGHT / scale.maximum
    return Pan(
        x=x,
        beam_y=_number(beam_y),
        stem_y=_number(plate_y + 6),
        plate_y=_number(plate_y),
        blocks=tuple(
            Block(
                _number(left),
                _number(plate_y - height * point),
                _number(COLUMN_WIDTH),
                _number(height - GAP),
                point <= score,
            )
            for point in range(1, scale.maximum + 1)
        ),
        threshold_y=_number(plate_y - height * scale.thresholds[0] - GAP / 2),
        name_y=_number(plate_y - COLUMN_HEIGHT - 34),
        score_y=_number(plate_y - COLUMN_HEIGHT - 12),
        left=_number(left),
        right=_number(left + COLUMN_WIDTH),
    )


def _band_x(point: float, scale: Scale) -> float:
    return BAND_X + BAND_WIDTH * point / (scale.maximum + 1)


def _band(scale: Scale, score: int) -> tuple[Block, ...]:
    return tuple(_band_cell(point, scale, is_there=point == score) for point in range(scale.maximum + 1))


def _band_cell(point: int, scale: Scale, *, is_there: bool) -> Block:
    width = BAND_WIDTH / (scale.maximum + 1)
    return Block(
        _number(_band_x(point, scale)), _number(BAND_Y), _number(width), _number(BAND_HEIGHT), is_there
    )


def _band_word(stretch: Stretch, scale: Scale) -> BandWord:
    middle = (stretch.first + stretch.last + 1) / 2
    return BandWord(_number(_band_x(middle, scale)), stretch.word, stretch.points)


@dataclass(frozen=True, slots=True)
class RulerCell:
    """One point of a ruler: place and width in per cent; `number` is empty where it would crowd."""

    x: str
    middle: str
    width: str
    number: str
    is_now: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class RulerWord:
    """The word of a stretch under the ruler; a word at the end is anchored there."""

    x: str
    word: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Ruler:
    """A score on its scale, in per cent of whatever width it gets."""

    name: str
    css: str
    score: int
    maximum: int
    word: str
    cells: tuple[RulerCell, ...]
    words: tuple[RulerWord, ...]
    lines: tuple[str, ...]


CSS_NAMES: Mapping[Dimension, str] = {
    Dimension.CAPACITY: "capacity",
    Dimension.BURDEN: "burden",
    Dimension.SUPPORT_NEED: "need",
}
ROOMY = 8


def ruler(scale: Scale, score: int) -> Ruler:
    """Work out the ruler of a score."""
    return Ruler(
        name=scale.name,
        css=CSS_NAMES[scale.dimension],
        score=score,
        maximum=scale.maximum,
        word=scale.word(score),
        cells=tuple(_ruler_cell(point, scale, score) for point in range(scale.maximum + 1)),
        words=tuple(_ruler_word(stretch, scale) for stretch in scale.stretches),
        lines=tuple(_share(start, scale) for start in scale.thresholds),
    )


def _ruler_cell(point: int, scale: Scale, score: int) -> RulerCell:
    is_named = scale.maximum < ROOMY or point in {0, score, scale.maximum, *scale.thresholds}
    return RulerCell(
        x=_share(point, scale),
        middle=_share(point + 0.5, scale),
        width=_share(1, scale),
        number=str(point) if is_named else "",
        is_now=point == score,
        is_past=point < score,
    )


def _ruler_word(stretch: Stretch, scale: Scale) -> RulerWord:
    if stretch.first == stretch.last == scale.maximum:
        return RulerWord("100%", stretch.word, "end")
    return RulerWord(_share((stretch.first + stretch.last + 1) / 2, scale), stretch.word, "middle")


def _share(point: float, scale: Scale) -> str:
    return f"{100 * point / (scale.maximum + 1):.3f}%"


def _number(value: float) -> str:
    return f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One profile in the population grid; `count` is None where it is suppressed."""

    code: str
    count: int | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One family of profiles: a judgement on capacity and one on burden."""

    name: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class PopulationGrid:
    """Twelve profiles in four families by three levels of need, and the exceptions."""

    levels: tuple[str, ...]
    rows: tuple[GridRow, ...]
    exceptions: tuple[GridCell, ...]


def population_grid(counts: Mapping[str, int | None], model: Model) -> PopulationGrid:
    """Lay out counts per code. A code that is missing counts 0; None is suppressed."""
    strength, load, need = capacity_scale(model), burden_scale(model), need_scale(model)
    numbers = model.numbering
    columns = (0, numbers.medium_need, numbers.high_need)
    rows = tuple(
        GridRow(
            f"{strength.stretches[strong].word}, {load.stretches[burdened].word}",
            tuple(
                _grid_cell(model.codes[start + burdened * numbers.raised_burden + column], counts)
                for column in columns
            ),
        )
        for strong, start in ((1, numbers.strong_capacity), (0, numbers.reduced_capacity))
        for burdened in (0, 1)
    )
    others = tuple(_grid_cell(code, counts) for code in model.labels if code not in model.codes.values())
    return PopulationGrid(tuple(stretch.word for stretch in need.stretches), rows, others)


def _grid_cell(code: str, counts: Mapping[str, int | None]) -> GridCell:
    return GridCell(code, counts.get(code, 0))
