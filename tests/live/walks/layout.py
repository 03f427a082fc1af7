"""How a page lies on screens of every width: nothing covered, broken into letters, cut off, or sideways."""

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

LAYOUT = Path(__file__).with_name("layout.js").read_text("utf-8")
#: Phones, a small tablet, and the product's two tablets at 200 %.
SIZES = ((320, 568), (360, 740), (390, 844), (412, 915), (600, 960), (512, 384), (384, 512))


def check_layout(page: Page) -> None:
    """Assert that a page as it is now can be read and used at every size; the page is not walked to again."""
    problems = {size: found for size in SIZES if (found := layout_problems(page, size))}
    assert not problems, (page.url, problems)


def layout_problems(page: Page, size: tuple[int, int]) -> list[str]:
    """Return what is wrong at one size, as sentences."""
    page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
    found: list[str] = page.evaluate(LAYOUT)
    return found
