"""The demo's own declaration file, for whoever tries the product without one at hand."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from declarations.aw319.layout import ENCODING
from declarations.demo.loading import waiting_file


@require_GET
@requires(Permission.DECLARE)
def demo_file(request: CareRequest, agb: str) -> HttpResponse:
    """Return last month's file of one's own demo organisation. Raises Http404 for any other."""
    organisation = organisation_of(request.membership)
    if not organisation.is_demo or organisation.agb != agb:
        raise Http404(_("Er is hier geen voorbeeldbestand."))
    response = HttpResponse(waiting_file(organisation), content_type=f"text/plain; charset={ENCODING}")
    response.headers["Content-Disposition"] = f'attachment; filename="declaratie-{organisation.agb}.txt"'
    return response
