"""Addresses of the product: each app names its own."""

from django.urls import URLPattern, URLResolver, include, path

handler500 = "config.web.overload.fault"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("care.urls")),
    path("", include("questionnaires.urls")),
    path("", include("profiles.urls")),
    path("", include("declarations.urls")),
    path("", include("exchange.urls")),
]
