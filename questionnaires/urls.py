"""Addresses of anamneses; finishing one stands in profiles."""

from django.urls import URLPattern

from questionnaires.anamneses import urls as anamneses
from questionnaires.tablet import urls as tablet

urlpatterns: list[URLPattern] = [
    *tablet.urlpatterns,
    *anamneses.urlpatterns,
]
