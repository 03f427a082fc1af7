"""The nurse's pages with 5,000 clients in the organisation and 300 in her team: time in the server."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from config import servers
from declarations.demo.casemix import CLIENTS_PER_PROFILE, answers_for
from declarations.demo.fiction import bsns
from tests.bench.figures import Figure
from tests.bench.processes import manage

if TYPE_CHECKING:
    from django.test import Client

AGB, UZOVI, NURSE = "42999077", "9992", "meting@example.org"
CLIENTS, IN_TEAM = 5_000, 300
MOST_MILLISECONDS = 50.0
ROUNDS = 25
CLIENT_ADDRESS = re.compile(r"/clienten/([0-9a-f-]{36})/")
COLUMNS = (
    "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;"
    "in_zorg_vanaf;in_zorg_tot\n"
)


def measure() -> Iterator[Figure]:
    """Yield the median time in the server of each page of the nurse's way."""
    folder = Path(tempfile.mkdtemp(prefix="draagvlak-bench-"))
    folder.chmod(0o755)
    os.environ |= {"DRAAGVLAK_VAR": str(folder / "var"), "DRAAGVLAK_DEMO": "0", "DRAAGVLAK_LOG": "WARNING"}
    try:
        servers.start()
        _fill(folder)
        yield from _pages()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(folder: Path) -> None:
    manage("add_organisation", AGB, "Meting", "--team", "Noord", "--team", "Elders")
    manage("add_insurer", UZOVI, "Verzekeraar")
    manage("add_user", NURSE, "--role", "nurse", "--organisation", AGB, "--team", "Noord")
    random, day = Random(1), date.today() - timedelta(days=90)  # noqa: DTZ011, S311
    codes = [code for code in CLIENTS_PER_PROFILE if code != "MKT"]
    clients, anamneses = [COLUMNS], ["bsn;datum;" + ";".join(f"Q{n}" for n in range(1, 14)) + "\n"]
    for number, bsn in zip(range(CLIENTS), bsns(), strict=False):
        team = "Noord" if number < IN_TEAM else "Elders"
        clients.append(f"{bsn};A.;;Meting{number};1940-01-01;2;{UZOVI};;{team};2020-01-01;\n")
        answers = answers_for(codes[number % len(codes)], random)
        cells = ("|".join(answers.get(f"Q{n}", ())) for n in range(1, 14))
        anamneses.append(f"{bsn};{day};{';'.join(cells)}\n")
    for name, lines in (("clients", clients), ("anamneses", anamneses)):
        (folder / f"{name}.csv").write_text("".join(lines), encoding="utf-8")
        manage(f"import_{name}", str(folder / f"{name}.csv"), "--organisation", AGB)


def _pages() -> Iterator[Figure]:
    client = _logged_in()
    from django.urls import reverse

    page = client.get(reverse("client-list")).content.decode()
    ids = sorted(set(CLIENT_ADDRESS.findall(page)))
    assert len(ids) >= ROUNDS, len(ids)
    started = client.post(reverse("anamnese-start", args=[ids[0]]), {"day": str(date.today())}, follow=True)  # noqa: DTZ011
    assert started.status_code == 200, started.status_code
    review = reverse("anamnese-review", args=[started.request["PATH_INFO"].split("/")[2]])
    addresses = {
        "client list": [reverse("client-list")] * ROUNDS,
        "client page": [reverse("client-page", args=[one]) for one in ids[:ROUNDS]],
        "one screen of the anamnese": [started.request["PATH_INFO"]] * ROUNDS,
        "review before finishing": [review] * ROUNDS,
    }
    for what, urls in addresses.items():
        yield Figure(
            f"{what}, median time in the server", _median(client, urls), "ms", most=MOST_MILLISECONDS
        )


def _logged_in() -> "Client":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.conf import settings
    from django.test import Client

    django.setup()
    # As the web process of a started product: files have been collected, here plain names will do.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    from care.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(email=NURSE))
    return client


def _median(client: "Client", urls: list[str]) -> float:
    client.get(urls[0])
    found = []
    for url in urls:
        start = time.perf_counter()
        answer = client.get(url)
        found.append((time.perf_counter() - start) * 1_000)
        assert answer.status_code == 200, url
    return median(found)
