"""The file with profiles: the original plus records of nothing, frozen the first time it is made."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from care.schema.constants import AccessAction
from care.schema.models import AccessLog
from care.tenancy import scope
from declarations import aw319
from declarations.aw319 import sample_files
from declarations.aw319.layout import FIELDS
from declarations.decisions.stored import detail_from_json
from declarations.delivery import exporting
from declarations.insurers import insurer_files
from declarations.schema.constants import AttachmentState, ChunkKind, FileState, Reason
from declarations.schema.exceptions import BrokenFileError, StillQueuedError
from declarations.schema.models import Export, FileChunk
from tests.actors import Actor
from tests.declarations import fictional
from tests.declarations.fictional import care, credit, insured
from tests.declarations.generated import each_taken_back_once
from tests.declarations.golden_files import GOLDEN, golden_people
from tests.declarations.office import Office
from tests.factories import anamneses, people

CENTS = slice(33, 45)
AMOUNTS = ("0425", "0426", "0429")

pytestmark = pytest.mark.django_db


def lines(content: bytes) -> list[bytes]:
    return content.split(b"\r\n")


def added(before: bytes, after: bytes) -> list[bytes]:
    """Return the records that came in, after checking that the rest only got other numbers."""
    assert aw319.check([after], today=date.today()).is_accepted  # noqa: DTZ011
    left = [line[:2] + line[14:] for line in lines(before)]
    new = []
    for line in lines(after):
        if left and line[:2] + line[14:] == left[0]:
            left.pop(0)
        elif line[:2] == b"99":
            assert line[CENTS] == lines(before)[-2 if before.endswith(b"\r\n") else -1][CENTS]
            left.pop(0)
        else:
            new.append(line)
    assert left == []
    return new


def test_it_adds_a_record_of_nothing_behind_the_person_s_last_comment(office: Office) -> None:
    office.client(0)
    person = insured(0, care(comments=("een", "twee")))
    content = office.content(person, insured(1))
    file = office.take_in(content)
    office.attach(file)
    after = office.exported(file)
    (record,) = added(content, after)
    assert lines(after).index(record) == 5
    wanted = {
        "0401": "04", "0402": "000000000003", "0403": fictional.BSNS[0], "0404": "9991", "0407": "1",
        "0414": "20240101", "0415": "20240131", "0416": "990", "0417": "DK01 ", "0418": "0001",
        "0419": "00", "0420": office.house.organisation.agb, "0425": "0" * 8, "0426": "0" * 8,
        "0427": "D", "0428": "0000", "0429": "0" * 8, "0430": "D", "0432": " " * 20,
    }  # fmt: skip
    assert {number: FIELDS[number].of(record).decode() for number in wanted} == wanted


def test_it_raises_the_numbers_behind_a_record_and_the_counts_only(office: Office) -> None:
    office.client(0)
    content = office.content(insured(0), insured(1, care(comments=("toelichting",))))
    file = office.take_in(content)
    office.attach(file)
    after = lines(office.exported(file))
    assert [line[2:14] for line in after[1:-2]] == [b"%012d" % number for number in (1, 2, 3, 4, 5, 5)]
    assert after[-2][2:33] == b"0000020000000000030000010000006"


def test_it_goes_behind_the_last_group_of_a_person(office: Office) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2023, 12, 1), "DKDL-01")
    office.profile(client, date(2024, 1, 16), "DKDL-09")
    groups = (
        insured(0, care("2024-01-01", "2024-01-15")),
        insured(1),
        insured(0, care("2024-01-16", "2024-01-31"), credit("2024-01-02", "2024-01-02")),
    )
    content = office.content(*groups)
    file = office.take_in(content)
    office.attach(file)
    after = office.exported(file)
    new = added(content, after)
    assert [FIELDS["0417"].of(line) for line in new] == [b"DK01 ", b"DK09 "]
    assert lines(after)[8:10] == new


def test_it_takes_the_performer_of_the_last_debit(office: Office) -> None:
    office.client(0)
    draft = fictional.Draft(office.content(insured(0, care(), care(), credit())))
    draft.put(3, "0420", "42000001").put(4, "0420", "42000002").put(5, "0420", "42000003")
    file = office.take_in(draft.bytes())
    office.attach(file)
    (record,) = added(draft.bytes(), office.exported(file))
    assert FIELDS["0420"].of(record) == b"42000002"


def test_a_missing_last_line_end_stays_missing(office: Office) -> None:
    office.client(0)
    content = office.content().removesuffix(b"\r\n")
    file = office.take_in(content)
    office.attach(file)
    after = office.exported(file)
    assert not after.endswith(b"\r\n")
    assert len(added(content, after)) == 1


def test_a_file_in_which_nobody_has_a_profile_stays_as_it_was(office: Office) -> None:
    file = office.attached()
    assert office.exported(file) == office.written(file, ChunkKind.ORIGINAL)


def test_it_refuses_while_anybody_is_queued(office: Office) -> None:
    file = office.imported(insured(0), insured(1))
    with pytest.raises(StillQueuedError) as caught:
        office.export(file)
    assert caught.value.waiting == 2
    assert office.fresh(file).state == FileState.IMPORTED


def test_what_was_made_once_stays_so(office: Office) -> None:
    """Facts that change afterwards change nothing, not even a profile for somebody who was held."""
    office.client(0)
    file = office.attached(insured(0), insured(1))
    first = office.exported(file)
    office.client(1)
    office.attach(file)
    assert office.exported(file) == first
    with office.facts():
        export = Export.objects.get(file=file)
        assert FileChunk.objects.filter(file=file, kind=ChunkKind.EXPORT).count() == 1
    assert (export.sha256, export.size) == (hashlib.sha256(first).hexdigest(), len(first))
    assert (export.record_count, export.inserted_count) == (7, 1)
    assert export.person_counts == {"exported": 1, "held": 1}


def test_who_was_held_comes_too_late(office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1), insured(2, credit()))
    office.export(file)
    assert office.states(file) == [
        (AttachmentState.EXPORTED, Reason.NONE),
        (AttachmentState.HELD, Reason.TOO_LATE),
        (AttachmentState.EXCLUDED, Reason.CREDITS_ONLY),
    ]
    assert detail_from_json(office.items(file)[1].detail).before == Reason.CLIENT_UNKNOWN
    balance = office.balance(file)
    assert (balance.attached_or_later, balance.held, balance.excluded) == (1, 1, 1)
    assert balance.is_even


@pytest.mark.parametrize("is_made_before", [True, False])
def test_it_is_for_an_insurer_that_joined_the_register_later(office: Office, is_made_before: bool) -> None:
    file = office.take_in(fictional.Draft(office.content()).put(1, "0108", "9997").bytes())
    other = office.take_in(fictional.Draft(office.content()).put(1, "0116", "ANDER".ljust(12)).bytes())
    office.attach(file)
    if is_made_before:
        office.export(file)
    insurer = people.insurer(uzovi="9997")
    office.export(file)
    assert office.fresh(file).insurer == insurer
    assert office.fresh(other).insurer == other.insurer != insurer
    with scope.activate(scope.Scope(insurer_id=insurer.pk)):
        assert list(insurer_files.files_for(insurer)) == [file]


def test_it_writes_in_the_access_log_whose_profile_went_along(
    office: Office, declaration_officer: Actor
) -> None:
    client = office.client(0)
    file = office.attached(insured(0), insured(1))
    membership = declaration_officer.membership
    with scope.organisation(office.organisation_id, user_id=membership.user_id):
        exporting.export_file(file=file, user=membership.user, membership=membership)
        (row,) = AccessLog.objects.filter(action=AccessAction.EXPORTED)
    assert (row.clients, row.user, row.role) == ([client.pk], membership.user, membership.role)


def test_it_hands_out_nothing_that_is_not_sound(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the writer ever change an amount, the file is not made and nothing is exported."""
    office.client(0)
    file = office.attached()

    def generous(*_arguments: object) -> object:
        original = office.written(file, ChunkKind.ORIGINAL)
        return iter([original.replace(b"00019500D", b"00029500D")])

    monkeypatch.setattr(aw319, "write_with_profiles", generous)
    with pytest.raises(BrokenFileError):
        office.export(file)
    assert office.fresh(file).state == FileState.IMPORTED
    assert office.state(file)[0] == AttachmentState.ATTACHED
    with office.facts():
        assert not FileChunk.objects.filter(kind=ChunkKind.EXPORT).exists()


