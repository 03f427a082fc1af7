"""Addresses of legal bases with their evidence, agreements, receivers, code tables and phases."""

from django.urls import URLPattern, path

from declarations.agreements.views import bases, code_tables, phases, receivers

urlpatterns: list[URLPattern] = [
    path("grondslagen/", bases.basis_list, name="basis-list"),
    path("grondslagen/nieuw/", bases.basis_add, name="basis-add"),
    path("grondslagen/<uuid:basis>/", bases.basis_page, name="basis-page"),
    path("grondslagen/<uuid:basis>/einde/", bases.basis_end, name="basis-end"),
    path("grondslagen/<uuid:basis>/bewijs/", bases.evidence_add, name="evidence-add"),
    path("grondslagen/bewijs/<uuid:evidence>/", bases.evidence_file, name="evidence-file"),
    path("grondslagen/verzenden/<uuid:insurer>/", bases.agreement_change, name="agreement-change"),
    path("grondslagen/ontvangers/", receivers.receiver_list, name="receiver-list"),
    path("grondslagen/ontvangers/nieuw/", receivers.receiver_add, name="receiver-add"),
    path("grondslagen/ontvangers/<uuid:receiver>/einde/", receivers.receiver_end, name="receiver-end"),
    path("grondslagen/codetabellen/", code_tables.table_list, name="table-list"),
    path("grondslagen/codetabellen/nieuw/", code_tables.table_add, name="table-add"),
    path("grondslagen/codetabellen/<uuid:table>/", code_tables.table_page, name="table-page"),
    path("organisatie/fasen/", phases.phase_plan, name="phase-plan"),
]
