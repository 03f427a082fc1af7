"""The address of the demo's own declaration file."""

from django.urls import URLPattern, path

from declarations.demo import views

urlpatterns: list[URLPattern] = [
    path("bestanden/voorbeeld/declaratie-<slug:agb>.txt", views.demo_file, name="demo-file"),
]
