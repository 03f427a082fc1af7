"""What a nurse takes along for a day without connection: her clients, and what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from care.clients import selectors as care
from care.schema.models import Client, Membership
from profiles.schema.models import ClientProfile
from profiles.timeline.caseload import Case, by_urgency, cases_of
from questionnaires.anamneses import selectors
from questionnaires.schema.models import Anamnese


@dataclass(frozen=True, slots=True)
class Known:
    """One client, with the last standing anamnese and its profile, and colleagues who are at work.

    `turn` is the place among those whose turn it is, the most urgent at 0.
    """

    case: Case
    last: Anamnese | None
    code: str
    others: tuple[Anamnese, ...]
    turn: int | None = None


def known_of(membership: Membership, *, day: date) -> list[Known]:
    """Return what is known of each client in care of a membership. Constant number of queries."""
    cases = cases_of(membership, day=day)
    prefetch_related_objects([case.client for case in cases], "care_periods")
    ids = [case.client.pk for case in cases]
    last = selectors.last_finished_of(ids)
    codes = _codes(last)
    others = selectors.drafts_of_others(membership, ids)
    waiting = (case.client.pk for case in by_urgency(cases) if case.has_turn)
    turns = {client: turn for turn, client in enumerate(waiting)}
    return [
        Known(
            case,
            last.get(case.client.pk),
            codes.get(case.client.pk, ""),
            tuple(others.get(case.client.pk, ())),
            turns.get(case.client.pk),
        )
        for case in cases
    ]


def client_json(known: Known) -> dict[str, Any]:
    """Return what a tablet gets of one client."""
    client, state = known.case.client, known.case.state
    return {
        "id": str(client.public_id),
        "name": client.name,
        "date_of_birth": client.date_of_birth.isoformat(),
        "in_care": _in_care(client),
        "turn": known.turn,
        "state": {
            "state": state.state.value,
            "code": state.code,
            "days_left": state.days_left,
            "due_since": state.due_since.isoformat() if state.due_since else None,
            "kind": known.case.text.kind,
            "label": known.case.text.label,
            "note": known.case.text.note,
        },
        "draft": _draft(known.case.draft),
        "last": _last(known),
        "others": others_json(known.others),
    }


def others_json(drafts: tuple[Anamnese, ...] | list[Anamnese]) -> list[dict[str, str]]:
    """Return which colleagues are filling in, and since when their last answer stands."""
    return [
        {"nurse": draft.nurse.name, "saved_at": draft.saved_at.isoformat()} for draft in drafts if draft.nurse
    ]


def anamnese_json(anamnese: Anamnese) -> dict[str, Any]:
    """Return a stored anamnese as a tablet can put it beside its own."""
    return {
        "id": str(anamnese.public_id),
        "status": anamnese.status,
        "discard_reason": anamnese.discard_reason,
        "date": anamnese.date.isoformat(),
        "version": anamnese.instrument.version,
        "corrects": str(anamnese.corrects.public_id) if anamnese.corrects else None,
        "revision": anamnese.revision,
        "answers": anamnese.answers,
        "set_aside": anamnese.set_aside,
        "saved_at": anamnese.saved_at.isoformat(),
    }


def _in_care(client: Client) -> list[dict[str, str | None]]:
    """Return the periods of care, half-open, the first one first: an anamnese has a date in one of them."""
    spells = [spell.period for spell in reversed(care.care_of(client))]
    return [
        {"from": spell.lower.isoformat(), "until": spell.upper.isoformat() if spell.upper else None}
        for spell in spells
    ]


def _draft(draft: Anamnese | None) -> dict[str, Any] | None:
    return None if draft is None else anamnese_json(draft)


def _last(known: Known) -> dict[str, Any] | None:
    return None if known.last is None else anamnese_json(known.last) | {"code": known.code}


def _codes(last: Mapping[int, Anamnese]) -> dict[int, str]:
    rows = ClientProfile.objects.filter(anamnese__in=[anamnese.pk for anamnese in last.values()])
    return dict(rows.values_list("client_id", "code"))
