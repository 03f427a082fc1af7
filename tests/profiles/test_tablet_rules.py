"""The tablet's rules in a real browser, held against the server's: every state, thousands of answer sets."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from profiles.engine import Answers, Model, UnscorableAnswers, build, canonical_json, derive, neighbours
from questionnaires.anamneses.draft_rules import draft, progress
from questionnaires.anamneses.selectors import in_force
from questionnaires.instruments.definition import (
    AnswerProblem,
    AnswersFormatError,
    Instrument,
    ProblemCode,
    age_on,
    answered_by_age,
    asked,
    check,
    from_json,
    load,
    stored,
    to_json,
)
from questionnaires.instruments.definitions import read
from questionnaires.schema.models import InstrumentVersion
from tests.browser import tablet
from tests.profiles.dkdl import DKDL_2_0
from tests.profiles.engine.test_derivation import OPEN
from tests.profiles.oracle import CARE, CHOICES, STATES
from tests.second_model import DEFINITION, RULES

SCRIPTS = Path(__file__).parents[2] / "config" / "static" / "js"
HARNESS = Path(__file__).with_name("tablet_rules.js")
ADDRESS = "https://tablet.test"  # nothing listens there: every request is answered below
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
Part = list[dict[str, tuple[str, ...]]]

SINGLE: list[Part] = [
    [{f"Q{number}": (option,)} for option in options] for number, options in enumerate(CHOICES, 4)
]
TECHNICAL: Part = [{"Q12": (care,)} | ({"Q13": chosen} if chosen else {}) for care, chosen in CARE]
BLOCKS, TAILS = SINGLE[:5], [*SINGLE[5:], TECHNICAL]


@dataclass(frozen=True)
class Rules:
    """An instrument with its model, as the server has them and as a tablet gets them."""

    definition: dict[str, Any]
    table: dict[str, Any]
    instrument: Instrument
    model: Model

    @classmethod
    def of(cls, definition: dict[str, Any], table: dict[str, Any]) -> "Rules":
        # Through the delivered text, so that both go by the same order of keys.
        delivered = json.loads(canonical_json(table))
        return cls(definition, delivered, load(definition), build(delivered))


DKDL = Rules.of(read(), DKDL_2_0.as_rules())


def other_rules() -> Rules:
    """Rules that nobody can know beforehand: other names, points, thresholds, gates and codes."""
    renamed = re.compile(r'"Q(\d+)"')
    definition = json.loads(renamed.sub(r'"Vraag \1"', json.dumps(read())).replace('"sonde"', '"een slang"'))
    rules = renamed.sub(r'"Vraag \1"', canonical_json(DKDL_2_0.as_rules())).replace('"sonde"', '"een slang"')
    table = json.loads(rules.replace("DKDL-0", "X").replace('"PTZ"', '"WEG"'))
    definition["questions"][0]["answered_by"]["from"] = 21
    definition["questions"][7]["tolerated_when_not_asked"] = True
    table["thresholds"] = {
        "strong_capacity_from": 9,
        "raised_burden_from": 1,
        "medium_need_from": 6,
        "high_need_from": 11,
    }
    table["full_capacity"] = 12
    table["questions"][4]["dimension"] = "capacity"
    table["questions"][6]["points"] = {"1": 1, "2": 3, "3": 9}
    table["technical"]["points"]["injecties"] = 4
    return Rules.of(definition, table)


Opened = Callable[[Rules], AbstractContextManager[Page]]


@pytest.fixture
def open_rules(browser: Browser) -> Opened:
    """Open a page that has the tablet's modules and some rules: `with open_rules(DKDL) as page`."""

    @contextmanager
    def opened(rules: Rules) -> Iterator[Page]:
        with tablet(browser) as context:
            context.route(f"{ADDRESS}/**", lambda route: _answer(route, rules))
            page = context.new_page()
            page.goto(ADDRESS)
            page.wait_for_selector("html[data-ready]")
            yield page

    return opened


def _answer(route: Route, rules: Rules) -> None:
    path = route.request.url.removeprefix(ADDRESS)
    kind, body = "text/javascript", ""
    if path == "/":
        kind, body = "text/html", '<!doctype html><script type="module" src="/harness.js"></script>'
    elif path == "/harness.js":
        body = HARNESS.read_text("utf-8")
    elif path.startswith("/tablet/"):
        body = (SCRIPTS / path[1:]).read_text("utf-8")
    else:
        kind, body = "application/json", _document(path, rules)
    route.fulfill(body=body, headers={"Content-Type": kind, "Content-Security-Policy": POLICY})


