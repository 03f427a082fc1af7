"""Addresses of what insurers receive, of figures, and of who took what away."""

from django.urls import URLPattern, path

from declarations.insurers.views import disclosures, figures, received

urlpatterns: list[URLPattern] = [
    path("cijfers/", figures.release_list, name="release-list"),
    path("cijfers/<uuid:insurer>/", figures.release_preview, name="release-preview"),
    path("cijfers/<uuid:insurer>/vrijgeven/", figures.release_make, name="release-make"),
    path("opgehaald/", disclosures.download_log, name="download-log"),
    path("verzekeraar/bestanden/", received.file_list, name="insurer-files"),
    path("verzekeraar/bestanden/<uuid:file>/", received.file_download, name="insurer-file-download"),
    path("verzekeraar/cijfers/", received.figures_list, name="insurer-figures"),
    path("verzekeraar/cijfers/<uuid:release>/", received.figures_detail, name="insurer-release"),
    path("verzekeraar/cijfers/<uuid:release>/csv/", received.figures_download, name="insurer-release-csv"),
]
