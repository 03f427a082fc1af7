"""Addresses of declarations, a module for each room."""

from django.urls import URLPattern

from declarations.urls import apart, batches, exchange, files, ground, outgoing

urlpatterns: list[URLPattern] = [
    *files.urlpatterns,
    *batches.urlpatterns,
    *outgoing.urlpatterns,
    *exchange.urlpatterns,
    *apart.urlpatterns,
    *ground.urlpatterns,
]
