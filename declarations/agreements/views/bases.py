"""The administrator's pages for legal bases and agreements: may codes go to an insurer, and do they?"""

import logging
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, requires
from care.accounts.selectors import organisation_of
from care.consent import statements
from care.consent.evidence import add_evidence, content_of, file_name
from care.forms import accepted
from care.schema.constants import BasisKind
from care.schema.evidence import Evidence
from care.schema.models import Insurer, Organisation
from care.schema.statements import LegalBasis
from declarations.agreements import code_table_versions
from declarations.agreements import services as agreements
from declarations.agreements.forms import AgreementForm, EvidenceForm
from declarations.agreements.services import AgreementTerms
from declarations.schema.agreement_models import Agreement
from declarations.schema.forms import BasisEndForm, BasisForm

log = logging.getLogger(__name__)


@requires(Permission.SEE_GROUND)
@require_GET
def basis_list(request: CareRequest) -> HttpResponse:
    """Show, per insurer, the bases, the agreement, and what follows from them today."""
    organisation = organisation_of(request.membership)
    overview = agreements.overview(organisation=organisation, today=timezone.localdate())
    return render(
        request, "declarations/agreements/bases.html", {"overview": overview, "can_change": _can(request)}
    )


def _can(request: CareRequest) -> bool:
    """Tell whether this person may change bases and agreements, and not only see them."""
    return Permission.ADMINISTER in RIGHTS[request.membership.role]


