"""Addresses of declaration files, and of the persons in them."""

from django.urls import URLPattern, path

from declarations.views import demo, files, lines, persons, queue, trail

urlpatterns: list[URLPattern] = [
    path("bestanden/", files.file_list, name="file-list"),
    path("bestanden/inlezen/", files.file_upload, name="file-upload"),
    path("bestanden/inlezen/<uuid:key>/voortgang/", files.file_upload_progress, name="file-upload-progress"),
    path("bestanden/voorbeeld/declaratie-<slug:agb>.txt", demo.demo_file, name="demo-file"),
    path("bestanden/<uuid:file>/", files.file_page, name="file-page"),
    path("bestanden/<uuid:file>/voortgang/", files.file_progress, name="file-progress"),
    path("bestanden/<uuid:file>/maken/", files.file_export, name="file-export"),
    path("bestanden/<uuid:file>/maken/voortgang/", files.file_export_progress, name="file-export-progress"),
    path("bestanden/<uuid:file>/verantwoording.json", files.file_manifest, name="file-manifest"),
    path("bestanden/<uuid:file>/ophalen/", files.file_download, name="file-download"),
    path("bestanden/<uuid:file>/intrekken/", files.file_withdraw, name="file-withdraw"),
    path("bestanden/<uuid:file>/nummers.csv", lines.file_numbers, name="file-numbers"),
    path("bestanden/<uuid:file>/regels/<int:line>/", lines.file_line, name="file-line"),
    path("bestanden/<uuid:file>/gemaakt/regels/<int:line>/", lines.export_line, name="export-line"),
    path("bestanden/<uuid:file>/verzekerden/", persons.queue_list, name="queue-list"),
    path("bestanden/<uuid:file>/verzekerden.csv", persons.queue_csv, name="queue-csv"),
    path("bestanden/<uuid:file>/verzekerden/gekozen/", persons.queue_selected, name="queue-selected"),
    path("bestanden/<uuid:file>/opnieuw/", queue.queue_retry, name="queue-retry"),
    path("bestanden/verzekerde/<uuid:item>/", queue.item_page, name="queue-item"),
    path("bestanden/verzekerde/<uuid:item>/opnieuw/", queue.item_retry, name="queue-item-retry"),
    path("bestanden/verzekerde/<uuid:item>/rest/", queue.item_rest, name="queue-item-rest"),
    path(
        "bestanden/verzekerde/<uuid:item>/profielregel/<int:number>/", lines.item_record, name="item-record"
    ),
    path("profielen/<uuid:public_id>/spoor/", trail.profile_trail, name="profile-trail"),
]
