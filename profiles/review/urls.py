"""Addresses of the team lead."""

from django.urls import URLPattern, path

from profiles.review import views

urlpatterns: list[URLPattern] = [
    path("team/", views.overview, name="team-overview"),
    path("team/verschillen/", views.differences, name="difference-list"),
]
