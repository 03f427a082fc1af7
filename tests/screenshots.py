"""Makes the pictures of the documentation from the running product with demo data: `make screenshots`.

`python -m tests.screenshots door offices` makes those of two parts only, and leaves the page that shows all.
"""

import base64
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config import environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.live.site import Site
    from tests.live.walks import State
    from tests.live.walks.gallery import Part

FOLDER = environment.ROOT / "docs" / "screenshots"
PAGE = environment.ROOT / "docs" / "screens.md"
QUALITY, SCALE = 60, 0.75
SIZES = {"lying": (1024, 768), "upright": (768, 1024)}
SCREEN = "({ x: scrollX, y: scrollY, width: innerWidth, height: innerHeight })"
TALL = "document.documentElement.scrollHeight"
TOP = """# Every screen

The states that people meet, held both ways, from the demo with made-up people. `make screenshots` makes the
pictures and this page anew. The same walks are looked at by axe in `tests/live/test_states.py`, in light and
in dark, and enlarged to 400 %.
"""


def main() -> int:
    """Make every picture anew, and the page that shows them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from tests.browser import launched
    from tests.live.site import new_site
    from tests.live.walks.gallery import PARTS

    wanted = [part for part in PARTS if not sys.argv[1:] or part.name in sys.argv[1:]]
    site = new_site(demo=True)
    try:
        site.start()
        with launched() as browser:
            sections = [_section(part, browser, site) for part in wanted]
    finally:
        site.remove()
    if wanted == list(PARTS):
        PAGE.write_text("\n".join([TOP, *sections]), "utf-8")
    return 0


def _section(part: "Part", browser: "Browser", site: "Site") -> str:
    """Photograph a part, and return what the docs' page says of it."""
    folder = FOLDER / part.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [f"## {part.title}", "", "| | lying | upright |", "| --- | --- | --- |"]
    for state in part.states(browser, site):
        pictures = (_picture(state, folder, way) for way in SIZES)
        lines.append(f"| {state.caption} | {' | '.join(pictures)} |")
    return "\n".join([*lines, ""])


def _picture(state: "State", folder: Path, way: str) -> str:
    width, height = SIZES[way]
    page = state.page
    page.set_viewport_size({"width": width, "height": height})
    if state.whole:
        page.set_viewport_size({"width": width, "height": max(height, page.evaluate(TALL))})
    # What moves has come to rest.
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))")
    file = folder / f"{state.name}-{way}.webp"
    file.write_bytes(_drawn(page))
    page.set_viewport_size({"width": 1024, "height": 768})
    address = file.relative_to(PAGE.parent).as_posix()
    return f'<img src="{address}" alt="{state.caption}, {way}" width="{width * 3 // 8}">'


def _drawn(page: "Page") -> bytes:
    """Return what is on the screen as WebP, which takes a third of what PNG does, a quarter smaller."""
    session = page.context.new_cdp_session(page)
    clip = page.evaluate(SCREEN) | {"scale": SCALE}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip}
    return base64.b64decode(session.send("Page.captureScreenshot", asked)["data"])


if __name__ == "__main__":
    sys.exit(main())