def test_it_misses_no_record(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.client(0)
    file = office.attached()
    monkeypatch.setattr(exporting, "_insertions", lambda _file: iter(()))
    with pytest.raises(BrokenFileError, match="0 profile records, not 1"):
        office.export(file)


def test_it_makes_the_very_file_that_it_made_before(office: Office) -> None:
    """A golden file: whatever changes here, changes what insurers receive."""
    office.house.organisation.agb = fictional.AGB
    office.house.organisation.save()
    file = office.imported(*golden_people(office))
    office.attach(file)
    after = office.exported(file)
    added(office.written(file, ChunkKind.ORIGINAL), after)
    assert after == (GOLDEN / "export-1.txt").read_bytes()


@dataclass(frozen=True)
class Somebody:
    """A person of a made-up file: their profiles by days from New Year, and the groups of their care."""

    is_client: bool
    profiles: tuple[tuple[int, str], ...]
    groups: tuple[sample_files.SampleInsured, ...]


CODES = (*anamneses.EVERY_CODE[:12], "TIJDELIJK", "GEEN")
NEW_YEAR = date(2024, 1, 1)


@st.composite
def performances(draw: st.DrawFn) -> sample_files.Care:
    """A debit, a credit or a zero line somewhere in January, with comments or without."""
    first = NEW_YEAR + timedelta(days=draw(st.integers(0, 30)))
    last = min(first + timedelta(days=draw(st.integers(0, 30))), date(2024, 1, 31))
    make = draw(st.sampled_from([care, care, care, credit, fictional.zero]))
    comments = draw(st.sampled_from([(), ("een",), ("een", "twee")]))
    return make(f"{first}", f"{last}", comments=comments)


@st.composite
def populations(draw: st.DrawFn) -> list[Somebody]:
    """People with at most three profiles each, and care in one to three groups; some are no client."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        days = sorted(draw(st.lists(st.integers(-40, 30), max_size=3, unique=True)))
        profiles = tuple((day, draw(st.sampled_from(CODES))) for day in days)
        cares = st.lists(performances(), min_size=1, max_size=3)
        groups = draw(st.lists(cares, min_size=1, max_size=3))
        persons = tuple(insured(number, *group) for group in groups)
        found.append(Somebody(draw(st.booleans()), profiles, persons))
    return found


def in_turns(population: list[Somebody]) -> list[sample_files.SampleInsured]:
    """Return the groups of all, mixed: first groups, then second ones, and so on."""
    turns = zip_longest(*(somebody.groups for somebody in population))
    return [group for turn in turns for group in turn if group is not None]


@given(populations())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_new_file_is_the_old_one_plus_records_of_nothing(
    office: Office, population: list[Somebody]
) -> None:
    with transaction.atomic():
        for number, somebody in enumerate(population):
            if somebody.is_client:
                client = office.client(number, day=None)
                for day, code in somebody.profiles:
                    office.profile(client, NEW_YEAR + timedelta(days=day), code)
        before = office.content(*each_taken_back_once(in_turns(population)))
        file = office.take_in(before)
        balance = office.attach(file)
        assert balance == office.attach(file)
        after = office.exported(file)
        new = added(before, after)
        assert after == office.exported(file)
        assert balance.is_even
        assert len({FIELDS["0403"].of(line) for line in new}) == balance.attached
        assert all(FIELDS[number].of(line) == b"0" * 8 for line in new for number in AMOUNTS)
        transaction.set_rollback(True)
