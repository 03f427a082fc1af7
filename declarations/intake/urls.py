"""Addresses of checking and reading in."""

from django.urls import URLPattern, path

from declarations.intake import views

urlpatterns: list[URLPattern] = [
    path("bestanden/nakijken/", views.file_check, name="file-check"),
]
