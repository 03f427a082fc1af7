"""Addresses of the API, and of the administrator's pages about it."""

from django.urls import URLPattern, URLResolver, include, path

from exchange import views
from exchange.rest import service
from exchange.rest.openapi import ROOT

urlpatterns: list[URLPattern | URLResolver] = [
    path(ROOT.removeprefix("/"), include(service.urlpatterns)),
    path("koppelingen/", views.link_list, name="link-list"),
    path("koppelingen/sleutels/nieuw/", views.token_add, name="token-add"),
    path("koppelingen/sleutels/<uuid:token>/intrekken/", views.token_revoke, name="token-revoke"),
    path("koppelingen/meldingen/nieuw/", views.webhook_add, name="webhook-add"),
    path("koppelingen/meldingen/<uuid:webhook>/", views.webhook_page, name="webhook-page"),
    path("koppelingen/meldingen/<uuid:webhook>/controleren/", views.webhook_check, name="webhook-check"),
    path("koppelingen/meldingen/<uuid:webhook>/uit/", views.webhook_stop, name="webhook-stop"),
    path("koppelingen/meldingen/<uuid:webhook>/vernieuwen/", views.webhook_renew, name="webhook-renew"),
    path("koppelingen/meldingen/<uuid:webhook>/opnieuw/", views.webhook_retry, name="webhook-retry"),
]
