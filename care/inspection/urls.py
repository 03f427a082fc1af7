"""The address of who saw which file."""

from django.urls import URLPattern, path

from care.inspection import views

urlpatterns: list[URLPattern] = [
    path("inzage/", views.access_log, name="access-log"),
]
