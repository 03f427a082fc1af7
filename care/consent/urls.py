"""The address of whether a client's profile may be handed on."""

from django.urls import URLPattern, path

from care.consent import views

urlpatterns: list[URLPattern] = [
    path("clienten/<uuid:public_id>/delen/", views.client_sharing, name="client-sharing"),
]
