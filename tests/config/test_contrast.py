"""Every pair of colours that carries text reaches 4.5:1, what must be seen 3:1, by light and by dark."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "config" / "static" / "css"
TEXT, SHAPE = 4.5, 3.0
FAMILIES = ("tone-1", "tone-2", "tone-3", "tone-4")
GROUNDS = ("paper", "paper-deep", "table")
INKS = ("ink", "ink-soft")
SIGNALS = ("action", "action-deep", "score-1", "score-2", "score-3", "attention", "error")

TEXT_PAIRS = [
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    *((signal, ground) for signal in SIGNALS for ground in ("paper", "paper-deep")),
    *(("ink", f"{tone}-soft") for tone in ("action", "score-1", "score-2", "score-3", "attention", "error")),
    *(("ink-soft", f"{tone}-soft") for tone in ("action", "score-1", "score-2", "score-3")),
    *((tone, f"{tone}-soft") for tone in ("action", "score-1", "score-2", "score-3", "attention", "error")),
    ("action-deep", "action-soft"),
    ("action-ink", "action"),
    ("action-ink", "action-deep"),
    ("error-ink", "error"),
    *(("paper", score) for score in ("score-1", "score-2", "score-3")),
    *((f"{family}-{depth}-ink", f"{family}-{depth}") for family in FAMILIES for depth in (1, 2, 3)),
    ("exception-ink", "exception"),
]
SHAPE_PAIRS = [
    *(("line-strong", ground) for ground in ("paper", "paper-deep")),
    ("action", "table"),
    ("action", "action-soft"),
]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", block))


def _schemes() -> dict[str, dict[str, str]]:
    source = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, rest = source.split("@media screen and (prefers-color-scheme: dark)")
    dark, _more = rest.split("@media (prefers-contrast: more)")
    return {"light": _tokens(light), "dark": _tokens(dark)}


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _weak(pairs: list[tuple[str, str]], tokens: dict[str, str], least: float) -> dict[str, float]:
    measured = {f"{ink} on {ground}": _contrast(tokens[ink], tokens[ground]) for ink, ground in pairs}
    return {pair: round(ratio, 2) for pair, ratio in measured.items() if ratio < least}


def test_it_measures_as_the_standard_does() -> None:
    assert round(_contrast("#000000", "#ffffff"), 2) == 21
    assert round(_contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(scheme: str) -> None:
    assert _weak(TEXT_PAIRS, _schemes()[scheme], TEXT) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_seen(scheme: str) -> None:
    assert _weak(SHAPE_PAIRS, _schemes()[scheme], SHAPE) == {}


def test_each_colour_has_a_dark_twin() -> None:
    schemes = _schemes()

    assert schemes["light"].keys() == schemes["dark"].keys()


def test_all_colours_stand_among_the_tokens() -> None:
    loose = {
        path.name: found
        for path in CSS.glob("*.css")
        if path.name not in {"tokens.css", "print.css"}
        and (found := re.findall(r"#[0-9a-f]{3,8}\b(?=[^{}]*;)", path.read_text(encoding="utf-8")))
    }

    assert loose == {}


def test_it_uses_no_colour_that_does_not_exist() -> None:
    known = set(re.findall(r"--([a-z0-9-]+):", (CSS / "tokens.css").read_text(encoding="utf-8")))
    known |= {"fill", "on-fill"}
    used = {
        name
        for path in CSS.glob("*.css")
        for name in re.findall(r"var\(--([a-z0-9-]+)", path.read_text(encoding="utf-8"))
    }

    assert used - known == set()


def test_it_carries_nothing_that_the_content_policy_forbids() -> None:
    carried = {
        path.name for path in CSS.glob("*.css") if re.search(r"data:|https?:|@import", path.read_text())
    }

    assert carried == set()
