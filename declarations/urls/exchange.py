"""Addresses of legal bases, figures, and what insurers receive."""

from django.urls import URLPattern, path

from declarations.views import bases, downloads, figures, insurer

urlpatterns: list[URLPattern] = [
    path("grondslagen/", bases.basis_list, name="basis-list"),
    path("grondslagen/nieuw/", bases.basis_add, name="basis-add"),
    path("grondslagen/<uuid:basis>/einde/", bases.basis_end, name="basis-end"),
    path("grondslagen/verzenden/<uuid:insurer>/", bases.agreement_change, name="agreement-change"),
    path("cijfers/", figures.release_list, name="release-list"),
    path("cijfers/<uuid:insurer>/", figures.release_preview, name="release-preview"),
    path("cijfers/<uuid:insurer>/vrijgeven/", figures.release_make, name="release-make"),
    path("opgehaald/", downloads.download_log, name="download-log"),
    path("verzekeraar/bestanden/", insurer.file_list, name="insurer-files"),
    path("verzekeraar/bestanden/<uuid:file>/", insurer.file_download, name="insurer-file-download"),
    path("verzekeraar/cijfers/", insurer.figures_list, name="insurer-figures"),
    path("verzekeraar/cijfers/<uuid:release>/", insurer.figures_detail, name="insurer-release"),
    path("verzekeraar/cijfers/<uuid:release>/csv/", insurer.figures_download, name="insurer-release-csv"),
]
