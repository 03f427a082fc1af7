"""A draft that goes from one nurse to another: a colleague goes on, or the team to which the client moved."""

from django.db import transaction

from care.schema.models import Client, Membership
from questionnaires.anamneses import selectors
from questionnaires.anamneses.services import lock_client
from questionnaires.schema.exceptions import NotADraftError, OwnDraftError
from questionnaires.schema.models import Anamnese, AnamneseStatus


@transaction.atomic
def take_over(*, anamnese: Anamnese, membership: Membership) -> Anamnese:
    """Make a draft the user's own, with the answers that have arrived; returns it.

    The revision goes up: what the colleague's tablet still sends for it is refused, and stays there.
    Raises NotADraftError, OwnDraftError (the user has a draft of this client). Again changes nothing.
    """
    lock_client(anamnese.client_id)
    draft = Anamnese.objects.select_for_update().get(pk=anamnese.pk)
    if draft.status != AnamneseStatus.DRAFT:
        raise NotADraftError
    if draft.nurse_id == membership.user_id:
        return draft
    drafts = Anamnese.objects.filter(client=draft.client_id, status=AnamneseStatus.DRAFT)
    if drafts.filter(nurse=membership.user_id, corrects=draft.corrects_id).exists():
        raise OwnDraftError
    draft.nurse_id = membership.user_id
    draft.revision += 1
    # When the answers were saved stays as it is: taking over answers nothing.
    draft.save(update_fields=["nurse", "revision"])
    return draft


def drafts_to_take_over(client: Client, membership: Membership) -> list[Anamnese]:
    """Return the drafts of colleagues for a client, the longest untouched first, without their answers."""
    return selectors.drafts_of_others(membership, [client.pk]).get(client.pk, [])
