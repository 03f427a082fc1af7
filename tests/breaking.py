"""A tablet with a disk, and all that can break around it."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, Error, Page, Route

from config.supervisor import HEALTHY_AFTER
from tests.browser import FLAGS, PATIENCE, TABLET, chromium
from tests.live.site import Site

ADDRESS = "**/tablet/anamneses/**"


@dataclass
class Tablet:
    """A tablet with a disk: what is on it outlives its browser."""

    kind: BrowserType
    site: Site
    disk: Path
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    killed: float = field(default=-HEALTHY_AFTER)

    def __post_init__(self) -> None:
        self.switch_on()

    def switch_on(self) -> None:
        """Start the browser."""
        self.context = self.kind.launch_persistent_context(
            self.disk,
            executable_path=chromium(),
            args=FLAGS,
            base_url=self.site.url,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": TABLET["width"], "height": TABLET["height"]},
            has_touch=True,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.pages[0]

    def kill(self) -> None:
        """Take the battery out, and start again."""
        os.kill(_browser_of(self.disk), signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        self.switch_on()
        self.page.goto("/tablet/")

    def kill_tab(self) -> None:
        """Close the tab without a word, and open another."""
        tab = self.page
        self.page = self.context.new_page()
        tab.close(run_before_unload=False)
        self.page.goto("/tablet/")

    def kill_server(self) -> None:
        """Kill the website: what rules it, or only what answers when that was killed a moment ago.

        The supervisor waits longer each time with a program that ends again and again.
        """
        ruler, *others = self.site.pids("web") or [0]
        if ruler and time.monotonic() - self.killed > HEALTHY_AFTER:
            self.killed = time.monotonic()
            self.site.kill("web")
        else:
            for pid in others:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def put_away(self) -> None:
        """Switch off and wipe."""
        with suppress(Error):
            self.context.close()
        shutil.rmtree(self.disk, ignore_errors=True)


def _answer_lost(route: Route) -> None:
    with suppress(Error):
        route.fetch()
    with suppress(Error):
        route.abort("connectionreset")


def _sent_twice(route: Route) -> None:
    with suppress(Error):
        route.fetch()
    with suppress(Error):
        route.continue_()


def _browser_of(disk: Path) -> int:
    """Return the ruling process of the browser with this disk."""
    mark = f"--user-data-dir={disk}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if mark in words and not any(word.startswith(b"--type=") for word in words):
                return int(folder.name)
    message = "the browser is not running"
    raise AssertionError(message)


#: What can happen to her, by its name.
CUTS: dict[str, Callable[[Tablet], object]] = {
    "connection gone": lambda tablet: tablet.context.set_offline(True),
    "connection back": lambda tablet: tablet.context.set_offline(False),
    "answer lost": lambda tablet: tablet.context.route(ADDRESS, _answer_lost, times=2),
    "sent twice": lambda tablet: tablet.context.route(ADDRESS, _sent_twice, times=2),
    "tab killed": Tablet.kill_tab,
    "browser killed": Tablet.kill,
    "server killed": Tablet.kill_server,
    "session over": lambda tablet: tablet.context.clear_cookies(name="sessionid"),
}
KILLS = ("tab killed", "browser killed")
