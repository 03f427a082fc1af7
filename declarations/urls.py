"""Addresses of declarations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
