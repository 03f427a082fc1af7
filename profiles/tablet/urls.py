"""Addresses of the tablet's app, and of what it brings along."""

from django.urls import URLPattern, path

from profiles.tablet.views import shell, tablet, versions

urlpatterns: list[URLPattern] = [
    path("versies/", versions.listing, name="versions"),
    path("versies/vragenlijsten/<slug:digest>.json", versions.instrument, name="instrument-text"),
    path("versies/modellen/<slug:digest>.json", versions.model, name="model-text"),
    path("tablet/", shell.shell, name="tablet"),
    path("tablet/en/", shell.shell, {"language": "en"}, name="tablet-en"),
    path("tablet/app.webmanifest", shell.manifest, name="tablet-manifest"),
    path("sw.js", shell.worker, name="tablet-worker"),
    path("tablet/pakket/", tablet.package, name="tablet-package"),
    path("tablet/anamneses/<uuid:public_id>/", tablet.anamnese, name="tablet-anamnese"),
    path("tablet/anamneses/<uuid:public_id>/doorgeven/", tablet.hand_over, name="tablet-hand-over"),
]
