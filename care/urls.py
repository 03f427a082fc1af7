"""Addresses of people and organisations: those of each room."""

from django.urls import URLPattern

from care.accounts import urls as accounts
from care.administration import urls as administration
from care.clients import urls as clients
from care.consent import urls as consent
from care.inspection import urls as inspection

urlpatterns: list[URLPattern] = [
    *clients.urlpatterns,
    *consent.urlpatterns,
    *inspection.urlpatterns,
    *accounts.urlpatterns,
    *administration.urlpatterns,
]
