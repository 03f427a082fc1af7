"""Addresses of people and organisations: those of each room."""

from django.urls import URLPattern

from care.accounts import urls as accounts
from care.audit import urls as audit
from care.clients import urls as clients
from care.consent import urls as consent

urlpatterns: list[URLPattern] = [
    *clients.urlpatterns,
    *consent.urlpatterns,
    *audit.urlpatterns,
    *accounts.urlpatterns,
]
