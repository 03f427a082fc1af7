"""Addresses of phases, evidence, code tables, and of what was sent before it was stopped."""

from django.urls import URLPattern, path

from declarations.views import bases, numbers, phases, receivers, sent, tables

urlpatterns: list[URLPattern] = [
    path("organisatie/fasen/", phases.phase_plan, name="phase-plan"),
    path("grondslagen/<uuid:basis>/", bases.basis_page, name="basis-page"),
    path("grondslagen/<uuid:basis>/bewijs/", bases.evidence_add, name="evidence-add"),
    path("grondslagen/bewijs/<uuid:evidence>/", bases.evidence_file, name="evidence-file"),
    path("grondslagen/ontvangers/", receivers.receiver_list, name="receiver-list"),
    path("grondslagen/ontvangers/nieuw/", receivers.receiver_add, name="receiver-add"),
    path("grondslagen/ontvangers/<uuid:receiver>/einde/", receivers.receiver_end, name="receiver-end"),
    path("grondslagen/codetabellen/", tables.table_list, name="table-list"),
    path("grondslagen/codetabellen/nieuw/", tables.table_add, name="table-add"),
    path("grondslagen/codetabellen/<uuid:table>/", tables.table_page, name="table-page"),
    path("grondslagen/nummers/", numbers.number_series, name="number-series"),
    path("grondslagen/gestopt/", sent.stopped_list, name="stopped-list"),
    path("clienten/<uuid:public_id>/verzonden/", sent.client_sent, name="client-sent"),
]
