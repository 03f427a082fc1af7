"""Random taps on the tablet's screens: what is on the screen is what is stored, here and on the server.

The taps are made in the page itself (`taps.js`), many in one call. `python -m tests.bench taps` makes
10,000 sequences; a sample is a test.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Browser

from questionnaires.anamneses.draft_rules import draft
from questionnaires.instruments.definition import from_json, load
from questionnaires.instruments.definitions import read
from tests.live.site import Site
from tests.live.tablet_app import PIN, App, device

SCRIPT = Path(__file__).with_suffix(".js")
BATCH, STEPS = 50, 6
ADULT = 80
#: She does not go on by herself; and as nothing is cut off here, no write waits for the disk.
STARTED = """{
    localStorage.setItem('draagvlak-follow', 'no');
    const ask = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (names, mode) {
        return ask.call(this, names, mode, { durability: 'relaxed' });
    };
}"""


@dataclass
class TapTally:
    """What was done, and every sentence about what did not agree."""

    sequences: int = 0
    taps: int = 0
    comparisons: int = 0
    on_server: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def tap_about(
    browser: Browser,
    site: Site,
    *,
    seed: int,
    sequences: int,
    steps: int = STEPS,
    tell: Callable[[TapTally], None] = lambda _tally: None,
) -> TapTally:
    """Make so many sequences on one tablet, loading or locking it anew after each batch; `tell` hears it."""
    tally, random, said = TapTally(), Random(seed), dict[str, Any]()  # noqa: S311 - the same again
    with device(browser, site) as (_context, app):
        app.page.add_init_script(STARTED)
        app.enter()
        app.begin()
        draft_id = app.page.evaluate("location.hash").split("/")[2]
        while tally.sequences < sequences and not tally.wrong:
            count = min(BATCH, sequences - tally.sequences)
            asked = {"seed": random.getrandbits(32), "sequences": count, "steps": steps}
            said = _batch(app, tally, asked | {"id": draft_id, "said": said})
            tell(tally)
            _come_back(app, random)
    return tally


def _batch(app: App, tally: TapTally, asked: dict[str, Any]) -> dict[str, Any]:
    app.page.evaluate(SCRIPT.read_text("utf-8"))
    app.page.evaluate("(pin) => taps.open(pin)", PIN)
    start = time.perf_counter()
    found = app.page.evaluate("(asked) => taps.walk(asked)", asked)
    tally.seconds += time.perf_counter() - start
    tally.sequences += len(found["ends"])
    tally.taps += found["taps"]
    tally.comparisons += found["compared"]
    tally.on_server += sum(1 for end in found["ends"] if end["isSent"])
    tally.wrong += [f"seed {asked['seed']}: {line}" for line in found["wrong"]]
    tally.wrong += [line for end in found["ends"] for line in _against_the_rules(end)]
    said: dict[str, Any] = found["said"]
    return said


def _against_the_rules(end: dict[str, Any]) -> list[str]:
    """The server's own rules on all that was tapped give what lies on the tablet."""
    ruled = draft(load(read()), from_json(end["said"]), age=ADULT)
    there = [dict(from_json(end["answers"])), dict(from_json(end["aside"]))]
    here = [dict(ruled.answers), dict(ruled.set_aside)]
    return [] if here == there else [f"the rules say {here}, the tablet has {there}"]


def _come_back(app: App, random: Random) -> None:
    """Lock, or load the page again; and go on with the draft, asked or not."""
    if random.random() < 0.5:
        app.page.reload()
    else:
        app.tap("Vergrendel")
    app.unlock()
    resume = app.page.get_by_role("button", name="Verder", exact=True)
    resume.or_(app.page.locator("#vragen")).or_(app.page.locator("#onder button")).first.wait_for(
        state="attached"  # a screen may have nothing to ask yet
    )
    if resume.count():
        resume.click()
        app.page.locator("#onder button").first.wait_for()
