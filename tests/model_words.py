"""What only a model and its instrument may know, found in the source outside their own files.

The words are drawn from what ships: ids of questions, codes of options and profiles, ids of scores, names and
versions, and how many there are of each. Prose counts: what a comment knows, code soon knows as well.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from config import environment
from profiles.engine import shipped
from questionnaires.instruments.definitions import SHIPPED, read

ROOT = environment.ROOT
FOLDERS: Final = (
    *("care", "config", "declarations", "exchange", "profiles", "questionnaires", "templates"),
    "tests/factories",
)
KINDS: Final = {".py", ".js", ".html", ".css", ".typ", ".txt", ".svg"}
#: The files of the shipped model and instrument, and what was written once and never changes: migrations.
OWN: Final = re.compile(
    r"profiles/engine/(?:dkdl_2_0|first_format)\.py"
    r"|questionnaires/instruments/definitions/.*"
    r"|config/static/js/tablet/first-format\.js"
    r"|[a-z]+/migrations/.*"
    r"|config/requirements.*\.txt"
)
#: What may be named elsewhere, with the reason.
EXCEPTIONS: Final = {
    ("profiles/engine/shipped.py", "dkdl_2_0"): "says which model ships",
    ("profiles/engine/shipped.py", "DKDL_2_0"): "the same",
    (
        "profiles/engine/values.py",
        "dkdl",
    ): "the word for a scored profile that files and programs were promised",
    ("config/static/js/tablet/engine.js", "dkdl"): "the same word, as the server's derivation has it",
    (
        "exchange/rest/schemas.py",
        "capacity",
    ): "a field that programs were promised; other scores are in `scores`",
    ("exchange/rest/schemas.py", "burden"): "the same",
    ("exchange/rest/schemas.py", "support_need"): "the same",
    ("exchange/rest/queries.py", "capacity"): "fills the promised field",
    ("exchange/rest/queries.py", "burden"): "the same",
    ("exchange/rest/queries.py", "support_need"): "the same",
}


def model_words() -> re.Pattern[str]:
    """Return a pattern of the words that only the shipped model and instruments may know."""
    model, instruments = shipped(), [read(name) for name in SHIPPED]
    questions = [question for instrument in instruments for question in instrument["questions"]]
    words = {question["id"] for question in questions}
    words |= {option["code"] for each in questions for option in each["options"] if option["code"].isalpha()}
    words |= {*model.labels, model.name, *(each.id for each in model.dimensions)}
    words |= {each.column for each in model.dimensions}
    words |= {each["version"] for each in instruments if each["version"] != model.version}
    counts = (len(model.codes), len(instruments[-1]["questions"]), len(model.labels))
    said = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    ranges = "|".join(rf"0(?:\.\.|-|–){each.maximum}" for each in model.dimensions)
    numbers = "|".join(str(number) for number in counts)
    version = model.version.replace(".", "[._]")
    things = r"(?:questions|profiles|codes|vragen|profielen)"
    return re.compile(
        rf"(?<![\w-])(?P<word>{said})(?![\w-])"
        rf"|(?<![\w.])(?P<range>{ranges})(?![\w.])"
        rf"|\b(?P<count>{numbers}) {things}\b"
        rf"|(?P<version>(?i:{re.escape(model.name)})[_ -]?{version})"
    )


def wired_in() -> Iterator[str]:
    """Yield each such word outside its own files, with the file and the line."""
    pattern = model_words()
    for path in _files():
        name = str(path.relative_to(ROOT))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            for found in pattern.finditer(line):
                if (name, found[0]) not in EXCEPTIONS:
                    yield f"{name}:{number}: {found[0]}"


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in KINDS and not OWN.fullmatch(str(path.relative_to(ROOT))):
                yield path
