"""The declaration officer's way in a browser on the running product: read in, follow, make, fetch."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from declarations.aw319 import check
from tests.live.site import Site
from tests.live.test_exchange import check_page, log_in

OFFICER = "pim@zilverdijk.example"
AGB = "75999002"
WRITE_FILE = """
import sys
from pathlib import Path
from care.tenancy import scope
from care.schema.models import Organisation
from declarations.demo.loading import waiting_file
house = Organisation.objects.get(agb="{agb}")
with scope.organisation(house.pk):
    Path("{path}").write_bytes(waiting_file(house))
"""
TOTAL = slice(33, 45)


@pytest.fixture
def declaration(demo_site: Site, tmp_path: Path) -> Path:
    """Return last month's file of the demo organisation, as it waits to be read in."""
    path = tmp_path / "declaratie.txt"
    done = demo_site.manage("shell", "--no-imports", "-c", WRITE_FILE.format(agb=AGB, path=path))
    assert done.returncode == 0, done.stderr
    return path


def send(page: Page, path: Path) -> None:
    page.goto("/bestanden/inlezen/")
    page.get_by_label("Declaratiebestand").set_input_files(path)
    page.get_by_role("button", name="Bestand inlezen").click()


def test_a_wrong_file_is_refused_with_every_problem_in_a_table(
    page: Page, declaration: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "verkeerd.txt"
    lines = declaration.read_bytes().split(b"\r\n")
    lines[-2] = lines[-2][:33] + b"00000000001D" + lines[-2][45:]
    wrong.write_bytes(b"\r\n".join(lines))
    log_in(page, OFFICER)
    send(page, wrong)
    expect(page.get_by_role("alert")).to_contain_text("Het bestand is niet ingelezen: er zit 1 fout in.")
    expect(page.get_by_role("row").nth(1)).to_contain_text("9907 Totaal declaratiebedrag")
    check_page(page)


def test_a_file_goes_from_upload_to_download(page: Page, declaration: Path, tmp_path: Path) -> None:
    log_in(page, OFFICER)
    check_page(page)
    send(page, declaration)
    expect(page.get_by_role("heading", level=1)).to_contain_text("gaat met een profiel mee?")
    make = page.get_by_role("button", name="Bestand met profielen maken")
    expect(make).to_be_enabled(timeout=30_000)
    check_page(page)

    page.get_by_role("link", name="Geen grondslag : bekijk wie").click()
    expect(page.get_by_text("ontbreekt een grondslag voor deze verzekeraar")).to_be_visible()
    check_page(page)
    page.locator("main .rows a").first.click()
    expect(page.get_by_role("heading", name="Wat is er gebeurd?")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Opnieuw proberen").click()
    expect(page.get_by_role("status").first).to_contain_text("staat weer in de wachtrij")

    page.get_by_role("link", name="Bestanden").first.click()
    page.locator("main .rows a").first.click()
    make = page.get_by_role("button", name="Bestand met profielen maken")
    expect(make).to_be_enabled(timeout=30_000)
    make.click()
    expect(page.get_by_role("link", name="Bestand ophalen")).to_be_visible(timeout=30_000)
    page.get_by_text("Verantwoording: wat zit erin").click()
    check_page(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Bestand ophalen").click()
    fetched.value.save_as(tmp_path / "uit.txt")
    before, after = declaration.read_bytes(), (tmp_path / "uit.txt").read_bytes()
    assert fetched.value.suggested_filename.endswith(".txt")
    assert after.split(b"\r\n")[-2][TOTAL] == before.split(b"\r\n")[-2][TOTAL]
    checksum = page.get_by_text("Controlegetal").locator("xpath=../dd").inner_text()
    assert hashlib.sha256(after).hexdigest() == checksum
    assert len(after) > len(before)


def test_the_original_in_the_demo_is_a_correct_file(declaration: Path) -> None:
    from django.utils import timezone

    with declaration.open("rb") as source:
        assert check(source, today=timezone.localdate(), expected_agb=AGB).is_accepted


def test_withdrawing_asks_first(page: Page, declaration: Path, tmp_path: Path) -> None:
    other = tmp_path / "ander.txt"
    content = declaration.read_bytes()
    other.write_bytes(content[:80] + b"INTREKKEN   " + content[92:])
    log_in(page, OFFICER)
    send(page, other)
    page.get_by_role("link", name="Bestand intrekken").click()
    check_page(page)
    page.get_by_role("button", name="Ja, intrekken").click()
    expect(page.get_by_role("listitem").filter(has_text="INTREKKEN")).to_contain_text("ingetrokken")
    check_page(page)
