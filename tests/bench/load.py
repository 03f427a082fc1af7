"""Many nurses who save at once, twice as many as fit, and hostile senders: generator on the same machine.

Each nurse saves the next answers of her draft every five seconds on a connection of her own, and does what
the tablet does when it reads "later". Judged by ratios with a quiet save or page in the same run.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from random import Random
from statistics import median

from tests.bench.figures import Figure
from tests.bench.load_calls import Line, Outcome, head_of, save
from tests.bench.load_people import Nurse, made

NURSES, EVERY, SECONDS = 300, 5.0, 40.0
QUIET_TRIES = 60
SLOW, GUESSING = 32, 24
MOST_TIMES_A_QUIET_SAVE, MOST_TIMES_A_QUIET_PAGE = 8.0, 4.0
LEAST_KEPT_AT_DOUBLE = 90.0
PAGE = "/clienten/"


def measure() -> Iterator[Figure]:
    """Yield how saves and pages fare under load."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from tests.live.site import new_site

    site = new_site(demo=False)
    os.environ |= {"DRAAGVLAK_VAR": str(site.var), "DRAAGVLAK_DEMO": "0", "DRAAGVLAK_LOG": "ERROR"}
    os.environ["DRAAGVLAK_BEHIND_PROXY"] = "1"  # else all guesses come from one address, and are held up
    try:
        site.start()
        import django

        django.setup()
        nurses = made(2 * NURSES)
        yield from asyncio.run(_measured(site.port, nurses))
    finally:
        site.remove()
    yield Figure("others at work on this machine, per core", os.getloadavg()[0] / (os.cpu_count() or 1), "")


async def _measured(port: int, nurses: list[Nurse]) -> list[Figure]:
    await _stretch(port, nurses[:8], seconds=5.0)  # connections, caches
    quiet = await _quiet_save(port, nurses[0])
    full = await _stretch(port, nurses[:NURSES])
    double = await _stretch(port, nurses)
    page = await _page_among_hostile(port, nurses[0])
    return [
        Figure("a quiet save, median", quiet * 1_000, "ms"),
        *_figures(f"{NURSES} nurses", full),
        Figure(
            f"{NURSES} nurses: p95, times a quiet save", full.p95 / quiet, "x", most=MOST_TIMES_A_QUIET_SAVE
        ),
        *_figures(f"{2 * NURSES} nurses", double),
        Figure(
            "twice as many: throughput kept",
            100 * len(double.took) / max(1, len(full.took)),
            "%",
            least=LEAST_KEPT_AT_DOUBLE,
        ),
        Figure(
            f"a page among {SLOW} slow and {GUESSING} guessing, times a quiet one",
            page,
            "x",
            most=MOST_TIMES_A_QUIET_PAGE,
        ),
    ]


def _figures(who: str, outcome: Outcome) -> list[Figure]:
    for problem in sorted(set(outcome.wrong))[:5]:
        print(problem)  # noqa: T201 - a command's output
    return [
        Figure(f"{who}: saves that went wrong", len(outcome.wrong), "", most=0),
        Figure(f"{who}: saves a second that got through", len(outcome.took) / SECONDS, "/s"),
        Figure(f"{who}: saves offered a second", outcome.offered / SECONDS, "/s"),
        Figure(f"{who}: tries that were put off", outcome.put_off, ""),
    ]


async def _quiet_save(port: int, nurse: Nurse) -> float:
    line, outcome = Line(port), Outcome()
    for _time in range(QUIET_TRIES):
        await save(line, nurse, outcome, Random(1))  # noqa: S311
        await asyncio.sleep(0.02)
    line.close()
    return median(outcome.took)


async def _stretch(port: int, nurses: list[Nurse], *, seconds: float = SECONDS) -> Outcome:
    """Let everybody save every five seconds for a while, each from a moment of her own."""
    outcome, end = Outcome(), time.monotonic() + seconds
    await asyncio.gather(*(_work(port, nurse, end, outcome, Random(nurse.draft)) for nurse in nurses))  # noqa: S311
    return outcome


async def _work(port: int, nurse: Nurse, end: float, outcome: Outcome, random: Random) -> None:
    line, due = Line(port), time.monotonic() + random.uniform(0, EVERY)
    while due < end:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await save(line, nurse, outcome, random)
        due = max(due + EVERY, time.monotonic())
    line.close()


async def _page_among_hostile(port: int, nurse: Nurse) -> float:
    """Return how many times longer a page takes among slow and guessing connections than without them."""
    quiet = await _page(port, nurse)
    hostile = [*(_trickle(port) for _time in range(SLOW)), *(_guess(port) for _time in range(GUESSING))]
    running = [asyncio.create_task(each) for each in hostile]
    await asyncio.sleep(3.0)
    among = await _page(port, nurse)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return among / quiet


async def _page(port: int, nurse: Nurse) -> float:
    line, took = Line(port), []
    for _time in range(QUIET_TRIES):
        began = time.monotonic()
        answer = await line.ask(head_of("GET", PAGE, session=nurse.session))
        assert answer.status == 200, answer
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.02)
    line.close()
    return median(took)


async def _trickle(port: int) -> None:
    """Send the body of a log-in a byte at a time, and begin again when that is no longer taken."""
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /inloggen/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n")
        ended = asyncio.create_task(reader.read(1))
        try:
            while not ended.done():
                writer.write(b"a")
                await asyncio.wait([ended], timeout=0.5)
        except ConnectionError:
            pass
        finally:
            ended.cancel()
            writer.close()


async def _guess(port: int) -> None:
    """Try passwords as fast as they are answered, each at another account and as if from another address."""
    line, random = Line(port), Random()  # noqa: S311
    kind = "application/x-www-form-urlencoded"
    while True:
        body = f"username=a{random.random()}@voorbeeld.test&password=raden".encode()
        seen = ".".join(str(random.randint(1, 254)) for _part in range(4))
        head = head_of("POST", "/inloggen/", session="", length=len(body), kind=kind, seen=seen)
        try:
            await line.ask(head, body)
        except ConnectionError:
            await asyncio.sleep(0.1)
