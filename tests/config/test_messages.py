"""The catalogue of English: whole, certain, and the one that the site reads."""

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from tests import messages
from tests.profiles.dkdl import DKDL_2_0

MAKE = "run `make messages` and write what is empty in config/locale/en/LC_MESSAGES/django.po"


@pytest.fixture(scope="module")
def kept() -> Catalog:
    return messages.read()


def contents(catalogue: Catalog) -> set[tuple[object, ...]]:
    """Return every message that has its English as a value: its words, its context, its English."""
    whole = (each for each in catalogue if each.id and all(words(each.string)))
    return {(*words(each.id), each.context, *words(each.string)) for each in whole}


def words(text: object) -> tuple[object, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def keys(catalogue: Catalog) -> set[tuple[object, ...]]:
    return {(*words(each.id), each.context) for each in catalogue if each.id}


def test_every_text_of_the_source_is_in_it_and_nothing_else(kept: Catalog) -> None:
    source = keys(messages.source_catalogue())
    assert source - keys(kept) == set(), MAKE
    assert keys(kept) - source == set(), MAKE
    assert not kept.obsolete, MAKE


def test_every_text_has_certain_english_that_fills_in_the_same(kept: Catalog) -> None:
    assert list(messages.problems(kept)) == [], MAKE


def test_the_site_reads_what_people_edit(kept: Catalog) -> None:
    assert contents(read_mo(io.BytesIO(messages.MO.read_bytes()))) == contents(kept), MAKE


def test_making_it_again_without_a_change_gives_the_same_files(
    kept: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = messages.PO.read_bytes(), messages.MO.read_bytes()
    monkeypatch.setattr(messages, "PO", tmp_path / "django.po")
    monkeypatch.setattr(messages, "MO", tmp_path / "django.mo")
    messages.write(kept)
    assert (messages.PO.read_bytes(), messages.MO.read_bytes()) == before


def test_every_label_of_the_model_has_its_english(kept: Catalog) -> None:
    assert [label for label in DKDL_2_0.labels.values() if kept.get(label) is None] == []


@pytest.mark.parametrize(
    ("dutch", "english", "problem"),
    [
        ("Een tekst", "", "no English"),
        ("%(count)d keer", "%(number)d times", "other placeholders"),
        ("nog {left} keer", "more times", "other placeholders"),
        (("%(count)d dag", "%(count)d dagen"), ("%(count)d day", "days"), "other placeholders"),
        (("Eén dag", "%(count)d dagen"), ("One day", "%(count)d days"), None),
        ("50%% van %(all)s", "50%% of %(all)s", None),
    ],
)
def test_it_sees_what_is_wrong(dutch: str | tuple[str, str], english: object, problem: str | None) -> None:
    catalogue = Catalog(locale="en")
    catalogue.add(dutch, english)  # type: ignore[arg-type]
    found = list(messages.problems(catalogue))
    assert (
        found == [] if problem is None else [one for one in found if one.startswith(problem)] == found != []
    )


def test_an_uncertain_text_counts_as_a_problem() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("Een tekst", "A text", flags=["fuzzy"])
    assert list(messages.problems(catalogue)) == ["fuzzy: Een tekst"]


def test_it_reads_modules(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        'one = _("Eén " "tekst")\n'
        "two = f\"{rule} {_('Binnen een f-string')}\"\n"
        'three = ngettext("%d dag", "%d dagen", days) % days\n'
        "four = gettext(label)\n"
        'five = print("Geen tekst voor mensen")\n',
        "utf-8",
    )
    found = [text.words for text in messages.of_python(file)]
    assert found == ["Eén tekst", "Binnen een f-string", ("%d dag", "%d dagen")]


def test_it_reads_templates(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        "<p>\n  {% translate 'Ga verder' %}</p>\n{% if a %}\n      {% blocktranslate count n=n trimmed %}\n"
        "   Eén\n   dag{% plural %}{{ n }} dagen{% endblocktranslate %}{% endif %}\n"
        '  {{ a|default:_("niets") }} 100% "het is',
        "utf-8",
    )
    found = [text.words for text in messages.of_template(file)]
    assert found == ["Ga verder", ("Eén dag", "%(n)s dagen"), "niets"]


def test_no_module_translates_while_it_is_imported() -> None:
    """What is translated then stays in one language: outside of a function a text has to be lazy."""
    modules = [file for file in messages.files() if file.suffix == ".py"]
    assert len(modules) > 100
    assert [f"{file.name}: {text}" for file in modules for text in messages.of_import(file)] == []


def test_it_sees_a_text_that_is_translated_too_early(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        "from django.utils.translation import gettext as _, gettext_lazy\n"
        "LATER = gettext_lazy('Later')\n"
        "class Form:\n    early = _('Vroeg')\n    def late(self):\n        return _('Op tijd')\n"
        "TEXTS = [_('Ook vroeg')]\n"
        "later = lambda: _('Ook op tijd')\n",
        "utf-8",
    )
    assert list(messages.of_import(file)) == ["Vroeg", "Ook vroeg"]
