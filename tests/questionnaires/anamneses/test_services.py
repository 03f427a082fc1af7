"""Starting, filling in and throwing away a draft."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from care.schema.models import Client
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.services import (
    Saved,
    change_date,
    complete_answers,
    discard_anamnese,
    problems_of,
    save_answers,
    start_anamnese,
    start_correction,
)
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import AnswerProblem, ProblemCode, Reach, from_json, reach, to_json
from questionnaires.schema.dates import DateProblem
from questionnaires.schema.exceptions import (
    AlreadyCorrectedError,
    AnswersRefusedError,
    ConflictError,
    NotADraftError,
    NotCorrectableError,
    NotYourDraftError,
)
from questionnaires.schema.models import Anamnese, AnamneseEvent, AnamneseStatus
from tests.actors import Actor, House
from tests.factories import anamneses, people

DAY = date(2026, 3, 2)


@pytest.fixture
def client(thuis: House, nurse: Actor) -> Client:
    with thuis.scope():
        return people.client(thuis.north)


@pytest.fixture(autouse=True)
def _in_scope(thuis: House) -> Iterator[None]:
    with thuis.scope():
        yield


def start(client: Client, nurse: Actor, day: date = DAY) -> Anamnese:
    return start_anamnese(client=client, membership=nurse.membership, day=day)


def test_it_starts_an_empty_draft_with_the_instrument_of_the_day(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    assert (draft.status, draft.answers, draft.instrument.version) == (AnamneseStatus.DRAFT, {}, "2.0.1")
    assert draft.nurse == nurse.user


def test_it_resumes_the_draft_that_is_there(client: Client, nurse: Actor) -> None:
    assert start(client, nurse) == start(client, nurse, DAY + timedelta(1))


def test_a_colleague_has_a_draft_of_her_own(client: Client, nurse: Actor, team_lead: Actor) -> None:
    assert start(client, nurse) != start(client, team_lead)


def test_a_repeated_start_with_the_same_id_makes_nothing_double(client: Client, nurse: Actor) -> None:
    made = uuid4()
    first = start_anamnese(client=client, membership=nurse.membership, day=DAY, public_id=made)
    again = start_anamnese(client=client, membership=nurse.membership, day=DAY, public_id=made)
    assert first == again
    assert first.public_id == made


def test_an_id_that_is_somebody_elses_is_refused(client: Client, nurse: Actor, team_lead: Actor) -> None:
    theirs = start(client, team_lead)
    with pytest.raises(NotYourDraftError):
        start_anamnese(client=client, membership=nurse.membership, day=DAY, public_id=theirs.public_id)


def test_an_id_of_another_organisation_is_refused(
    client: Client, nurse: Actor, elders: House, nurse_elsewhere: Actor
) -> None:
    with elders.scope():
        their_client = people.client(elders.north)
        theirs = start(their_client, nurse_elsewhere)
    with pytest.raises(NotYourDraftError):
        start_anamnese(client=client, membership=nurse.membership, day=DAY, public_id=theirs.public_id)


@pytest.mark.parametrize(
    ("days", "problem"),
    [(1, DateProblem.FUTURE), (-9999, DateProblem.BEFORE_CARE), (0, None)],
)
def test_it_checks_the_date(client: Client, nurse: Actor, days: int, problem: DateProblem | None) -> None:
    day = localdate() + timedelta(days)
    if problem is None:
        assert start(client, nurse, day).date == day
        return
    with pytest.raises(AnswersRefusedError) as refused:
        start(client, nurse, day)
    assert refused.value.date_problem is problem


def test_a_client_that_has_left_has_no_anamnese_from_that_day(thuis: House, nurse: Actor) -> None:
    gone = people.client(thuis.north, in_care_until=DAY)
    with pytest.raises(AnswersRefusedError) as refused:
        start(gone, nurse)
    assert refused.value.date_problem is DateProblem.AFTER_CARE
    assert start(gone, nurse, DAY - timedelta(1)).status == AnamneseStatus.DRAFT


def test_a_second_anamnese_of_one_day_is_refused(client: Client, nurse: Actor) -> None:
    anamneses.finished(client, nurse.membership, day=DAY)
    with pytest.raises(AnswersRefusedError) as refused:
        start(client, nurse)
    assert refused.value.date_problem is DateProblem.TAKEN


def save(draft: Anamnese, nurse: Actor, answers: object, revision: int = 0) -> Saved:
    return save_answers(anamnese=draft, membership=nurse.membership, answers=answers, revision=revision)


def test_it_saves_part_of_the_answers(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    saved = save(draft, nurse, {"Q2": "1"})
    assert (saved.revision, dict(saved.answers)) == (1, {"Q2": ("1",)})
    draft.refresh_from_db()
    assert draft.answers == {"Q2": "1"}


def test_the_seconds_of_each_time_come_together(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    for answers, seconds in (({"Q2": "1"}, 40), ({"Q2": "1"}, 5), ({}, 0)):
        save_answers(
            anamnese=draft,
            membership=nurse.membership,
            answers=answers,
            revision=draft.revision,
            seconds=seconds,
        )
        draft.refresh_from_db()
    assert draft.active_seconds == 45


def test_saving_the_same_again_is_no_conflict(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    save(draft, nurse, {"Q2": "1"})
    assert save(draft, nurse, {"Q2": "1"}, revision=0).revision == 1


def test_a_stale_revision_is_refused_with_what_is_stored(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    save(draft, nurse, {"Q2": "1"})
    with pytest.raises(ConflictError) as conflict:
        save(draft, nurse, {"Q2": "2"}, revision=0)
    assert (conflict.value.revision, dict(conflict.value.answers)) == (1, {"Q2": ("1",)})


def test_an_answer_that_no_longer_applies_is_set_aside_and_named(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    save(draft, nurse, anamneses.answers_for("DKDL-05"))
    saved = save(draft, nurse, {**anamneses.answers_for("DKDL-05"), "Q3": "2"}, revision=1)
    assert dict(saved.answers) == {"Q2": ("1",), "Q3": ("2",)}
    assert saved.dropped == ("Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11", "Q12")
    assert tuple(saved.set_aside) == saved.dropped


class TestSetAside:
    """One mis-tap at a gate: what was answered behind it comes back."""

    @pytest.fixture
    def draft(self, client: Client, nurse: Actor) -> Anamnese:
        draft = start(client, nurse)
        save(draft, nurse, anamneses.answers_for("DKDL-05"))
        save(draft, nurse, {"Q2": "2"}, revision=1)
        return draft

    def test_it_comes_back_when_it_applies_again(self, draft: Anamnese, nurse: Actor) -> None:
        saved = save(draft, nurse, {"Q2": "1"}, revision=2)
        assert to_json(instrument_of(draft.instrument), saved.answers) == anamneses.answers_for("DKDL-05")
        assert saved.returned == ("Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11", "Q12")
        assert dict(saved.set_aside) == {}

    def test_what_was_answered_anew_counts_and_what_was_emptied_stays_empty(
        self, draft: Anamnese, nurse: Actor
    ) -> None:
        saved = save(draft, nurse, {"Q2": "1", "Q4": "3", "Q5": []}, revision=2)
        assert (saved.answers["Q4"], "Q5" in saved.answers) == (("3",), False)

    def test_it_is_gone_once_the_anamnese_is_finished(self, draft: Anamnese, nurse: Actor) -> None:
        frozen = finish_anamnese(anamnese=draft, membership=nurse.membership).anamnese
        frozen.refresh_from_db()
        assert (frozen.answers, frozen.set_aside) == ({"Q1": "1", "Q2": "2"}, {})

    def test_the_database_keeps_nothing_aside_of_what_is_finished(
        self, draft: Anamnese, nurse: Actor
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Anamnese.objects.filter(pk=draft.pk).update(status=AnamneseStatus.FINISHED)

    def test_another_date_sets_aside_and_brings_back(self, thuis: House, nurse: Actor) -> None:
        child = people.client(thuis.north, date_of_birth=DAY - timedelta(days=18 * 365 + 4))
        draft = start(child, nurse, DAY)
        save(draft, nurse, {"Q2": "1", "Q3": "2"})
        as_child = change_date(anamnese=draft, membership=nurse.membership, day=DAY - timedelta(days=60))
        assert (as_child.answers, as_child.set_aside) == ({}, {"Q2": "1", "Q3": "2"})
        grown = change_date(anamnese=draft, membership=nurse.membership, day=DAY)
        assert (grown.answers, grown.set_aside) == ({"Q2": "1", "Q3": "2"}, {})

    def test_a_tablet_brings_back_its_own(self, draft: Anamnese, nurse: Actor) -> None:
        given = {"Q2": "1", "Q3": "1"}
        saved = save_answers(
            anamnese=draft, membership=nurse.membership, answers=given, revision=2, brings_back=False
        )
        assert (dict(saved.answers), dict(saved.set_aside)) == ({"Q2": ("1",), "Q3": ("1",)}, {})

    def test_what_a_tablet_left_out_is_set_aside(self, client: Client, nurse: Actor) -> None:
        draft = start(client, nurse)
        save(draft, nurse, {"Q2": "1", "Q3": "2"})
        given = {"Q2": "2"}
        saved = save_answers(
            anamnese=draft, membership=nurse.membership, answers=given, revision=1, brings_back=False
        )
        assert (dict(saved.answers), dict(saved.set_aside)) == ({"Q2": ("2",)}, {"Q3": ("2",)})

    def test_no_walk_through_the_gates_loses_an_answer(self, client: Client, nurse: Actor) -> None:
        draft, random = start(client, nurse), Random(9)  # noqa: S311 - the same walk every time
        said: anamneses.Json = {}
        for _tap in range(150):
            question = random.choice(list(instrument_of(draft.instrument).questions)[1:])
            if reach(instrument_of(draft.instrument), question, complete_answers(draft)) is Reach.HIDDEN:
                continue
            codes = [option.code for option in question.options]
            answer: str | list[str] = random.choice(codes)
            if question.is_multiple:
                answer = random.sample(codes, random.randint(0, 2))
            said = {**said, question.id: answer}
            now = {**draft.answers, question.id: answer}
            save(draft, nurse, now, revision=draft.revision)
            draft.refresh_from_db()
            whole = {name: codes for name, codes in said.items() if codes}
            kept = from_json({**draft.answers, **draft.set_aside})
            assert {name: set(codes) for name, codes in kept.items()} == {
                name: set(codes) for name, codes in from_json(whole).items()
            }
            assert not draft.answers.keys() & draft.set_aside.keys()


def test_technical_care_is_dropped_when_there_is_none(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    given = {**anamneses.answers_for("DKDL-01"), "Q12": "1", "Q13": ["sonde"]}
    assert save(draft, nurse, given).dropped == ("Q13",)


def test_an_answer_waits_for_the_gate_that_decides_on_it(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    saved = save(draft, nurse, {"Q4": "2"})
    assert (dict(saved.answers), saved.dropped) == ({"Q4": ("2",)}, ())


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"Q99": "1"}, AnswerProblem("Q99", ProblemCode.UNKNOWN_QUESTION)),
        ({"Q2": "7"}, AnswerProblem("Q2", ProblemCode.UNKNOWN_OPTION)),
        ({"Q2": ["1", "2"]}, AnswerProblem("Q2", ProblemCode.TOO_MANY_OPTIONS)),
        ({"Q1": "2"}, AnswerProblem("Q1", ProblemCode.AGE_CONTRADICTION)),
    ],
)
def test_what_can_never_be_right_is_refused_whole(
    client: Client, nurse: Actor, answers: object, problem: AnswerProblem
) -> None:
    draft = start(client, nurse)
    with pytest.raises(AnswersRefusedError) as refused:
        save(draft, nurse, answers)
    assert refused.value.problems == (problem,)
    draft.refresh_from_db()
    assert (draft.answers, draft.revision) == ({}, 0)


def test_age_is_not_kept_in_a_draft(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    assert dict(save(draft, nurse, {"Q1": "1", "Q2": "1"}).answers) == {"Q2": ("1",)}


def test_only_the_nurse_herself_saves(client: Client, nurse: Actor, team_lead: Actor) -> None:
    with pytest.raises(NotYourDraftError):
        save(start(client, nurse), team_lead, {"Q2": "1"})


def test_a_finished_anamnese_cannot_be_saved(client: Client, nurse: Actor) -> None:
    profile = anamneses.finished(client, nurse.membership, day=DAY)
    with pytest.raises(NotADraftError):
        save(profile.anamnese, nurse, {"Q2": "2"}, revision=1)


def test_every_problem_is_reported_together(thuis: House, nurse: Actor) -> None:
    gone = people.client(thuis.north, in_care_until=DAY)
    raw: anamneses.Json = {
        "Q1": "2",
        "Q2": "1",
        "Q3": "1",
        "Q4": "9",
        "Q12": "1",
        "Q13": ["sonde"],
        "QX": "1",
    }
    draft = anamneses.draft(gone, nurse.membership, day=DAY, answers=raw)
    problems, wrong_date = problems_of(draft)
    assert wrong_date is DateProblem.AFTER_CARE
    assert {(problem.question, problem.code) for problem in problems} >= {
        ("Q1", ProblemCode.AGE_CONTRADICTION),
        ("QX", ProblemCode.UNKNOWN_QUESTION),
        ("Q4", ProblemCode.NOT_ASKED),
    }


def test_gaps_and_contradictions_are_reported_beside_their_questions(client: Client, nurse: Actor) -> None:
    raw: anamneses.Json = {**anamneses.answers_for("DKDL-01"), "Q4": "9", "Q5": "", "Q12": "2"}
    problems, wrong_date = problems_of(anamneses.draft(client, nurse.membership, day=DAY, answers=raw))
    assert wrong_date is None
    assert [(problem.question, problem.code) for problem in problems] == [
        ("Q4", ProblemCode.UNKNOWN_OPTION),
        ("Q5", ProblemCode.MISSING),
        ("Q13", ProblemCode.TECHNICAL_CONTRADICTION),
    ]


def test_another_date_asks_what_applies_at_that_age(thuis: House, nurse: Actor) -> None:
    turning = people.client(thuis.north, date_of_birth=DAY.replace(year=DAY.year - 18))
    draft = start(turning, nurse)
    save(draft, nurse, anamneses.answers_for("DKDL-05"))
    moved = change_date(anamnese=draft, membership=nurse.membership, day=DAY - timedelta(1))
    assert (moved.answers, moved.revision) == ({}, 2)


def test_another_date_is_checked_too(client: Client, nurse: Actor) -> None:
    with pytest.raises(AnswersRefusedError):
        change_date(
            anamnese=start(client, nurse), membership=nurse.membership, day=localdate() + timedelta(1)
        )


def test_a_correction_begins_with_the_old_answers_on_the_old_date(client: Client, nurse: Actor) -> None:
    old = anamneses.finished(client, nurse.membership, day=DAY, code="DKDL-05").anamnese
    correction = start_correction(corrects=old, membership=nurse.membership, reason=" verkeerd getikt ")
    assert correction.answers == anamneses.answers_for("DKDL-05")
    assert (correction.date, correction.correction_reason) == (DAY, "verkeerd getikt")
    with pytest.raises(NotCorrectableError):
        change_date(anamnese=correction, membership=nurse.membership, day=DAY - timedelta(1))


def test_a_correction_is_resumed_with_its_new_reason(client: Client, nurse: Actor) -> None:
    old = anamneses.finished(client, nurse.membership, day=DAY).anamnese
    first = start_correction(corrects=old, membership=nurse.membership, reason="een")
    again = start_correction(corrects=old, membership=nurse.membership, reason="twee")
    assert first == again
    assert again.correction_reason == "twee"


def test_a_correction_needs_a_reason_and_a_finished_anamnese(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    with pytest.raises(NotCorrectableError):
        start_correction(corrects=draft, membership=nurse.membership, reason="fout")
    old = anamneses.finished(client, nurse.membership, day=DAY).anamnese
    with pytest.raises(NotCorrectableError):
        start_correction(corrects=old, membership=nurse.membership, reason="  ")


def test_what_was_corrected_cannot_be_corrected_again(client: Client, nurse: Actor) -> None:
    old = anamneses.finished(client, nurse.membership, day=DAY)
    anamneses.corrected(old, nurse.membership, code="DKDL-02")
    with pytest.raises(AlreadyCorrectedError):
        start_correction(corrects=old.anamnese, membership=nurse.membership, reason="nog eens")


def test_throwing_away_leaves_a_trace_and_for_a_day_the_answers(client: Client, nurse: Actor) -> None:
    draft = start(client, nurse)
    save(draft, nurse, {"Q2": "1"})
    discard_anamnese(anamnese=draft, membership=nurse.membership)
    discard_anamnese(anamnese=draft, membership=nurse.membership)
    draft.refresh_from_db()
    assert (draft.status, draft.answers) == (AnamneseStatus.DISCARDED, {"Q2": "1"})
    states = AnamneseEvent.objects.filter(anamnese=draft).order_by("id").values_list("to_state", flat=True)
    assert list(states) == ["draft", "discarded"]
    assert start(client, nurse) != draft


def test_a_finished_anamnese_is_not_thrown_away(client: Client, nurse: Actor) -> None:
    profile = anamneses.finished(client, nurse.membership, day=DAY)
    with pytest.raises(NotADraftError):
        discard_anamnese(anamnese=profile.anamnese, membership=nurse.membership)
