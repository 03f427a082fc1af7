"""The demo's clients, with anamneses that went the same way as a nurse's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from care.clients.registration import ClientDetails, create_client
from care.schema.models import Client, Insurer, Membership, Organisation, Team
from declarations.demo.casemix import Casemix
from declarations.demo.fiction import person
from profiles.engine import Answers, shipped
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.draft_rules import without_age
from questionnaires.anamneses.services import save_answers, start_anamnese, start_correction
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import age_bounds, to_json
from questionnaires.instruments.definitions import shipped as shipped_instrument
from questionnaires.schema.models import Anamnese

CLIENTS = 100
# Three of four clients are insured with the first insurer, so that its figures have counts to show.
SHARES = (0, 0, 0, 1)
CASEMIX = Casemix(shipped())


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
    codes = [code for code, count in CASEMIX.clients_per_profile().items() for _each in range(count)]
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
    who = person(load.random, next(load.bsns), today=load.today, is_child=_is_of_a_child(code))
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


def _is_of_a_child(code: str | None) -> bool:
    """Tell whether the answers that lead to a code are those of somebody who is too young for others."""
    if code is None or code not in CASEMIX.model.exceptions:
        return False
    answers = CASEMIX.answers_for(code, Random())  # noqa: S311 - an exception has one set of answers
    return age_bounds(shipped_instrument(), answers).below is not None


def _history(load: Caseload, client: Client, code: str) -> None:
    """Write an earlier anamnese for every third client, then the one that holds now."""
    days_ago = _days_ago(load.random, code)
    if code in CASEMIX.scored and load.random.random() < 1 / 3:
        earlier = load.random.choice(CASEMIX.scored)
        _anamnese(load, client, CASEMIX.answers_for(earlier, load.random), days_ago + 170)
    last = _anamnese(load, client, CASEMIX.answers_for(code, load.random), days_ago)
    before, heaviest = CASEMIX.scored[-2:]
    if code == heaviest and load.random.random() < 1 / 6:
        _correct(load, last, CASEMIX.answers_for(before, load.random))


def _days_ago(random: Random, code: str) -> int:
    """Return how long ago the anamnese was: most lately, some due again, two temporary ones run out."""
    terms = CASEMIX.model.exceptions.get(code)
    if terms and terms.lasts_days:
        return random.choice((6, 24, 40))
    if terms and terms.asks_after_months:
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
    answers = CASEMIX.answers_for(CASEMIX.scored[-1], load.random)
    _save(draft, nurse, dict(list(answers.items())[: len(CASEMIX.model.gates) + 2]))


def _save(draft: Anamnese, nurse: Membership, answers: Answers) -> None:
    instrument = instrument_of(draft.instrument)
    given = to_json(instrument, without_age(instrument, answers))
    save_answers(anamnese=draft, membership=nurse, answers=given, revision=draft.revision)


def nurses_of(organisation: Organisation, teams: list[Team]) -> dict[int, Membership]:
    """Return one nurse's membership for each team."""
    found = Membership.objects.filter(organisation=organisation, role="nurse", teams__in=teams)
    return {team.pk: found.filter(teams=team).order_by("id")[0] for team in teams}
