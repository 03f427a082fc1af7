"""The pictures of scores: they show what the model says, within their frame, and also in words."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from profiles.engine import Dimension
from profiles.explanation import charts
from tests.as_shown import as_shown
from tests.profiles.dkdl import BURDEN, CAPACITY, DKDL_2_0, SUPPORT_NEED, scores_of

PROFILES_CSS = Path(__file__).parents[3] / "config" / "static" / "css" / "profiles.css"
CODES = [*DKDL_2_0.labels]
SCORES = {"capacity": st.integers(0, 7), "burden": st.integers(0, 3), "support_need": st.integers(0, 18)}


def draw(source: str, **context: object) -> str:
    return Template("{% load balance %}" + source).render(Context({"model": DKDL_2_0} | context))


def drawn(*scores: int) -> str:
    return draw("{% balance scores model %}", scores=scores_of(*scores))


def drawing(html: str) -> ElementTree.Element:
    """The SVG of a piece of HTML; fails where it is not well-formed."""
    found = re.search(r"<svg.*</svg>", html, re.DOTALL)
    assert found
    return ElementTree.fromstring(found[0])  # noqa: S314 - our own template


def balance(capacity: int, burden: int, support_need: int) -> charts.BalancePicture:
    assert DKDL_2_0.balance
    return charts.balance_picture(scores_of(capacity, burden, support_need), DKDL_2_0.balance)


class TestScales:
    def test_it_ends_where_the_model_ends(self) -> None:
        ends = {each.id: charts.scale_of(each).maximum for each in DKDL_2_0.dimensions}

        assert ends == scores_of(7, 3, 18)

    def test_it_has_the_thresholds_of_the_model(self) -> None:
        thresholds = [charts.scale_of(each).thresholds for each in DKDL_2_0.dimensions]

        assert thresholds == [(7,), (2,), (4, 6)]

    @pytest.mark.parametrize(
        ("dimension", "score", "word"),
        [
            (CAPACITY, 6, "verminderd draagkrachtig"),
            (CAPACITY, 7, "draagkrachtig"),
            (BURDEN, 1, "geen verhoogde draaglast"),
            (BURDEN, 2, "verhoogde draaglast"),
            (SUPPORT_NEED, 3, "laag"),
            (SUPPORT_NEED, 4, "gemiddeld"),
            (SUPPORT_NEED, 5, "gemiddeld"),
            (SUPPORT_NEED, 6, "hoog"),
        ],
    )
    def test_it_names_both_sides_of_a_threshold(self, dimension: Dimension, score: int, word: str) -> None:
        assert charts.scale_of(dimension).word(score) == word

    @pytest.mark.parametrize("score", [-1, 8])
    def test_it_refuses_a_score_off_the_scale(self, score: int) -> None:
        with pytest.raises(ValueError, match=r"0\.\.7"):
            charts.scale_of(CAPACITY).word(score)

    def test_it_says_which_points_a_word_covers(self) -> None:
        points = [stretch.points for stretch in charts.scale_of(SUPPORT_NEED).stretches]

        assert points == ["0–3", "4–5", "6–18"]
        assert charts.scale_of(CAPACITY).stretches[1].points == "7"


class TestBalance:
    @given(**SCORES)
    def test_it_draws_as_many_blocks_as_points(self, capacity: int, burden: int, support_need: int) -> None:
        picture = balance(capacity, burden, support_need)

        assert sum(block.is_there for block in picture.left.blocks) == capacity
        assert sum(block.is_there for block in picture.right.blocks) == burden
        assert [cell.is_there for cell in picture.band].index(True) == support_need

    @given(**SCORES)
    def test_it_stays_within_its_frame(self, capacity: int, burden: int, support_need: int) -> None:
        picture = balance(capacity, burden, support_need)

        for pan in (picture.left, picture.right):
            assert float(pan.name_y) > 14
            assert float(pan.plate_y) + 15 < charts.BAND_Y - 20
            assert all(0 <= float(block.x) <= 600 - charts.COLUMN_WIDTH for block in pan.blocks)

    @given(capacity=st.integers(0, 6), burden=st.integers(0, 3))
    def test_more_capacity_lowers_the_left_pan(self, capacity: int, burden: int) -> None:
        assert float(balance(capacity + 1, burden, 0).tilt) < float(balance(capacity, burden, 0).tilt)

    @given(capacity=st.integers(0, 7), burden=st.integers(0, 2))
    def test_more_burden_lowers_the_right_pan(self, capacity: int, burden: int) -> None:
        assert float(balance(capacity, burden + 1, 0).tilt) > float(balance(capacity, burden, 0).tilt)

    def test_the_line_of_the_threshold_lies_on_its_last_block(self) -> None:
        picture = balance(7, 3, 0)

        assert float(picture.left.blocks[6].y) == pytest.approx(float(picture.left.threshold_y) + 1, abs=0.1)
        assert float(picture.right.blocks[1].y) == pytest.approx(
            float(picture.right.threshold_y) + 1, abs=0.1
        )

    def test_it_stands_in_words(self) -> None:
        svg = drawing(as_shown(drawn(5, 2, 7)))

        assert svg.get("role") == "img"
        assert (
            svg.findtext("title")
            == "Balans: draagkracht 5 van 7, draaglast 2 van 3, ondersteuningsbehoefte 7 van 18"
        )
        assert svg.findtext("desc") == (
            "De balans helt naar links: de draagkracht weegt het zwaarst. Draagkrachtig is het vanaf 7, "
            "verhoogde draaglast is het vanaf 2. Op de band eronder staat de ondersteuningsbehoefte op 7: "
            "hoog."
        )

    @pytest.mark.parametrize(
        ("scores", "words"),
        [
            ((7, 0, 0), "helt naar links"),
            ((0, 3, 0), "helt naar rechts"),
            ((0, 0, 0), "staat recht"),
            ((7, 3, 0), "recht"),
        ],
    )
    def test_it_says_which_way_it_leans(self, scores: tuple[int, int, int], words: str) -> None:
        assert words in (drawing(drawn(*scores)).findtext("desc") or "")

    @pytest.mark.parametrize(
        "source", ["{% balance scores model %}", '{% score_scale "support_need" 9 model %}']
    )
    def test_it_writes_numbers_as_a_drawing_reads_them(self, source: str) -> None:
        attributes = [
            value
            for element in drawing(draw(source, scores=scores_of(3, 1, 9))).iter()
            for value in element.attrib.values()
        ]

        assert not [value for value in attributes if re.search(r"\d,\d", value)]

    @pytest.mark.parametrize("source", ["{% balance scores model %}", '{% score_scale "burden" 2 model %}'])
    def test_it_carries_no_style_and_no_handler(self, source: str) -> None:
        assert not re.search(r"\s(style|on\w+)=", draw(source, scores=scores_of(3, 1, 9)))


class TestRuler:
    @given(score=st.integers(0, 18))
    def test_it_marks_the_score_and_names_it(self, score: int) -> None:
        ruler = charts.ruler(charts.scale_of(SUPPORT_NEED), score)

        assert [cell.number for cell in ruler.cells if cell.is_now] == [str(score)]
        assert sum(cell.is_past for cell in ruler.cells) == score

    def test_it_names_every_threshold(self) -> None:
        ruler = charts.ruler(charts.scale_of(SUPPORT_NEED), 11)

        assert [cell.number for cell in ruler.cells if cell.number] == ["0", "4", "6", "11", "18"]

    def test_it_says_the_judgement(self) -> None:
        html = draw('{% score_scale "capacity" 5 model %}')

        assert "5 van 7" in html
        assert "<strong>verminderd draagkrachtig</strong>" in html


class TestChip:
    @pytest.mark.parametrize(
        ("code", "word"),
        [
            ("DKDL-01", "DKDL 1"),
            ("DKDL-12", "DKDL 12"),
            ("MKT", "MKT"),
            ("TIJDELIJK", "Tijdelijk"),
            ("GEEN", "Geen"),
        ],
    )
    def test_it_says_the_code_in_words(self, code: str, word: str) -> None:
        assert draw("{% profile_chip code %}", code=code).endswith(f">{word}</span>")

    def test_it_can_be_large(self) -> None:
        assert 'class="profile exception-2 profile-large"' in draw('{% profile_chip "PTZ" True %}')

    @pytest.mark.django_db
    def test_it_escapes_what_it_is_given(self) -> None:
        assert "<b>" not in draw("{% profile_chip code %}", code="<b>")

    @pytest.mark.parametrize("code", CODES)
    def test_each_code_has_its_colours(self, code: str) -> None:
        name = draw("{{ code|code_class }}", code=code)

        assert re.search(rf"\.{name}\b[^{{}}]*{{ --fill: ", PROFILES_CSS.read_text(encoding="utf-8"))


class TestPopulationGrid:
    def test_it_has_a_place_for_every_code_once(self) -> None:
        grid = charts.population_grid({}, DKDL_2_0)
        placed = [cell.code for row in grid.rows for cell in row.cells] + [
            cell.code for cell in grid.exceptions
        ]

        assert sorted(placed) == sorted(CODES)

    def test_it_groups_by_family_and_need(self) -> None:
        grid = charts.population_grid({}, DKDL_2_0)

        assert [row.cells[0].code for row in grid.rows] == ["DKDL-01", "DKDL-04", "DKDL-07", "DKDL-10"]
        assert grid.rows[3].name == "verminderd draagkrachtig, verhoogde draaglast"
        assert grid.levels == ("laag", "gemiddeld", "hoog")

    def test_it_hides_a_suppressed_number(self) -> None:
        html = draw("{% population_grid counts 10 model %}", counts={"DKDL-01": None, "DKDL-02": 1204})

        assert html.count("is-suppressed") == 1
        assert "<strong>&lt;10</strong>" in html
        assert "<strong>1.204</strong>" in html
