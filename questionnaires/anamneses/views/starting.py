"""Beginning an anamnese or a correction, changing its date, throwing it away and bringing it back."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.clients import selectors as care
from care.registries.places import Place, address
from care.schema.constants import AccessAction
from questionnaires.anamneses import discarded_drafts, handover, selectors, services
from questionnaires.anamneses.forms import DateForm, ReasonForm
from questionnaires.anamneses.lengths import length_in_words
from questionnaires.anamneses.versions import instrument_of
from questionnaires.anamneses.views.closed_drafts import leads_on
from questionnaires.schema.exceptions import (
    AlreadyCorrectedError,
    AnswersRefusedError,
    NotADraftError,
    NotCorrectableError,
    NothingToBringBackError,
    OwnDraftError,
)
from questionnaires.schema.models import Anamnese, AnamneseStatus

OWN_DRAFT = gettext_lazy("Je hebt zelf al een concept van deze cliënt. Rond dat eerst af, of gooi het weg.")


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Begin an anamnese on a day; with a draft already there, offer to go on with that."""
    client = care.client_for(request.membership, public_id)
    form = DateForm(request.POST or None, initial={"day": localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            anamnese = services.start_anamnese(
                client=client, membership=request.membership, day=form.cleaned_data["day"]
            )
            return redirect("anamnese-fill", anamnese.public_id)
        except AnswersRefusedError as refused:
            _say_date(form, refused)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[client])
    draft = selectors.drafts_of(request.membership, [client.pk]).get(client.pk)
    last = selectors.last_finished(client, before=localdate())
    progress = services.progress_of(draft, client) if draft else None
    context = {"client": client, "form": form, "draft": draft, "progress": progress, "last": last}
    context["length"] = length_in_words(instrument_of(selectors.instrument_on(localdate())))
    return render(request, "questionnaires/start.html", context, status=_status(form))


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Begin the correction of a finished anamnese, with the reason."""
    anamnese = selectors.anamnese_for(request.membership, public_id)
    form = ReasonForm(request.POST or None)
    if anamnese.status != AnamneseStatus.FINISHED or selectors.is_corrected(anamnese):
        return _not_correctable(request, anamnese)
    if request.method == "POST" and form.is_valid():
        try:
            correction = services.start_correction(
                corrects=anamnese, membership=request.membership, reason=form.cleaned_data["reason"]
            )
            return redirect("anamnese-fill", correction.public_id)
        except (AlreadyCorrectedError, NotCorrectableError):
            return _not_correctable(request, anamnese)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[anamnese.client])
    context = {"client": anamnese.client, "anamnese": anamnese, "form": form}
    return render(request, "questionnaires/correct.html", context, status=_status(form))


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD", "POST"])
@leads_on
def change_date(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Give a draft another date."""
    anamnese = selectors.own_anamnese_for(request.membership, public_id)
    form = DateForm(request.POST or None, initial={"day": anamnese.date})
    if anamnese.status != AnamneseStatus.DRAFT or anamnese.corrects_id is not None:
        messages.warning(request, _("De datum van deze anamnese ligt vast."))
        return redirect("anamnese-fill", public_id)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        try:
            services.change_date(anamnese=anamnese, membership=request.membership, day=day)
            return redirect("anamnese-review" if "review" in request.GET else "anamnese-fill", public_id)
        except AnswersRefusedError as refused:
            _say_date(form, refused)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[anamnese.client])
    context = {"client": anamnese.client, "anamnese": anamnese, "form": form}
    return render(request, "questionnaires/date.html", context, status=_status(form))


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD", "POST"])
@leads_on
def discard(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Ask whether a draft may be thrown away, and do it."""
    anamnese = selectors.own_anamnese_for(request.membership, public_id)
    if request.method == "POST":
        try:
            services.discard_anamnese(anamnese=anamnese, membership=request.membership)
            messages.success(
                request, _("Het concept is weggegooid. Tot een dag later kun je het hier terughalen.")
            )
        except NotADraftError:
            messages.warning(request, _("Deze anamnese is al afgerond en blijft staan."))
        return redirect(address(Place.CLIENT, anamnese.client.public_id))
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[anamnese.client])
    context = {"client": anamnese.client, "anamnese": anamnese}
    return render(request, "questionnaires/discard.html", context)


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["POST"])
def bring_back(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Undo that a draft was thrown away, within a day."""
    anamnese = selectors.own_anamnese_for(request.membership, public_id)
    access.record(membership=request.membership, action=AccessAction.ANSWERED, clients=[anamnese.client])
    try:
        draft = discarded_drafts.bring_back(anamnese=anamnese, membership=request.membership)
    except OwnDraftError:
        messages.warning(request, OWN_DRAFT)
    except (NothingToBringBackError, AlreadyCorrectedError, NotCorrectableError):
        messages.warning(request, _("Dit concept is niet meer terug te halen."))
    except AnswersRefusedError as refused:
        messages.warning(request, str(refused.date_problem.label) if refused.date_problem else "")
    else:
        messages.success(request, _("Het concept is terug. Kijk de antwoorden na en ga verder."))
        return redirect("anamnese-fill", draft.public_id)
    return redirect(address(Place.CLIENT, anamnese.client.public_id))


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Ask whether a colleague's draft may be taken over, and do it."""
    anamnese = selectors.anamnese_for(request.membership, public_id)
    if request.method == "POST":
        return _taken_over(request, anamnese)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[anamnese.client])
    context = {"client": anamnese.client, "anamnese": anamnese}
    return render(request, "questionnaires/take_over.html", context)


def _taken_over(request: CareRequest, anamnese: Anamnese) -> HttpResponse:
    try:
        handover.take_over(anamnese=anamnese, membership=request.membership)
    except NotADraftError:
        messages.warning(request, _("Deze anamnese is intussen afgerond of weggegooid."))
    except OwnDraftError:
        messages.warning(request, OWN_DRAFT)
    else:
        access.record(membership=request.membership, action=AccessAction.ANSWERED, clients=[anamnese.client])
        messages.success(request, _("Het concept is nu van jou. Kijk de antwoorden na en ga verder."))
        return redirect("anamnese-fill", anamnese.public_id)
    return redirect(address(Place.CLIENT, anamnese.client.public_id))


def _not_correctable(request: CareRequest, anamnese: Anamnese) -> HttpResponse:
    messages.warning(
        request, _("Deze anamnese kun je niet corrigeren: ze is niet afgerond, of er is al een correctie.")
    )
    return redirect(address(Place.CLIENT, anamnese.client.public_id))


def _say_date(form: DateForm, refused: AnswersRefusedError) -> None:
    if refused.date_problem is not None:
        form.add_error("day", str(refused.date_problem.label))


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
