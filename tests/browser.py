"""A real Chromium as a nurse's tablet has it, and what every page of the product must pass in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebError,
    expect,
    sync_playwright,
)

from config.setup_environment import BROWSERS

#: The driver's own choice (a second switch would undo the first), and what the browser opens of its own: a
#: hidden page for its address bar costs as much as a small page of ours, at each new tablet.
WITHOUT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "OptimizationHints", "PaintHolding"),
    *("PreconnectToSearch", "ThirdPartyStoragePartitioning", "NetworkTimeServiceQuerying", "AimEnabled"),
    *("PreloadTopChromeWebUI", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxPopup"),
)
FLAGS = [
    f"--disable-features={','.join(WITHOUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TABLET = {"width": 1024, "height": 768}
THROWN = "thrown:"
#: What was thrown as the page itself sees it: beyond the page an error may have lost its name and its words.
TELL = f"""for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, (event) => {{
    const thrown = kind === 'error' ? event.error : event.reason;
    const kindOf = Object.prototype.toString.call(thrown);
    const what = [kindOf, thrown?.name, thrown?.message ?? thrown, thrown?.stack];
    console.debug('{THROWN}', kind, ...what.map(String), event.message ?? '');
}});"""
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)
#: Colours that are on their way are neither the old nor the new ones: what moves and will end is awaited.
AXE = """async (rules) => {
    const moving = document.getAnimations().filter(
        ({ effect }) => Number.isFinite(effect.getComputedTiming().endTime));
    await Promise.allSettled(moving.map(({ finished }) => finished));
    return (await axe.run(document, { resultTypes: ['violations'], ...rules })).violations;
}"""


def chromium() -> str:
    """Return the path of the browser."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    assert found, "no Chromium: install the package chromium"
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """Run one browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def tablet(
    browser: Browser, base_url: str | None = None, *, locale: str = "nl-NL"
) -> Iterator[BrowserContext]:
    """Open a tablet of its own: touch, nothing stored. An error in a script fails the test."""
    context = browser.new_context(
        base_url=base_url,
        locale=locale,
        timezone_id="Europe/Amsterdam",
        viewport={"width": TABLET["width"], "height": TABLET["height"]},
        has_touch=True,
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TELL)
    errors: list[str] = []
    thrown: list[str] = []
    context.on("weberror", lambda error: errors.append(_told(error)))
    context.on("console", lambda message: errors.extend(_refused_by_policy(message)))
    context.on("console", lambda message: thrown.extend(_thrown(message)))
    yield context
    context.close()
    assert errors == [], thrown


def _told(web: WebError) -> str:
    """Say what was thrown, and where: what a browser throws itself often has a name only."""
    error = web.error
    return f"{error.name or 'thrown'}: {error.message!r} at {web.page and web.page.url}\n{error.stack or ''}"


def _thrown(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.text.startswith(THROWN) else []


def _refused_by_policy(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []


def accessibility_problems(page: Page, *rules: str) -> list[str]:
    """Return what axe finds wrong with the page as it is now: rule, and element. Without rules: by all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE, {"runOnly": list(rules)} if rules else {})
    return [f"{problem['id']}: {node['html']}" for problem in found for node in problem["nodes"]]
