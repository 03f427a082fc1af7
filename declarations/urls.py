"""Addresses of declarations."""

from django.urls import URLPattern

from declarations import urls_exchange

urlpatterns: list[URLPattern] = [*urls_exchange.urlpatterns]
