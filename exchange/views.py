"""The administrator's pages: tokens for programs, and the messages that they get."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from care.accounts.middleware import AfterTransaction, CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from declarations.schema.tokens import ApiScope
from exchange.rest import tokens
from exchange.rest.forms import TokenForm, WebhookForm
from exchange.rest.presenters import delivery_lines, token_lines, webhook_lines
from exchange.webhooks import outbox, setting_up
from exchange.webhooks.constants import Fault, SubscriptionState, WebhookEvent

LATEST = 20


@requires(Permission.ADMINISTER)
@require_GET
def link_list(request: CareRequest) -> HttpResponse:
    """Show which programs may come in, and what is told to whom."""
    organisation = organisation_of(request.membership)
    context = {
        "tokens": token_lines(tokens.tokens_of(organisation), timezone.now()),
        "webhooks": webhook_lines(setting_up.webhooks_of(organisation)),
    }
    return render(request, "exchange/links.html", context)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def token_add(request: CareRequest) -> HttpResponse:
    """Make a token and show it in this answer only: its text is stored nowhere."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "exchange/token_add.html", {"form": form})
    made = tokens.make_token(
        organisation=organisation_of(request.membership),
        name=form.cleaned_data["name"],
        scopes=[ApiScope(scope) for scope in form.cleaned_data["scopes"]],
        expires_at=form.expires_at,
        by=request.user,
    )
    return render(request, "exchange/token_made.html", {"token": made.row, "text": made.text})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def token_revoke(request: CareRequest, token: UUID) -> HttpResponse:
    """Revoke a token after asking."""
    row = tokens.token_for(organisation_of(request.membership), token)
    if request.method != "POST":
        return render(request, "exchange/token_revoke.html", {"token": row})
    tokens.revoke_token(token=row, by=request.user)
    messages.success(request, _("De sleutel is ingetrokken. Het programma komt er niet meer in."))
    return redirect("link-list")


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def webhook_add(request: CareRequest) -> HttpResponse:
    """Record a webhook and show its secret in this answer only."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = setting_up.prepare(
                organisation=organisation_of(request.membership),
                address=form.cleaned_data["address"],
                events=[WebhookEvent(event) for event in form.cleaned_data["events"]],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context = {"webhook": made.row, "secret": made.secret}
            return render(request, "exchange/webhook_made.html", context)
    return render(request, "exchange/webhook_add.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_GET
def webhook_page(request: CareRequest, webhook: UUID) -> HttpResponse:
    """Show a webhook: whether it is on, why not, and the latest messages."""
    row = setting_up.webhook_for(organisation_of(request.membership), webhook)
    (line,) = webhook_lines([row])
    latest = delivery_lines(setting_up.deliveries_of(row)[:LATEST])
    return render(request, "exchange/webhook.html", {"line": line, "deliveries": latest})


@requires(Permission.ADMINISTER)
@require_POST
def webhook_check(request: CareRequest, webhook: UUID) -> HttpResponse:
    """Call the receiver with a wrong and a right signature; switch the webhook on if it tells them apart."""
    row = setting_up.webhook_for(organisation_of(request.membership), webhook)

    def called() -> HttpResponse:
        fault = setting_up.check_and_start(webhook=row, by=request.user)
        if fault == Fault.NONE:
            sentence = _("De ontvanger weigert verkeerde handtekeningen. De meldingen staan aan.")
            messages.success(request, sentence)
        return redirect("webhook-page", row.public_id)  # which says why it is not on

    return AfterTransaction(called)


@requires(Permission.ADMINISTER)
@require_POST
def webhook_renew(request: CareRequest, webhook: UUID) -> HttpResponse:
    """Record a successor with another secret, and show that in this answer only."""
    row = setting_up.webhook_for(organisation_of(request.membership), webhook)
    try:
        made = setting_up.prepare_successor(webhook=row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("webhook-page", row.public_id)
    context = {"webhook": made.row, "secret": made.secret, "before": row}
    return render(request, "exchange/webhook_made.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def webhook_stop(request: CareRequest, webhook: UUID) -> HttpResponse:
    """Switch a webhook off."""
    row = setting_up.webhook_for(organisation_of(request.membership), webhook)
    setting_up.stop(webhook=row, by=request.user)
    messages.success(request, _("De meldingen staan uit. Wat nog wachtte is weg."))
    return redirect("webhook-page", row.public_id)


@requires(Permission.ADMINISTER)
@require_POST
def webhook_retry(request: CareRequest, webhook: UUID) -> HttpResponse:
    """Let messages that were given up go out anew."""
    row = setting_up.webhook_for(organisation_of(request.membership), webhook)
    if row.state != SubscriptionState.ACTIVE:
        messages.warning(request, _("De meldingen staan uit, dus er gaat niets op weg. Zet ze eerst aan."))
        return redirect("webhook-page", row.public_id)
    count = outbox.try_again(row)
    sentence = ngettext(
        "%(count)d bericht gaat opnieuw op weg.", "%(count)d berichten gaan opnieuw op weg.", count
    )
    messages.success(request, sentence % {"count": count})
    return redirect("webhook-page", row.public_id)
