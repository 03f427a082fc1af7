"""Taking in what a tablet sends: a draft is kept, a finished anamnese gets its profile, once."""

import logging
from dataclasses import dataclass, replace

from django.db import transaction

from care.audit import access
from care.clients import selectors as care
from care.schema.constants import AccessAction
from care.schema.models import Client, Membership
from profiles.schema.models import ClientProfile, DerivationDifference
from profiles.timeline.services import finish_anamnese
from questionnaires.schema.models import Anamnese
from questionnaires.schema.payload import Derived, Payload
from questionnaires.tablet import submissions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server now has: the anamnese, and its profile once it is finished.

    `difference` is there where the tablet had derived something else.
    """

    anamnese: Anamnese
    profile: ClientProfile | None = None
    difference: DerivationDifference | None = None


def receive(*, payload: Payload, membership: Membership) -> Receipt:
    """Take in one payload, all or nothing; the same again gives the same receipt and changes nothing.

    The server's derivation counts; what the tablet derived is compared with it and a difference is
    recorded and logged. A client who has moved since is no hindrance: that was the nurse's own on the day
    of the anamnese. Raises Http404 and PermissionDenied (client), and what `arriving` and finish_anamnese
    raise.
    """
    saved = submissions.save_known(payload=payload, membership=membership)
    return Receipt(saved) if saved is not None else _receive_whole(payload, membership)


@transaction.atomic
def _receive_whole(payload: Payload, membership: Membership) -> Receipt:
    client = care.hold_client_for_work_of(membership, payload.client, day=payload.day)
    known = submissions.known_of(payload=payload, client=client, membership=membership)
    before = submissions.repeated(payload=payload, known=known)
    if before is not None:
        return _receipt(before)
    with submissions.clashes(payload, client):
        return _take_in(payload, client, membership, known)


@transaction.atomic
def hand_over(*, payload: Payload, membership: Membership) -> Anamnese:
    """Take in what she may not finish, as a draft that the team of the client takes over; returns it.

    The client was hers once. Date and answers stay as they are; the same again changes nothing. Raises as
    `receive`, and ClashError where it was finished.
    """
    client = care.client_once_of(membership, payload.client)
    client = submissions.lock(client)
    known = submissions.known_of(payload=payload, client=client, membership=membership)
    finished = submissions.repeated(payload=payload, known=known)
    if finished is not None:
        return finished
    open_payload = replace(payload, is_finished=False, derived=None)
    with submissions.clashes(open_payload, client):
        draft = submissions.receive_draft(
            payload=open_payload, client=client, membership=membership, known=known
        )
    access.record(membership=membership, action=AccessAction.ANSWERED, clients=[client])
    _log.info("anamnese_handed_over anamnese=%s", draft.public_id)
    return draft


def _take_in(payload: Payload, client: Client, membership: Membership, known: Anamnese | None) -> Receipt:
    draft = submissions.receive_draft(payload=payload, client=client, membership=membership, known=known)
    if known is None or payload.is_finished:
        access.record(membership=membership, action=AccessAction.ANSWERED, clients=[client])
    if not payload.is_finished:
        return Receipt(draft)
    profile = finish_anamnese(anamnese=draft, membership=membership, revision=draft.revision)
    return Receipt(profile.anamnese, profile, _compare(profile, payload.derived))


def _compare(profile: ClientProfile, derived: Derived | None) -> DerivationDifference | None:
    if derived is None or (derived.code, derived.ruleset_hash) == (profile.code, profile.ruleset_hash):
        return None
    _log.error(
        "tablet_derivation_differs anamnese=%s tablet_ruleset=%s server_ruleset=%s",
        profile.anamnese.public_id,
        derived.ruleset_hash,
        profile.ruleset_hash,
    )
    return DerivationDifference.objects.create(
        organisation_id=profile.organisation_id,
        profile=profile,
        tablet_code=derived.code,
        tablet_ruleset_hash=derived.ruleset_hash,
    )


def _receipt(finished: Anamnese) -> Receipt:
    profile = ClientProfile.objects.get(anamnese=finished)
    return Receipt(finished, profile, DerivationDifference.objects.filter(profile=profile).first())
