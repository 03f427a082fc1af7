"""The privacy officer's page: who saw which file."""

from datetime import MAXYEAR, MINYEAR, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.clients import selectors
from care.forms import accepted, sent
from care.inspection.access_log import LogFilter, page_of
from care.inspection.forms import LogClientForm, LogFilterForm
from care.schema.constants import AccessAction
from care.schema.models import Client, Organisation


@requires(Permission.READ_ACCESS_LOG)
@require_http_methods(["GET", "POST"])
def access_log(request: CareRequest) -> HttpResponse:
    """Show looks at clients, newest first. A BSN is sent in the body; the address then has the public id.

    Looking up who saw one client is itself a look at that client, and is logged.
    """
    organisation = organisation_of(request.membership)
    client_form = LogClientForm(sent(request))
    client = accepted(client_form, lambda: _by_bsn(client_form, organisation))
    if client:
        return redirect(f"{reverse('access-log')}?{urlencode({'client': str(client.public_id)})}")
    client = _named(request.GET.get("client", ""), organisation)
    form = LogFilterForm(request.GET, organisation=organisation)
    wanted = LogFilter(client=client, **form.cleaned_data) if form.is_valid() else LogFilter(client=client)
    page = page_of(organisation, wanted, before=_moment(request.GET.get("before", "")))
    if client:
        access.record(membership=request.membership, action=AccessAction.VIEWED_LOG, clients=[client])
    context = {"form": form, "client_form": client_form, "client": client, "page": page}
    return render(request, "care/access_log.html", context)


def _by_bsn(form: LogClientForm, organisation: Organisation) -> Client:
    client = selectors.client_by_bsn(organisation.pk, form.cleaned_data["bsn"])
    if client is None:
        raise ValidationError({"bsn": _("Er is geen cliënt met dit BSN in je organisatie.")})
    return client


def _named(public_id: str, organisation: Organisation) -> Client | None:
    if not public_id:
        return None
    try:
        client = Client.objects.filter(organisation=organisation, public_id=UUID(public_id)).first()
    except ValueError:
        client = None
    if client is None:
        raise Http404(_("Deze cliënt bestaat niet in jouw organisatie."))
    return client


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # At the ends of the calendar a moment does not exist in every time zone.
    return moment if moment.tzinfo and MINYEAR < moment.year < MAXYEAR else None
