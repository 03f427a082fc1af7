"""Addresses of files: the list, one file, its making and handing over, and separate files."""

from django.urls import URLPattern, path

from declarations.delivery.views import deliveries, files, handover, invoice_numbers, separate

urlpatterns: list[URLPattern] = [
    path("bestanden/apart/", separate.apart_list, name="apart-list"),
    path("bestanden/apart/maken/", separate.apart_make, name="apart-make"),
    path("bestanden/apart/maken/<uuid:job>/", separate.apart_job, name="apart-job"),
    path(
        "bestanden/apart/maken/<uuid:job>/voortgang/", separate.apart_job_progress, name="apart-job-progress"
    ),
    path("bestanden/apart/<uuid:file>/", separate.apart_page, name="apart-page"),
    path("bestanden/", files.file_list, name="file-list"),
    path("bestanden/inlezen/", files.file_upload, name="file-upload"),
    path("bestanden/inlezen/<uuid:key>/voortgang/", files.file_upload_progress, name="file-upload-progress"),
    path("bestanden/<uuid:file>/", files.file_page, name="file-page"),
    path("bestanden/<uuid:file>/voortgang/", files.file_progress, name="file-progress"),
    path("bestanden/<uuid:file>/maken/", files.file_export, name="file-export"),
    path("bestanden/<uuid:file>/maken/voortgang/", files.file_export_progress, name="file-export-progress"),
    path("bestanden/<uuid:file>/verantwoording.json", files.file_manifest, name="file-manifest"),
    path("bestanden/<uuid:file>/ophalen/", files.file_download, name="file-download"),
    path("bestanden/<uuid:file>/intrekken/", files.file_withdraw, name="file-withdraw"),
    path("bestanden/<uuid:file>/vrijgeven/", handover.file_release, name="file-release"),
    path("bestanden/<uuid:file>/geblokkeerd/", handover.file_blocked, name="file-blocked"),
    path("bestanden/<uuid:file>/opnieuw-maken/", handover.file_again, name="file-again"),
    path("bestanden/<uuid:file>/aangeleverd/", deliveries.file_delivered, name="file-delivered"),
    path(
        "bestanden/verzekerde/<uuid:item>/opnieuw-aanbieden/",
        deliveries.item_send_again,
        name="queue-item-send-again",
    ),
    path("grondslagen/nummers/", invoice_numbers.number_series, name="number-series"),
]
