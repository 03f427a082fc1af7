"""What every field and every question says to the browser: never checked for spelling, never translated."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.forms import BaseForm, Field
from django.forms.renderers import get_default_renderer

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
ROOMS = ("care", "questionnaires", "profiles", "declarations", "exchange")
NOT_WRITTEN = {"hidden", "checkbox", "radio", "checkboxradio", "date", "datetime-local", "file", "submit", ""}
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")


class Tags(HTMLParser):
    """Every opening tag of a text, with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.found.append((tag, dict(attrs)))


def written(text: str) -> list[dict[str, str | None]]:
    """Return the attributes of every field that somebody writes in."""
    return [
        attributes
        for tag, attributes in Tags(text).found
        if tag == "textarea" or (tag == "input" and attributes.get("type", "text") not in NOT_WRITTEN)
        if "hidden" not in attributes
    ]


def all_forms() -> list[type[BaseForm]]:
    """Return every form of the product."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "form" in module.name and "migrations" not in module.name:
                importlib.import_module(module.name)

    def below(kind: type[BaseForm]) -> Iterator[type[BaseForm]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    return [form for form in below(BaseForm) if form.__module__.startswith(ROOMS)]


FIELDS: list[tuple[str, Field]] = [
    (f"{form.__name__}.{name}", field)
    for form in all_forms()
    for name, field in getattr(form, "base_fields", {}).items()
]


@pytest.mark.django_db
def test_no_field_of_a_form_is_checked_for_spelling() -> None:
    drawn = {
        name: written(field.widget.render("field", None, renderer=get_default_renderer()))
        for name, field in FIELDS
    }
    assert len([fields for fields in drawn.values() if fields]) > 30
    assert [
        name for name, fields in drawn.items() if any(each.get("spellcheck") != "false" for each in fields)
    ] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_field_of_a_template_is_checked_for_spelling(path: Path) -> None:
    text = TAG.sub("", path.read_text("utf-8"))
    assert [field for field in written(text) if field.get("spellcheck") != "false"] == []


#: What is asked and answered is Dutch for everybody: a translator of the browser would ask something else.
SAYS_QUESTIONS = ("questionnaires", "tablet", "profiles")


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.parent.name in SAYS_QUESTIONS], ids=lambda path: path.name
)
def test_what_is_dutch_for_everybody_is_never_translated(path: Path) -> None:
    text = TAG.sub("", path.read_text("utf-8"))
    if re.search(r'fieldset\s+translate="no"', text):
        return
    dutch = [(tag, attributes) for tag, attributes in Tags(text).found if attributes.get("lang") == "nl"]
    assert [tag for tag, attributes in dutch if tag != "html" and attributes.get("translate") != "no"] == []


def test_a_question_is_kept_from_translators_as_a_whole() -> None:
    question = Path(settings.BASE_DIR, "templates", "questionnaires", "question.html").read_text("utf-8")
    (fieldset,) = [attributes for tag, attributes in Tags(TAG.sub("", question)).found if tag == "fieldset"]
    assert fieldset["translate"] == "no"
