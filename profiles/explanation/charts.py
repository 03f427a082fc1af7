"""Where everything stands in the pictures of scores: the balance, the scales, the population grid.

Coordinates are text with a decimal point, because a template would write a number the Dutch way and
an SVG cannot read that. Thresholds and ends of scales come from the model version, never from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from django.utils.translation import gettext as _

from profiles.engine import Dimension, Model
from profiles.engine.model import Balance
from profiles.schema.known_codes import families_of

#: The drawing of the balance, in units of its view box of 600 by 402.
PIVOT_X, PIVOT_Y = 300, 222
ARM = 150
FURTHEST_TILT = 12.0
POST = 35
COLUMN_WIDTH, COLUMN_HEIGHT = 92, 105
BAND_X, BAND_Y, BAND_WIDTH, BAND_HEIGHT = 50, 318, 500, 28
GAP = 2
#: There are colours for so many scores; further ones begin again.
HUES = 3


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

    dimension: str
    hue: str
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


def scale_of(dimension: Dimension) -> Scale:
    """The scale of a score."""
    levels = dimension.levels
    lasts = (*(level.first - 1 for level in levels[1:]), dimension.maximum)
    stretches = (Stretch(level.first, last, _(level.word)) for level, last in zip(levels, lasts, strict=True))
    return Scale(dimension.id, hue_of(dimension), _(dimension.name), dimension.maximum, tuple(stretches))


def hue_of(dimension: Dimension) -> str:
    """The name of a dimension's colour, by its place in the model."""
    return f"score-{dimension.position % HUES + 1}"


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
    left: Pan
    right: Pan
    band: tuple[Block, ...]
    band_words: tuple[BandWord, ...]
    band_lines: tuple[str, ...]
    here_x: str


def tilt(left_share: float, right_share: float) -> float:
    """Degrees the beam turns clockwise: the further the right outweighs the left, the further it turns.

    Both shares are 0..1 of their scale. It is a picture of the two scores, not a score of its own.
    """
    return (right_share - left_share) * FURTHEST_TILT


def leaning(scores: Mapping[str, int], balance: Balance) -> str:
    """Say in words which way the balance leans."""
    share = _tilt_of(scores, balance)
    if share == 0:
        return _(balance.words["straight"])
    return _(balance.words["to_left"] if share < 0 else balance.words["to_right"])


def _tilt_of(scores: Mapping[str, int], balance: Balance) -> float:
    left, right = balance.left, balance.right
    return tilt(scores[left.id] / left.maximum, scores[right.id] / right.maximum)


def balance_picture(scores: Mapping[str, int], balance: Balance) -> BalancePicture:
    """Work out the balance for the scores of a profile."""
    below = scale_of(balance.below)
    degrees = _tilt_of(scores, balance)
    return BalancePicture(
        tilt=_number(degrees),
        left=_pan(scale_of(balance.left), scores[balance.left.id], -ARM, degrees),
        right=_pan(scale_of(balance.right), scores[balance.right.id], ARM, degrees),
        band=_band(below, scores[below.dimension]),
        band_words=tuple(_band_word(stretch, below) for stretch in below.stretches),
        band_lines=tuple(_number(_band_x(start, below)) for start in below.thresholds),
        here_x=_number(_band_x(scores[below.dimension] + 0.5, below)),
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


ROOMY = 8


def ruler(scale: Scale, score: int) -> Ruler:
    """Work out the ruler of a score."""
    return Ruler(
        name=scale.name,
        css=scale.hue,
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
    """One family of profiles: one level on each score but the last."""

    name: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class PopulationGrid:
    """The profiles of a model, in families by the levels of the last score (`head`), and the exceptions."""

    head: str
    levels: tuple[str, ...]
    rows: tuple[GridRow, ...]
    exceptions: tuple[GridCell, ...]


def population_grid(counts: Mapping[str, int | None], model: Model) -> PopulationGrid:
    """Lay out counts per code. A code that is missing counts 0; None is suppressed."""
    *others, last = model.dimensions
    rows = tuple(
        GridRow(
            _family_name(family, others), tuple(_grid_cell(codes[level], counts) for level in sorted(codes))
        )
        for family, codes in families_of(model).items()
    )
    exceptions = tuple(_grid_cell(code, counts) for code in model.exceptions)
    return PopulationGrid(_(last.narrow), tuple(_(level.word) for level in last.levels), rows, exceptions)


def _family_name(family: tuple[int, ...], dimensions: Sequence[Dimension]) -> str:
    """The words of its levels; a score that is not judged tells no families apart."""
    pairs = zip(dimensions, family, strict=True)
    return ", ".join(_(each.levels[level].word) for each, level in pairs if len(each.levels) > 1)


def _grid_cell(code: str, counts: Mapping[str, int | None]) -> GridCell:
    return GridCell(code, counts.get(code, 0))
