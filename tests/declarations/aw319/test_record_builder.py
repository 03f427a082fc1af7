"""Making records of every type: from values by field number, padded and spelled, or refused."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.aw319 import UnfitError, compose, describe
from declarations.aw319.layout import FIELDS, LAYOUTS
from declarations.aw319.record_builder import Stencil, in_latin
from tests.declarations.fictional import Draft, care, content, credit, insured, random_content

COMMENTED = content(insured(0, care(comments=("één",)), credit()))
PERFORMANCE: dict[str, str | int | date] = {
    "0402": 2,
    "0403": "999000007",
    "0404": "9991",
    "0414": date(2024, 1, 1),
    "0415": date(2024, 1, 31),
    "0416": "065",
    "0417": "W0104",
    "0418": 3,
    "0419": "04",
    "0420": "42999001",
    "0425": 6_500,
    "0426": 19_500,
    "0427": "D",
    "0429": 19_500,
    "0430": "D",
    "0431": "F2024-01",
}


@pytest.mark.parametrize("original", [COMMENTED, random_content(5)])
def test_every_record_can_be_made_again_from_its_fields(original: bytes) -> None:
    for record in Draft(original).records:
        values = {row.number: row.value.rstrip(" ") for row in describe(record)}
        assert compose(record[:2].decode(), values) == record + b"\r\n"


def test_what_is_not_given_is_empty_or_the_one_legal_code() -> None:
    record = compose("04", PERFORMANCE)
    assert FIELDS["0407"].of(record) == b"1"
    assert FIELDS["0405"].of(record) == b" " * 15
    assert FIELDS["0422"].of(record) == b"0" * 8
    assert FIELDS["0418"].of(record) == b"0003"


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("0402", 10**12),
        ("0403", "99900007x"),
        ("0405", "x" * 16),
        ("0405", " 1"),
        ("0414", "20240230"),
        ("0416", "055"),
        ("0416", "65"),
        ("0417", ""),
        ("0420", "2999001"),
        ("0417", "日本"),
        ("0425", -1),
        ("0431", "a\nb"),
    ],
)
def test_it_refuses_a_value_and_names_its_field_only(number: str, value: str | int) -> None:
    with pytest.raises(UnfitError) as refused:
        compose("04", PERFORMANCE | {number: value})
    assert refused.value.field == number
    assert str(refused.value) == f"Field {number} does not fit"


def test_a_name_that_does_not_fit_is_in_no_error() -> None:
    stencil = Stencil("98", ("9802", "9803", "9804"))
    with pytest.raises(UnfitError) as refused:
        stencil.fill(1, 1, "Şahin")
    assert refused.value.field == "9804"
    assert "ahin" not in str(refused.value)


def test_a_field_or_record_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        compose("04", {"0203": "999000007"})
    with pytest.raises(KeyError):
        compose("03", {})


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Günthér Ørsted Ñ ß ÿ", "Günthér Ørsted Ñ ß ÿ"),
        (unicodedata.normalize("NFD", "Günthér"), "Günthér"),
        ("Şahin Yıldız Ğ", "Sahin Yildiz G"),
        ("Łukasz Dvořák Čapek Győző", "Lukasz Dvorák Capek Gyozo"),
        ("Đorđe Ħ", "Dorde H"),
        ("sœur Ÿ ẞ ĳ", "soeur Y SS ij"),
        ("’s-Gravenhage – “ja”…", '\'s-Gravenhage - "ja"...'),
        ("€ 5", "EUR 5"),
        ("Nguyễn", "Nguyen"),
        ("x\u0302", "x"),
    ],
)
def test_letters_that_iso_8859_1_lacks_are_spelled(text: str, spelled: str) -> None:
    assert in_latin(text) == spelled


@pytest.mark.parametrize("text", ["日本", "Иванов", "😀"])
def test_what_has_no_spelling_is_refused_and_never_becomes_a_question_mark(text: str) -> None:
    with pytest.raises(ValueError, match="cannot spell") as refused:
        in_latin(text)
    assert text not in str(refused.value)


@given(st.text(max_size=30))
def test_a_text_is_spelled_in_latin_or_refused(text: str) -> None:
    try:
        spelled = in_latin(text)
    except ValueError:
        return
    assert spelled.encode("iso-8859-1").decode("iso-8859-1") == spelled
    assert ("?" in spelled) == ("?" in unicodedata.normalize("NFC", text))


@given(
    st.sampled_from(sorted(LAYOUTS)), st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=12))
)
def test_values_of_any_kind_give_a_right_record_or_are_refused(code: bytes, values: dict[str, str]) -> None:
    own = {number: value for number, value in values.items() if number[:2].encode() == code}
    try:
        record = compose(code.decode(), own)
    except UnfitError:
        return
    assert len(record) == 312
    assert record.endswith(b"\r\n")
