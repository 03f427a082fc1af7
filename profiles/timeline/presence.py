"""What there is of a client beside profiles: of most clients most is not there, and need not be read."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Exists, OuterRef, Q

from care.schema.death_notices import DeathNotice
from care.schema.models import Client, Membership
from care.schema.periods import InsurerPeriod, TeamPeriod
from care.schema.statements import Consent, Objection
from care.tenancy.compiled_queries import A_DAY, A_NUMBER, ANOTHER_NUMBER, CompiledQuery, compiled
from profiles.schema.models import ReassessmentEvent
from questionnaires.schema.models import Anamnese, AnamneseStatus


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether there is anything of each kind: what it is has to be read where this says so.

    Moves begin after the day that was asked, `events` were not taken back; a draft and what was thrown away
    are the user's own, `others_drafts` those of colleagues.
    """

    consents: bool
    objection: bool
    death_notices: bool
    team_move: bool
    insurer_move: bool
    events: bool
    draft: bool
    thrown_away: bool
    others_drafts: bool

    @property
    def statements(self) -> bool:
        """Whether the client said anything about handing codes on."""
        return self.consents or self.objection

    @property
    def planned_moves(self) -> bool:
        """Whether the client goes to another team or insurer."""
        return self.team_move or self.insurer_move


def presence_of(client: Client, membership: Membership, *, day: date) -> Presence:
    """Return what there is of a client for a member of the team, as seen on a day. One small statement."""
    (found,) = _presence().rows(client=client.pk, user=membership.user_id, day=day)
    return Presence(*found)


@cache
def _presence() -> CompiledQuery:
    whose, ahead = Q(client=OuterRef("pk")), Q(period__startswith__gt=A_DAY)
    drafts = Anamnese.objects.filter(whose, status=AnamneseStatus.DRAFT)
    thrown_away = Anamnese.objects.filter(whose, status=AnamneseStatus.DISCARDED)
    query = Client.objects.filter(pk=A_NUMBER).values_list(
        Exists(Consent.objects.filter(whose)),
        Exists(Objection.objects.filter(whose, withdrawn_on=None)),
        Exists(DeathNotice.objects.filter(whose)),
        Exists(TeamPeriod.objects.filter(whose, ahead)),
        Exists(InsurerPeriod.objects.filter(whose, ahead)),
        Exists(ReassessmentEvent.objects.filter(whose, withdrawn_on=None)),
        Exists(drafts.filter(nurse=ANOTHER_NUMBER)),
        Exists(thrown_away.filter(nurse=ANOTHER_NUMBER)),
        Exists(drafts.exclude(nurse=ANOTHER_NUMBER)),
    )
    return compiled(query, client=A_NUMBER, user=ANOTHER_NUMBER, day=A_DAY)
