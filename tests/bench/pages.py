"""The nurse's pages with 5,000 clients in the organisation and 300 in her team, each beside a bare view.

A bare view has nothing to find: it renders the same template from the values of an earlier request, behind
the same middleware and the same right, in the same process. The two take turns, so that both share what the
machine does meanwhile; what is judged is how many times the time of one processor that a page costs.
"""

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from declarations.demo.casemix import Casemix
from declarations.demo.fiction import bsns
from profiles.engine import Answers, shipped
from questionnaires.instruments import definitions
from questionnaires.instruments.definition import age_bounds
from tests.bench.figures import Figure
from tests.bench.installation import installation
from tests.bench.processes import manage

if TYPE_CHECKING:
    from django.test import Client

AGB, UZOVI, NURSE = "42999077", "9992", "meting@example.org"
CLIENTS, IN_TEAM = 5_000, 300
MOST_TIMES = 2.5
ROUNDS = 25
#: Days between an anamnese of a client and the last: a history of two years.
BEFORE = (0, 180, 360, 540)
CLIENT_ADDRESS = re.compile(r"/clienten/([0-9a-f-]{36})/")
COLUMNS = (
    "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;"
    "in_zorg_vanaf;in_zorg_tot\n"
)


def measure() -> Iterator[Figure]:
    """Yield how many times a bare view each page of the nurse's way costs."""
    with installation() as folder:
        _fill(folder)
        yield from _pages()


def _fill(folder: Path) -> None:
    manage("add_organisation", AGB, "Meting", "--team", "Noord", "--team", "Elders")
    manage("add_insurer", UZOVI, "Verzekeraar")
    manage("add_user", NURSE, "--role", "nurse", "--organisation", AGB, "--team", "Noord")
    random, day = Random(1), date.today() - timedelta(days=90)  # noqa: DTZ011, S311
    mix, questions = Casemix(shipped()), [question.id for question in definitions.shipped().questions]
    codes = [code for code in shipped().labels if not _is_of_a_child(mix.answers_for(code, random))]
    clients, anamneses = [COLUMNS], [";".join(("bsn", "datum", *questions)) + "\n"]
    for number, bsn in zip(range(CLIENTS), bsns(), strict=False):
        team = "Noord" if number < IN_TEAM else "Elders"
        clients.append(f"{bsn};A.;;Meting{number};1940-01-01;2;{UZOVI};;{team};2020-01-01;\n")
        answers = mix.answers_for(codes[number % len(codes)], random)
        cells = ";".join("|".join(answers.get(question, ())) for question in questions)
        anamneses += [f"{bsn};{day - timedelta(days=days)};{cells}\n" for days in BEFORE]
    for name, lines in (("clients", clients), ("anamneses", anamneses)):
        (folder / f"{name}.csv").write_text("".join(lines), encoding="utf-8")
        manage(f"import_{name}", str(folder / f"{name}.csv"), "--organisation", AGB)


def _is_of_a_child(answers: Answers) -> bool:
    return age_bounds(definitions.shipped(), answers).below is not None


def _pages() -> Iterator[Figure]:
    client = _logged_in()
    for what, url in _addresses(client).items():
        yield from _beside_bare(client, what, url)


def _addresses(client: "Client") -> dict[str, str]:
    """Return the pages to measure; begins an anamnese for two of them.

    Two of a client: of one like most, and of one with a history, a draft and what is rarely there.
    """
    from django.urls import reverse

    from tests.bare_view import content_of

    ids = sorted(set(CLIENT_ADDRESS.findall(content_of(client.get(reverse("client-list"))))))
    started = client.post(reverse("anamnese-start", args=[ids[0]]), {"day": str(date.today())}, follow=True)  # noqa: DTZ011
    assert started.status_code == 200, started.status_code
    screen = started.request["PATH_INFO"]
    _let_much_happen(client, ids[0])
    return {
        "client list": reverse("client-list"),
        "client page": reverse("client-page", args=[ids[1]]),
        "client page, much to tell": reverse("client-page", args=[ids[0]]),
        "one screen of the anamnese": screen,
        "review before finishing": reverse("anamnese-review", args=[screen.split("/")[2]]),
    }


def _let_much_happen(client: "Client", public_id: str) -> None:
    """Let a client object, consent and come home from hospital, as a nurse records it on the page."""
    from django.urls import reverse

    said = {"client-consent": {"insurer": UZOVI}, "client-objection": {}}
    for name, values in (said | {"client-event": {"kind": "hospital"}}).items():
        answer = client.post(reverse(name, args=[public_id]), values, follow=True)
        assert answer.status_code == 200, name


def _logged_in() -> "Client":
    import django
    from django.conf import settings
    from django.test import Client

    django.setup()
    # As the web process of a started product: files have been collected, here plain names will do.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    from care.schema.models import User

    client = Client(headers={"host": "localhost", "accept-encoding": "gzip"})
    client.force_login(User.objects.get(email=NURSE))
    return client


def _beside_bare(client: "Client", what: str, url: str) -> Iterator[Figure]:
    from tests.bare_view import bare_view_of

    with bare_view_of(client, url) as bare:
        taken = [(_cost(client, url), _cost(client, bare)) for _ in range(ROUNDS)]
    (processor, bare_processor), (clock, bare_clock) = (
        [median(turn[which][kind] for turn in taken) for which in (0, 1)] for kind in (0, 1)
    )
    yield Figure(f"{what}, time of one processor", processor * 1_000, "ms")
    yield Figure(f"{what}, times a bare view by the clock", clock / bare_clock, "x")
    yield Figure(f"{what}, times a bare view", processor / bare_processor, "x", most=MOST_TIMES)


def _cost(client: "Client", url: str) -> tuple[float, float]:
    """Return the seconds of one processor and by the clock that an answer takes."""
    began, start = time.process_time(), time.perf_counter()
    answer = client.get(url)
    spent = time.process_time() - began, time.perf_counter() - start
    assert answer.status_code == 200, url
    return spent
