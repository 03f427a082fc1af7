"""The demo's clients, with anamneses that went the same way as a nurse's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from care.clients.registration import ClientDetails, create_client
from care.schema.models import Client, Insurer, Membership, Organisation, Team
from declarations.demo.casemix import CLIENTS_PER_PROFILE, answers_for
from declarations.demo.fiction import person
from profiles.engine import Answers
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.services import save_answers, start_anamnese, start_correction
from questionnaires.schema.models import Anamnese

CLIENTS = 100
# Three of four clients are insured with the first insurer, so that its figures have counts to show.
SHARES = (0, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Caseload:
    """What the clients of one organisation are made with."""

    organisation: Organisation
    teams: list[Team]
    nurses: dict[int, Membership]
    insurers: list[Insurer]
    bsns: Iterator[str]
    today: date
    random: Random


def make_clients(load: Caseload) -> list[Client]:
    """Write the clients of one organisation with their profiles; the last ones have none yet."""
    codes = [code for code, count in CLIENTS_PER_PROFILE.items() for _each in range(count)]
    load.random.shuffle(codes)
    wanted: list[str | None] = [*codes, *[None] * (CLIENTS - len(codes))]
    teams, shares = cycle(load.teams), cycle(SHARES)
    clients = [_client(load, next(teams), load.insurers[next(shares)], code) for code in wanted]
    for client, code in zip(clients, wanted, strict=True):
        if code is not None:
            _history(load, client, code)
    _draft(load, clients[-1])
    return clients


def _client(load: Caseload, team: Team, insurer: Insurer, code: str | None) -> Client:
    who = person(load.random, next(load.bsns), today=load.today, is_child=code == "MKT")
    began = max(load.today - timedelta(days=load.random.randint(420, 1_400)), who.date_of_birth)
    details = ClientDetails(
        bsn=who.bsn,
        initials=who.initials,
        prefix=who.prefix,
        surname=who.surname,
        date_of_birth=who.date_of_birth,
        sex=who.sex,
        insurer_id=insurer.pk,
        insured_number=who.insured_number,
        team_id=team.pk,
        in_care_from=began,
        in_care_until=None,
    )
    return create_client(details=details, by=load.nurses[team.pk])


def _history(load: Caseload, client: Client, code: str) -> None:
    """Write an earlier anamnese for every third client, then the one that holds now."""
    days_ago = _days_ago(load.random, code)
    if code.startswith("DKDL") and load.random.random() < 1 / 3:
        earlier = load.random.choice([other for other in CLIENTS_PER_PROFILE if other.startswith("DKDL")])
        _anamnese(load, client, answers_for(earlier, load.random), days_ago + 170)
    last = _anamnese(load, client, answers_for(code, load.random), days_ago)
    if code == "DKDL-12" and load.random.random() < 1 / 6:
        _correct(load, last, answers_for("DKDL-11", load.random))


def _days_ago(random: Random, code: str) -> int:
    """Return how long ago the anamnese was: most lately, some due again, two temporary ones run out."""
    if code == "TIJDELIJK":
        return random.choice((6, 24, 40))
    if code == "PTZ":
        return random.randint(5, 60)
    return random.choice((random.randint(65, 150), random.randint(65, 150), random.randint(185, 240)))


def _anamnese(load: Caseload, client: Client, answers: Answers, days_ago: int) -> Anamnese:
    nurse, day = load.nurses[client.team_id], load.today - timedelta(days=days_ago)
    draft = start_anamnese(client=client, membership=nurse, day=day)
    _save(draft, nurse, answers)
    finish_anamnese(anamnese=draft, membership=nurse)
    return draft


def _correct(load: Caseload, finished: Anamnese, answers: Answers) -> None:
    nurse = load.nurses[finished.client.team_id]
    reason = "Mantelzorg was verkeerd ingevuld."
    draft = start_correction(corrects=finished, membership=nurse, reason=reason)
    _save(draft, nurse, answers)
    finish_anamnese(anamnese=draft, membership=nurse)


def _draft(load: Caseload, client: Client) -> None:
    """Leave one anamnese half done, to go on with."""
    nurse = load.nurses[client.team_id]
    draft = start_anamnese(client=client, membership=nurse, day=load.today)
    _save(draft, nurse, {"Q2": ("1",), "Q3": ("1",), "Q4": ("2",), "Q5": ("1",)})


def _save(draft: Anamnese, nurse: Membership, answers: Answers) -> None:
    given = {
        question: list(options) if question == "Q13" else options[0]
        for question, options in answers.items()
        if question != "Q1"
    }
    save_answers(anamnese=draft, membership=nurse, answers=given, revision=draft.revision)


def nurses_of(organisation: Organisation, teams: list[Team]) -> dict[int, Membership]:
    """Return one nurse's membership for each team."""
    found = Membership.objects.filter(organisation=organisation, role="nurse", teams__in=teams)
    return {team.pk: found.filter(teams=team).order_by("id")[0] for team in teams}
