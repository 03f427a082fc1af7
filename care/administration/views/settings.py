"""Settings: those of an organisation by its administrator, and everybody's own."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from care.accounts import languages, organisations, people
from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, open_to_anyone, open_to_logged_in, requires
from care.accounts.selectors import organisation_of
from care.administration.settings_forms import OrganisationForm, OwnSettingsForm
from care.forms import accepted, sent
from care.schema.models import User


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def organisation(request: CareRequest) -> HttpResponse:
    """Change what holds for the whole organisation."""
    own = organisation_of(request.membership)
    form = OrganisationForm(sent(request), initial=model_to_dict(own, fields=OrganisationForm.base_fields))
    if accepted(form, lambda: _settle(request, form)):
        messages.success(request, _("De instellingen zijn opgeslagen."))
        return redirect("organisation-settings")
    return render(request, "care/organisation_settings.html", {"form": form, "organisation": own})


@open_to_logged_in
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Change what a person settles: whether a summary comes by e-mail in the morning."""
    user = cast(CareRequest, request).user
    form = OwnSettingsForm(sent(request), initial={"wants_daily_summary": user.wants_daily_summary})
    if form.is_valid():
        people.choose_daily_summary(user=user, wanted=form.cleaned_data["wants_daily_summary"])
        messages.success(request, _("Je instellingen zijn opgeslagen."))
        return redirect("own-settings")
    memberships = getattr(request, "memberships", [])
    context = {
        "form": form,
        "can_have_summary": any(Permission.FILL_ANAMNESE in RIGHTS[each.role] for each in memberships),
        "mail_is_on": settings.MAIL_IS_ON,
    }
    return render(request, "care/own_settings.html", context)


@open_to_anyone
@require_POST
def language_choose(request: HttpRequest) -> HttpResponse:
    """Show the screens in another language: for who is logged in, and before logging in in this browser.

    A language that does not exist changes nothing: no button of ours sends it.
    """
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_back(request))
    if languages.is_known(chosen):
        languages.remember(response, chosen)
        if isinstance(request.user, User):
            people.choose_language(user=request.user, language=chosen)
    return response


def _back(request: HttpRequest) -> str:
    """Return the page of this site that somebody came from."""
    asked = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_here and asked.startswith("/") else reverse("start")


def _settle(request: CareRequest, form: OrganisationForm) -> bool:
    own, chosen = organisation_of(request.membership), dict(form.cleaned_data)
    organisations.set_reassess_months(organisation=own, months=chosen.pop("reassess_months"))
    organisations.set_return_weeks(organisation=own, weeks=chosen.pop("return_weeks"))
    organisations.set_access_limits(organisation=own, limits=organisations.AccessLimits(**chosen))
    return True