def _document(path: str, rules: Rules) -> str:
    hashes = {"instrument": rules.instrument.definition_hash, "model": rules.model.ruleset_hash}
    documents = {
        "/instrument.json": canonical_json(rules.definition),
        "/model.json": canonical_json(rules.table),
        "/given.json": json.dumps({"hashes": hashes, "open": OPEN, "blocks": BLOCKS, "tails": TAILS}),
    }
    return documents[path]


def merged(parts: list[Part]) -> list[dict[str, tuple[str, ...]]]:
    """Every combination, the last part changing fastest."""
    return [{key: value for each in chosen for key, value in each.items()} for chosen in product(*parts)]


def line(answers: Answers) -> str:
    found = derive(answers, DKDL_2_0)
    return " ".join(map(str, (found.code, *found.scores, *found.levels)))


def test_it_derives_every_state_as_the_server_does(open_rules: Opened) -> None:
    tails = merged(TAILS)
    blocks = merged(BLOCKS)
    assert len(blocks) * len(tails) == STATES
    with open_rules(DKDL) as page:
        page.evaluate("() => { window.working = rules.digests(); }")
        expected = []
        for block in blocks:
            start = {**OPEN, **block}
            lines = "\n".join([line({**start, **tail}) for tail in tails])
            expected.append(list(hashlib.sha256(lines.encode()).digest()))
        found = page.evaluate("() => window.working")
        wrong = [
            number for number, pair in enumerate(zip(expected, found, strict=True)) if pair[0] != pair[1]
        ]
        assert wrong == [], first_difference(page, {**OPEN, **blocks[wrong[0]]}, tails, wrong[0])


def first_difference(page: Page, start: Answers, tails: Part, number: int) -> str:
    """The first state of a block that the tablet derives otherwise, and what both make of it."""
    for tail, found in zip(tails, page.evaluate("rules.lines", number), strict=True):
        answers = {**start, **tail}
        if line(answers) != found:
            return f"{answers}: server {line(answers)}, tablet {found}"
    return "the digests differ, and no line does"


ODD: list[Any] = [None, "", [], "9", " 1", 1, True, 0, {}, [1], [["1"]], ["1"], ["1", "2"], "constructor"]
ODD_ACTIONS: list[Any] = ["sonde", ["sonde", "sonde"], ["sonde", "infuus"], ["sonde", None], ["__proto__"]]
STRANGERS = ("Q0", "Q14", "__proto__", "toString", "")


def sample(rules: Rules, random: Random) -> dict[str, Any]:
    """An age, and answers as they may arrive: mostly right, often incomplete, sometimes nonsense."""
    raw: dict[str, Any] = {}
    for question in rules.instrument.questions:
        codes = [option.code for option in question.options]
        if question.is_multiple:
            raw[question.id] = random.sample(codes, random.randint(1, len(codes)))
        else:
            gate = len(raw) < 3 and random.random() < 0.8
            raw[question.id] = codes[0] if gate else random.choice(codes)
    if random.random() < 0.7:
        raw = to_json(rules.instrument, stored(rules.instrument, from_json(raw)))
    for _time in range(random.choice((0, 0, 1, 1, 2, 4))):
        _spoil(rules, random, raw)
    turned = list(raw.items())
    random.shuffle(turned)
    return {"raw": dict(turned), "age": random.choice((0, 17, 18, 20, 21, 85))}


def _spoil(rules: Rules, random: Random, raw: dict[str, Any]) -> None:
    several = [question for question in rules.instrument.questions if question.is_multiple]
    question = random.choice([*rules.instrument.questions, *several * 3])
    how = random.randrange(5)
    if how == 0:
        raw.pop(question.id, None)
    elif how == 1:
        raw[question.id] = random.choice(ODD_ACTIONS if question.is_multiple else ODD)
    elif how == 2:
        raw[question.id] = random.choice(question.options).code
    elif how == 3:
        raw[random.choice(STRANGERS)] = random.choice(["1", *ODD])
    else:
        raw[question.id] = random.choice([*ODD, *ODD_ACTIONS])


