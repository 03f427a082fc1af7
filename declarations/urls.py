"""Addresses of declarations: those of each room."""

from django.urls import URLPattern

from declarations.agreements import urls as agreements
from declarations.delivery import urls as delivery
from declarations.demo import urls as demo
from declarations.history import urls as history
from declarations.insurers import urls as insurers
from declarations.intake import urls as intake
from declarations.matching import urls as matching
from declarations.replies import urls as replies

urlpatterns: list[URLPattern] = [
    *demo.urlpatterns,
    *intake.urlpatterns,
    *matching.urlpatterns,
    *delivery.urlpatterns,
    *replies.urlpatterns,
    *history.urlpatterns,
    *insurers.urlpatterns,
    *agreements.urlpatterns,
]
