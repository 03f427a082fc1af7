"""Finishing an anamnese: from answers to a profile in its place in time."""

from django.db import transaction

from care.schema.models import Membership
from profiles.engine import derive
from profiles.schema.models import ClientProfile
from profiles.timeline import selectors
from profiles.timeline.timeline import Arrival, place
from profiles.timeline.versions import model_of
from questionnaires.anamneses import services as questionnaires
from questionnaires.instruments.definition import from_json
from questionnaires.schema.exceptions import ConflictError, NotYourDraftError
from questionnaires.schema.models import Anamnese


@transaction.atomic
def finish_anamnese(
    *, anamnese: Anamnese, membership: Membership, revision: int | None = None
) -> ClientProfile:
    """Validate, freeze, derive and place, all or nothing; returns the profile.

    Finishing again returns the same profile. `revision` is that of the answers that the user agreed to.
    Raises AnswersRefusedError (all problems at once), ConflictError, AlreadyCorrectedError,
    NotADraftError (thrown away), NotYourDraftError.
    """
    client = questionnaires.lock_client(anamnese.client_id)
    finished = ClientProfile.objects.filter(anamnese=anamnese.pk).select_related("anamnese").first()
    if finished is not None:
        return _own(finished, membership)
    draft = questionnaires.lock_draft(anamnese, membership)
    if revision is not None and revision != draft.revision:
        raise ConflictError(answers=from_json(draft.answers), revision=draft.revision)
    frozen = questionnaires.freeze_anamnese(anamnese=draft)
    version = selectors.model_for(frozen.instrument, frozen.date)
    derivation = derive(from_json(frozen.answers), model_of(version))
    return place([Arrival(frozen, client.date_of_birth, derivation, version)])[0]


def _own(profile: ClientProfile, membership: Membership) -> ClientProfile:
    if profile.anamnese.nurse_id != membership.user_id:
        raise NotYourDraftError
    return profile
