"""The manifest: what it says of a file is what is in the file, and it says it the same every time."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from config.version import VERSION
from declarations import rounds
from declarations.delivery import separate_delivery
from declarations.schema.constants import ChunkKind, DownloadKind
from declarations.schema.disclosure_models import Download
from profiles.schema.models import ClientProfile
from tests.declarations.fictional import care, credit, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown

pytestmark = pytest.mark.django_db


def records(content: bytes) -> dict[str, int]:
    counted = Counter(line[:2].decode() for line in content.split(b"\r\n") if line)
    return {kind: counted[kind] for kind in ("01", "02", "04", "98", "99")} | {"all": counted.total()}


def test_it_says_what_is_in_the_file(officer: Browser, office: Office) -> None:
    client = office.client(0)
    persons = (insured(0, care(comments=("een",)), credit()), insured(1))
    file = office.attached(*persons)
    office.export(file)
    before, after = office.written(file, ChunkKind.ORIGINAL), office.written(file)
    answer = officer.get(reverse("file-manifest", args=[file.public_id]))
    manifest = json.loads(answer.content)
    assert manifest["original"]["records"] == records(before)
    assert manifest["result"]["records"] == records(after)
    assert manifest["original"]["sha256"] == hashlib.sha256(before).hexdigest()
    assert manifest["result"]["sha256"] == hashlib.sha256(after).hexdigest()
    assert (manifest["original"]["size"], manifest["result"]["size"]) == (len(before), len(after))
    assert manifest["original"]["control_total"] == manifest["result"]["control_total"] == file.control_total
    assert manifest["result"]["profile_records"] == 1
    assert manifest["persons"] == {"exported": 1, "held": 1}
    assert manifest["made"]["by"] == "opdrachtregel"
    with office.facts():
        profile = ClientProfile.objects.select_related("model_version").get(client=client)
    (model,) = manifest["versions"]["models"]
    assert model == {"name": "dkdl", "version": profile.model_version.version, "mark": profile.ruleset_hash}
    assert [one["mark"] for one in manifest["versions"]["code_tables"]] == ["990"]
    assert len(manifest["versions"]["instruments"]) == 1
    assert manifest["versions"]["product"] == VERSION


def test_it_names_who_made_it_and_is_the_same_every_time(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached()
    officer.post(reverse("file-export", args=[file.public_id]))
    office.make_what_was_asked()
    first, second = (officer.get(reverse("file-manifest", args=[file.public_id])) for _ in range(2))
    assert first.content == second.content
    assert json.loads(first.content)["made"]["by"].startswith("Persoon")
    name = first["Content-Disposition"].split('"')[1]
    assert name.endswith("-met-profielen.json")
    with office.facts():
        kinds = list(Download.objects.values_list("kind", flat=True))
    assert kinds == [DownloadKind.MANIFEST] * 2


def test_it_holds_nothing_of_a_client(officer: Browser, office: Office) -> None:
    client = office.client(0)
    file = office.attached()
    office.export(file)
    text = officer.get(reverse("file-manifest", args=[file.public_id])).content.decode()
    with office.facts():
        told = (client.surname, str(client.public_id), client.date_of_birth.isoformat())
    assert not [value for value in told if value in text]


def test_it_stands_on_the_page(officer: Browser, office: Office) -> None:
    office.client(0)
    file = office.attached()
    office.export(file)
    page = shown(officer, "file-page", file.public_id)
    for words in ("Verantwoording", "04 prestaties", "AW319 1.4", f"Draagvlak {VERSION}", "dkdl 2.0"):
        assert words in page


def test_there_is_none_before_the_file_is_made(officer: Browser, office: Office) -> None:
    file = office.attached()
    answer = officer.get(reverse("file-manifest", args=[file.public_id]), follow=True)
    assert "geen verantwoording" in answer.content.decode()


def test_a_separate_file_has_one_without_an_original(officer: Browser, office: Office) -> None:
    file = office.attached()
    office.export(file)
    office.client(0)
    rounds.compare_organisation(organisation_id=office.organisation_id)
    with office.facts():
        made = separate_delivery.make_separate(organisation=office.house.organisation, uzovi="9991")
    assert made is not None
    manifest = json.loads(officer.get(reverse("file-manifest", args=[made.public_id])).content)
    assert manifest["original"] is None
    assert manifest["result"]["records"] == records(office.written(made))
    assert manifest["result"]["profile_records"] == 1
    assert manifest["result"]["sha256"] == hashlib.sha256(office.written(made)).hexdigest()
    assert [one["mark"] for one in manifest["versions"]["code_tables"]] == ["990"]
    page = shown(officer, "apart-page", made.public_id)
    assert "Verantwoording" in page
    assert "Aanlevering vastleggen" in page


def test_the_version_is_that_of_the_project() -> None:
    assert f'version = "{VERSION}"' in (Path(settings.BASE_DIR) / "pyproject.toml").read_text()
