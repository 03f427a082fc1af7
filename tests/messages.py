"""What `make messages` does: brings the catalogue of English up to date with the texts in the source.

The Dutch sentence in the source is the key. `config/locale/en/LC_MESSAGES/django.po` is what people edit,
`django.mo` what the site reads; both are kept in the repository, so that nothing has to be compiled where the
site is installed.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from config import environment

ROOT = environment.ROOT
PO = ROOT / "config" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
APPS = ("care", "config", "declarations", "exchange", "profiles", "questionnaires")
#: How many texts a call in a module begins with.
PLURAL = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
}
TRANSLATION = "django.utils.translation"
EAGER = {"gettext", "ngettext"}
#: What Django makes of the tags of a template.
CALLS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: The catalogue has no clock: making it again without a change gives the same file.
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
HEADING = "# The English of the screens; how it is kept stands in docs/languages.md."
WIDTH = 110
PLACE = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%[a-zA-Z]|\{\w*[^{}]*\}")


@dataclass(frozen=True)
class Text:
    """One text of the source: its words (two where it counts), its context, and the file it stands in."""

    words: str | tuple[str, ...]
    context: str | None
    file: str


def main() -> int:
    """Bring the catalogue up to date, and name what waits for its English: that stays empty."""
    catalogue = read()
    catalogue.update(source_catalogue(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(catalogue)
    found = list(problems(catalogue))
    sys.stdout.write("".join(f"{problem}\n" for problem in found))
    sys.stdout.write(f"{len(catalogue)} texts, {len(found)} to look at in {PO.relative_to(ROOT)}\n")
    return 0


def texts() -> Iterator[Text]:
    """Yield every text that the source gives to gettext, in the order of the files."""
    for file in sorted(files()):
        yield from of_python(file) if file.suffix == ".py" else of_template(file)


def of_python(file: Path) -> Iterator[Text]:
    """Yield the texts of a module, also those within an f-string, which no tokens of Python 3.11 show."""
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        given = [part.value if isinstance(part, ast.Constant) else None for part in call.args]
        words = [word for word in given[: PLURAL.get(name, 1)] if isinstance(word, str)]
        if name in PLURAL and len(words) == PLURAL[name]:
            yield Text(words[0] if len(words) == 1 else tuple(words), None, _name(file))


def of_import(file: Path) -> Iterator[str]:
    """Yield the texts that a module translates while it is imported, before anybody's language is known."""
    tree = ast.parse(file.read_text("utf-8"))
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    names = (name for node in imports if node.module == TRANSLATION for name in node.names)
    yield from _at_once(tree, {name.asname or name.name for name in names if name.name in EAGER})


def _at_once(node: ast.AST, names: set[str]) -> Iterator[str]:
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in names:
            yield str(ast.literal_eval(part.args[0]))
        yield from _at_once(part, names)


def of_template(file: Path) -> Iterator[Text]:
    """Yield the texts of a template."""
    if not settings.configured:
        settings.configure()
    calls = templatize(file.read_text("utf-8"), origin=_name(file))
    # Indents mean something to who reads Python, and nothing in a template.
    lines = "\n".join(line.lstrip() for line in calls.split("\n")).encode()
    for _line, words, _comments, context in extract("python", io.BytesIO(lines), keywords=CALLS):
        yield Text(words, context, _name(file))


def source_catalogue() -> Catalog:
    """Return the catalogue as the source has it, without any translation."""
    made = _empty()
    for text in texts():
        made.add(text.words, locations=[(text.file, 1)], context=text.context)
    return made


def read() -> Catalog:
    """Return the catalogue of English as it is kept; empty where there is none yet."""
    if not PO.exists():
        return _empty()
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def write(catalogue: Catalog) -> None:
    """Write the catalogue for people and for the site."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalogue.creation_date = catalogue.revision_date = BEGUN
    catalogue.header_comment = HEADING
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    catalogue.version = ""
    with PO.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    MO.write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue in the form that the site reads."""
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def problems(catalogue: Catalog) -> Iterator[str]:
    """Yield what is wrong with a translation: absent, uncertain, or with other placeholders."""
    for message in catalogue:
        if not message.id:
            continue
        if message.fuzzy:
            yield f"fuzzy: {message.id}"
        elif not all(forms(message.string)):
            files = {name for name, _line in message.locations}
            yield f"no English: {message.id} ({', '.join(sorted(files))})"
        elif not _places_fit(message):
            yield f"other placeholders: {message.id}"


def placeholders(text: str) -> frozenset[str]:
    """Return what is filled in in a text: `%(name)s`, `%s`, `{name}`."""
    return frozenset(PLACE.findall(text.replace("%%", "")))


def _places_fit(message: Message) -> bool:
    """Say whether every form fills in what the Dutch does; the form for one may leave out the number."""
    dutch, english = forms(message.id), forms(message.string)
    wanted = placeholders(dutch[-1])
    least = frozenset.intersection(*(placeholders(form) for form in dutch))
    one, *more = (placeholders(form) for form in english)
    return all(form == wanted for form in more or [one]) and least <= one <= wanted


def forms(text: object) -> tuple[str, ...]:
    """Return the forms of a text: one, or two where it counts."""
    return tuple(text) if isinstance(text, list | tuple) else (str(text or ""),)


def files() -> Iterator[Path]:
    """Yield every file that may hold texts."""
    for app in APPS:
        yield from (ROOT / app).rglob("*.py")
    yield from (file for file in (ROOT / "templates").rglob("*") if file.suffix in {".html", ".txt", ".js"})


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name


def _empty() -> Catalog:
    return Catalog(locale="en", project="Draagvlak", fuzzy=False, creation_date=BEGUN, revision_date=BEGUN)


if __name__ == "__main__":
    sys.exit(main())
