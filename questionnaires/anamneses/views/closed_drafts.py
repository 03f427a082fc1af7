"""Leading on from an anamnese that is no draft any more."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from care.accounts.middleware import CareRequest
from care.registries.places import Place, address
from questionnaires.anamneses import selectors
from questionnaires.schema.exceptions import NotADraftError, NotYourDraftError
from questionnaires.schema.models import Anamnese, AnamneseStatus, DiscardReason

View = Callable[..., HttpResponse]


def leads_on(view: View) -> View:
    """Lead on where a colleague, or the end of care, came between looking at the draft and holding it.

    What a colleague took over is refused as it is afterwards: 403, with the sentence.
    """

    @wraps(view)
    def guarded(request: CareRequest, public_id: UUID, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, public_id, *args, **kwargs)
        except (NotADraftError, NotYourDraftError):
            return no_draft(request, selectors.own_anamnese_for(request.membership, public_id))

    return guarded


def no_draft(request: CareRequest, anamnese: Anamnese) -> HttpResponse:
    """Say what became of it, and lead to its profile or else to the client."""
    if anamnese.status == AnamneseStatus.FINISHED:
        return redirect(address(Place.RESULT, anamnese.public_id))
    messages.warning(request, why_gone(anamnese))
    return redirect(address(Place.CLIENT, anamnese.client.public_id))


def why_gone(anamnese: Anamnese) -> str:
    """Return in a sentence why a draft is none any more, and what to do."""
    if anamnese.discard_reason == DiscardReason.LEFT_CARE:
        return _(
            "Dit concept is gesloten omdat de cliënt niet meer in zorg is; je antwoorden zijn bewaard. Klopt "
            "dat niet, haal dan “In zorg tot” weg bij de gegevens van de cliënt: dan gaat het weer open."
        )
    if anamnese.status == AnamneseStatus.FINISHED:
        return _("Deze anamnese is al afgerond.")
    return _("Dit concept is weggegooid. Begin een nieuwe anamnese als dat nodig is.")
