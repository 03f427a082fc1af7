"""What the tablet and the server make of the same; and a tablet that the browser itself fills or clears."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext

from care.durations import duration
from care.names import folded
from care.schema.models import Client
from care.schema.periods import CarePeriod
from questionnaires.schema.dates import date_problem
from questionnaires.schema.payload import payload_hash
from tests.actors import House
from tests.browser import tablet
from tests.care.test_names import VECTORS
from tests.factories import people
from tests.tablet.pages import Called, open_calls

TODAY = date(2026, 6, 15)
SPELLS = (
    (date(2026, 1, 5), date(2026, 2, 1)),
    (date(2026, 3, 1), date(2026, 4, 1)),
    (date(2026, 5, 1), date(2026, 6, 10)),
)
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(180)]
#: Letters of the languages that people in the Netherlands write their names in.
RANGES = ((0x21, 0x250), (0x370, 0x3E2), (0x400, 0x530), (0x1E00, 0x2000), (0x2010, 0x2040))
LETTERS = [chr(number) for first, last in RANGES for number in range(first, last)]
REASONS = ['‘te vroeg’ \\ "x"\n\t', "é\u2028ü", "😀", "\x7f\x01"]


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        client = people.client(thuis.north)
        CarePeriod.objects.filter(client=client).delete()
        for spell in SPELLS:
            CarePeriod.objects.create(organisation_id=client.organisation_id, client=client, period=spell)
        return client


def test_both_find_the_same_wrong_with_every_day(modules: Called, thuis: House, client: Client) -> None:
    spells = [{"from": start.isoformat(), "until": end.isoformat()} for start, end in SPELLS]
    days = [day.isoformat() for day in DAYS]
    here = modules.call("dateProblems", {"spells": spells, "days": days, "today": TODAY.isoformat()})
    with thuis.scope():
        there = [date_problem(client, day, today=TODAY) for day in DAYS]
    assert here == [found and found.value for found in there]
    assert set(here) == {None, "future", "before_care", "after_care", "between"}


def test_both_make_the_same_of_every_letter(modules: Called) -> None:
    texts = [*(text for text, _folded in VECTORS["folded"]), *LETTERS]
    assert modules.call("folded", texts) == [folded(text) for text in texts]


@pytest.mark.parametrize("language", ["tr-TR", "lt-LT"])
def test_the_language_of_the_device_changes_nothing(
    language: str, browser: Browser, script_port: int
) -> None:
    with tablet(browser, locale=language) as device:
        modules = open_calls(device, script_port)
        assert modules.call("ownLetters"), "no rule of its own"
        found = modules.call("found", VECTORS["found"])
    assert found == [is_found for *_asked, is_found in VECTORS["found"]]


def test_both_say_durations_in_the_same_words(modules: Called) -> None:
    seconds = [*range(0, 400, 7), *range(400, 8_000, 113), *range(8_000, 1_000_000, 9_973)]
    assert modules.call("durations", seconds) == [duration(each) for each in seconds]


def test_every_text_has_the_same_hash_on_both_sides(modules: Called) -> None:
    sent = [*modules.call("payloads", REASONS), modules.call("payloadOfHalfALetter")]
    assert [each["reason"] for each in sent[:-1]] == REASONS
    assert [each["hash"] for each in sent] == [payload_hash(each) for each in sent]


def test_a_full_tablet_says_so_and_still_has_the_answer(modules: Called, device: BrowserContext) -> None:
    room = {"origin": modules.call("origin"), "quotaSize": 3_000_000}
    device.new_cdp_session(modules.page).send("Storage.overrideQuotaForOrigin", room)
    modules.call("begin")
    assert modules.call("answer", {"Q2": "2", "filling": "x" * 6_000_000}) == ["full", 1, "2"]


def test_cleared_site_data_is_told_and_what_waits_is_sent(modules: Called, device: BrowserContext) -> None:
    modules.call("begin")
    cleared = {"origin": modules.call("origin"), "storageTypes": "indexeddb"}
    device.new_cdp_session(modules.page).send("Storage.clearDataForOrigin", cleared)
    modules.call("answer", {"Q2": "2"})
    assert modules.call("sentAfterTheWipe") == {"Q2": "2"}
