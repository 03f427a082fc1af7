"""Finishing an anamnese, and the place of its profile in time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from care.schema.constants import Role
from care.schema.models import Client, Membership
from care.tenancy import scope
from profiles.schema.models import ClientProfile, ProfileKind, ProfileStatus
from profiles.timeline.selectors import ProfileSpan, profiles_of
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.services import discard_anamnese, start_correction
from questionnaires.instruments.definition import ProblemCode
from questionnaires.schema.exceptions import (
    AlreadyCorrectedError,
    AnswersRefusedError,
    ConflictError,
    NotADraftError,
    NotYourDraftError,
)
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor, House, actor, house
from tests.factories import anamneses, people
from tests.profiles.dkdl import DKDL_2_0, scores_of

D = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _in_scope(request: pytest.FixtureRequest) -> Iterator[None]:
    if "transactional_db" in request.fixturenames:
        yield
        return
    with request.getfixturevalue("thuis").scope():
        yield


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north)


def periods(client: Client) -> list[tuple[str, date, date | None]]:
    return [(span.code, span.first_day, span.until) for span in profiles_of([client.pk]).get(client.pk, [])]


def finish(draft: Anamnese, nurse: Actor) -> ClientProfile:
    return finish_anamnese(anamnese=draft, membership=nurse.membership)


@pytest.mark.parametrize("code", [code for code in anamneses.EVERY_CODE if code != "MKT"])
def test_it_derives_every_profile(client: Client, nurse: Actor, code: str) -> None:
    profile = anamneses.finished(client, nurse.membership, day=D, code=code)
    assert profile.code == code
    assert profile.ruleset_hash == DKDL_2_0.ruleset_hash
    assert profile.model_version.version == "2.0"
    assert (profile.kind == ProfileKind.SCORED) == (profile.scores is not None)


def test_it_stores_scores_and_what_each_answer_added(client: Client, nurse: Actor) -> None:
    answers = {**anamneses.answers_for("DKDL-12"), "Q12": "2", "Q13": ["sonde", "injecties"]}
    profile = finish(anamneses.draft(client, nurse.membership, day=D, answers=answers), nurse)
    assert profile.scores == scores_of(5, 2, 9)
    by_question = {line["question"]: line for line in profile.contributions}
    assert by_question["Q4"] == {
        "question": "Q4",
        "dimension": "capacity",
        "options": ["2"],
        "points": 2,
    }
    assert (by_question["Q13"]["options"], by_question["Q13"]["points"]) == (["sonde", "injecties"], 3)


def test_age_is_answered_and_stored(client: Client, nurse: Actor, thuis: House) -> None:
    profile = anamneses.finished(client, nurse.membership, day=D)
    assert Anamnese.objects.get(profile=profile).answers["Q1"] == "1"
    child = people.client(thuis.north, date_of_birth=D.replace(year=D.year - 12))
    child_profile = anamneses.finished(child, nurse.membership, day=D, code="MKT")
    assert child_profile.anamnese.answers == {"Q1": "2"}


def test_finishing_again_returns_the_same_profile(client: Client, nurse: Actor) -> None:
    profile = anamneses.finished(client, nurse.membership, day=D)
    assert finish(profile.anamnese, nurse) == profile
    assert ClientProfile.objects.count() == 1


def test_it_refuses_with_every_problem_and_changes_nothing(client: Client, nurse: Actor) -> None:
    answers = {**anamneses.answers_for("DKDL-01"), "Q1": "2", "Q5": "", "Q6": "8", "Q13": ["sonde"]}
    draft = anamneses.draft(client, nurse.membership, day=date(2020, 1, 1), answers=answers)
    with pytest.raises(AnswersRefusedError) as refused:
        finish(draft, nurse)
    assert refused.value.date_problem == "before_care"
    assert ProblemCode.AGE_CONTRADICTION in {problem.code for problem in refused.value.problems}
    draft.refresh_from_db()
    assert (draft.status, draft.answers) == (AnamneseStatus.DRAFT, answers)
    assert not ClientProfile.objects.exists()


def test_answers_that_somebody_did_not_see_are_not_finished(client: Client, nurse: Actor) -> None:
    draft = anamneses.draft(client, nurse.membership, day=D)
    with pytest.raises(ConflictError):
        finish_anamnese(anamnese=draft, membership=nurse.membership, revision=draft.revision + 1)


def test_a_colleagues_anamnese_is_not_finished(client: Client, nurse: Actor, team_lead: Actor) -> None:
    draft = anamneses.draft(client, nurse.membership, day=D)
    with pytest.raises(NotYourDraftError):
        finish(draft, team_lead)
    finish(draft, nurse)
    with pytest.raises(NotYourDraftError):
        finish(draft, team_lead)


def test_what_was_thrown_away_is_not_finished(client: Client, nurse: Actor) -> None:
    draft = anamneses.draft(client, nurse.membership, day=D)
    discard_anamnese(anamnese=draft, membership=nurse.membership)
    with pytest.raises(NotADraftError):
        finish(draft, nurse)


def test_a_profile_ends_where_the_next_begins(client: Client, nurse: Actor) -> None:
    anamneses.finished(client, nurse.membership, day=D, code="DKDL-02")
    anamneses.finished(client, nurse.membership, day=D + timedelta(10), code="DKDL-03")
    assert periods(client) == [
        ("DKDL-02", D, D + timedelta(10)),
        ("DKDL-03", D + timedelta(10), None),
    ]


def test_a_late_one_is_put_in_its_place(client: Client, nurse: Actor) -> None:
    for offset, code in ((0, "TIJDELIJK"), (20, "DKDL-03"), (10, "DKDL-02"), (-5, "DKDL-01")):
        anamneses.finished(client, nurse.membership, day=D + timedelta(offset), code=code)
    assert periods(client) == [
        ("DKDL-01", D - timedelta(5), D),
        ("TIJDELIJK", D, D + timedelta(10)),
        ("DKDL-02", D + timedelta(10), D + timedelta(20)),
        ("DKDL-03", D + timedelta(20), None),
    ]


def test_a_temporary_profile_leaves_a_gap(client: Client, nurse: Actor) -> None:
    anamneses.finished(client, nurse.membership, day=D, code="TIJDELIJK")
    anamneses.finished(client, nurse.membership, day=D + timedelta(40), code="DKDL-03")
    assert periods(client)[0] == ("TIJDELIJK", D, D + timedelta(28))
    (temporary, _after) = profiles_of([client.pk])[client.pk]
    assert [temporary.holds_on(D + timedelta(days)) for days in (0, 27, 28)] == [True, True, False]


def test_a_child_profile_ends_on_the_birthday(thuis: House, nurse: Actor) -> None:
    child = people.client(thuis.north, date_of_birth=date(2008, 6, 1))
    anamneses.finished(child, nurse.membership, day=D, code="MKT")
    assert periods(child) == [("MKT", D, date(2026, 6, 1))]


def test_a_correction_takes_the_date_and_leaves_the_old_one_empty(client: Client, nurse: Actor) -> None:
    old = anamneses.finished(client, nurse.membership, day=D, code="TIJDELIJK")
    anamneses.finished(client, nurse.membership, day=D + timedelta(60), code="DKDL-09")
    new = anamneses.corrected(old, nurse.membership, code="DKDL-04")
    old.refresh_from_db()
    assert (old.status, old.period.isempty) == (ProfileStatus.REPLACED, True)
    assert new.date == D
    assert periods(client) == [
        ("DKDL-04", D, D + timedelta(60)),
        ("DKDL-09", D + timedelta(60), None),
    ]


def test_a_correction_can_be_corrected(client: Client, nurse: Actor) -> None:
    first = anamneses.finished(client, nurse.membership, day=D, code="DKDL-01")
    second = anamneses.corrected(first, nurse.membership, code="DKDL-02")
    anamneses.corrected(second, nurse.membership, code="DKDL-03")
    assert periods(client) == [("DKDL-03", D, None)]


def test_two_corrections_of_one_anamnese_do_not_both_count(
    client: Client, nurse: Actor, team_lead: Actor
) -> None:
    old = anamneses.finished(client, nurse.membership, day=D)
    theirs = start_correction(corrects=old.anamnese, membership=team_lead.membership, reason="anders")
    anamneses.corrected(old, nurse.membership, code="DKDL-02")
    with pytest.raises(AlreadyCorrectedError):
        finish(theirs, team_lead)
    assert periods(client) == [("DKDL-02", D, None)]


def test_profiles_are_found_for_many_clients_at_once(thuis: House, nurse: Actor) -> None:
    clients = [people.client(thuis.north) for _ in range(3)]
    for client in clients[:2]:
        anamneses.finished(client, nurse.membership, day=D, code="DKDL-05")
    found = profiles_of([client.pk for client in clients])
    assert set(found) == {client.pk for client in clients[:2]}
    (span,) = found[clients[0].pk]
    assert span == ProfileSpan(span.profile_id, "DKDL-05", D, None)
    assert [span.holds_on(D - timedelta(1)), span.holds_on(D)] == [False, True]


DAYS = st.lists(st.integers(0, 60), min_size=2, max_size=4, unique=True)
CODES = ("TIJDELIJK", "DKDL-07", "PTZ", "GEEN")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=DAYS, data=st.data())
def test_any_order_of_arrival_gives_the_same_end(
    thuis: House, nurse: Actor, days: list[int], data: st.DataObject
) -> None:
    coded = [(day, data.draw(st.sampled_from(CODES))) for day in days]
    one, other = people.client(thuis.north), people.client(thuis.north)
    for client, arrivals in ((one, coded), (other, sorted(coded))):
        for day, code in arrivals:
            anamneses.finished(client, nurse.membership, day=D + timedelta(day), code=code)
    assert periods(one) == periods(other)
    for (_code, _first, until), (_next, first, _end) in pairwise(periods(one)):
        assert until is not None
        assert until <= first


def update(sql: str, anamnese_id: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [anamnese_id])


@pytest.mark.parametrize("role", ["runtime", "owner"])
@pytest.mark.parametrize(
    "sql",
    [
        "update questionnaires_anamnese set answers = '{}' where id = %s",
        "update questionnaires_anamnese set date = date + 1 where id = %s",
        "update questionnaires_anamnese set status = 'draft' where id = %s",
        "delete from questionnaires_anamnese where id = %s",
        "update profiles_clientprofile set code = 'DKDL-12' where anamnese_id = %s",
        "update profiles_clientprofile set contributions = '[]' where anamnese_id = %s",
    ],
)
def test_the_database_refuses_a_change_of_what_is_finished(
    client: Client,
    nurse: Actor,
    as_owner: Callable[[], AbstractContextManager[None]],
    sql: str,
    role: str,
) -> None:
    anamnese = anamneses.finished(client, nurse.membership, day=D).anamnese
    acting = as_owner() if role == "owner" else nullcontext()
    with acting, pytest.raises(IntegrityError, match="do not change"):
        update(sql, anamnese.pk)


def test_the_database_refuses_two_profiles_on_one_day(client: Client, nurse: Actor) -> None:
    first = anamneses.finished(client, nurse.membership, day=D)
    anamneses.finished(client, nurse.membership, day=D + timedelta(5))
    with pytest.raises(IntegrityError, match="one_profile_per_client_and_day"), transaction.atomic():
        ClientProfile.objects.filter(pk=first.pk).update(period=DateRange(D, None))


def _finishing(draft: Anamnese, nurse: Membership, failures: list[Exception]) -> threading.Thread:
    def work() -> None:
        try:
            with scope.organisation(draft.organisation_id):
                finish_anamnese(anamnese=draft, membership=nurse)
        except Exception as failure:  # noqa: BLE001 - handed to the test, which fails on any
            failures.append(failure)
        finally:
            connection.close()

    return threading.Thread(target=work)


def test_finishing_at_once_keeps_the_order_of_time(transactional_db: None) -> None:
    home = house("Thuiszorg Samen")
    with home.scope():
        client = people.client(home.north)
    arrivals = [(9, "TIJDELIJK"), (0, "DKDL-01"), (12, "DKDL-04"), (5, "DKDL-02")]
    failures: list[Exception] = []
    threads = []
    for day, code in arrivals:
        nurse = actor(Role.NURSE, home, home.north).membership
        with home.scope():
            answers = anamneses.answers_for(code)
            draft = anamneses.draft(client, nurse, day=D + timedelta(day), answers=answers)
        threads.append(_finishing(draft, nurse, failures))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with home.scope():
        assert [(code, (first - D).days) for code, first, _until in periods(client)] == [
            ("DKDL-01", 0),
            ("DKDL-02", 5),
            ("TIJDELIJK", 9),
            ("DKDL-04", 12),
        ]


def test_finishing_one_draft_twice_at_once_makes_one_profile(transactional_db: None) -> None:
    home = house("Thuiszorg Dubbel")
    nurse = actor(Role.NURSE, home, home.north).membership
    with home.scope():
        draft = anamneses.draft(people.client(home.north), nurse, day=D)
    failures: list[Exception] = []
    threads = [_finishing(draft, nurse, failures) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with home.scope():
        assert ClientProfile.objects.filter(anamnese=draft).count() == 1
