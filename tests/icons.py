"""Makes the app's icons from the drawing of the logo: `python -m tests.icons`. The files are kept."""

from playwright.sync_api import Browser

from config import environment
from tests.browser import launched

FOLDER = environment.ROOT / "config" / "static" / "icons"
#: File, side in pixels, and the part of it that the drawing takes: a maskable icon is cut to any shape.
ICONS = (("icon-192.png", 192, 1.0), ("icon-512.png", 512, 1.0), ("icon-maskable.png", 512, 0.72))
PAPER = "#fbf9f4"


def draw(browser: Browser, name: str, side: int, share: float) -> None:
    """Draw one icon on paper and keep it."""
    page = browser.new_page(viewport={"width": side, "height": side})
    drawing = (FOLDER / "icon.svg").read_text("utf-8")
    size = round(side * share)
    page.set_content(
        f"<style>body{{margin:0;height:{side}px;display:grid;place-items:center;background:{PAPER}}}"
        f"svg{{width:{size}px;height:{size}px}}</style>{drawing}"
    )
    if share < 1:
        page.add_style_tag(content="svg > rect:first-child { rx: 0 }")
    page.screenshot(path=FOLDER / name, omit_background=share == 1)
    page.close()


def main() -> None:
    """Draw all icons anew."""
    with launched() as browser:
        for name, side, share in ICONS:
            draw(browser, name, side, share)


if __name__ == "__main__":
    main()
