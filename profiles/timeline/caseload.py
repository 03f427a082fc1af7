"""The clients of a membership and how it stands with their profiles: the lists of nurse and team lead."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from care.clients import selectors as care
from care.names import folded
from care.schema.constants import Role
from care.schema.identifiers import is_bsn, without_marks
from care.schema.models import Client, Membership, Team
from profiles.timeline import selectors
from profiles.timeline.facts import rules_of
from profiles.timeline.state_texts import StateText, state_text
from profiles.timeline.states import ClientState, ProfileState
from questionnaires.anamneses.selectors import drafts_of
from questionnaires.schema.models import Anamnese

#: Of the encrypted fields only what a list shows: each value that is read costs a decryption.
_NOT_LISTED = ("bsn", "bsn_hash", "insured_number")


@dataclass(frozen=True, slots=True)
class Case:
    """One client in a list."""

    client: Client
    state: ClientState
    draft: Anamnese | None = None
    #: Whether today's anamnese has been done: one day has one.
    is_done_today: bool = False

    @property
    def asks_for_anamnese(self) -> bool:
        """Whether starting one is what somebody comes for."""
        return self.has_turn and not self.is_done_today

    @property
    def has_turn(self) -> bool:
        """Whether an anamnese is due, or was before that of today; none is while other work comes first."""
        happened = self.state.happened
        is_other_work = happened is not None and (happened.is_contradiction or happened.is_told_dead)
        return self.state.state != ProfileState.CURRENT and not is_other_work

    @property
    def urgency(self) -> tuple[int, int]:
        """Who has no profile (any more) first, then whose ends soonest, then who is due for longest."""
        state = self.state
        if state.state is ProfileState.TEMPORARY:
            return 1, state.days_left or 0
        if state.state is ProfileState.DUE:
            return 2, state.due_since.toordinal() if state.due_since else 0
        return 0, 0

    @property
    def text(self) -> StateText:
        """The state in words."""
        return state_text(self.state)

    @property
    def sort_key(self) -> tuple[str, str, int]:
        """By surname, as names are sorted in the Netherlands: without prefix, accents or capitals."""
        return folded(self.client.surname), folded(self.client.initials), self.client.pk


def cases_of(membership: Membership, *, day: date) -> list[Case]:
    """Return the clients in care of a membership's teams, by surname. Constant number of queries."""
    clients = _listed(membership, day)
    ids = [client.pk for client in clients]
    states = selectors.states_of(ids, day=day, rules=rules_of(membership.organisation))
    drafts = drafts_of(membership, ids) if membership.role == Role.NURSE else {}
    cases = [
        Case(client, states[client.pk], drafts.get(client.pk), states[client.pk].first_day == day)
        for client in clients
    ]
    return sorted(cases, key=lambda case: case.sort_key)


def by_urgency(cases: Iterable[Case]) -> list[Case]:
    """Return whose turn it is first, the most urgent on top; then who was begun with, then the others."""
    return sorted(cases, key=_urgency)


def _urgency(case: Case) -> tuple[int, int]:
    if case.asks_for_anamnese:
        return case.urgency
    return (3, 0) if case.draft else (4, 0)


def _listed(membership: Membership, day: date) -> list[Client]:
    """Their teams are few: each is read once, and not with each client."""
    rows = care.clients_of(membership).select_related(None).filter(care.in_care(day)).defer(*_NOT_LISTED)
    clients, teams = (
        list(rows),
        {team.pk: team for team in Team.objects.filter(organisation=membership.organisation_id)},
    )
    for client in clients:
        client.team = teams[client.team_id]
    return clients


def state_of(client: Client, membership: Membership, *, day: date) -> ClientState:
    """Return how it stands with one client's profile."""
    rules = rules_of(membership.organisation)
    return selectors.states_of([client.pk], day=day, rules=rules)[client.pk]


def search(cases: Sequence[Case], text: str, membership: Membership) -> list[Case]:
    """Return the cases whose name or birth holds every word, or the one with this BSN. Read in memory."""
    compact = without_marks(text)
    if is_bsn(compact) and membership.organisation_id is not None:
        found = care.client_by_bsn(membership.organisation_id, compact)
        return [case for case in cases if found is not None and case.client.pk == found.pk]
    wanted = {client.pk for client in care.search_clients((case.client for case in cases), text)}
    return [case for case in cases if case.client.pk in wanted]


def are_of_several_teams(cases: Sequence[Case]) -> bool:
    """Tell whether the team is worth naming beside each client."""
    return len({case.client.team_id for case in cases}) > 1


def in_states(cases: Sequence[Case], states: Collection[ProfileState]) -> list[Case]:
    """Return the cases in one of the states."""
    return [case for case in cases if case.state.state in states]


def count_time(cases: Sequence[Case]) -> int:
    """Count the cases at which it is time to look: the badge of the menu on a page that has them anyway."""
    return sum(case.state.is_time for case in cases)


def count_by_state(cases: Sequence[Case]) -> Counter[ProfileState]:
    """Count the cases per state."""
    return Counter(case.state.state for case in cases)


def count_by_code(cases: Sequence[Case]) -> Counter[str]:
    """Count the profiles in force per code."""
    return Counter(case.state.code for case in cases if case.state.code)