@requires(Permission.SEE_GROUND)
@require_GET
def basis_page(request: CareRequest, basis: UUID) -> HttpResponse:
    """Show one legal basis with its evidence."""
    row = _basis(request, basis)
    context = {"basis": row, "evidence": _evidence(row), "can_change": _can(request), "form": EvidenceForm()}
    return render(request, "declarations/agreements/basis_page.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def evidence_add(request: CareRequest, basis: UUID) -> HttpResponse:
    """Keep a file with a basis, or where it lies."""
    row = _basis(request, basis)
    form = EvidenceForm(request.POST, request.FILES)
    if accepted(form, lambda: _keep(form, row, request)):
        messages.success(request, _("Het bewijsstuk is bewaard."))
        return redirect("basis-page", row.public_id)
    context = {"basis": row, "evidence": _evidence(row), "can_change": True, "form": form}
    return render(request, "declarations/agreements/basis_page.html", context)


def _keep(form: EvidenceForm, basis: LegalBasis, request: CareRequest) -> Evidence:
    upload = form.cleaned_data["file"]
    return add_evidence(
        basis=basis,
        file=upload,
        name=upload.name if upload else "",
        location=form.cleaned_data["location"],
        user=request.user,
    )


@requires(Permission.SEE_GROUND)
@require_GET
def evidence_file(request: CareRequest, evidence: UUID) -> HttpResponse:
    """Send a file that proves a basis."""
    pieces = Evidence.objects.filter(organisation=organisation_of(request.membership), size__gt=0)
    row = get_object_or_404(pieces, public_id=evidence)
    response = HttpResponse(content_of(row), content_type=row.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(row)}"'
    log.info("evidence_fetched evidence=%s user=%s", row.public_id, request.user.public_id)
    return response


def _basis(request: CareRequest, public_id: UUID) -> LegalBasis:
    bases = LegalBasis.objects.select_related("insurer")
    return get_object_or_404(bases, organisation=organisation_of(request.membership), public_id=public_id)


def _evidence(basis: LegalBasis) -> QuerySet[Evidence]:
    return Evidence.objects.filter(basis=basis).select_related("added_by").order_by("-id")


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def basis_add(request: CareRequest) -> HttpResponse:
    """Record a legal basis; whether codes are sent stays as it is."""
    organisation = organisation_of(request.membership)
    form = BasisForm(
        request.POST or None, organisation=organisation, initial={"valid_from": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        basis, _is_new = statements.record_legal_basis(
            organisation=organisation,
            insurer=form.cleaned_data["insurer"],
            reference=form.cleaned_data["reference"],
            valid_from=form.cleaned_data["valid_from"],
            valid_until=form.valid_until,
            kind=BasisKind(form.cleaned_data["kind"]),
        )
        messages.success(
            request,
            _("De grondslag is vastgelegd. Voeg hier het bewijs toe. Kijk daarna of verzenden aan staat."),
        )
        return redirect("basis-page", basis.public_id)
    return render(request, "declarations/agreements/bases_add.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def basis_end(request: CareRequest, basis: UUID) -> HttpResponse:
    """Set the last day of a legal basis."""
    row = _basis(request, basis)
    form = BasisEndForm(request.POST or None, dated=row)
    if request.method == "POST" and form.is_valid():
        statements.end_legal_basis(basis=row, valid_until=form.valid_until)
        messages.success(
            request,
            _("De grondslag geldt tot en met %(day)s.") % {"day": date_format(form.cleaned_data["last_day"])},
        )
        return redirect("basis-list")
    return render(request, "declarations/agreements/bases_end.html", {"form": form, "basis": row})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def agreement_change(request: CareRequest, insurer: UUID) -> HttpResponse:
    """Agree other terms with an insurer from a day on; other codes only after a look at what they change."""
    organisation, to = organisation_of(request.membership), get_object_or_404(Insurer, public_id=insurer)
    now = agreements.in_force(organisation=organisation, insurer=to, day=timezone.localdate())
    form = _agreement_form(request, organisation, now)
    context = {"form": form, "insurer": to, "now": now, "is_on": now is not None and now.sending}
    if request.method != "POST" or not form.is_valid():
        return render(request, "declarations/agreements/bases_sending.html", context)
    day, terms = form.cleaned_data["valid_from"], _terms(form)
    change = code_table_versions.change_for(
        organisation=organisation, insurer=to, table=terms.code_table, day=day
    )
    if change.differs and "sure" not in request.POST:
        return render(
            request, "declarations/agreements/bases_codes.html", context | {"change": change, "day": day}
        )
    recorded = agreements.change(organisation=organisation, insurer=to, terms=terms, valid_from=day)
    level = messages.WARNING if recorded.agreement.last_day else messages.SUCCESS
    messages.add_message(request, level, _switched(to, recorded.agreement, valid_from=day))
    return redirect("basis-list")


def _agreement_form(request: CareRequest, organisation: Organisation, now: Agreement | None) -> AgreementForm:
    is_off = now is not None and not now.sending
    initial: dict[str, Any] = {"sending": "uit" if is_off else "aan", "valid_from": timezone.localdate()}
    if "tabel" in request.GET:
        initial["code_table"] = request.GET["tabel"]
    return AgreementForm(request.POST or None, organisation=organisation, now=now, initial=initial)


def _terms(form: AgreementForm) -> AgreementTerms:
    found = form.cleaned_data
    return AgreementTerms(found["sending"], found["delivery_form"], found["code_table"])


def _switched(insurer: Insurer, agreement: Agreement, *, valid_from: date) -> str:
    """Say from when it holds, and until when: an agreement that was recorded for later days stands."""
    about = {"day": date_format(valid_from), "insurer": insurer.name}
    if agreement.last_day:
        sentence = (
            _("Van %(day)s tot en met %(last)s staat verzenden naar %(insurer)s aan.")
            if agreement.sending
            else _("Van %(day)s tot en met %(last)s staat verzenden naar %(insurer)s uit.")
        )
        after = _("Daarna geldt een latere afspraak. Moet die ook anders? Leg dat dan ook vast.")
        return f"{sentence} {after}" % (about | {"last": date_format(agreement.last_day)})
    sentence = (
        _("Vanaf %(day)s staat verzenden naar %(insurer)s aan. Zonder grondslag wordt niets toegevoegd.")
        if agreement.sending
        else _("Vanaf %(day)s staat verzenden naar %(insurer)s uit. Er wordt dan niets toegevoegd.")
    )
    return sentence % about
