"""Addresses of clients with their profiles: those of each room."""

from django.urls import URLPattern

from profiles.explanation import urls as explanation
from profiles.review import urls as review
from profiles.tablet import urls as tablet
from profiles.timeline import urls as timeline

urlpatterns: list[URLPattern] = [
    *tablet.urlpatterns,
    *explanation.urlpatterns,
    *review.urlpatterns,
    *timeline.urlpatterns,
]
