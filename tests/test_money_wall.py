"""The money wall: people, questions and profiles know no amounts. Nobody gains by a heavier profile.

Walks every model, every name and text in Python, every template, script and definition of those apps.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

ROOT = Path(settings.BASE_DIR)
APPS = ("care", "questionnaires", "profiles")
PROMISE = "Een profiel is nooit gekoppeld aan een tarief en vervangt je indicatie niet."
THE_ONE_PLACE = "templates/components/promise.html"

# Stems that give themselves away wherever they stand in a word, Dutch compounds included.
STEMS = (
    "bedrag", "tarief", "tariev", "prijs", "prijz", "kosten", "vergoeding", "budget", "valuta", "factuur",
    "facture", "tariff", "amount", "pricing", "currency", "money", "invoice", "€",
)  # fmt: skip
# Words that are too short to look for inside others.
WORDS = {
    "euro",
    "euros",
    "eur",
    "cent",
    "centen",
    "price",
    "prices",
    "priced",
    "cost",
    "costs",
    "fee",
    "fees",
    "btw",
}
WORD = re.compile(r"[^\W\d_]+|€")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def money_words(text: str) -> list[str]:
    """Return the words of a text or name that have to do with money."""
    words = [word.casefold() for part in HUMP.split(text) for word in WORD.findall(part)]
    return [word for word in words if word in WORDS or any(stem in word for stem in STEMS)]


def names_and_texts(source: str) -> Iterator[str]:
    """Yield every name and every text of a Python module, but for docstrings (and comments)."""
    tree = ast.parse(source)
    documentation = {id(node) for node in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and id(node) not in documentation:
                yield node.value
        else:
            yield from (str(value) for _field, value in ast.iter_fields(node) if isinstance(value, str))
            yield from (name for _field, value in ast.iter_fields(node) for name in _texts(value))


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first.value


def files(*patterns: str) -> list[Path]:
    """Return the files of the walled apps, and what all pages share."""
    found = [file for pattern in patterns for file in ROOT.glob(pattern) if file.is_file()]
    return sorted(found)


def of_apps(pattern: str) -> list[str]:
    return [f"{app}/{pattern}" for app in APPS]


#: Pages, scripts and definitions by their kind: of each there is something, wherever it is moved to.
PAGES_AND_DEFINITIONS = (
    ["templates/*.html"],
    ["templates/components/**/*.html"],
    ["templates/bootstrap5/**/*.html"],
    *([f"templates/{app}/**/*.html"] for app in APPS),
    ["config/static/js/**/*.js"],
    of_apps("**/definitions/**/*.json"),
    of_apps("**/*.typ"),
)


@pytest.mark.parametrize("patterns", [of_apps("**/*.py"), *PAGES_AND_DEFINITIONS], ids=str)
def test_there_is_something_to_walk(patterns: list[str]) -> None:
    assert files(*patterns)


def money_fields(walked: Iterable[type[models.Model]]) -> list[str]:
    """Return the fields that are named after money, or can hold an amount to the cent."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in walked
        for field in model._meta.get_fields()
        if isinstance(field, models.DecimalField)
        or money_words(f"{field.name} {getattr(field, 'verbose_name', '')} {getattr(field, 'help_text', '')}")
    ]


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_model_has_a_field_for_money() -> None:
    walked = [
        model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    assert len(walked) > 10
    assert money_fields(model for model in walked if model._meta.app_label in APPS) == []


def test_no_column_can_hold_an_amount(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'public'"
            " and data_type in ('numeric', 'money') and split_part(table_name, '_', 1) = any(%s)",
            [list(APPS)],
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("path", files(*of_apps("**/*.py")), ids=names)
def test_no_name_or_text_in_python_is_about_money(path: Path) -> None:
    assert [word for text in names_and_texts(path.read_text("utf-8")) for word in money_words(text)] == []


@pytest.mark.parametrize(
    "path",
    files(*(pattern for patterns in PAGES_AND_DEFINITIONS for pattern in patterns)),
    ids=names,
)
def test_no_page_script_or_definition_is_about_money(path: Path) -> None:
    text = path.read_text("utf-8")
    if names(path) == THE_ONE_PLACE:
        text = text.replace(PROMISE, "", 1)  # the one sentence that says so
    assert money_words(text) == []


def test_the_promise_stands_on_every_page() -> None:
    assert (ROOT / THE_ONE_PLACE).read_text("utf-8").count(PROMISE) == 1
    assert (ROOT / "templates/base.html").read_text("utf-8").count(
        '{% include "components/promise.html" %}'
    ) == 1


@pytest.mark.parametrize(
    "planted",
    [
        "dagtarief",
        "TARIEVEN",
        "weekPrijs",
        "zorgkosten",
        "€ 5",
        "total_amount",
        "unitPrice",
        "5 euro",
        "cost",
        "de btw",
    ],
)
def test_a_planted_word_is_found(planted: str) -> None:
    assert money_words(planted)
    for source in (f"x = {planted!r}", f"f('een {planted}')", f"f'{{x}} {planted}'"):
        assert any(money_words(text) for text in names_and_texts(source))


@pytest.mark.parametrize(
    "source",
    [
        "total_amount = 1",
        "def price(): ...",
        "class WeekTariff: ...",
        "def f(cost): ...",
        "f(fee=1)",
        "x.bedrag",
        "import kosten",
        "from a import price as b",
        "def f():\n    global budget",
    ],
)
def test_a_planted_name_is_found(source: str) -> None:
    assert any(money_words(text) for text in names_and_texts(source))


@pytest.mark.parametrize(
    "innocent", ["neurologisch", "accent", "recent", "coffee", "procent", "Europa", "costume"]
)
def test_other_words_are_left_alone(innocent: str) -> None:
    assert money_words(innocent) == []


def test_a_planted_field_is_found() -> None:
    class Planted(models.Model):
        hours = models.DecimalField(max_digits=5, decimal_places=2)
        dagtarief = models.IntegerField()
        score = models.IntegerField(help_text="in euro")
        innocent = models.IntegerField()

        class Meta:
            app_label = "money_wall"
            managed = False

    try:
        assert money_fields([Planted]) == [
            f"money_wall.Planted.{name}" for name in ("hours", "dagtarief", "score")
        ]
    finally:
        del apps.all_models["money_wall"]
