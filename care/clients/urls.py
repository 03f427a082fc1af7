"""Addresses of the register, and of adding a client."""

from django.urls import URLPattern, path

from care.clients import views

urlpatterns: list[URLPattern] = [
    path("register/", views.client_register, name="client-register"),
    path("clienten/nieuw/", views.client_add, name="client-add"),
]