def judge(rules: Rules, raw: Any, age: int) -> Any:
    """What the server says of it all, in the shape in which the page says it."""
    instrument = rules.instrument
    try:
        answers = from_json(raw)
    except AnswersFormatError:
        return "unreadable"
    kept = stored(instrument, answers)
    drafted = draft(instrument, answers, age=age)
    return {
        "read": dict(answers),
        "written": to_json(instrument, answers),
        "asked": asked(instrument, answers),
        "stored": dict(kept),
        "complete": told(check(instrument, answers, complete=True, age=age)),
        "ageless": told(check(instrument, answers, complete=True)),
        "gaps": told(check(instrument, answers, complete=False, age=age)),
        "by_age": dict(answered_by_age(instrument, age=age)),
        "draft": {
            "answers": dict(drafted.answers),
            "aside": dict(drafted.set_aside),
            "dropped": drafted.dropped,
            "returned": drafted.returned,
            "problems": told(drafted.problems),
        },
        "progress": asdict(progress(instrument, answers)),
        "as_given": derived(answers, rules.model),
        "as_stored": derived(kept, rules.model),
        "neighbours": near(kept, rules.model),
    }


def told(problems: tuple[AnswerProblem, ...]) -> list[dict[str, str]]:
    return [{"question": problem.question, "code": problem.code} for problem in problems]


def derived(answers: Answers, model: Model) -> dict[str, Any]:
    try:
        found = asdict(derive(answers, model))
    except UnscorableAnswers as error:
        return {"refused": error.questions}
    # The hash belongs to the delivered version, not to its text.
    del found["ruleset_hash"]
    return found


def near(answers: Answers, model: Model) -> Any:
    try:
        return [asdict(neighbour) for neighbour in neighbours(answers, model)]
    except UnscorableAnswers as error:
        return {"refused": error.questions}


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize(
    ("rules", "count"),
    [(DKDL, 3000), (other_rules(), 1500), (Rules.of(DEFINITION, RULES), 1500)],
    ids=["dkdl", "other", "second"],
)
def test_it_checks_keeps_and_derives_answers_as_the_server_does(
    open_rules: Opened, rules: Rules, count: int
) -> None:
    random = Random(20240301)  # noqa: S311 - the same samples every time
    samples = [sample(rules, random) for _time in range(count)]
    nonsense: list[Any] = [None, [], "Q4", 3, {}]
    samples += [{"raw": raw, "age": 40} for raw in nonsense]
    expected = [judge(rules, **each) for each in samples]
    with open_rules(rules) as page:
        found = json.loads(page.evaluate("rules.judged", json.dumps(samples)))
    for given, server, here in zip(samples, expected, found, strict=True):
        assert here == as_json(server), given
    assert_telling([each for each in expected if each != "unreadable"])


def assert_telling(expected: list[Any]) -> None:
    """The samples hold a good deal of everything."""
    codes = Counter(problem["code"] for each in expected for problem in each["complete"])
    assert set(codes) == set(ProblemCode)
    assert min(codes.values()) >= 5
    scored = [each for each in expected if "refused" not in each["as_stored"]]
    assert len(scored) > len(expected) / 4
    assert sum(1 for each in scored if each["as_stored"]["kind"] == "uitzondering") > len(expected) / 20
    assert sum(1 for each in scored if each["neighbours"]) > len(expected) / 10
    assert sum(1 for each in expected if each["draft"]["dropped"]) > len(expected) / 20


#: Every way in which gates and follow-ups can stand, with one question of each kind behind them.
GIVEN: list[Part] = [
    [{}, {"Q2": ("1",)}, {"Q2": ("2",)}],
    [{}, {"Q3": ("1",)}, {"Q3": ("2",)}, {"Q3": ("3",)}],
    [{}, {"Q4": ("2",)}],
    [{}, {"Q12": ("1",)}, {"Q12": ("2",)}],
    [{}, {"Q13": ("sonde", "injecties")}],
]
ASIDE: list[Part] = [
    [{}, {"Q2": ("1",)}, {"Q2": ("2",)}],
    [{}, {"Q3": ("1",)}, {"Q3": ("2",)}],
    [{}, {"Q4": ("1",)}],
    [{}, {"Q12": ("1",)}, {"Q12": ("2",)}],
    [{}, {"Q13": ("darmstoma",)}],
]


