"""What leaves the house reads the same, whatever language the screens of who sends it are in."""

import ast
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from config import environment
from declarations.insurers import figures, figures_csv
from tests.actors import House
from tests.declarations.fictional import TODAY
from tests.factories import people
from tests.profiles.dkdl import DKDL_2_0

ROOT = environment.ROOT
#: What makes files, messages and what is kept with them: none of it asks for a language.
MAKERS = (
    *sorted((ROOT / "declarations" / "aw319").glob("*.py")),
    *sorted((ROOT / "profiles" / "engine").glob("*.py")),
    ROOT / "exchange" / "webhooks" / "outbox.py",
    ROOT / "declarations" / "agreements" / "code_tables.py",
    ROOT / "declarations" / "insurers" / "figures_csv.py",
    ROOT / "declarations" / "delivery" / "manifest.py",
    ROOT / "declarations" / "storage" / "chunks.py",
)


@pytest.mark.parametrize("file", MAKERS, ids=lambda file: file.stem)
def test_what_makes_a_file_knows_no_translation(file: Path) -> None:
    imported = {
        f"{node.module}.{name.name}"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert [name for name in imported if "translation" in name] == []


@pytest.mark.django_db
def test_figures_keep_the_labels_of_the_model(thuis: House) -> None:
    insurer = people.insurer(uzovi="9991")
    with translation.override("en"), thuis.scope():
        released = figures.release(organisation=thuis.organisation, insurer=insurer, day=TODAY)
        text = figures_csv.as_csv(released).decode()
    assert text.splitlines()[0] == ";".join(figures_csv.COLUMNS)
    assert {cell["label"] for cell in released.cells} == set(DKDL_2_0.labels.values())
    assert ";ja;" in text


def test_derived_profiles_name_what_is_wrong_in_dutch(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"id;{';'.join(f'Q{number}' for number in range(1, 14))}\n1;1;1;1{';' * 10}\n")
    written = set()
    for language in ("nl", "en"):
        with translation.override(language), pytest.raises(SystemExit):
            call_command("derive_profiles", str(source), str(target))
        written.add(target.read_text("utf-8"))
    (only,) = written
    assert "nog geen antwoord" in only
