"""Addresses of where a profile went, and of single records as they came in and went out."""

from django.urls import URLPattern, path

from declarations.history.views import lines, sent, trail

urlpatterns: list[URLPattern] = [
    path("bestanden/<uuid:file>/nummers.csv", lines.file_numbers, name="file-numbers"),
    path("bestanden/<uuid:file>/regels/<int:line>/", lines.file_line, name="file-line"),
    path("bestanden/<uuid:file>/gemaakt/regels/<int:line>/", lines.export_line, name="export-line"),
    path(
        "bestanden/verzekerde/<uuid:item>/profielregel/<int:number>/", lines.item_record, name="item-record"
    ),
    path("profielen/<uuid:public_id>/spoor/", trail.profile_trail, name="profile-trail"),
    path("grondslagen/gestopt/", sent.stopped_list, name="stopped-list"),
    path("clienten/<uuid:public_id>/verzonden/", sent.client_sent, name="client-sent"),
]