def test_it_sets_aside_and_brings_back_as_the_server_does_in_every_state(open_rules: Opened) -> None:
    states = list(product(merged(GIVEN), merged(ASIDE), (17, 40)))
    with open_rules(DKDL) as page:
        found = json.loads(page.evaluate("rules.drafted", json.dumps(states)))
    assert len(found) == len(states) == 31_104
    for (given, aside, age), here in zip(states, found, strict=True):
        there = draft(DKDL.instrument, given, age=age, aside=aside)
        assert here["answers"] == as_json(dict(there.answers)), (given, aside, age)
        assert here["aside"] == as_json(dict(there.set_aside)), (given, aside, age)
        assert [here["dropped"], here["returned"]] == [list(there.dropped), list(there.returned)]
        _nothing_is_lost(given, aside, here)


def _nothing_is_lost(given: Answers, aside: Answers, here: dict[str, Any]) -> None:
    """What was answered is in force or aside, never both; and what is aside counts for nothing."""
    assert {**here["answers"], **here["aside"]} == as_json({**aside, **given})
    assert not here["answers"].keys() & here["aside"].keys()


GATES = [
    ({"Q1": ["2"]}, "MKT"),
    ({"Q1": ["1"], "Q2": ["2"]}, "PTZ"),
    ({"Q1": ["1"], "Q2": ["1"], "Q3": ["2"]}, "TIJDELIJK"),
    ({"Q1": ["1"], "Q2": ["1"], "Q3": ["3"]}, "GEEN"),
]


def test_a_gate_that_closes_gives_the_exception_of_the_server(open_rules: Opened) -> None:
    samples: list[dict[str, Any]] = [{"raw": answers, "age": 40} for answers, _code in GATES]
    with open_rules(DKDL) as page:
        found = json.loads(page.evaluate("rules.judged", json.dumps(samples)))
    assert [each["as_given"]["code"] for each in found] == [code for _answers, code in GATES]
    assert found == as_json([judge(DKDL, **each) for each in samples])


def test_it_counts_years_as_the_server_does(open_rules: Opened) -> None:
    born = [date(2008, 2, 29), date(2008, 5, 2), date(1930, 12, 31), date(2000, 1, 1)]
    days = [date(2025, 12, 28) + timedelta(days) for days in range(400)]
    pairs = list(product(born, days))
    with open_rules(DKDL) as page:
        found = page.evaluate("rules.ages", [[one.isoformat(), day.isoformat()] for one, day in pairs])
    assert found == [age_on(one, day) for one, day in pairs]


BEGINNINGS = [None, date(2026, 1, 1), date(2027, 1, 1), date(2026, 7, 1), date(2027, 1, 1)]
DAYS = [date(1999, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 1), date(2027, 1, 1)]


@pytest.mark.parametrize("day", DAYS)
def test_it_takes_the_version_of_a_day_as_the_server_does(open_rules: Opened, day: date) -> None:
    rows = [InstrumentVersion(pk=number, valid_from=begin) for number, begin in enumerate(BEGINNINGS)]
    listed = [{"hash": row.pk, "valid_from": row.valid_from and row.valid_from.isoformat()} for row in rows]
    with open_rules(DKDL) as page:
        found = page.evaluate("([listed, day]) => rules.inForce(listed, day).hash", [listed, day.isoformat()])
    assert found == in_force(rows, day).pk


def test_it_refuses_a_text_that_is_not_what_its_hash_says(open_rules: Opened) -> None:
    table = canonical_json(DKDL.table)
    changed = table.replace('"high_need_from":6', '"high_need_from":7')
    assert changed != table
    ask = "([text, hash]) => rules.isRefused(text, hash)"
    with open_rules(DKDL) as page:
        assert page.evaluate(ask, [changed, DKDL.model.ruleset_hash]) is True
        assert page.evaluate(ask, [table, DKDL.model.ruleset_hash]) is False


def test_a_slow_tablet_derives_within_a_millisecond(open_rules: Opened) -> None:
    with open_rules(DKDL) as page:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
        assert 0 < page.evaluate("rules.time", 200) < 1


@pytest.mark.parametrize("name", ["instrument", "engine"])
def test_no_rule_is_written_in_the_scripts(name: str) -> None:
    source = (SCRIPTS / "tablet" / f"{name}.js").read_text("utf-8")
    code = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    codes = {option.code for question in DKDL.instrument.questions for option in question.options}
    rules = {*DKDL.instrument.by_id, *DKDL.model.labels, *(each for each in codes if not each.isdigit())}
    assert [each for each in rules if re.search(rf"\b{each}\b", code)] == []
    assert set(re.findall(r"\b\d+\b", code)) <= {"0", "1"}
